import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * How many bytes of an MP4 are whole boxes (ISO/IEC 14496-12, clause 4.2), a movie fragment together with its data: one
 * whose writer was killed ends in the middle of one, and readers refuse half a fragment. @throws the file system's error.
 */
export function wholeBytes(path: string): number {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const head = Buffer.alloc(16);
    let whole = 0;
    for (let at = 0; at + 8 <= size; ) {
      const read = readSync(file, head, 0, 16, at);
      const short = head.readUInt32BE(0);
      const type = head.toString('latin1', 4, 8);
      const length = short === 1 && read === 16 ? Number(head.readBigUInt64BE(8)) : short === 0 ? size - at : short;
      if (length < 8 || at + length > size) break;
      at += length;
      if (type !== 'moof') whole = at;
    }
    return whole;
  } finally {
    closeSync(file);
  }
}
