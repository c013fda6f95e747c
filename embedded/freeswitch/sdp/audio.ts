import type { SessionDescription } from 'sdp-transform';
import { rtcpPortOf } from '../rtp/far-address.ts';
import type { RemoteMedia } from '../rtp/session.ts';
import { type Codec, codecs } from '../sound/codec.ts';
import { cryptoLine, type OwnKeys, offeredSuites, usableCrypto } from './security.ts';

/* The sound section of a description: what we take of the far side's, and the lines of ours. Pure but for our keys. */

type Section = SessionDescription['media'][number];

const staticTypes: Record<number, Codec> = { 0: codecs.PCMU, 8: codecs.PCMA, 9: codecs.G722 };
const opusFormat = 'useinbandfec=1; maxplaybackrate=16000; sprop-maxcapturerate=16000; stereo=0';

/** Payload types of our own offer. */
const ownFormats: { payloadType: number; codec: Codec }[] = [
  { payloadType: 102, codec: codecs.opus },
  { payloadType: 9, codec: codecs.G722 },
  { payloadType: 8, codec: codecs.PCMA },
  { payloadType: 0, codec: codecs.PCMU },
];
const ownEvents = [
  { payloadType: 105, clockHz: 48_000 },
  { payloadType: 101, clockHz: 8_000 },
];

function codecOf(name: string, rate: number): Codec | undefined {
  switch (name.toUpperCase()) {
    case 'PCMU':
      return rate === 8000 ? codecs.PCMU : undefined;
    case 'PCMA':
      return rate === 8000 ? codecs.PCMA : undefined;
    case 'G722':
      return rate === 8000 ? codecs.G722 : undefined;
    case 'OPUS':
      return rate === 48_000 ? codecs.opus : undefined;
    default:
      return undefined;
  }
}

/** What is agreed with a far section, in its order of preference; `undefined` when no codec or no key fits. */
export function agreeOnAudio(
  media: Section,
  host: string,
  direction: { send: boolean; receive: boolean },
  keys: OwnKeys,
): RemoteMedia | undefined {
  const maps = new Map(
    (Array.isArray(media.rtp) ? media.rtp : []).map((map) => [
      Number(map.payload),
      { name: String(map.codec), rate: Number(map.rate ?? 8000) },
    ]),
  );
  const types = String(media.payloads ?? '')
    .split(' ')
    .map(Number)
    .filter((type) => Number.isInteger(type) && type >= 0 && type <= 127);
  const formats = types.flatMap((payloadType) => {
    const map = maps.get(payloadType);
    const codec = map === undefined ? staticTypes[payloadType] : codecOf(map.name, map.rate);
    return codec === undefined ? [] : [{ payloadType, codec }];
  });
  const [first] = formats;
  if (first === undefined) return undefined;
  const crypto = usableCrypto(media.crypto);
  if (crypto === undefined && isSecure(String(media.protocol))) return undefined;
  const events = types.filter((type) => /^telephone-event$/i.test(maps.get(type)?.name ?? ''));
  const eventType =
    events.find((type) => maps.get(type)?.rate === first.codec.clockHz) ??
    events.find((type) => maps.get(type)?.rate === 8000) ??
    events[0];
  return {
    host,
    port: Number(media.port),
    rtcpPort: rtcpPortOf(media),
    formats,
    events:
      eventType === undefined ? undefined : { payloadType: eventType, clockHz: maps.get(eventType)?.rate ?? 8000 },
    ...direction,
    security:
      crypto === undefined
        ? undefined
        : { suite: crypto.suite, tag: crypto.tag, ours: keys.of(crypto.suite), theirs: crypto.key },
  };
}

/** RTP/SAVP and RTP/SAVPF: protected, or nothing. */
const isSecure = (protocol: string): boolean => protocol.startsWith('RTP/SAVP');

function mapLines(payloadType: number, codec: Codec): string[] {
  if (codec.name === 'opus') return [`a=rtpmap:${payloadType} opus/48000/2`, `a=fmtp:${payloadType} ${opusFormat}`];
  return [`a=rtpmap:${payloadType} ${codec.name}/8000`];
}

const eventLines = ({ payloadType, clockHz }: { payloadType: number; clockHz: number }): string[] => [
  `a=rtpmap:${payloadType} telephone-event/${clockHz}`,
  `a=fmtp:${payloadType} 0-15`,
];

/** The lines that answer a section: the first codec agreed on, alone. */
export function answeredAudio(agreed: RemoteMedia, protocol: string, port: number): string[] {
  const [format] = agreed.formats;
  if (format === undefined) return [];
  const { events, security } = agreed;
  const types = [format.payloadType, ...(events === undefined ? [] : [events.payloadType])];
  return [
    `m=audio ${port} ${protocol} ${types.join(' ')}`,
    ...mapLines(format.payloadType, format.codec),
    ...(events === undefined ? [] : eventLines(events)),
    ...(security === undefined ? [] : [cryptoLine(security.tag, security.suite, security.ours)]),
    'a=ptime:20',
  ];
}

/** How our own offer asks for protection. */
export type Secrecy = 'off' | 'preferred' | 'required';

/** The lines of our own offer. Protection preferred is told by keys in a plain section, which old devices pass over. */
export function offeredAudio(port: number, secrecy: Secrecy, keys: OwnKeys): string[] {
  const types = [...ownFormats, ...ownEvents].map(({ payloadType }) => payloadType);
  return [
    `m=audio ${port} ${secrecy === 'required' ? 'RTP/SAVP' : 'RTP/AVP'} ${types.join(' ')}`,
    ...ownFormats.flatMap(({ payloadType, codec }) => mapLines(payloadType, codec)),
    ...ownEvents.flatMap(eventLines),
    ...(secrecy === 'off' ? [] : offeredSuites.map((suite, place) => cryptoLine(place + 1, suite, keys.of(suite)))),
    'a=ptime:20',
  ];
}
