import type {
  AudioFormat,
  Format,
  H264Beyond,
  H264Format,
  H264Profile,
  OlderVideoFormat,
  PictureIntervals,
} from './format.ts';

/* One format of an m= section, read and written: rtpmap and fmtp (RFC 3551, 4587, 4629, 5577, 6184). Pure. */

/** Payload types that need no rtpmap (RFC 3551, tables 4 and 5). */
const fixed: Record<Format['codec'], number | undefined> = {
  PCMU: 0,
  GSM: 3,
  G723: 4,
  PCMA: 8,
  G722: 9,
  G729: 18,
  H261: 31,
  H263: 34,
  G7221: undefined,
  'H263-1998': undefined,
  H264: undefined,
};

export const fixedPayloadType = (codec: Format['codec']): number | undefined => fixed[codec];

const codecs = Object.keys(fixed) as Format['codec'][];

/** Name of a payload type in the section's own map, else of a fixed one; `undefined` for what we do not map. */
export function codecOf(payloadType: number, mapped: string | undefined): Format['codec'] | undefined {
  if (mapped === undefined) return codecs.find((name) => fixed[name] === payloadType);
  const name = mapped.toUpperCase();
  return name === 'H263-2000' ? 'H263-1998' : codecs.find((one) => one === name);
}

/** What the section says beside the format itself. */
export interface SectionFacts {
  packetMs: number;
  /** bit/s. */
  bitRate: number | undefined;
}

/** Reads one format. @param fmtp as written, without its payload type. */
export function readFormat(
  codec: Format['codec'],
  rateHz: number,
  fmtp: string,
  facts: SectionFacts,
): Format | undefined {
  const parameters = parametersIn(fmtp);
  const number = (name: string): number | undefined => {
    const value = Number(parameters.get(name));
    return Number.isInteger(value) && value > 0 ? value : undefined;
  };
  const bandwidth = facts.bitRate === undefined ? {} : { bitRate: facts.bitRate };
  switch (codec) {
    case 'PCMA':
    case 'PCMU':
    case 'GSM':
    case 'G722':
      return { kind: 'audio', codec, packetMs: facts.packetMs };
    case 'G729':
      return { kind: 'audio', codec, packetMs: facts.packetMs, silence: parameters.get('annexb') !== 'no' };
    case 'G723':
      return {
        kind: 'audio',
        codec,
        packetMs: Math.max(30, facts.packetMs),
        silence: parameters.get('annexa') !== 'no',
      };
    case 'G7221': {
      const bitRate = number('bitrate');
      const clockHz = rateHz === 32_000 ? 32_000 : 16_000;
      return bitRate === undefined ? undefined : { kind: 'audio', codec, packetMs: facts.packetMs, bitRate, clockHz };
    }
    case 'H261':
    case 'H263':
    case 'H263-1998':
      return olderVideo(codec, number, bandwidth);
    case 'H264':
      return h264(parameters, number, bandwidth);
  }
}

function olderVideo(
  codec: OlderVideoFormat['codec'],
  number: (name: string) => number | undefined,
  bandwidth: { bitRate?: number },
): OlderVideoFormat {
  const intervals: PictureIntervals = {};
  for (const [size, names] of Object.entries(sizeNames) as [keyof PictureIntervals, string[]][]) {
    const value = names.map(number).find((one) => one !== undefined);
    if (value !== undefined) intervals[size] = Math.min(codec === 'H261' ? 4 : 32, value);
  }
  // RFC 4629, clause 8.1.1: whoever names no size takes QCIF.
  if (Object.keys(intervals).length === 0) Object.assign(intervals, { qcif: codec === 'H261' ? 1 : 2 });
  const own = number('maxbr');
  return { kind: 'video', codec, intervals, ...bandwidth, ...(own === undefined ? {} : { bitRate: own * 100 }) };
}

const sizeNames: Record<keyof PictureIntervals, string[]> = {
  cif16: ['cif16', '16cif'],
  cif4: ['cif4', '4cif'],
  cif: ['cif'],
  qcif: ['qcif'],
  sqcif: ['sqcif'],
};

