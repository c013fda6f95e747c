import { Profile, ProfileLevelId, profileLevelIdToString } from 'h264-profile-level-id';
import type { SessionDescription } from 'sdp-transform';
import { rtcpPortOf } from '../../rtp/far-address.ts';
import type { Security } from '../../rtp/protection.ts';
import type { Secrecy } from '../../sdp/audio.ts';
import { cryptoLine, type OwnKeys, offeredSuites, usableCrypto } from '../../sdp/security.ts';
import { lowerLevel } from '../h264/limits.ts';
import { formatsOf, type VideoCodec, type VideoFormat } from './format.ts';

/* Offer and answer of a video section (RFC 3264, RFC 6184 clause 8.2, RFC 4585, RFC 5104). Pure. */

/** Which feedback a far side takes in RTCP. */
export interface Feedback {
  pli: boolean;
  fir: boolean;
  /** It sends packets again that are asked for, and asks for them (generic NACK). */
  nack: boolean;
  /** It takes requests for a lower rate. */
  tmmbr: boolean;
}

/** What was agreed on about pictures with the far side. */
export interface AgreedVideo {
  host: string;
  port: number;
  rtcpPort: number;
  /** What it is sent, and sends. */
  format: VideoFormat;
  /** Payload types that it may send, all of them known to us. */
  accepted: ReadonlyMap<number, VideoCodec>;
  feedback: Feedback;
  /** bit/s that it takes, by b=TIAS or b=AS. */
  bandwidth: number | undefined;
  /** Master keys, ours and theirs, when the stream is protected. */
  security: Security | undefined;
  /** Seen from us. */
  send: boolean;
  receive: boolean;
}

type MediaSection = SessionDescription['media'][number];

/** Highest level taken: 1080p at 30 pictures a second. */
const ownLevel = 40;
/** bit/s taken of one sender. */
export const ownBandwidth = 4_000_000;

/**
 * What we take of a far side's section at `host`; `undefined` when nothing of it can be taken. `direction` is ours.
 * H.264 goes before the older codecs whatever their order, since it is what a room shares; among its formats, those
 * that most others can be shown (Constrained Baseline, fragmented packets).
 */
export function agreeOnVideo(
  media: MediaSection,
  host: string,
  session: SessionDescription,
  direction: { send: boolean; receive: boolean },
  keys: OwnKeys,
): AgreedVideo | undefined {
  const crypto = usableCrypto(media.crypto);
  // RTP/SAVP: protected, or nothing.
  if (crypto === undefined && String(media.protocol).startsWith('RTP/SAVP')) return undefined;
  const formats = formatsOf(media);
  const format = formats.reduce<VideoFormat | undefined>(
    (best, one) => (best === undefined || preference(one) > preference(best) ? one : best),
    undefined,
  );
  if (format === undefined) return undefined;
  return {
    host,
    port: Number(media.port),
    rtcpPort: rtcpPortOf(media),
    format,
    accepted: new Map(formats.map((one) => [one.payloadType, one.codec])),
    feedback: feedbackOf(media, format.payloadType),
    bandwidth: bandwidthOf(media) ?? bandwidthOf(session),
    security:
      crypto === undefined
        ? undefined
        : { suite: crypto.suite, tag: crypto.tag, ours: keys.pictures.of(crypto.suite), theirs: crypto.key },
    ...direction,
  };
}

function preference(format: VideoFormat): number {
  if (format.h264 === undefined) return format.codec === 'H263-1998' ? 3 : format.codec === 'H263' ? 2 : 1;
  const { profile, mode } = format.h264;
  const common = profile === Profile.ConstrainedBaseline || profile === Profile.Baseline;
  return 10 + (common ? 2 : profile === Profile.Main ? 1 : 0) + (mode === 1 ? 4 : 0);
}

function feedbackOf(media: MediaSection, payloadType: number): Feedback {
  const of = (type: string, subtype: string): boolean =>
    (media.rtcpFb ?? []).some(
      (entry) =>
        (String(entry.payload) === '*' || Number(entry.payload) === payloadType) &&
        String(entry.type).toLowerCase() === type &&
        String(entry.subtype ?? '').toLowerCase() === subtype,
    );
  return { pli: of('nack', 'pli'), fir: of('ccm', 'fir'), nack: of('nack', ''), tmmbr: of('ccm', 'tmmbr') };
}

/** bit/s from b=TIAS (RFC 3890), else from b=AS (kbit/s, RFC 8866). */
function bandwidthOf(section: {
  bandwidth?: { type: string; limit: number | string }[] | undefined;
}): number | undefined {
  const of = (type: string): number => {
    const line = (section.bandwidth ?? []).find((entry) => String(entry.type).toUpperCase() === type);
    return Number(line?.limit ?? 0);
  };
  const rate = of('TIAS') || of('AS') * 1000;
  return rate > 0 && Number.isFinite(rate) ? rate : undefined;
}

