import { BitReader, withoutEmulation } from './bits.ts';

/* NAL units of H.264 (ITU-T H.264, clause 7.4.1) and what RFC 6184 adds (clause 5.2). */

export const nalTypes = {
  slice: 1,
  partitionA: 2,
  idr: 5,
  sei: 6,
  sps: 7,
  pps: 8,
  delimiter: 9,
  stapA: 24,
  fuA: 28,
} as const;

/** The type in a NAL unit's first byte. */
export function nalType(unit: Uint8Array): number {
  return unit[0]! & 0x1f;
}

/** Splits a byte stream with start codes (Annex B) into NAL units, which share its memory. */
export function splitByteStream(stream: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  let start = -1;
  for (let at = 0; at + 2 < stream.length; at++) {
    if (stream[at] !== 0 || stream[at + 1] !== 0 || stream[at + 2] !== 1) continue;
    if (start >= 0) pushUnit(units, stream, start, at);
    start = at + 3;
    at += 2;
  }
  if (start >= 0) pushUnit(units, stream, start, stream.length);
  return units;
}

function pushUnit(units: Uint8Array[], stream: Uint8Array, start: number, before: number): void {
  let end = before;
  while (end > start && stream[end - 1] === 0) end--;
  if (end > start) units.push(stream.subarray(start, end));
}

/** Joins NAL units into a byte stream with four-byte start codes. */
export function joinByteStream(units: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const unit of units) length += 4 + unit.length;
  const stream = Buffer.allocUnsafe(length);
  let at = 0;
  for (const unit of units) {
    stream.writeUInt32BE(1, at);
    stream.set(unit, at + 4);
    at += 4 + unit.length;
  }
  return stream;
}

/** Whether a slice is an I slice (slice_type 2 or 7; clause 7.3.3). */
function isIntraSlice(unit: Uint8Array): boolean {
  try {
    const bits = new BitReader(withoutEmulation(unit.subarray(1, 20)));
    bits.unsigned();
    const type = bits.unsigned();
    return type === 2 || type === 7;
  } catch {
    return false;
  }
}

/**
 * Whether a decoder can start with these NAL units of one picture: an IDR picture, or, from encoders that send none,
 * intra slices alone that come with parameter sets.
 */
export function startsDecoding(units: readonly Uint8Array[]): boolean {
  let parameterSets = false;
  let slices = 0;
  let intra = 0;
  for (const unit of units) {
    const type = nalType(unit);
    if (type === nalTypes.idr) return true;
    if (type === nalTypes.sps) parameterSets = true;
    if (type === nalTypes.slice || type === nalTypes.partitionA) {
      slices++;
      if (isIntraSlice(unit)) intra++;
      else return false;
    }
  }
  return parameterSets && slices > 0 && intra === slices;
}
