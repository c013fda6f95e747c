import { isIPv6 } from 'node:net';
import type { TerminalCapabilitySet } from '../h245/index.ts';
import type { ChannelFormat } from './choose.ts';
import { farCapabilities, formatsOfDataType, packetizationModes } from './far-capabilities.ts';
import { type Format, type H264Format, type HostPort, type Kind, sameCodec } from './format.ts';
import { limitsOf } from './h264-level.ts';
import { fixedPayloadType, formatLines } from './sdp-format.ts';
import { type PlacedFormat, type Section, sectionsOf } from './sdp-section.ts';

/* The far side's description as the media engine reads it, made of the channels that stand. Pure. */

/** A channel as the far side's description needs it. */
export interface DescribedChannel extends ChannelFormat {
  /** Where its media goes: of channels that we transmit on. */
  rtp?: HostPort;
  rtcp?: HostPort;
  /** bit/s, where the far side set a limit. */
  bitRate?: number;
}

export interface ChannelPair {
  transmit: DescribedChannel | undefined;
  receive: DescribedChannel | undefined;
}

/**
 * An answer to our description: its sections in our order, refused where there is no channel. Payload types are those
 * that we send with; where the far side sends with another, that one stands behind it with the same codec.
 */
export function describe(
  local: string,
  channels: Record<Kind, ChannelPair>,
  far: TerminalCapabilitySet | undefined,
): string {
  const sections = sectionsOf(local);
  const host = hostOf(channels.audio) ?? hostOf(channels.video) ?? '0.0.0.0';
  const lines = [
    'v=0',
    `o=- 1 1 IN ${family(host)} ${host}`,
    's=-',
    `c=IN ${family(host)} ${host}`,
    't=0 0',
    ...sections.flatMap((section) => sectionLines(section, channels, far, host)),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function sectionLines(
  section: Section,
  channels: Record<Kind, ChannelPair>,
  far: TerminalCapabilitySet | undefined,
  host: string,
): string[] {
  const { kind } = section;
  const pair = kind === undefined ? undefined : channels[kind];
  const formats = kind === undefined || pair === undefined ? [] : formatsOf(section, pair, far);
  if (pair === undefined || formats.length === 0) {
    // Sound without a channel yet is on hold rather than refused: a call has no other leg to stand on.
    const [first] = section.formats;
    if (kind === 'audio' && first !== undefined) {
      return [
        `m=audio 9 ${section.protocol} ${first.payloadType}`,
        ...formatLines(first.format, first.payloadType),
        'a=inactive',
      ];
    }
    return [`m=${section.type} 0 ${section.protocol} ${section.tokens}`];
  }
  const { receive, transmit } = pair;
  const rtp = transmit?.rtp ?? beside(receive?.rtcp) ?? { host, port: 9 };
  const rtcp = transmit?.rtcp ?? receive?.rtcp;
  const events = kind === 'audio' && far !== undefined ? farCapabilities(far).features.digits.events : undefined;
  const types = [
    ...formats.map(({ payloadType }) => payloadType),
    ...(events === undefined ? [] : [events.payloadType]),
  ];
  const bitRate = kind === 'video' ? bitRateOf(formats[0]?.format, transmit?.bitRate) : undefined;
  const audio = formats[0]?.format;
  return [
    `m=${section.type} ${rtp.port} ${section.protocol} ${[...new Set(types)].join(' ')}`,
    ...(rtp.host === host ? [] : [`c=IN ${family(rtp.host)} ${rtp.host}`]),
    ...(bitRate === undefined ? [] : [`b=AS:${Math.max(1, Math.floor(bitRate / 1000))}`, `b=TIAS:${bitRate}`]),
    ...(rtcp === undefined || (rtcp.host === rtp.host && rtcp.port === rtp.port + 1)
      ? []
      : [`a=rtcp:${rtcp.port} IN ${family(rtcp.host)} ${rtcp.host}`]),
    ...formats.flatMap(({ format, payloadType }) => formatLines(format, payloadType)),
    ...(events === undefined
      ? []
      : [`a=rtpmap:${events.payloadType} telephone-event/8000`, `a=fmtp:${events.payloadType} ${events.range}`]),
    ...(audio?.kind === 'audio' ? [`a=ptime:${audio.packetMs}`] : []),
    `a=${transmit === undefined ? 'sendonly' : receive === undefined ? 'recvonly' : 'sendrecv'}`,
  ];
}

/** What the far side receives, and behind it what it sends with another payload type or codec. */
function formatsOf(section: Section, { receive, transmit }: ChannelPair, far: TerminalCapabilitySet | undefined) {
  const found: PlacedFormat[] = [];
  for (const [channel, sends] of [
    [transmit, false],
    [receive, true],
  ] as const) {
    if (channel === undefined) continue;
    const format = formatOf(section, channel, sends ? undefined : far);
    if (format === undefined) continue;
    const payloadType =
      fixedPayloadType(format.codec) ??
      channel.payloadType ??
      section.formats.find((one) => sameCodec(one.format, format))?.payloadType;
    if (payloadType !== undefined && !found.some((one) => one.payloadType === payloadType)) {
      found.push({ payloadType, format });
    }
  }
  return found;
}

/** A channel's codec with what the receiver can: its capability where it told one, else the channel's own type. */
function formatOf(
  section: Section,
  channel: DescribedChannel,
  far: TerminalCapabilitySet | undefined,
): Format | undefined {
  const format = channelCodec(section, channel, far);
  if (format?.codec !== 'H264' || far === undefined) return format;
  const told = farCapabilities(far).capabilities.flatMap(({ formats }) => formats);
  const capability = told.find((one): one is H264Format => one.codec === 'H264' && sameCodec(one, format));
  return capability === undefined ? format : { ...capability, profiles: format.profiles, modes: format.modes };
}

function channelCodec(
  section: Section,
  channel: DescribedChannel,
  far: TerminalCapabilitySet | undefined,
): Format | undefined {
  const formats = formatsOfDataType(channel.dataType, modesOf(channel, far));
  if (formats.length < 2) return formats[0];
  // H.263 of either year: a dynamic payload type tells the newer, else what we have ourselves.
  const dynamic = (channel.payloadType ?? 0) >= 96;
  const own = (one: Format) => section.formats.some(({ format }) => format.codec === one.codec);
  return dynamic
    ? formats[0]
    : (formats.find((one) => fixedPayloadType(one.codec) !== undefined && own(one)) ?? formats[0]);
}

function modesOf({ packetization }: DescribedChannel, far: TerminalCapabilitySet | undefined): number[] {
  const mode = /\.([012])$/.exec(packetization ?? '')?.[1];
  return mode === undefined ? packetizationModes(far) : [Number(mode)];
}

/** What it takes at most, bit/s. */
function bitRateOf(format: Format | undefined, limit: number | undefined): number | undefined {
  if (format === undefined || format.kind === 'audio') return limit;
  const told = format.codec === 'H264' ? limitsOf(format).bitRate : format.bitRate;
  return Math.min(told ?? Number.POSITIVE_INFINITY, limit ?? Number.POSITIVE_INFINITY);
}

function hostOf({ receive, transmit }: ChannelPair): string | undefined {
  return transmit?.rtp?.host ?? receive?.rtcp?.host;
}

/** RTP beside an RTCP address. */
function beside(rtcp: HostPort | undefined): HostPort | undefined {
  return rtcp === undefined ? undefined : { host: rtcp.host, port: Math.max(1, rtcp.port - 1) };
}

const family = (host: string): string => (isIPv6(host) ? 'IP6' : 'IP4');
