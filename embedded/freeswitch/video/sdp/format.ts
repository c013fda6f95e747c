import type { SessionDescription } from 'sdp-transform';
import { type H264Limits, limitsOf } from '../h264/limits.ts';

/* The formats of a video section: what a far side sends and takes. Pure. */

export type VideoCodec = 'H264' | 'H263-1998' | 'H263' | 'H261';

/** A picture size as the older codecs name it. */
export interface PictureSize {
  width: number;
  height: number;
}

/** One payload type of a video section. */
export interface VideoFormat {
  payloadType: number;
  codec: VideoCodec;
  /** The name that goes into rtpmap: H263-2000 is carried like H263-1998. */
  name: string;
  parameters: Record<string, string>;
  /** For H.264. */
  h264: H264Limits | undefined;
  /** For H.261 and H.263: the largest picture taken. */
  largest: PictureSize | undefined;
}

type MediaSection = SessionDescription['media'][number];

const staticTypes: Record<number, string> = { 31: 'H261', 34: 'H263' };

/** Sizes of H.261 and H.263, largest first (ITU-T H.263, table 1). */
export const standardSizes: readonly { name: string; size: PictureSize }[] = [
  { name: '16CIF', size: { width: 1408, height: 1152 } },
  { name: 'CIF16', size: { width: 1408, height: 1152 } },
  { name: '4CIF', size: { width: 704, height: 576 } },
  { name: 'CIF4', size: { width: 704, height: 576 } },
  { name: 'CIF', size: { width: 352, height: 288 } },
  { name: 'QCIF', size: { width: 176, height: 144 } },
  { name: 'SQCIF', size: { width: 128, height: 96 } },
];

/** The formats of a section that we know, in its order. */
export function formatsOf(media: MediaSection): VideoFormat[] {
  const names = new Map((media.rtp ?? []).map((map) => [Number(map.payload), map]));
  const parameters = new Map((media.fmtp ?? []).map((entry) => [Number(entry.payload), parametersOf(entry.config)]));
  const formats: VideoFormat[] = [];
  for (const word of String(media.payloads ?? '').split(' ')) {
    const payloadType = Number(word);
    if (word === '' || !Number.isInteger(payloadType) || payloadType < 0 || payloadType > 127) continue;
    const map = names.get(payloadType);
    if (map !== undefined && map.rate !== undefined && Number(map.rate) !== 90_000) continue;
    const name = (map?.codec === undefined ? staticTypes[payloadType] : String(map.codec))?.toUpperCase();
    const format = name === undefined ? undefined : formatOf(payloadType, name, parameters.get(payloadType) ?? {});
    if (format !== undefined && !formats.some((known) => known.payloadType === payloadType)) formats.push(format);
    if (formats.length === 32) break;
  }
  return formats;
}

function formatOf(payloadType: number, name: string, parameters: Record<string, string>): VideoFormat | undefined {
  if (name === 'H264') {
    const h264 = limitsOf(parameters);
    // Mode 2 interleaves: not ours.
    if (h264 === undefined || parameters['packetization-mode'] === '2') return undefined;
    return { payloadType, codec: 'H264', name, parameters, h264, largest: undefined };
  }
  const codec = name === 'H263-2000' ? 'H263-1998' : name;
  if (codec !== 'H263' && codec !== 'H263-1998' && codec !== 'H261') return undefined;
  const named = standardSizes.find((size) => size.name.toLowerCase() in parameters);
  // Without a size: QCIF must be taken by all, CIF is by every room codec.
  const largest = named?.size ?? { width: 352, height: 288 };
  return { payloadType, codec, name, parameters, h264: undefined, largest };
}

/** `a=1;b=2` as a record with lower-case names. */
function parametersOf(config: unknown): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const part of String(config ?? '')
    .slice(0, 2_000)
    .split(/[;\s]+/)) {
    const equals = part.indexOf('=');
    const name = (equals === -1 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name !== '' && name !== '__proto__') parameters[name] = equals === -1 ? '' : part.slice(equals + 1).trim();
  }
  return parameters;
}