const profileOf: Record<number, H264Profile> = { 66: 'baseline', 77: 'main', 88: 'extended', 100: 'high' };
const profileOctets: Record<H264Profile, string> = { baseline: '42e0', main: '4d40', extended: '5800', high: '6400' };

const beyondNames: [keyof H264Beyond, string][] = [
  ['maxMbps', 'max-mbps'],
  ['maxStaticMbps', 'max-smbps'],
  ['maxFs', 'max-fs'],
  ['maxDpb', 'max-dpb'],
  ['maxBr', 'max-br'],
];

function h264(
  parameters: Map<string, string>,
  number: (name: string) => number | undefined,
  bandwidth: { bitRate?: number },
): H264Format | undefined {
  // RFC 6184, clause 8.1: without it, Baseline at level 1.
  const id = Number.parseInt(parameters.get('profile-level-id') ?? '42000a', 16);
  const profile = profileOf[(id >> 16) & 0xff];
  if (profile === undefined) return undefined;
  const constraints = (id >> 8) & 0xff;
  const octet = id & 0xff;
  // Level 1b is level 1.1 with constraint_set3 in Baseline, Main and Extended; 9 in High.
  const level = octet === 11 && profile !== 'high' && (constraints & 0x10) !== 0 ? 9 : octet;
  const beyond: H264Beyond = {};
  for (const [name, written] of beyondNames) {
    const value = number(written);
    if (value !== undefined) beyond[name] = value;
  }
  const mode = Number(parameters.get('packetization-mode') ?? 0);
  return { kind: 'video', codec: 'H264', profiles: [profile], level, beyond, modes: [mode], ...bandwidth };
}

/** The lines of a format: its rtpmap, and its fmtp where it has any. */
export function formatLines(format: Format, payloadType: number): string[] {
  const fmtp =
    format.kind === 'audio' ? audioFmtp(format) : format.codec === 'H264' ? h264Fmtp(format) : olderFmtp(format);
  return [
    `a=rtpmap:${payloadType} ${format.codec}/${clockOf(format)}`,
    ...(fmtp === '' ? [] : [`a=fmtp:${payloadType} ${fmtp}`]),
  ];
}

/** RTP clock, Hz; that of G.722 is 8,000 by history (RFC 3551, clause 4.5.2). */
function clockOf(format: Format): number {
  if (format.kind === 'video') return 90_000;
  return format.codec === 'G7221' ? (format.clockHz ?? 16_000) : 8_000;
}

function audioFmtp({ bitRate, codec, silence }: AudioFormat): string {
  if (codec === 'G729') return `annexb=${silence === true ? 'yes' : 'no'}`;
  if (codec === 'G723') return `annexa=${silence === true ? 'yes' : 'no'}`;
  return codec === 'G7221' ? `bitrate=${bitRate}` : '';
}

function olderFmtp({ codec, intervals }: OlderVideoFormat): string {
  return (Object.entries(sizeNames) as [keyof PictureIntervals, string[]][])
    .filter(([size]) => intervals[size] !== undefined && (codec !== 'H261' || size === 'cif' || size === 'qcif'))
    .map(([size, [name]]) => `${String(name).toUpperCase()}=${intervals[size]}`)
    .join(';');
}

function h264Fmtp({ beyond, level, modes, profiles }: H264Format): string {
  const [profile = 'baseline'] = profiles;
  const octets = profileOctets[profile];
  const id =
    level === 9 && profile !== 'high'
      ? `${octets.slice(0, 2)}${(Number.parseInt(octets.slice(2), 16) | 0x10).toString(16).padStart(2, '0')}0b`
      : `${octets}${level.toString(16).padStart(2, '0')}`;
  const more = beyondNames.flatMap(([name, written]) =>
    beyond[name] === undefined ? [] : [`${written}=${beyond[name]}`],
  );
  return [`profile-level-id=${id}`, `packetization-mode=${Math.max(0, ...modes)}`, ...more].join(';');
}

function parametersIn(fmtp: string): Map<string, string> {
  return new Map(
    fmtp.split(';').flatMap((part): [string, string][] => {
      const [name = '', value = ''] = part.split('=').map((side) => side.trim());
      return name === '' ? [] : [[name.toLowerCase(), value]];
    }),
  );
}
