import type { PictureQuality } from './stream/picture-meter.ts';
import type { VideoSession } from './stream/session.ts';

/** What is measured of a leg's pictures, by the names of FreeSWITCH's variables and more of the kind; none without. */
export function pictureStatistics(session: VideoSession | undefined): Record<string, string> {
  if (session === undefined) return {};
  const { reception, sender, facts, watch } = session;
  const values: Record<string, string | number | undefined> = {
    in_packet_count: reception.packets,
    in_media_bytes: reception.bytes,
    in_skip_packet_count: session.lostPackets,
    in_jitter_ms: (reception.jitter / 90).toFixed(2),
    in_frame_count: watch.frames,
    in_damaged_frame_count: watch.damagedFrames,
    in_key_frame_count: watch.keyFrames,
    in_frame_rate: facts.framesPerSecond.toFixed(1),
    in_bitrate: Math.round(facts.bitrate),
    in_width: facts.size?.width,
    in_height: facts.size?.height,
    in_malformed_count: session.refused.malformed,
    in_forged_count: session.refused.forged,
    in_unknown_type_count: session.refused.unknownType,
    in_unauthentic_count: session.refused.unauthentic,
    in_flood_count: session.refused.flood,
    out_packet_count: sender.packets,
    out_media_bytes: sender.bytes,
    out_frame_count: sender.frames,
    rtt_ms: session.reports.roundTripMs?.toFixed(1),
    in_nack_count: session.repair.counts.asked,
    in_recovered_count: session.repair.counts.recovered,
    out_again_count: session.repair.counts.sentAgain,
    key_frames_asked: session.keyFrames.asked,
    key_frame_requests: session.keyFrames.heard,
  };
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) variables[`rtp_video_${name}`] = String(value);
  }
  return variables;
}

/** The last stretch of 5 s, as variables in the manner of FreeSWITCH's of sound. */
export function pictureQualityVariables(quality: PictureQuality): Record<string, string> {
  const values: Record<string, string | undefined> = {
    in_loss_percent: quality.lossPercent.toFixed(2),
    in_jitter_ms: quality.jitterMs.toFixed(2),
    in_frame_rate: quality.framesPerSecond.toFixed(1),
    in_damaged_percent: quality.damagedPercent.toFixed(1),
    in_bitrate: quality.bitsPerSecond.toFixed(0),
    in_width: quality.width?.toFixed(0),
    in_height: quality.height?.toFixed(0),
    rtt_ms: quality.roundTripMs?.toFixed(1),
    out_loss_percent: quality.farLossPercent?.toFixed(2),
  };
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) variables[`rtp_video_${name}`] = value;
  return variables;
}
