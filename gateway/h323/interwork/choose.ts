import type { DataType, TerminalCapabilitySet } from '../h245/index.ts';
import { audioCapabilities } from './audio-capability.ts';
import { type FarCapability, farCapabilities, formatsOfDataType, together, usable } from './far-capabilities.ts';
import { type Format, type Kind, receives, sameCodec } from './format.ts';
import { packetizationOf } from './h264-capability.ts';
import { levelOrder, limitsOf } from './h264-level.ts';
import { fixedPayloadType } from './sdp-format.ts';
import { type PlacedFormat, sectionsOf } from './sdp-section.ts';
import { videoCapability } from './video-capability.ts';

/* Which codec a channel of ours carries, and whether one of theirs can be taken (H.245, clause 7.3). Pure. */

/** What a channel carries. */
export interface ChannelFormat {
  dataType: DataType;
  /** For codecs without a fixed one. */
  payloadType?: number;
  /** Object identifier of the RTP payload format, where there is a choice (H.241, clause 7.1.3). */
  packetization?: string;
}

export interface Choice {
  /** Whose order decides among the codecs that both have: ours, or the master's when that is the far side. */
  order: 'ours' | 'theirs';
  /** Types that the far side refused. */
  not: readonly DataType[];
}

/**
 * The format to transmit in: known to our description and received by the far side, such that picture and sound can be
 * used at once; `undefined` when there is none.
 */
export function choose(sdp: string, far: TerminalCapabilitySet, kind: Kind, choice: Choice): ChannelFormat | undefined {
  const theirs = farCapabilities(far);
  const pairs = pairsOf(formatsIn(sdp, kind), usable(theirs, kind), choice);
  const other: Kind = kind === 'audio' ? 'video' : 'audio';
  const beside = pairsOf(formatsIn(sdp, other), usable(theirs, other), { ...choice, not: [] });
  const fits = ({ theirs: one }: Pair, many: readonly Pair[]): boolean =>
    many.some((pair) => together(theirs, one.number, pair.theirs.number));
  // Sound comes first; a picture has to go with the sound that was chosen so.
  const [sound] = kind === 'audio' ? [] : [beside.find((pair) => fits(pair, pairs)) ?? beside[0]];
  const pair =
    kind === 'audio'
      ? (pairs.find((one) => fits(one, beside)) ?? pairs[0])
      : pairs.find((one) => sound === undefined || fits(one, [sound]));
  return pair === undefined ? undefined : channelFormat(pair);
}

/** How our description takes a channel of this type; `undefined` when it does not. */
export function takes(sdp: string, dataType: DataType): ChannelFormat | undefined {
  const formats = formatsOfDataType(dataType);
  for (const { kind } of formats) {
    const ours = formatsIn(sdp, kind).find((one) => formats.some((format) => receives(one.format, format)));
    if (ours !== undefined) return { dataType, ...payloadOf(ours) };
  }
  return undefined;
}

/** Whether the far side said that it receives this; levels and rates count. */
export function farTakes(far: TerminalCapabilitySet, dataType: DataType): boolean {
  const formats = formatsOfDataType(dataType);
  return farCapabilities(far).capabilities.some((capability) =>
    capability.formats.some((theirs) => formats.some((one) => receives(theirs, one) && isWithin(one, theirs))),
  );
}

/** Whether two types are the same codec. */
export function same(a: DataType, b: DataType): boolean {
  const others = formatsOfDataType(b);
  return formatsOfDataType(a).some((one) => others.some((other) => sameCodec(one, other)));
}

interface Pair {
  ours: PlacedFormat;
  theirs: FarCapability;
  /** Their format that ours met. */
  format: Format;
}

/** What both have, the best first. */
function pairsOf(ours: readonly PlacedFormat[], theirs: readonly FarCapability[], { not, order }: Choice): Pair[] {
  const pair = (one: PlacedFormat, capability: FarCapability): Pair[] =>
    capability.formats
      .filter((format) => meets(one.format, format))
      .map((format) => ({ ours: one, theirs: capability, format }));
  const pairs =
    order === 'ours'
      ? ours.flatMap((one) => theirs.flatMap((capability) => pair(one, capability)))
      : theirs.flatMap((capability) => ours.flatMap((one) => pair(one, capability)));
  return pairs.filter((one) => !not.some((refused) => same(refused, one.theirs.dataType)));
}

/** Whether what we describe can be sent as what they receive. */
function meets(ours: Format, theirs: Format): boolean {
  if (!sameCodec(ours, theirs)) return false;
  if (ours.codec !== 'H264' || theirs.codec !== 'H264') return true;
  return ours.modes.some((mode) => theirs.modes.includes(mode));
}

function channelFormat({ format, ours, theirs }: Pair): ChannelFormat {
  const dataType = narrowed(ours.format, format, theirs.dataType);
  if (ours.format.codec !== 'H264') return { dataType, ...payloadOf(ours) };
  return { dataType, ...payloadOf(ours), packetization: packetizationOf(Math.max(...ours.format.modes)) };
}

/** Their type, reduced to what we send: never more than they told. */
function narrowed(ours: Format, theirs: Format, dataType: DataType): DataType {
  if (ours.kind === 'audio' && theirs.kind === 'audio') {
    if (theirs.packetMs <= ours.packetMs) return dataType;
    const [plain, ...more] = audioCapabilities({ ...theirs, packetMs: ours.packetMs });
    // Of several names for one codec, the one that they used.
    const name = Object.keys(dataType.audioData ?? {})[0] ?? '';
    return { audioData: [plain, ...more].find((one) => name in one) ?? plain };
  }
  if (ours.codec === 'H264' && theirs.codec === 'H264') {
    const profile = ours.profiles.filter((one) => theirs.profiles.includes(one)).slice(0, 1);
    const lower = levelOrder(ours.level) < levelOrder(theirs.level) ? { ...ours } : { ...theirs };
    const bitRate = Math.min(limitsOf(ours).bitRate, limitsOf(theirs).bitRate);
    return { videoData: videoCapability({ ...lower, profiles: profile, bitRate }) };
  }
  return dataType;
}

/** Whether a channel of this format stays within what a receiver told. */
function isWithin(sent: Format, told: Format): boolean {
  if (sent.kind === 'audio' || told.kind === 'audio') return true;
  if (sent.codec === 'H264' && told.codec === 'H264') {
    const [a, b] = [limitsOf(sent), limitsOf(told)];
    return a.mbps <= b.mbps && a.fs <= b.fs && (sent.bitRate === undefined || sent.bitRate <= b.bitRate);
  }
  if (sent.codec === 'H264' || told.codec === 'H264') return false;
  return (Object.entries(sent.intervals) as [keyof typeof sent.intervals, number][]).every(
    ([size, interval]) => (told.intervals[size] ?? Number.POSITIVE_INFINITY) <= interval,
  );
}

export function formatsIn(sdp: string, kind: Kind): PlacedFormat[] {
  return sectionsOf(sdp).find((section) => section.kind === kind)?.formats ?? [];
}

/** The payload type of a format whose codec has no fixed one. */
function payloadOf({ format, payloadType }: PlacedFormat): { payloadType?: number } {
  return fixedPayloadType(format.codec) === undefined ? { payloadType } : {};
}
