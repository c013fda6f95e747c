import { Level, Profile, parseProfileLevelId } from 'h264-profile-level-id';
import type { SequenceParameters } from './sps.ts';

/* What a receiver of H.264 declared in SDP (RFC 6184, clause 8.1), and whether a stream keeps within it. */

/** A receiver's limits. */
export interface H264Limits {
  profile: Profile;
  /** level_idc as in the SPS: 31 is level 3.1; 9 stands for 1b. */
  levelIdc: number;
  /** Macroblocks a second. */
  maxMbps: number;
  /** Macroblocks a frame. */
  maxFs: number;
  /** bit/s. */
  maxBitrate: number;
  maxDpbMacroblocks: number;
  mode: 0 | 1;
}

/** ITU-T H.264, table A-1: macroblocks a second, a frame, in the decoded picture buffer; kbit/s of NAL units. */
const levels: ReadonlyMap<number, readonly [mbps: number, fs: number, dpb: number, kbps: number]> = new Map([
  [9, [1_485, 99, 396, 154]],
  [10, [1_485, 99, 396, 77]],
  [11, [3_000, 396, 900, 230]],
  [12, [6_000, 396, 2_376, 461]],
  [13, [11_880, 396, 2_376, 922]],
  [20, [11_880, 396, 2_376, 2_400]],
  [21, [19_800, 792, 4_752, 4_800]],
  [22, [20_250, 1_620, 8_100, 4_800]],
  [30, [40_500, 1_620, 8_100, 12_000]],
  [31, [108_000, 3_600, 18_000, 16_800]],
  [32, [216_000, 5_120, 20_480, 24_000]],
  [40, [245_760, 8_192, 32_768, 24_000]],
  [41, [245_760, 8_192, 32_768, 60_000]],
  [42, [522_240, 8_704, 34_816, 60_000]],
  [50, [589_824, 22_080, 110_400, 162_000]],
  [51, [983_040, 36_864, 184_320, 288_000]],
  [52, [2_073_600, 36_864, 184_320, 288_000]],
]);

const level1b = 9;

const natural = (text: string | undefined): number | undefined => {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
};

/** Limits that a format's parameters declare; `undefined` for a profile that we do not know. */
export function limitsOf(parameters: Readonly<Record<string, string>>): H264Limits | undefined {
  // Without the parameter: Baseline, level 1 (RFC 6184, clause 8.1), unlike the library's own default.
  const parsed = parseProfileLevelId(parameters['profile-level-id'] ?? '42000a');
  if (parsed === undefined || parsed.profile === Profile.PredictiveHigh444) return undefined;
  const levelIdc = parsed.level === Level.L1_b ? level1b : parsed.level;
  const level = levels.get(levelIdc);
  if (level === undefined) return undefined;
  const [mbps, fs, dpb, kbps] = level;
  const maxFs = Math.max(fs, natural(parameters['max-fs']) ?? 0);
  return {
    profile: parsed.profile,
    levelIdc,
    // These parameters may only raise what the level allows.
    maxMbps: Math.max(mbps, natural(parameters['max-mbps']) ?? 0),
    maxFs,
    // In units of 1,000 bit/s for the VCL, 1,200 for NAL units.
    maxBitrate: Math.max(kbps * 1000, (natural(parameters['max-br']) ?? 0) * 1200),
    maxDpbMacroblocks: Math.max(dpb, natural(parameters['max-dpb']) ?? 0, dpbFor(maxFs)),
    mode: parameters['packetization-mode'] === '1' ? 1 : 0,
  };
}

/** Who takes larger frames than its level has keeps as many of them as the level that has such frames. */
function dpbFor(maxFs: number): number {
  for (const [, fs, dpb] of levels.values()) if (fs >= maxFs) return dpb;
  return 0;
}

/** Whether a decoder of a profile takes a stream that says this of itself (ITU-T H.264, clause A.2). */
export function profileTakes(profile: Profile, stream: SequenceParameters): boolean {
  const set = (flag: number): boolean => (stream.constraints & (0x80 >> flag)) !== 0;
  const constrainedBaseline = stream.profileIdc === 66 && set(1);
  switch (profile) {
    case Profile.ConstrainedBaseline:
      return constrainedBaseline || (stream.profileIdc === 77 && set(0) && set(1));
    case Profile.Baseline:
      return stream.profileIdc === 66 || (stream.profileIdc === 77 && set(0));
    case Profile.Main:
      return constrainedBaseline || stream.profileIdc === 77;
    case Profile.ConstrainedHigh:
      return constrainedBaseline || (stream.profileIdc === 100 && set(4) && set(5));
    default:
      return constrainedBaseline || stream.profileIdc === 77 || stream.profileIdc === 100;
  }
}

/** How a stream relates to a receiver's limits. */
export type LimitsFit =
  /** Send as it is. */
  | 'as-is'
  /** Its pictures keep within the limits though its SPS names a higher level: send with the receiver's level. */
  | 'relabel'
  | 'no';

/** Whether a stream of measured `framesPerSecond` and `bitrate` (bit/s) keeps within a receiver's limits. */
export function fitsLimits(
  stream: SequenceParameters,
  framesPerSecond: number,
  bitrate: number,
  limits: H264Limits,
): LimitsFit {
  if (!profileTakes(limits.profile, stream)) return 'no';
  if (stream.macroblocks > limits.maxFs || 8 * limits.maxFs < sideSquared(stream)) return 'no';
  // A tenth over: clocks differ, and a measured rate wavers.
  if (stream.macroblocks * framesPerSecond > limits.maxMbps * 1.1 || bitrate > limits.maxBitrate * 1.1) return 'no';
  if (effectiveLevel(stream) <= rank(limits.levelIdc)) return 'as-is';
  return stream.references * stream.macroblocks <= limits.maxDpbMacroblocks ? 'relabel' : 'no';
}

/** No side may be longer than √(8 × MaxFS) macroblocks (clause A.3.1): the longer side's square. */
function sideSquared(stream: SequenceParameters): number {
  const side = Math.ceil(Math.max(stream.width, stream.height) / 16);
  return side * side;
}

/** Level 1b lies between 1 and 1.1. */
const rank = (levelIdc: number): number => (levelIdc === level1b ? 10.5 : levelIdc);

function effectiveLevel(stream: SequenceParameters): number {
  const is1b = stream.levelIdc === 11 && stream.profileIdc !== 100 && (stream.constraints & 0x10) !== 0;
  return is1b ? rank(level1b) : rank(stream.levelIdc);
}

/** level_idc to write into an SPS for a receiver's level (1b is 11 with constraint_set3_flag, or 9 in High). */
export function levelToWrite(limits: H264Limits): number {
  return limits.levelIdc === level1b ? 10 : limits.levelIdc;
}

/** The lower of two levels. */
export function lowerLevel(one: number, other: number): number {
  return rank(one) <= rank(other) ? one : other;
}
