import { isIP } from 'node:net';
import { parse as parseSdp, type SessionDescription } from 'sdp-transform';
import type { RemoteMedia } from '../rtp/session.ts';
import { type AgreedVideo, agreeOnVideo, answeredVideo, offeredVideo } from '../video/sdp/section.ts';
import { agreeOnAudio, answeredAudio, offeredAudio, type Secrecy } from './audio.ts';
import type { OwnKeys } from './security.ts';

/* Offer/answer (RFC 3264) as FreeSWITCH words it; sound by audio.ts, pictures by video/sdp. */

export interface OwnMedia {
  host: string;
  port: number;
  sessionId: number;
  version: number;
  /** Where pictures are taken; refused without. */
  videoPort: number | undefined;
  /** Keys of SRTP that are ours in this call, and how our offers ask for it. */
  keys: OwnKeys;
  secrecy: Secrecy;
}

/** An SDP that cannot be used; the text says why. */
export class SdpError extends Error {}

type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

interface FarMedia {
  type: string;
  protocol: string;
  formats: string;
  agreed: RemoteMedia | undefined;
  video: AgreedVideo | undefined;
  direction: Direction;
}

const mirrored: Record<Direction, Direction> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

/** Reads a description; the audio section that we take carries what was agreed. @throws SdpError */
export function readDescription(text: string, keys: OwnKeys): FarMedia[] {
  if (text.length > 65_536 || !/^v=0/m.test(text)) throw new SdpError('no session description');
  let description: SessionDescription;
  try {
    description = parseSdp(text);
  } catch (error) {
    throw new SdpError(`unreadable session description: ${error instanceof Error ? error.message : error}`);
  }
  if (!Array.isArray(description.media) || description.media.length === 0) throw new SdpError('no media');
  let pictured = false;
  const sections = description.media.slice(0, 32).map((media) => {
    const direction = (media.direction ?? description.direction ?? 'sendrecv') as Direction;
    const section: FarMedia = {
      type: String(media.type),
      protocol: String(media.protocol),
      formats: String(media.payloads ?? '0'),
      agreed: undefined,
      video: undefined,
      direction: direction in mirrored ? direction : 'sendrecv',
    };
    const host = media.connection?.ip ?? description.connection?.ip;
    const known = /^RTP\/S?AVPF?$/.test(section.protocol);
    // A port that is none must not reach a socket, which throws.
    if (!isPort(Number(media.port)) || !known || host === undefined || isIP(host) === 0) return section;
    if (section.type === 'video' && !pictured && !isSlides(media)) {
      section.video = agreeOnVideo(media, host, description, directionOf(section, host), keys);
      pictured = section.video !== undefined;
    }
    if (section.type === 'audio') section.agreed = agreeOnAudio(media, host, directionOf(section, host), keys);
    return section;
  });
  // One stream of sound: a protected one where there is a choice.
  const taken =
    sections.find(({ agreed }) => agreed?.security !== undefined) ??
    sections.find(({ agreed }) => agreed !== undefined);
  for (const section of sections) if (section !== taken) section.agreed = undefined;
  return sections;
}

const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536;

/** A second picture beside the camera's (RFC 4796). */
const isSlides = (media: SessionDescription['media'][number]): boolean =>
  (media.invalid ?? []).some((line) => /^content:.*\bslides\b/i.test(String(line.value)));

/** A section's direction as we see it; the address 0.0.0.0 holds it (RFC 2543). */
function directionOf(section: FarMedia, host: string): { send: boolean; receive: boolean } {
  const held = host === '0.0.0.0' || host === '::';
  const direction = held ? 'inactive' : mirrored[section.direction];
  return {
    send: direction === 'sendrecv' || direction === 'sendonly',
    receive: direction === 'sendrecv' || direction === 'recvonly',
  };
}

function directionLine({ send, receive }: { send: boolean; receive: boolean }): string {
  return `a=${send ? (receive ? 'sendrecv' : 'sendonly') : receive ? 'recvonly' : 'inactive'}`;
}

function head(own: OwnMedia): string[] {
  const family = own.host.includes(':') ? 'IP6' : 'IP4';
  return [
    'v=0',
    `o=FreeSWITCH ${own.sessionId} ${own.version} IN ${family} ${own.host}`,
    's=FreeSWITCH',
    `c=IN ${family} ${own.host}`,
    't=0 0',
  ];
}

/** What is settled about a call's media. */
export interface Settled {
  agreed: RemoteMedia;
  video: AgreedVideo | undefined;
}

/** The pictures that a description has and that we can take. @throws SdpError */
export function picturesIn(text: string, keys: OwnKeys): AgreedVideo | undefined {
  return readDescription(text, keys).find((section) => section.video !== undefined)?.video;
}

/** Our answer to an offer, with what was agreed. @throws SdpError when no audio section can be taken. */
export function answer(offer: string, own: OwnMedia): Settled & { sdp: string } {
  const sections = readDescription(offer, own.keys);
  const agreed = sections.find((section) => section.agreed !== undefined)?.agreed;
  if (agreed === undefined) throw new SdpError('no audio codec in common');
  const lines = head(own);
  for (const section of sections) {
    if (section.video !== undefined && own.videoPort !== undefined) {
      lines.push(...answeredVideo(section.video, section.protocol, own.videoPort), directionLine(section.video));
      continue;
    }
    if (section.agreed === undefined) {
      // A refused section keeps its place (RFC 3264, clause 6).
      lines.push(`m=${section.type} 0 ${section.protocol} ${section.type === 'video' ? '19' : section.formats}`);
      continue;
    }
    lines.push(...answeredAudio(agreed, section.protocol, own.port), directionLine(agreed));
  }
  const video = own.videoPort === undefined ? undefined : sections.find((section) => section.video)?.video;
  return { sdp: `${lines.join('\r\n')}\r\n`, agreed, video };
}

/** Our offer. */
export function offer(own: OwnMedia): string {
  return [
    ...head(own),
    ...offeredAudio(own.port, own.secrecy, own.keys),
    'a=sendrecv',
    ...(own.videoPort === undefined ? [] : [...offeredVideo(own.videoPort, own.secrecy, own.keys), 'a=sendrecv']),
    '',
  ].join('\r\n');
}

/** What the far side's answer to our offer settles; `undefined` when it is our own description come back. */
export function agreeOnAnswer(text: string, own: OwnMedia): Settled | undefined {
  if (new RegExp(`^o=FreeSWITCH ${own.sessionId} `, 'm').test(text)) return undefined;
  const sections = readDescription(text, own.keys);
  const agreed = sections.find((section) => section.agreed !== undefined)?.agreed;
  if (agreed === undefined) throw new SdpError('no audio codec in common');
  return { agreed, video: sections.find((section) => section.video)?.video };
}
