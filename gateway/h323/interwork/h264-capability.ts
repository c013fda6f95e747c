import type { GenericCapability, GenericParameter } from '../h245/index.ts';
import type { H264Beyond, H264Format, H264Profile } from './format.ts';
import { h241Level, levelOfH241 } from './h264-level.ts';

/* H.264 as a generic capability (H.241, clause 8.3). Pure. */

export const h264Identifier = '0.0.8.241.0.0.1';

/** RTP payload formats of H.241 (clause 7.1.3): single NAL unit, non-interleaved, interleaved. */
export const packetizationOf = (mode: number): string => `0.0.8.241.0.0.0.${mode}`;

export function packetizationMode(oid: string | undefined): number | undefined {
  const mode = /^0\.0\.8\.241\.0\.0\.0\.([012])$/.exec(oid ?? '')?.[1];
  return mode === undefined ? undefined : Number(mode);
}

/** H.241, table 8.3: bits of the Profile parameter. */
const profileBit: Record<H264Profile, number> = { baseline: 64, main: 32, extended: 16, high: 8 };
const profileNames = Object.keys(profileBit) as H264Profile[];

const parameter = {
  customMaxMbps: 3,
  customMaxFs: 4,
  customMaxDpb: 5,
  customMaxBrAndCpb: 6,
  maxStaticMbps: 7,
  profile: 41,
  level: 42,
} as const;

/** Sizes of H.241's units in SDP's: macroblocks/s, macroblocks, 1,024 bytes, 1,000 bit/s. */
const unit: { number: number; name: keyof H264Beyond; size: number }[] = [
  { number: parameter.customMaxMbps, name: 'maxMbps', size: 500 },
  { number: parameter.customMaxFs, name: 'maxFs', size: 256 },
  { number: parameter.customMaxDpb, name: 'maxDpb', size: 32 },
  { number: parameter.customMaxBrAndCpb, name: 'maxBr', size: 25 },
  { number: parameter.maxStaticMbps, name: 'maxStaticMbps', size: 500 },
];

/**
 * Reads it; `undefined` when it is another codec or names no profile that we know.
 * @param modes packetization modes, which H.245 tells elsewhere.
 */
export function h264Of(capability: GenericCapability, modes: readonly number[]): H264Format | undefined {
  if (capability.capabilityIdentifier.standard !== h264Identifier) return undefined;
  const values = parametersOf(capability);
  const bits = values.get(parameter.profile) ?? 0;
  const profiles = profileNames.filter((name) => (bits & profileBit[name]) !== 0);
  if (profiles.length === 0) return undefined;
  const beyond: H264Beyond = {};
  for (const { number, name, size } of unit) {
    const value = values.get(number);
    if (value !== undefined && value > 0) beyond[name] = value * size;
  }
  const { maxBitRate } = capability;
  return {
    kind: 'video',
    codec: 'H264',
    profiles,
    level: levelOfH241(values.get(parameter.level) ?? 15),
    beyond,
    modes,
    ...(maxBitRate === undefined || maxBitRate === 0 ? {} : { bitRate: maxBitRate * 100 }),
  };
}

/** Writes it; what is no whole unit of H.241's is rounded down. */
export function h264Capability({ profiles, level, beyond, bitRate }: H264Format): GenericCapability {
  const bits = profiles.reduce((sum, name) => sum | profileBit[name], 0);
  const custom = unit.flatMap(({ number, name, size }) => {
    const value = Math.min(65_535, Math.floor((beyond[name] ?? 0) / size));
    return value === 0 ? [] : [standard(number, { unsignedMin: value })];
  });
  return {
    capabilityIdentifier: { standard: h264Identifier },
    ...(bitRate === undefined ? {} : { maxBitRate: Math.floor(bitRate / 100) }),
    collapsing: [
      standard(parameter.profile, { booleanArray: bits }),
      standard(parameter.level, { unsignedMin: h241Level(level) }),
      ...custom,
    ],
  };
}

function standard(number: number, parameterValue: GenericParameter['parameterValue']): GenericParameter {
  return { parameterIdentifier: { standard: number }, parameterValue };
}

/** Numbered parameters of a generic capability with their values as numbers. */
export function parametersOf({ collapsing, nonCollapsing }: GenericCapability): Map<number, number> {
  const values = new Map<number, number>();
  for (const { parameterIdentifier, parameterValue } of [...(collapsing ?? []), ...(nonCollapsing ?? [])]) {
    const { booleanArray, unsignedMin, unsignedMax, unsigned32Min, unsigned32Max, logical } = parameterValue;
    const value = booleanArray ?? unsignedMin ?? unsignedMax ?? unsigned32Min ?? unsigned32Max;
    const number = parameterIdentifier.standard;
    if (number !== undefined && (value !== undefined || logical !== undefined)) values.set(number, value ?? 1);
  }
  return values;
}
