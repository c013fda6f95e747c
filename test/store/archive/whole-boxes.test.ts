import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { wholeBytes } from '../../../store/archive/join/whole-boxes.ts';

function box(type: string, length: number, long = false): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32BE(long ? 1 : length, 0);
  bytes.write(type, 4, 'latin1');
  if (long) bytes.writeBigUInt64BE(BigInt(length), 8);
  return bytes;
}

describe('whole boxes of an MP4', () => {
  const folder = mkdtempSync(join(tmpdir(), 'boxes-'));
  after(() => rmSync(folder, { recursive: true }));
  const head = [box('ftyp', 16), box('moov', 100)];
  const fragment = [box('moof', 40), box('mdat', 60)];
  const cases: [string, Buffer[], number][] = [
    ['nothing', [], 0],
    ['a few bytes', [Buffer.from('abc')], 0],
    ['all of a file that is whole', [...head, ...fragment], 216],
    ['not half a fragment', [...head, ...fragment, box('moof', 40).subarray(0, 20)], 216],
    ['not a fragment without its data', [...head, ...fragment, box('moof', 40)], 216],
    [
      'not a fragment with half its data',
      [...head, ...fragment, box('moof', 40), box('mdat', 60).subarray(0, 30)],
      216,
    ],
    ['lengths of 64 bits', [...head, box('moof', 40), box('mdat', 60, true)], 216],
    ['a length that cannot be', [...head, Buffer.from([0, 0, 0, 3, 1, 1, 1, 1, 1, 1])], 116],
  ];
  for (const [name, parts, whole] of cases)
    it(name, () => {
      const path = join(folder, 'film.mp4');
      writeFileSync(path, Buffer.concat(parts));
      assert.equal(wholeBytes(path), whole);
    });
});
