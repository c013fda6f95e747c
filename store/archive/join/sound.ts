import { open } from 'node:fs/promises';
import { type Joined, NothingRecorded, type Place } from './joined.ts';

/* Stretches of sound (WAV) put behind one another. */

/** What a WAV file's header says, and what is really there: one that was cut off still carries earlier lengths. */
export interface WavFacts {
  /** The `fmt ` chunk's body. */
  format: Buffer;
  bytesPerSecond: number;
  blockBytes: number;
  dataAt: number;
  dataBytes: number;
}

const headBytes = 4096;
const pieceBytes = 1 << 20;

/** Reads a WAV file's header; `undefined` when it is none. @throws the file system's error. */
export async function wavFacts(path: string): Promise<WavFacts | undefined> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return factsOf(buffer.subarray(0, bytesRead), size);
  } finally {
    await file.close();
  }
}

function factsOf(head: Buffer, size: number): WavFacts | undefined {
  if (head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  let format: Buffer | undefined;
  for (let at = 12; at + 8 <= head.length; ) {
    const name = head.toString('latin1', at, at + 4);
    const length = head.readUInt32LE(at + 4);
    if (name === 'fmt ' && length >= 16 && at + 8 + length <= head.length)
      format = head.subarray(at + 8, at + 8 + length);
    if (name === 'data') {
      if (format === undefined) return undefined;
      const bytesPerSecond = format.readUInt32LE(8);
      const blockBytes = format.readUInt16LE(12);
      if (bytesPerSecond === 0 || blockBytes === 0) return undefined;
      const dataBytes = Math.floor(Math.max(0, size - at - 8) / blockBytes) * blockBytes;
      return { format, bytesPerSecond, blockBytes, dataAt: at + 8, dataBytes };
    }
    at += 8 + length + (length % 2);
  }
  return undefined;
}

/** Joins stretches into a WAV file. @throws NothingRecorded, or the file system's error. */
export async function joinSound(
  stretches: readonly string[],
  into: string,
  progress: (percent: number) => void,
  signal: AbortSignal,
): Promise<Joined> {
  const facts = await Promise.all(stretches.map((path) => wavFacts(path).catch(() => undefined)));
  const first = facts.find((one) => one !== undefined && one.dataBytes > 0);
  if (first === undefined) throw new NothingRecorded('no stretch holds any sound');
  const other = facts.findIndex((one) => one !== undefined && one.dataBytes > 0 && !one.format.equals(first.format));
  const taken = facts.slice(0, other < 0 ? undefined : other);
  const total = taken.reduce((sum, one) => sum + (one?.dataBytes ?? 0), 0);
  const ms = (bytes: number): number => Math.round((bytes * 1000) / first.bytesPerSecond);
  const places: (Place | undefined)[] = [];
  const output = await open(into, 'w', 0o640);
  try {
    const head = header(first.format, total);
    await output.write(head);
    let written = 0;
    const piece = Buffer.alloc(pieceBytes);
    for (const [place, one] of taken.entries()) {
      if (one === undefined || one.dataBytes === 0) {
        places.push(undefined);
        continue;
      }
      const begin = written;
      const input = await open(stretches[place]!);
      try {
        for (let left = one.dataBytes, at = one.dataAt; left > 0; ) {
          signal.throwIfAborted();
          const { bytesRead } = await input.read(piece, 0, Math.min(left, piece.length), at);
          if (bytesRead === 0) throw new Error(`${stretches[place]} became shorter`);
          await output.write(piece, 0, bytesRead, head.length + written);
          at += bytesRead;
          left -= bytesRead;
          written += bytesRead;
          progress(Math.floor((written * 100) / total));
        }
      } finally {
        await input.close();
      }
      places.push({ offsetMs: ms(begin), durationMs: ms(written - begin) });
    }
    return { places, durationMs: ms(total), ...(other < 0 ? {} : { otherFrom: other }) };
  } finally {
    await output.close();
  }
}

function header(format: Buffer, dataBytes: number): Buffer {
  const head = Buffer.alloc(28 + format.length);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(20 + format.length + dataBytes, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(format.length, 16);
  format.copy(head, 20);
  head.write('data', 20 + format.length, 'latin1');
  head.writeUInt32LE(dataBytes, 24 + format.length);
  return head;
}