/** bit/s that we take of a far side: told by b=AS in our answer. */
export function takenBandwidth({ bandwidth }: Pick<AgreedVideo, 'bandwidth'>): number {
  return Math.min(bandwidth ?? ownBandwidth, ownBandwidth);
}

/** The lines of our answer below `m=`: codec, its parameters, feedback as far as it was offered, bandwidth. */
export function answeredVideo(agreed: AgreedVideo, protocol: string, port: number): string[] {
  const { format, feedback, security } = agreed;
  const type = format.payloadType;
  const bandwidth = takenBandwidth(agreed);
  const lines = [
    `m=video ${port} ${protocol} ${type}`,
    `b=AS:${Math.round(bandwidth / 1000)}`,
    `a=rtpmap:${type} ${format.name}/90000`,
  ];
  const parameters = format.h264 === undefined ? olderParameters(format) : h264Answer(format);
  if (parameters !== '') lines.push(`a=fmtp:${type} ${parameters}`);
  if (feedback.fir) lines.push(`a=rtcp-fb:${type} ccm fir`);
  if (feedback.nack) lines.push(`a=rtcp-fb:${type} nack`);
  if (feedback.pli) lines.push(`a=rtcp-fb:${type} nack pli`);
  if (feedback.tmmbr) lines.push(`a=rtcp-fb:${type} ccm tmmbr`);
  if (security !== undefined) lines.push(cryptoLine(security.tag, security.suite, security.ours));
  return lines;
}

/**
 * Profile and packetization mode as offered (RFC 6184, clause 8.2.2: they are symmetric); the level no higher than ours.
 * What the far side takes beyond its level is asked of it too: what it sends goes to others alike.
 */
function h264Answer(format: VideoFormat): string {
  const { h264, parameters } = format;
  if (h264 === undefined) return '';
  const level = lowerLevel(h264.levelIdc, ownLevel);
  const id =
    level === h264.levelIdc
      ? (parameters['profile-level-id'] ?? '42000a')
      : (profileLevelIdToString(new ProfileLevelId(h264.profile, level)) ?? parameters['profile-level-id']);
  const kept = ['max-mbps', 'max-fs', 'max-br'].flatMap((name) =>
    level === h264.levelIdc && /^\d+$/.test(parameters[name] ?? '') ? [`${name}=${parameters[name]}`] : [],
  );
  const asymmetry = parameters['level-asymmetry-allowed'] === '1' ? ['level-asymmetry-allowed=1'] : [];
  return [`profile-level-id=${id}`, `packetization-mode=${h264.mode}`, ...asymmetry, ...kept].join(';');
}

/** Sizes as offered: the same pictures go both ways. */
function olderParameters(format: VideoFormat): string {
  return Object.entries(format.parameters)
    .filter(([name, value]) => /^(16cif|cif16|4cif|cif4|cif|qcif|sqcif)$/.test(name) && /^\d{1,2}$/.test(value))
    .map(([name, value]) => `${name.toUpperCase()}=${value}`)
    .join(';');
}

/** Our offer's section, protected as the sound's is. */
export function offeredVideo(port: number, secrecy: Secrecy, keys: OwnKeys): string[] {
  const feedback = [96, 97].flatMap((type) => [
    `a=rtcp-fb:${type} ccm fir`,
    `a=rtcp-fb:${type} nack`,
    `a=rtcp-fb:${type} nack pli`,
    `a=rtcp-fb:${type} ccm tmmbr`,
  ]);
  return [
    `m=video ${port} ${secrecy === 'required' ? 'RTP/SAVP' : 'RTP/AVP'} 96 97 98 34 31`,
    `b=AS:${ownBandwidth / 1000}`,
    'a=rtpmap:96 H264/90000',
    'a=fmtp:96 profile-level-id=42e01f;packetization-mode=1',
    'a=rtpmap:97 H264/90000',
    'a=fmtp:97 profile-level-id=42e01f;packetization-mode=0',
    'a=rtpmap:98 H263-1998/90000',
    'a=fmtp:98 CIF=1;QCIF=1',
    'a=rtpmap:34 H263/90000',
    'a=fmtp:34 CIF=1;QCIF=1',
    'a=rtpmap:31 H261/90000',
    'a=fmtp:31 CIF=1;QCIF=1',
    ...feedback,
    ...(secrecy === 'off'
      ? []
      : offeredSuites.map((suite, place) => cryptoLine(place + 1, suite, keys.pictures.of(suite)))),
  ];
}
