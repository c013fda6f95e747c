import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { decodingTable } from './g711.ts';
import { resampled } from './resample.ts';

/* WAV files: read (8 or 16 bit, A-law, µ-law, mono or stereo, any rate), and written so that a crash loses nothing. */

/** A file that cannot be played. */
export class WavError extends Error {}

const longestBytes = 512 << 20;

/** Reads a file as mono samples at `rate` (Hz). @throws WavError, or the file system's error. */
export function readWav(path: string, rate: number): Int16Array {
  const file = openSync(path, 'r');
  let data: Buffer;
  try {
    const { size } = fstatSync(file);
    if (size > longestBytes) throw new WavError('file is too long');
    data = Buffer.alloc(size);
    readSync(file, data, 0, size, 0);
  } finally {
    closeSync(file);
  }
  if (data.length < 12 || data.toString('latin1', 0, 4) !== 'RIFF' || data.toString('latin1', 8, 12) !== 'WAVE') {
    throw new WavError('no WAV file');
  }
  let format: { code: number; channels: number; rate: number; bits: number } | undefined;
  let sound: Buffer | undefined;
  for (let at = 12; at + 8 <= data.length; ) {
    const name = data.toString('latin1', at, at + 4);
    const length = data.readUInt32LE(at + 4);
    const body = data.subarray(at + 8, Math.min(data.length, at + 8 + length));
    if (name === 'fmt ' && body.length >= 16) {
      format = {
        code: body.readUInt16LE(0) === 0xfffe && body.length >= 26 ? body.readUInt16LE(24) : body.readUInt16LE(0),
        channels: body.readUInt16LE(2),
        rate: body.readUInt32LE(4),
        bits: body.readUInt16LE(14),
      };
    } else if (name === 'data') {
      sound = body;
      break;
    }
    at += 8 + length + (length % 2);
  }
  if (
    format === undefined ||
    sound === undefined ||
    format.channels < 1 ||
    format.rate < 4000 ||
    format.rate > 192_000
  ) {
    throw new WavError('unknown WAV format');
  }
  const table = format.code === 6 ? decodingTable('PCMA') : format.code === 7 ? decodingTable('PCMU') : undefined;
  const width = format.bits / 8;
  const pcm16 = format.code === 1 && format.bits === 16;
  const pcm8 = format.code === 1 && format.bits === 8;
  if (!pcm16 && !pcm8 && !(table !== undefined && width === 1)) throw new WavError('unknown WAV format');
  const count = Math.floor(sound.length / (width * format.channels));
  const mono = new Int16Array(count);
  for (let place = 0; place < count; place++) {
    let sum = 0;
    for (let channel = 0; channel < format.channels; channel++) {
      const at = (place * format.channels + channel) * width;
      sum += pcm16 ? sound.readInt16LE(at) : pcm8 ? (sound[at]! - 128) << 8 : table![sound[at]!]!;
    }
    mono[place] = sum / format.channels;
  }
  return resampled(mono, format.rate, rate);
}

/** Writes 16-bit WAV; the header is put right every half second, so that what was written stays playable. */
export class WavWriter {
  private readonly file: number;
  private readonly rate: number;
  private readonly channels: number;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private dataBytes = 0;
  samples = 0;

  /** @throws the file system's error. */
  constructor(path: string, rate = 8000, channels = 1) {
    this.file = openSync(path, 'w', 0o640);
    this.rate = rate;
    this.channels = channels;
    writeSync(this.file, this.header());
  }

  /** @throws the file system's error (disk full). */
  write(samples: Int16Array): void {
    this.pending.push(Buffer.from(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)));
    this.pendingBytes += samples.byteLength;
    this.samples += samples.length / this.channels;
    if (this.pendingBytes >= this.rate * this.channels) this.flush();
  }

  /** Bytes of the file so far. */
  get size(): number {
    return 44 + this.dataBytes + this.pendingBytes;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.file);
    }
  }

  private flush(): void {
    if (this.pending.length === 0) return;
    const data = Buffer.concat(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    let done = 0;
    while (done < data.length) done += writeSync(this.file, data, done, data.length - done, 44 + this.dataBytes + done);
    this.dataBytes += data.length;
    writeSync(this.file, this.header(), 0, 44, 0);
  }

  private header(): Buffer {
    const header = Buffer.alloc(44);
    header.write('RIFF', 0, 'latin1');
    header.writeUInt32LE(36 + this.dataBytes, 4);
    header.write('WAVEfmt ', 8, 'latin1');
    header.writeUInt32LE(16, 16);
    header.writeUInt16LE(1, 20);
    header.writeUInt16LE(this.channels, 22);
    header.writeUInt32LE(this.rate, 24);
    header.writeUInt32LE(this.rate * this.channels * 2, 28);
    header.writeUInt16LE(this.channels * 2, 32);
    header.writeUInt16LE(16, 34);
    header.write('data', 36, 'latin1');
    header.writeUInt32LE(this.dataBytes, 40);
    return header;
  }
}
