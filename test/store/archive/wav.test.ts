import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wavFacts } from '../../../store/archive/join/sound.ts';

function wav(rate: number, channels: number, dataBytes: number, told = dataBytes, between = Buffer.alloc(0)): Buffer {
  const format = Buffer.alloc(24);
  format.write('fmt ', 0, 'latin1');
  format.writeUInt32LE(16, 4);
  format.writeUInt16LE(1, 8);
  format.writeUInt16LE(channels, 10);
  format.writeUInt32LE(rate, 12);
  format.writeUInt32LE(rate * channels * 2, 16);
  format.writeUInt16LE(channels * 2, 20);
  format.writeUInt16LE(16, 22);
  const data = Buffer.alloc(8);
  data.write('data', 0, 'latin1');
  data.writeUInt32LE(told, 4);
  return Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE', 'latin1'), format, between, data, Buffer.alloc(dataBytes)]);
}
const list = Buffer.from('LIST\x05\0\0\0INFOx\0', 'latin1');

describe('length of a WAV file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wav-'));
  after(() => rmSync(folder, { recursive: true }));
  const cases: [string, Buffer, number][] = [
    ['8 kHz', wav(8_000, 1, 16_000), 1_000],
    ['16 kHz', wav(16_000, 1, 16_000), 500],
    ['two channels', wav(8_000, 2, 16_000), 500],
    ['a header that was never completed', wav(8_000, 1, 16_000, 0), 1_000],
    ['notes before the sound', wav(8_000, 1, 16_000, 16_000, list), 1_000],
    ['nothing recorded', wav(8_000, 1, 0), 0],
    ['no WAV file', Buffer.from('ID3 and so on, long enough to look at'), 0],
    ['an empty file', Buffer.alloc(0), 0],
  ];
  for (const [name, bytes, wanted] of cases)
    it(name, async () => {
      const path = join(folder, `${name}.wav`);
      writeFileSync(path, bytes);
      const facts = await wavFacts(path);
      assert.equal(facts === undefined ? 0 : (facts.dataBytes * 1000) / facts.bytesPerSecond, wanted);
    });
});
