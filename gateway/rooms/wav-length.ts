import { open } from 'node:fs/promises';

const headBytes = 4096;

/**
 * How long a WAV file plays, in ms, by what its header says of the sound and by its real size: one that was cut off in
 * the middle still carries the lengths of its beginning. 0 when it is no WAV file.
 */
export async function wavLengthMs(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return lengthMs(buffer.subarray(0, bytesRead), size);
  } finally {
    await file.close();
  }
}

function lengthMs(head: Buffer, size: number): number {
  if (head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') return 0;
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= head.length; ) {
    const name = head.toString('latin1', at, at + 4);
    const length = head.readUInt32LE(at + 4);
    if (name === 'fmt ' && at + 20 <= head.length) bytesPerSecond = head.readUInt32LE(at + 16);
    if (name === 'data') return bytesPerSecond === 0 ? 0 : Math.round(((size - at - 8) * 1000) / bytesPerSecond);
    at += 8 + length + (length % 2);
  }
  return 0;
}
