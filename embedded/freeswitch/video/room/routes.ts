import { fitsLimits } from '../h264/limits.ts';
import type { VideoFormat } from '../sdp/format.ts';
import type { StreamFacts } from '../stream/frame.ts';

/* Who is shown whom in a room without composition. Pure. */

/** Whose picture a viewer sees: the floor's holder, who in turn sees whoever held it before, or anybody else. */
export function speakerFor(
  viewer: number,
  floor: { holder: number | undefined; previous: number | undefined },
  senders: readonly number[],
): number | undefined {
  if (floor.holder !== undefined && floor.holder !== viewer && senders.includes(floor.holder)) return floor.holder;
  if (floor.previous !== undefined && floor.previous !== viewer && senders.includes(floor.previous)) {
    return floor.previous;
  }
  return senders.find((sender) => sender !== viewer);
}

/** Whether a viewer can be sent a stream. */
export type Fit =
  | 'as-is'
  /** With the viewer's level written into its SPS. */
  | 'relabel'
  /** Not until more is known of the stream. */
  | 'unknown'
  | 'no';

/** What a viewer takes: its format, and bit/s as far as it said. */
export interface ViewerLimits {
  format: VideoFormat;
  bandwidth: number | undefined;
}

/**
 * Whether a viewer can be sent a stream (ITU-T H.264 Annex A; RFC 6184, clause 8). `before` is what was said last: a
 * rate near the limit must not flicker.
 */
export function fitFor(facts: StreamFacts, viewer: ViewerLimits, mostPayload: number, before: Fit): Fit {
  const { format, bandwidth } = viewer;
  if (facts.codec !== format.codec) return 'no';
  if (bandwidth !== undefined && facts.bitrate > bandwidth * (before === 'no' ? 1 : 1.25)) return 'no';
  if (format.h264 === undefined) {
    const { largest } = format;
    if (facts.size === undefined || largest === undefined) return 'as-is';
    return facts.size.width <= largest.width && facts.size.height <= largest.height ? 'as-is' : 'no';
  }
  if (facts.parameters === undefined) return 'unknown';
  if (format.h264.mode === 0 && facts.longestUnit > mostPayload) return 'no';
  return fitsLimits(facts.parameters, facts.framesPerSecond, facts.bitrate, format.h264);
}
