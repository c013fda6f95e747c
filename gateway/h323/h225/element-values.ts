/*
 * The information elements of Q.931 whose meaning H.323 needs, as H.225.0 clause 7.2.2 profiles them. Each pair reads and
 * writes an element's content, without identifier and length. A reader gives `undefined` for what it does not understand;
 * the element then stays as it came.
 */

/** Q.931 4.5.5. */
export interface BearerCapability {
  capability: TransferCapability;
  mode: 'circuit' | 'packet';
  /** kbit/s; 0 in packet mode. */
  rate: number;
  /** User information layer 1 protocol: 2 G.711 µ-law, 3 G.711 A-law, 5 H.221/H.242. */
  layer1?: number;
}

const transferCapabilities = {
  speech: 0x00,
  unrestrictedDigital: 0x08,
  restrictedDigital: 0x09,
  audio3k1: 0x10,
  unrestrictedDigitalWithTones: 0x11,
  video: 0x18,
} as const;
export type TransferCapability = keyof typeof transferCapabilities;

const rates: Readonly<Record<number, number>> = { 0: 0, 16: 64, 17: 128, 19: 384, 21: 1536, 23: 1920 };
const multirate = 0x18;

export function readBearerCapability(content: Uint8Array): BearerCapability | undefined {
  // Only ITU-T coding; octets 3 and 4 without the extensions that nobody sends.
  if (content.length < 2 || (content[0] & 0xe0) !== 0x80 || (content[1] & 0x80) === 0) return undefined;
  const capability = keyOf(transferCapabilities, content[0] & 0x1f);
  const mode = (content[1] >>> 5) & 3;
  const rateCode = content[1] & 0x1f;
  if (capability === undefined || (mode !== 0 && mode !== 2)) return undefined;
  let at = 2;
  let rate = rates[rateCode];
  if (rateCode === multirate && at < content.length) rate = (content[at++] & 0x7f) * 64;
  if (rate === undefined) return undefined;
  const layer1 = at < content.length && (content[at] & 0x60) === 0x20 ? content[at] & 0x1f : undefined;
  return { capability, mode: mode === 0 ? 'circuit' : 'packet', rate, ...(layer1 === undefined ? {} : { layer1 }) };
}

export function writeBearerCapability({ capability, mode, rate, layer1 }: BearerCapability): Uint8Array {
  const known = Object.entries(rates).find(([, kbits]) => kbits === rate)?.[0];
  const modeBits = mode === 'packet' ? 0x40 : 0x00;
  const octets = [0x80 | transferCapabilities[capability], 0x80 | modeBits | Number(known ?? multirate)];
  if (known === undefined) octets.push(0x80 | Math.min(0x7f, Math.ceil(rate / 64)));
  if (layer1 !== undefined) octets.push(0xa0 | (layer1 & 0x1f));
  return Uint8Array.from(octets);
}

/** Where a cause or a progress arose (Q.850 clause 2.2.3, Q.931 4.5.23). */
const locations = {
  user: 0,
  privateNetworkLocal: 1,
  publicNetworkLocal: 2,
  transitNetwork: 3,
  publicNetworkRemote: 4,
  privateNetworkRemote: 5,
  internationalNetwork: 7,
  beyondInterworking: 10,
} as const;
export type Location = keyof typeof locations;

/** Q.931 4.5.12; `value` is the cause of Q.850. */
export interface Cause {
  value: number;
  location: Location;
  diagnostics?: Uint8Array;
}

export function readCause(content: Uint8Array): Cause | undefined {
  const at = (content[0] & 0x80) === 0 ? 2 : 1;
  const location = keyOf(locations, content[0] & 0x0f);
  if (content.length <= at || (content[0] & 0x60) !== 0 || location === undefined) return undefined;
  const diagnostics = content.slice(at + 1);
  return { value: content[at] & 0x7f, location, ...(diagnostics.length === 0 ? {} : { diagnostics }) };
}

export function writeCause({ value, location, diagnostics = new Uint8Array(0) }: Cause): Uint8Array {
  return Uint8Array.of(0x80 | locations[location], 0x80 | (value & 0x7f), ...diagnostics);
}

/** Q.931 4.5.7: the call state's number, as in Figure 4-12. */
export function readCallState(content: Uint8Array): number | undefined {
  return content.length === 1 && content[0] < 0x40 ? content[0] : undefined;
}

export function writeCallState(state: number): Uint8Array {
  return Uint8Array.of(state & 0x3f);
}

