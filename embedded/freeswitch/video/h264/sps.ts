import { BitReader, withoutEmulation } from './bits.ts';

/** What a sequence parameter set tells of its stream (ITU-T H.264, clause 7.3.2.1.1). */
export interface SequenceParameters {
  profileIdc: number;
  /** constraint_set0_flag … in the byte's upper bits. */
  constraints: number;
  levelIdc: number;
  /** Luma samples, cropped. */
  width: number;
  height: number;
  /** Macroblocks in a frame. */
  macroblocks: number;
  references: number;
  /** Frames a second, when the stream tells. */
  frameRate: number | undefined;
}

const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138]);
/** No level has frames of more macroblocks (level 6.2). */
const mostMacroblocks = 139_264;

/** Reads a sequence parameter set NAL unit; `undefined` when it is broken. */
export function parseSps(unit: Uint8Array): SequenceParameters | undefined {
  if (unit.length < 5 || unit.length > 1024) return undefined;
  try {
    return read(new BitReader(withoutEmulation(unit.subarray(1))));
  } catch {
    return undefined;
  }
}

/** A copy of a sequence parameter set with another level_idc. */
export function withLevel(unit: Uint8Array, levelIdc: number): Uint8Array {
  const copy = Uint8Array.from(unit);
  copy[3] = levelIdc;
  return copy;
}

function read(bits: BitReader): SequenceParameters | undefined {
  const profileIdc = bits.bits(8);
  const constraints = bits.bits(8);
  const levelIdc = bits.bits(8);
  bits.unsigned();
  let chroma = 1;
  if (highProfiles.has(profileIdc)) {
    chroma = bits.unsigned();
    if (chroma === 3) bits.bit();
    bits.unsigned();
    bits.unsigned();
    bits.bit();
    if (bits.bit() === 1) skipScalingMatrix(bits, chroma === 3 ? 12 : 8);
  }
  bits.unsigned();
  const orderType = bits.unsigned();
  if (orderType === 0) bits.unsigned();
  else if (orderType === 1) {
    bits.bit();
    bits.signed();
    bits.signed();
    const cycle = bits.unsigned();
    if (cycle > 255) return undefined;
    for (let place = 0; place < cycle; place++) bits.signed();
  }
  const references = bits.unsigned();
  bits.bit();
  const across = bits.unsigned() + 1;
  const mapUnits = bits.unsigned() + 1;
  const framesOnly = bits.bit();
  const down = mapUnits * (2 - framesOnly);
  if (across * down > mostMacroblocks) return undefined;
  if (framesOnly === 0) bits.bit();
  bits.bit();
  let width = across * 16;
  let height = down * 16;
  if (bits.bit() === 1) {
    const [left, right, top, bottom] = [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()];
    width -= (chroma === 1 || chroma === 2 ? 2 : 1) * (left + right);
    height -= (chroma === 1 ? 2 : 1) * (2 - framesOnly) * (top + bottom);
  }
  if (width < 1 || height < 1) return undefined;
  return {
    profileIdc,
    constraints,
    levelIdc,
    width,
    height,
    macroblocks: across * down,
    references,
    frameRate: readFrameRate(bits),
  };
}

function skipScalingMatrix(bits: BitReader, lists: number): void {
  for (let list = 0; list < lists; list++) {
    if (bits.bit() === 0) continue;
    let last = 8;
    let next = 8;
    for (let place = 0; place < (list < 6 ? 16 : 64); place++) {
      if (next !== 0) next = (last + bits.signed() + 256) % 256;
      last = next === 0 ? last : next;
    }
  }
}

/** Timing of the usability information (Annex E), when there is any and it is sound. */
function readFrameRate(bits: BitReader): number | undefined {
  try {
    if (bits.bit() === 0) return undefined;
    if (bits.bit() === 1 && bits.bits(8) === 255) bits.bits(32);
    if (bits.bit() === 1) bits.bit();
    if (bits.bit() === 1) {
      bits.bits(4);
      if (bits.bit() === 1) bits.bits(24);
    }
    if (bits.bit() === 1) {
      bits.unsigned();
      bits.unsigned();
    }
    if (bits.bit() === 0) return undefined;
    const unitsInTick = bits.bits(32);
    const timeScale = bits.bits(32);
    const rate = timeScale / (2 * unitsInTick);
    return rate > 0 && rate <= 300 ? rate : undefined;
  } catch {
    return undefined;
  }
}
