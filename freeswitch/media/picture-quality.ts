import type { PictureQuality } from './media.ts';

/*
 * How a leg's pictures are, out of FreeSWITCH's variables: told by the embedded engine for the last seconds, or two looks
 * at the real one's totals. Pure.
 */

/** One look at a leg's totals, with its moment. */
export interface PictureTotals {
  packets: number;
  lost: number;
  bytes: number;
  atMs: number;
}

type Read = (name: string) => string | number | undefined;

function numberOf(read: Read, name: string): number | undefined {
  const value = Number(read(`variable_rtp_video_${name}`) ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** What the embedded engine's event tells, by its headers. */
export function toldPictureQuality(read: Read): PictureQuality {
  return {
    lossPercent: numberOf(read, 'in_loss_percent') ?? 0,
    jitterMs: numberOf(read, 'in_jitter_ms'),
    roundTripMs: numberOf(read, 'rtt_ms'),
    farLossPercent: numberOf(read, 'out_loss_percent'),
    framesPerSecond: numberOf(read, 'in_frame_rate'),
    bitsPerSecond: numberOf(read, 'in_bitrate'),
    width: numberOf(read, 'in_width'),
    height: numberOf(read, 'in_height'),
  };
}

export function pictureTotalsOf(variables: Record<string, string | undefined>, atMs: number): PictureTotals {
  const of = (name: string): number | undefined => numberOf((wanted) => variables[wanted], name);
  return {
    packets: of('in_media_packet_count') ?? of('in_packet_count') ?? 0,
    lost: of('in_skip_packet_count') ?? 0,
    bytes: of('in_media_bytes') ?? 0,
    atMs,
  };
}

/** Between two looks; `undefined` when nothing came. */
export function pictureQualityBetween(
  before: PictureTotals,
  variables: Record<string, string | undefined>,
  nowMs: number,
): PictureQuality | undefined {
  const now = pictureTotalsOf(variables, nowMs);
  const came = now.packets - before.packets;
  const elapsedMs = nowMs - before.atMs;
  if (came <= 0 || elapsedMs <= 0) return undefined;
  const lost = Math.max(0, now.lost - before.lost);
  return {
    lossPercent: (100 * lost) / (came + lost),
    jitterMs: numberOf((name) => variables[name], 'in_jitter_ms'),
    bitsPerSecond: (8_000 * Math.max(0, now.bytes - before.bytes)) / elapsedMs,
  };
}