/** Q.931 4.5.23; `description` 1: not end-to-end ISDN, 2: destination not ISDN, 3: origination not ISDN, 8: in-band. */
export interface ProgressIndicator {
  description: number;
  location: Location;
}

export function readProgressIndicator(content: Uint8Array): ProgressIndicator | undefined {
  const location = keyOf(locations, content[0] & 0x0f);
  if (content.length !== 2 || (content[0] & 0xe0) !== 0x80 || location === undefined) return undefined;
  return { description: content[1] & 0x7f, location };
}

export function writeProgressIndicator({ description, location }: ProgressIndicator): Uint8Array {
  return Uint8Array.of(0x80 | locations[location], 0x80 | (description & 0x7f));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const longestDisplay = 82;

/** Q.931 4.5.16. Devices send ASCII, Latin-1 or UTF-8, some with a NUL at the end. */
export function readDisplay(content: Uint8Array): string {
  const end = content.indexOf(0);
  const octets = end < 0 ? content : content.subarray(0, end);
  try {
    return utf8.decode(octets);
  } catch {
    return latin1(octets);
  }
}

/** UTF-8, cut between characters to the 82 octets that H.225.0 allows. */
export function writeDisplay(text: string): Uint8Array {
  const octets = new TextEncoder().encode(text);
  let end = Math.min(octets.length, longestDisplay);
  while (end < octets.length && end > 0 && (octets[end] & 0xc0) === 0x80) end--;
  return octets.slice(0, end);
}

/** Q.931 4.5.18: digits, IA5. */
export function readKeypad(content: Uint8Array): string {
  return latin1(content);
}

export function writeKeypad(digits: string): Uint8Array {
  return Uint8Array.from(digits, (digit) => digit.charCodeAt(0));
}

/** Q.931 4.5.28: the signal value of Table 4-24. */
export function readSignal(content: Uint8Array): number | undefined {
  return content.length === 1 ? content[0] : undefined;
}

export function writeSignal(signal: number): Uint8Array {
  return Uint8Array.of(signal);
}

const numberTypes = {
  unknown: 0,
  international: 1,
  national: 2,
  networkSpecific: 3,
  subscriber: 4,
  abbreviated: 6,
} as const;
const numberingPlans = { unknown: 0, isdn: 1, data: 3, telex: 4, nationalStandard: 8, private: 9 } as const;
const presentations = { allowed: 0, restricted: 1, notAvailable: 2 } as const;
const screenings = { userNotScreened: 0, userPassed: 1, userFailed: 2, network: 3 } as const;

/** Q.931 4.5.8 (called) and 4.5.10 (calling). */
export interface PartyNumber {
  digits: string;
  type: keyof typeof numberTypes;
  plan: keyof typeof numberingPlans;
  /** Octet 3a, of calling, connected and redirecting numbers. */
  presentation?: keyof typeof presentations;
  screening?: keyof typeof screenings;
}

export function readPartyNumber(content: Uint8Array): PartyNumber | undefined {
  const type = keyOf(numberTypes, (content[0] >>> 4) & 7);
  const plan = keyOf(numberingPlans, content[0] & 0x0f);
  if (content.length === 0 || type === undefined || plan === undefined) return undefined;
  if ((content[0] & 0x80) !== 0) return { digits: latin1(content.subarray(1)), type, plan };
  const presentation = keyOf(presentations, (content[1] >>> 5) & 3);
  const screening = keyOf(screenings, content[1] & 3);
  if (content.length < 2 || (content[1] & 0x80) === 0 || presentation === undefined || screening === undefined) {
    return undefined;
  }
  return { digits: latin1(content.subarray(2)), type, plan, presentation, screening };
}

export function writePartyNumber({ digits, type, plan, presentation, screening }: PartyNumber): Uint8Array {
  const octet3 = (numberTypes[type] << 4) | numberingPlans[plan];
  const head =
    presentation === undefined && screening === undefined
      ? [0x80 | octet3]
      : [octet3, 0x80 | (presentations[presentation ?? 'allowed'] << 5) | screenings[screening ?? 'userNotScreened']];
  return Uint8Array.of(...head, ...writeKeypad(digits));
}

function latin1(octets: Uint8Array): string {
  return String.fromCharCode(...octets);
}

function keyOf<K extends string>(table: Readonly<Record<K, number>>, value: number): K | undefined {
  for (const key in table) if (table[key] === value) return key;
  return undefined;
}
