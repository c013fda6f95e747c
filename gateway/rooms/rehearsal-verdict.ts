import type { RehearsalResult } from '../../store/schema/rehearsal.ts';

/** What a call of a rehearsal measured. */
export interface Measured {
  packets: number;
  lost: number;
  jitterMs: number;
  codec: string | undefined;
  /** Absent when nothing could be recorded. */
  heard: { levelDb: number; tone: boolean } | undefined;
  score: number | undefined;
  /** Absent when no picture was agreed on. */
  picture: { packets: number; width?: number; height?: number } | undefined;
}

/** Fewer packets than of a second count as no sound. */
const fewPackets = 50;
/** More loss than this is heard. */
const mostLossPercent = 1;
/** Quieter than this is a microphone that is off, dB below full scale. */
const silentDb = -65;

/** The engine's variables as numbers. */
export function measuredOf(
  variables: Record<string, string>,
): Pick<Measured, 'packets' | 'lost' | 'jitterMs' | 'picture'> {
  const number = (name: string): number => Number(variables[`variable_rtp_${name}`] ?? 0) || 0;
  const [width, height] = [number('video_in_width'), number('video_in_height')];
  return {
    packets: number('audio_in_packet_count'),
    lost: number('audio_in_skip_packet_count'),
    jitterMs: number('audio_in_jitter_ms'),
    picture: { packets: number('video_in_packet_count'), ...(width > 0 && height > 0 ? { width, height } : {}) },
  };
}

/** The verdict on what was measured; the worst fault counts. Pure. */
export function judgeRehearsal(
  measured: Measured,
): Pick<RehearsalResult, 'verdict' | 'sound' | 'picture'> & { codec?: string } {
  const { packets, lost, jitterMs, heard, score, picture, codec } = measured;
  const lossPercent = packets + lost === 0 ? 0 : Math.round((lost * 1000) / (packets + lost)) / 10;
  const level =
    heard === undefined || !Number.isFinite(heard.levelDb) ? undefined : Math.round(heard.levelDb * 10) / 10;
  const silent = heard !== undefined && (level === undefined || level < silentDb);
  const verdict =
    packets < fewPackets
      ? 'no-sound'
      : lossPercent >= mostLossPercent
        ? 'loss'
        : silent
          ? 'silent'
          : picture !== undefined && picture.packets === 0
            ? 'no-picture'
            : 'good';
  return {
    verdict,
    ...(codec === undefined ? {} : { codec }),
    sound: {
      packets,
      lossPercent,
      jitterMs,
      toneBack: heard?.tone === true,
      ...(level === undefined ? {} : { levelDb: level }),
      ...(score === undefined ? {} : { score }),
    },
    ...(picture === undefined ? {} : { picture }),
  };
}
