import { parse, type SessionDescription } from 'sdp-transform';
import type { Format, HostPort, Kind } from './format.ts';
import { codecOf, readFormat } from './sdp-format.ts';

/* A description of ours, as far as it matters to H.323. Pure. */

/** A format with the payload type that it has here. */
export interface PlacedFormat {
  payloadType: number;
  format: Format;
}

/** One m= section. */
export interface Section {
  /** As written: `audio`, `video`, `application` … */
  type: string;
  protocol: string;
  /** Payload types or format tokens, as written. */
  tokens: string;
  /** `undefined` for what no channel of ours carries: other kinds, refused ones, a second picture. */
  kind: Kind | undefined;
  rtp: HostPort;
  rtcp: HostPort;
  formats: PlacedFormat[];
  /** RFC 4733: payload type and events of telephone-event at 8,000 Hz. */
  events: { payloadType: number; range: string } | undefined;
}

/** Most formats read of a section. */
const mostFormats = 64;

/** A call asks ten times for the same description: what was read of late is known. */
const read = new Map<string, readonly Section[]>();
const mostRead = 64;

/** Reads the sections of a description, in their order. An unreadable one has none. */
export function sectionsOf(sdp: string): readonly Section[] {
  const known = read.get(sdp);
  if (known !== undefined) return known;
  const sections = readSections(sdp);
  if (read.size >= mostRead) read.clear();
  read.set(sdp, sections);
  return sections;
}

function readSections(sdp: string): Section[] {
  let description: SessionDescription;
  try {
    description = parse(sdp);
  } catch {
    return [];
  }
  const seen = new Set<Kind>();
  return (description.media ?? []).map((media) => {
    const host = media.connection?.ip ?? description.connection?.ip ?? '0.0.0.0';
    const port = Number(media.port);
    const type = String(media.type);
    const kind = port !== 0 && (type === 'audio' || type === 'video') && !seen.has(type) ? type : undefined;
    if (kind !== undefined) seen.add(kind);
    return {
      type,
      protocol: String(media.protocol),
      tokens: String(media.payloads ?? ''),
      kind,
      rtp: { host, port },
      rtcp: { host, port: Number(media.rtcp?.port) || Math.min(port + 1, 65_535) },
      formats: kind === undefined ? [] : formatsOf(media, description),
      events: kind === 'audio' ? eventsOf(media) : undefined,
    };
  });
}

type Media = SessionDescription['media'][number];

function formatsOf(media: Media, description: SessionDescription): PlacedFormat[] {
  const packetMs = Number(media.ptime) > 0 ? Math.min(256, Number(media.ptime)) : 20;
  const facts = { packetMs, bitRate: bandwidthOf(media) ?? bandwidthOf(description) };
  return payloadTypes(media).flatMap((payloadType): PlacedFormat[] => {
    const map = mapOf(media, payloadType);
    const codec = codecOf(payloadType, map?.codec);
    if (codec === undefined) return [];
    const format = readFormat(codec, Number(map?.rate ?? 8000), fmtpOf(media, payloadType), facts);
    return format === undefined || format.kind !== media.type ? [] : [{ payloadType, format }];
  });
}

function eventsOf(media: Media): Section['events'] {
  for (const payloadType of payloadTypes(media)) {
    const map = mapOf(media, payloadType);
    if (payloadType < 96 || map?.codec.toLowerCase() !== 'telephone-event' || Number(map.rate) !== 8000) continue;
    return { payloadType, range: fmtpOf(media, payloadType) || '0-15' };
  }
  return undefined;
}

function payloadTypes(media: Media): number[] {
  return String(media.payloads ?? '')
    .split(' ')
    .map(Number)
    .filter((type) => Number.isInteger(type) && type >= 0 && type <= 127)
    .slice(0, mostFormats);
}

function mapOf(media: Media, payloadType: number): { codec: string; rate?: number } | undefined {
  return (media.rtp ?? []).find(({ payload }) => Number(payload) === payloadType);
}

function fmtpOf(media: Media, payloadType: number): string {
  return String((media.fmtp ?? []).find(({ payload }) => Number(payload) === payloadType)?.config ?? '');
}

/** bit/s by b=TIAS (RFC 3890), else b=AS in kbit/s. */
function bandwidthOf(at: { bandwidth?: { type: string; limit: number | string }[] }): number | undefined {
  const of = (type: string): number =>
    Number((at.bandwidth ?? []).find((line) => String(line.type).toUpperCase() === type)?.limit ?? 0);
  const rate = of('TIAS') || of('AS') * 1000;
  return rate > 0 && Number.isFinite(rate) ? rate : undefined;
}
