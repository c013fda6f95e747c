import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { readCapture } from '../../../tools/capture/file.ts';
import { type Found, H323Finder } from '../../../tools/capture/h323.ts';

const folder = 'fixtures/h323';
const files = readdirSync(folder).filter((file) => file.endsWith('.pcap'));

function messagesOf(file: string): Found[] {
  const finder = new H323Finder();
  const found = [...readCapture(readFileSync(`${folder}/${file}`))].flatMap((packet) => finder.push(packet));
  return [...found, ...finder.end()];
}

describe('captures of real stacks', () => {
  const counts: Record<string, number> = {};

  for (const file of files) {
    it(`${file}: every message is read, and written back with the same bytes`, () => {
      for (const { frame, protocol, carried, error, roundTrip } of messagesOf(file)) {
        assert.equal(error, undefined, `${protocol} in frame ${frame}`);
        assert.equal(roundTrip, true, `${protocol} in frame ${frame}`);
        const kind = carried === undefined ? protocol : `${protocol} ${carried}`;
        counts[kind] = (counts[kind] ?? 0) + 1;
      }
    });
  }

  it('no message was overlooked', () => {
    assert.deepEqual(counts, { ras: 194, h225: 562, 'h245 tunnelled': 427, 'h245 fastStart': 194, h245: 161 });
  });
});
