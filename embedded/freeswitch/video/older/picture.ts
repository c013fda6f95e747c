import { BitReader } from '../h264/bits.ts';
import { type PictureSize, standardSizes } from '../sdp/format.ts';

/* As much of the older codecs' RTP payloads as passing them on needs: where a picture starts, its size, intra or not. */

/** What the first packet of a picture tells. */
export interface OlderPicture {
  intra: boolean;
  size: PictureSize | undefined;
}

const sizeNamed = (name: string | undefined): PictureSize | undefined =>
  standardSizes.find((size) => size.name === name)?.size;

/** Source formats of H.263's picture header (ITU-T H.263, clause 5.1.3). */
const h263Sizes = [undefined, 'SQCIF', 'QCIF', 'CIF', '4CIF', '16CIF'];

/** Reads a picture's first payload of H.263 (RFC 2190); `undefined` when it is none. */
export function readH263(payload: Uint8Array): OlderPicture | undefined {
  if (payload.length < 5) return undefined;
  // SRC and I stand in the same bits of modes A, B and C alike.
  const fragmented = (payload[0]! & 0x80) !== 0;
  const second = fragmented ? payload[4]! : payload[1]!;
  const source = payload[1]! >> 5;
  const inter = fragmented ? (second & 0x80) !== 0 : (second & 0x10) !== 0;
  return { intra: !inter, size: sizeNamed(h263Sizes[source]) };
}

/** Reads a picture's first payload of H.263 version 2 (RFC 4629). */
export function readH263Plus(payload: Uint8Array): OlderPicture | undefined {
  const start = (payload[0] ?? 0) & 0x04;
  if (payload.length < 8 || start === 0) return undefined;
  const extra = ((payload[0]! & 1) << 5) | (payload[1]! >> 3);
  const redundancy = (payload[0]! & 0x02) !== 0 ? 1 : 0;
  try {
    const bits = new BitReader(payload.subarray(2 + redundancy + extra));
    if (bits.bits(6) !== 0b100000) return undefined;
    bits.bits(8 + 2 + 3);
    const source = bits.bits(3);
    if (source !== 7) return { intra: bits.bit() === 0, size: sizeNamed(h263Sizes[source]) };
    let size: PictureSize | undefined;
    if (bits.bits(3) === 1) {
      size = sizeNamed(h263Sizes[bits.bits(3)]);
      bits.bits(15);
    }
    return { intra: bits.bits(3) === 0, size };
  } catch {
    return undefined;
  }
}

/** Reads a picture's first payload of H.261 (RFC 4587). */
export function readH261(payload: Uint8Array): OlderPicture | undefined {
  if (payload.length < 8 || payload[4] !== 0 || payload[5] !== 1) return undefined;
  const cif = (payload[7]! & 0x08) !== 0;
  return { intra: (payload[0]! & 0x02) !== 0, size: sizeNamed(cif ? 'CIF' : 'QCIF') };
}
