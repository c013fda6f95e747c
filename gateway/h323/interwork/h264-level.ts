import type { H264Format } from './format.ts';

/* Levels of H.264 (table A-1) and how H.241 (table 8.4) numbers them. */

interface Level {
  /** level_idc; 9 for level 1b. */
  level: number;
  /** Value of H.241's Level parameter. */
  h241: number;
  /** Macroblocks a second. */
  mbps: number;
  /** Macroblocks a picture. */
  fs: number;
  /** 1,000 bit/s. */
  br: number;
}

const levels: readonly Level[] = [
  { level: 10, h241: 15, mbps: 1_485, fs: 99, br: 64 },
  { level: 9, h241: 19, mbps: 1_485, fs: 99, br: 128 },
  { level: 11, h241: 22, mbps: 3_000, fs: 396, br: 192 },
  { level: 12, h241: 29, mbps: 6_000, fs: 396, br: 384 },
  { level: 13, h241: 36, mbps: 11_880, fs: 396, br: 768 },
  { level: 20, h241: 43, mbps: 11_880, fs: 396, br: 2_000 },
  { level: 21, h241: 50, mbps: 19_800, fs: 792, br: 4_000 },
  { level: 22, h241: 57, mbps: 20_250, fs: 1_620, br: 4_000 },
  { level: 30, h241: 64, mbps: 40_500, fs: 1_620, br: 10_000 },
  { level: 31, h241: 71, mbps: 108_000, fs: 3_600, br: 14_000 },
  { level: 32, h241: 78, mbps: 216_000, fs: 5_120, br: 20_000 },
  { level: 40, h241: 85, mbps: 245_760, fs: 8_192, br: 20_000 },
  { level: 41, h241: 92, mbps: 245_760, fs: 8_192, br: 50_000 },
  { level: 42, h241: 99, mbps: 522_240, fs: 8_704, br: 50_000 },
  { level: 50, h241: 106, mbps: 589_824, fs: 22_080, br: 135_000 },
  { level: 51, h241: 113, mbps: 983_040, fs: 36_864, br: 240_000 },
  { level: 52, h241: 120, mbps: 2_073_600, fs: 36_864, br: 240_000 },
];

/** H.241's number for a level; a level that H.241 does not have counts as the next lower one. */
export function h241Level(level: number): number {
  return entry(level).h241;
}

/** The level for H.241's number; between two, the lower; below all, level 1. */
export function levelOfH241(value: number): number {
  return (levels.findLast(({ h241 }) => h241 <= value) ?? levels[0])?.level ?? 10;
}

/** Place of a level in ascending order. */
export function levelOrder(level: number): number {
  return levels.indexOf(entry(level));
}

/** The most that a format's receiver takes: macroblocks a second and a picture, and bit/s. */
export function limitsOf({ level, beyond, bitRate }: H264Format): { mbps: number; fs: number; bitRate: number } {
  const { mbps, fs, br } = entry(level);
  return {
    mbps: Math.max(mbps, beyond.maxMbps ?? 0),
    fs: Math.max(fs, beyond.maxFs ?? 0),
    bitRate: bitRate ?? Math.max(br, beyond.maxBr ?? 0) * 1000,
  };
}

function entry(level: number): Level {
  const found = levels.find((one) => one.level === level);
  if (found !== undefined) return found;
  return levels.findLast((one) => one.level !== 9 && one.level <= level) ?? (levels[0] as Level);
}
