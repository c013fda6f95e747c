import type { SoundQuality } from './media.ts';

/*
 * How a leg sounds, out of FreeSWITCH's variables. The embedded engine tells the last seconds by itself; the real one
 * keeps totals (`uuid_set_media_stats`), of which two looks make the seconds between. Pure.
 */

/** One look at a leg's totals. */
export interface Totals {
  packets: number;
  /** Packets that did not come in time. */
  lost: number;
}

type Variables = Record<string, string | number | undefined>;

function numberOf(variables: Variables, name: string): number | undefined {
  const value = Number(variables[`variable_rtp_audio_${name}`] ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** What the embedded engine's event tells, by its headers. */
export function toldQuality(read: (name: string) => string | undefined): SoundQuality {
  const names = ['in_loss_percent', 'in_jitter_ms', 'rtt_ms', 'in_mos', 'out_loss_percent'];
  const variables = Object.fromEntries(
    names.map((name) => [`variable_rtp_audio_${name}`, read(`variable_rtp_audio_${name}`)]),
  );
  return {
    lossPercent: numberOf(variables, 'in_loss_percent') ?? 0,
    jitterMs: numberOf(variables, 'in_jitter_ms') ?? 0,
    roundTripMs: numberOf(variables, 'rtt_ms'),
    farLossPercent: numberOf(variables, 'out_loss_percent'),
    score: numberOf(variables, 'in_mos') ?? 1,
  };
}

export function totalsOf(variables: Variables): Totals {
  return {
    packets: numberOf(variables, 'in_media_packet_count') ?? numberOf(variables, 'in_packet_count') ?? 0,
    lost: numberOf(variables, 'in_skip_packet_count') ?? 0,
  };
}

/** Between two looks; `undefined` when nothing came. FreeSWITCH tells jitter as a variance of packet spacing, in ms². */
export function qualityBetween(before: Totals, variables: Variables): SoundQuality | undefined {
  const now = totalsOf(variables);
  const came = now.packets - before.packets;
  if (came <= 0) return undefined;
  const lost = Math.max(0, now.lost - before.lost);
  const variance = numberOf(variables, 'in_jitter_max_variance') ?? 0;
  return {
    lossPercent: (100 * lost) / (came + lost),
    jitterMs: numberOf(variables, 'in_jitter_ms') ?? Math.sqrt(variance),
    roundTripMs: numberOf(variables, 'rtt_ms'),
    score: numberOf(variables, 'in_mos') ?? 1,
  };
}
