import type { LegQuality } from '../rtp/line-meter.ts';
import type { RtpSession } from '../rtp/session.ts';

/* What is told of a leg's sound: FreeSWITCH's variables where it has one, and ours in its manner. */

/** Totals of a call, as `uuid_set_media_stats` and the end of a call set them (`rtp_audio_…`). */
export function soundStatistics(rtp: RtpSession): Record<string, string> {
  const { reception, refused } = rtp;
  const buffer = rtp.jitterBuffer;
  const ticksPerMs = (rtp.codec?.clockHz ?? 8000) / 1000;
  const facts: Record<string, number | string | undefined> = {
    in_packet_count: reception.packets,
    in_media_packet_count: reception.packets,
    in_media_bytes: reception.bytes,
    in_raw_bytes: reception.bytes + 12 * reception.packets,
    in_skip_packet_count: reception.lost,
    in_jitter_ms: (reception.jitter / ticksPerMs).toFixed(2),
    in_jitter_max_variance: (reception.jitter / ticksPerMs).toFixed(2),
    in_concealed_ms: buffer.concealedMs,
    in_jitter_buffer_ms: buffer.delayMs,
    in_late_packet_count: buffer.late,
    in_flaw_total: reception.lost + buffer.late,
    in_malformed_count: refused.malformed,
    in_forged_count: refused.forged,
    in_unknown_type_count: refused.unknownType,
    in_unauthentic_count: refused.unauthentic,
    in_flood_count: refused.flood,
    out_packet_count: rtp.sender.packets,
    out_media_packet_count: rtp.sender.packets,
    out_media_bytes: rtp.sender.bytes,
    rtt_ms: rtp.roundTripMs?.toFixed(1),
  };
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value !== undefined) variables[`rtp_audio_${name}`] = String(value);
  }
  return variables;
}

/** The last stretch of 5 s, as variables; `in_mos` and `in_quality_percentage` are FreeSWITCH's names. */
export function qualityVariables(quality: LegQuality): Record<string, string> {
  return {
    rtp_audio_in_mos: quality.score.toFixed(2),
    rtp_audio_in_quality_percentage: Math.max(0, 100 - quality.lossPercent).toFixed(2),
    rtp_audio_in_loss_percent: quality.lossPercent.toFixed(2),
    rtp_audio_in_jitter_ms: quality.jitterMs.toFixed(2),
    rtp_audio_in_jitter_buffer_ms: quality.bufferMs.toFixed(0),
    rtp_audio_in_recent_concealed_ms: quality.concealedMs.toFixed(0),
    rtp_audio_in_recent_packet_count: String(quality.packets),
    ...(quality.farLossPercent === undefined ? {} : { rtp_audio_out_loss_percent: quality.farLossPercent.toFixed(2) }),
    ...(quality.roundTripMs === undefined ? {} : { rtp_audio_rtt_ms: quality.roundTripMs.toFixed(1) }),
  };
}
