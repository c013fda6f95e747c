import type { PictureQuality, SoundQuality } from '../../freeswitch/media/media.ts';
import type { RehearsalResult } from '../../store/schema/rehearsal.ts';

type Looped = NonNullable<NonNullable<RehearsalResult['sound']>['sent']>;

/** What a call of a rehearsal measured. */
export interface Measured {
  packets: number;
  lost: number;
  jitterMs: number;
  codec: string | undefined;
  /** Absent when nothing could be recorded. */
  heard: { levelDb: number; tone: boolean } | undefined;
  score: number | undefined;
  sent: Looped;
  /** Absent when no picture was agreed on. */
  picture: MeasuredPicture | undefined;
}

interface MeasuredPicture {
  packets: number;
  lost: number;
  /** Whole frames; absent where the engine counts packets alone. */
  frames?: number;
  framesPerSecond?: number;
  width?: number;
  height?: number;
  sent: Looped;
}

/** Fewer packets than of a second count as no sound. */
const fewPackets = 50;
/** More loss than this is heard. */
const mostLossPercent = 1;
/** More loss than this tears pictures again and again. */
const mostPictureLossPercent = 3;
/** Quieter than this is a microphone that is off, dB below full scale. */
const silentDb = -65;

/** The engine's totals as numbers. */
export function measuredOf(
  variables: Record<string, string>,
): Pick<Measured, 'packets' | 'lost' | 'jitterMs' | 'sent'> & { picture: MeasuredPicture } {
  const known = (name: string): number | undefined => {
    const value = Number(variables[`variable_rtp_${name}`] ?? Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  const number = (name: string): number => known(name) ?? 0;
  const [width, height] = [number('video_in_width'), number('video_in_height')];
  const [frames, rate, sentFrames] = [
    known('video_in_frame_count'),
    known('video_in_frame_rate'),
    known('video_out_frame_count'),
  ];
  return {
    packets: number('audio_in_packet_count'),
    lost: number('audio_in_skip_packet_count'),
    jitterMs: number('audio_in_jitter_ms'),
    sent: { packets: number('audio_out_packet_count') },
    picture: {
      packets: number('video_in_packet_count'),
      lost: number('video_in_skip_packet_count'),
      ...(frames === undefined ? {} : { frames: frames - number('video_in_damaged_frame_count') }),
      ...(rate === undefined ? {} : { framesPerSecond: rate }),
      ...(width > 0 && height > 0 ? { width, height } : {}),
      sent: {
        packets: number('video_out_packet_count'),
        ...(sentFrames === undefined ? {} : { frames: sentFrames }),
      },
    },
  };
}

/** What the far side told of what it got, as part of what was sent. Pure. */
export const toldOf = (quality: Partial<Pick<SoundQuality & PictureQuality, 'farLossPercent' | 'roundTripMs'>>) => ({
  ...(quality.farLossPercent === undefined ? {} : { lossPercent: quality.farLossPercent }),
  ...(quality.roundTripMs === undefined ? {} : { roundTripMs: quality.roundTripMs }),
});

const percent = (lost: number, came: number): number =>
  came + lost === 0 ? 0 : Math.round((lost * 1000) / (came + lost)) / 10;

/** The verdict on what was measured; the worst fault counts. Pure. */
export function judgeRehearsal(
  measured: Measured,
): Pick<RehearsalResult, 'verdict' | 'sound' | 'picture'> & { codec?: string } {
  const { packets, lost, jitterMs, heard, score, sent, codec } = measured;
  const lossPercent = percent(lost, packets);
  const level =
    heard === undefined || !Number.isFinite(heard.levelDb) ? undefined : Math.round(heard.levelDb * 10) / 10;
  const silent = heard !== undefined && (level === undefined || level < silentDb);
  const picture = measured.picture === undefined ? undefined : pictureOf(measured.picture);
  const dark = picture !== undefined && (picture.packets === 0 || picture.frames === 0);
  const lossy = [lossPercent >= mostLossPercent, (sent.lossPercent ?? 0) >= mostLossPercent];
  if (picture !== undefined)
    lossy.push(...[picture.lossPercent, picture.sent.lossPercent].map((loss = 0) => loss >= mostPictureLossPercent));
  const verdict =
    packets < fewPackets
      ? 'no-sound'
      : silent
        ? 'silent'
        : dark
          ? 'no-picture'
          : lossy.includes(true)
            ? 'loss'
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
      sent,
    },
    ...(picture === undefined ? {} : { picture }),
  };
}

const pictureOf = ({ lost, ...picture }: MeasuredPicture) => ({
  ...picture,
  lossPercent: percent(lost, picture.packets),
});
