import { Profile } from 'h264-profile-level-id';
import type { VideoCodec, VideoFormat } from '../sdp/format.ts';

/* In which size and rate a viewer is composed for. Pure. Few shapes, so that many viewers share one. */

/** How a composed picture is encoded. */
export interface Shape {
  codec: VideoCodec;
  width: number;
  height: number;
  framesPerSecond: number;
  /** bit/s. */
  bitrate: number;
  levelIdc: number;
  /** Each NAL unit fits a packet: packetization mode 0. */
  sliced: boolean;
}

interface Step {
  width: number;
  height: number;
  macroblocks: number;
  framesPerSecond: number;
  levelIdc: number;
  most: number;
}

/** From the best down; a level that has such frames. */
const steps: readonly Step[] = [
  { width: 1280, height: 720, macroblocks: 3_600, framesPerSecond: 25, levelIdc: 31, most: 2_048_000 },
  { width: 1280, height: 720, macroblocks: 3_600, framesPerSecond: 15, levelIdc: 31, most: 1_536_000 },
  { width: 640, height: 360, macroblocks: 920, framesPerSecond: 25, levelIdc: 30, most: 768_000 },
  { width: 640, height: 360, macroblocks: 920, framesPerSecond: 15, levelIdc: 22, most: 512_000 },
  { width: 352, height: 288, macroblocks: 396, framesPerSecond: 25, levelIdc: 13, most: 384_000 },
  { width: 352, height: 288, macroblocks: 396, framesPerSecond: 15, levelIdc: 12, most: 256_000 },
  { width: 176, height: 144, macroblocks: 99, framesPerSecond: 15, levelIdc: 10, most: 64_000 },
];

const bitrates = [64, 128, 192, 256, 384, 512, 768, 1_024, 1_536, 2_048].map((kilobits) => kilobits * 1_000);

/** The shape for a viewer; `undefined` when we encode nothing that it takes. */
export function shapeFor(format: VideoFormat, bandwidth: number | undefined): Shape | undefined {
  // Sound travels apart; packets' headers take a tenth.
  const room = (bandwidth ?? Number.POSITIVE_INFINITY) * 0.9;
  const within = (most: number): number => {
    const limit = Math.min(most, room);
    return bitrates.reduce((best, rate) => (rate <= limit ? rate : best), bitrates[0]!);
  };
  if (format.codec !== 'H264') {
    const cif = (format.largest?.width ?? 0) >= 352;
    const size = cif ? { width: 352, height: 288 } : { width: 176, height: 144 };
    const most = cif ? 384_000 : 64_000;
    return { codec: format.codec, ...size, framesPerSecond: 15, bitrate: within(most), levelIdc: 0, sliced: false };
  }
  const { h264 } = format;
  if (h264 === undefined || h264.profile === Profile.PredictiveHigh444) return undefined;
  const step = steps.find(
    ({ macroblocks, framesPerSecond }) =>
      macroblocks <= h264.maxFs && macroblocks * framesPerSecond <= h264.maxMbps && room >= macroblocks * 70,
  );
  const { width, height, framesPerSecond, levelIdc, most } = step ?? steps.at(-1)!;
  const bitrate = within(Math.min(most, h264.maxBitrate));
  return { codec: 'H264', width, height, framesPerSecond, bitrate, levelIdc, sliced: h264.mode === 0 };
}

/** What a recording is encoded as. */
export const filmShape: Shape = {
  codec: 'H264',
  width: 1280,
  height: 720,
  framesPerSecond: 25,
  bitrate: 1_536_000,
  levelIdc: 31,
  sliced: false,
};

/** Equal for equal shapes. */
export function shapeKey(shape: Shape): string {
  const { codec, width, height, framesPerSecond, bitrate, sliced } = shape;
  return `${codec}/${width}x${height}@${framesPerSecond}/${bitrate}${sliced ? '/sliced' : ''}`;
}
