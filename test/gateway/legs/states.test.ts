import assert from 'node:assert/strict';
import { DigitFilter } from '../../../gateway/legs/digit-filter.ts';
import { mayGo } from '../../../gateway/legs/leg-book.ts';
import { redialDelayMs } from '../../../gateway/rooms/back-off.ts';
import { fileName } from '../../../gateway/rooms/recorder.ts';

describe('the states of a leg', () => {
  const states = ['calling', 'ringing', 'ivr', 'lobby', 'joined', 'ended'] as const;
  /** From each state, those that may follow. */
  const table: Record<(typeof states)[number], string> = {
    calling: 'calling ringing ivr lobby joined ended',
    ringing: 'ringing ivr lobby joined ended',
    ivr: 'ivr lobby joined ended',
    lobby: 'lobby joined ended',
    joined: 'lobby joined ended',
    ended: 'ended',
  };
  for (const from of states)
    it(`from ${from}`, () => assert.equal(states.filter((to) => mayGo(from, to)).join(' '), table[from]));
});

describe('one press of a key', () => {
  it('counts once though it comes by sound and by signalling', () => {
    const filter = new DigitFilter();
    assert.ok(filter.fresh('5', 'media', 0));
    assert.ok(!filter.fresh('5', 'signalling', 150));
  });
  it('counts each time when it comes by the same way, or later, or is another', () => {
    const filter = new DigitFilter();
    assert.ok(filter.fresh('5', 'media', 0));
    assert.ok(filter.fresh('5', 'media', 150));
    assert.ok(filter.fresh('6', 'signalling', 200));
    assert.ok(filter.fresh('6', 'media', 1_000));
  });
});

describe('rooms', () => {
  it('waits longer after each failure, and never longer than a minute or so', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 100].map((failures) => redialDelayMs(failures));
    assert.deepEqual(waits, [2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000]);
    assert.deepEqual([redialDelayMs(1, 0), redialDelayMs(1, 1), redialDelayMs(0)], [1_700, 2_300, 2_000]);
  });

  const names: [name: string, file: string][] = [
    ['Phòng tiếp công dân', 'phong-tiep-cong-dan'],
    ['UBND tỉnh Điện Biên', 'ubnd-tinh-dien-bien'],
    ['../../etc/passwd', 'etc-passwd'],
    ['+84 912', '84-912'],
    ['…', 'leg'],
    ['a'.repeat(100), 'a'.repeat(60)],
  ];
  for (const [name, file] of names) it(`names a file ${file}`, () => assert.equal(fileName(name), file));
});
