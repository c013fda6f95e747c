import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { judgeSpace, SpaceGuard, type SpaceState } from '../../../store/archive/space.ts';

describe('space for recordings', () => {
  const limits = { warnBytes: 1_000, stopBytes: 100 };
  const cases: [free: number, before: SpaceState, after: SpaceState][] = [
    [5_000, 'ok', 'ok'],
    [999, 'ok', 'low'],
    [1_050, 'low', 'low'],
    [1_101, 'low', 'ok'],
    [99, 'low', 'full'],
    [99, 'ok', 'full'],
    [105, 'full', 'full'],
    [111, 'full', 'low'],
    [5_000, 'full', 'ok'],
  ];
  for (const [free, before, after] of cases)
    it(`${free} bytes after ${before} are ${after}`, () => assert.equal(judgeSpace(free, before, limits), after));
  it('a large limit needs no larger room to be left', () => {
    const large = { warnBytes: 100e9, stopBytes: 50e9 };
    assert.deepEqual([judgeSpace(100.06e9, 'low', large), judgeSpace(50.06e9, 'full', large)], ['ok', 'low']);
  });
  it('a warning below the stop changes nothing of the stop', () => {
    assert.equal(judgeSpace(50, 'ok', { warnBytes: 10, stopBytes: 100 }), 'full');
  });

  it('each state is told once; a disk that cannot be asked changes nothing', async () => {
    const free = [5_000, 500, 400, -1, 50, 60, 2_000];
    const read = async (): Promise<number> => {
      const next = free.shift() ?? 2_000;
      if (next < 0) throw new Error('no such disk');
      return next;
    };
    const guard = new SpaceGuard({ ...limits, folder: '/', everyMs: 3_600_000, read });
    const told: string[] = [];
    guard.on('state', (state, bytes) => told.push(`${state} ${bytes}`));
    await guard.start();
    for (let look = 0; look < 6; look++) await guard.look();
    guard.stop();
    assert.deepEqual(told, ['low 500', 'full 50', 'ok 2000']);
  });
});
