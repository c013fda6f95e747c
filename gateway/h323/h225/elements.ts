import { isDeepStrictEqual } from 'node:util';
import {
  type BearerCapability,
  type Cause,
  type PartyNumber,
  type ProgressIndicator,
  readBearerCapability,
  readCallState,
  readCause,
  readDisplay,
  readKeypad,
  readPartyNumber,
  readProgressIndicator,
  readSignal,
  writeBearerCapability,
  writeCallState,
  writeCause,
  writeDisplay,
  writeKeypad,
  writePartyNumber,
  writeProgressIndicator,
  writeSignal,
} from './element-values.ts';

/** The elements of a message other than the user-user element. */
export interface Elements {
  bearerCapability?: BearerCapability;
  cause?: Cause;
  /** Number of the call state (Q.931 Figure 4-12). */
  callState?: number;
  progressIndicator?: ProgressIndicator;
  display?: string;
  keypad?: string;
  signal?: number;
  connectedNumber?: PartyNumber;
  callingPartyNumber?: PartyNumber;
  calledPartyNumber?: PartyNumber;
  redirectingNumber?: PartyNumber;
  /** What is not understood, or there a second time: as it came, in its order. */
  others?: RawElement[];
}

/** An element as it came. */
export interface RawElement {
  codeset: number;
  identifier: number;
  /** Absent in elements of a single octet. */
  content?: Uint8Array;
}

type Known = Exclude<keyof Elements, 'others'>;

interface ElementCodec<K extends Known> {
  identifier: number;
  read(content: Uint8Array): Elements[K];
  write(value: NonNullable<Elements[K]>): Uint8Array;
}

const codecs: { readonly [K in Known]: ElementCodec<K> } = {
  bearerCapability: { identifier: 0x04, read: readBearerCapability, write: writeBearerCapability },
  cause: { identifier: 0x08, read: readCause, write: writeCause },
  callState: { identifier: 0x14, read: readCallState, write: writeCallState },
  progressIndicator: { identifier: 0x1e, read: readProgressIndicator, write: writeProgressIndicator },
  display: { identifier: 0x28, read: readDisplay, write: writeDisplay },
  keypad: { identifier: 0x2c, read: readKeypad, write: writeKeypad },
  signal: { identifier: 0x34, read: readSignal, write: writeSignal },
  connectedNumber: { identifier: 0x4c, read: readPartyNumber, write: writePartyNumber },
  callingPartyNumber: { identifier: 0x6c, read: readPartyNumber, write: writePartyNumber },
  calledPartyNumber: { identifier: 0x70, read: readPartyNumber, write: writePartyNumber },
  redirectingNumber: { identifier: 0x74, read: readPartyNumber, write: writePartyNumber },
};
const known = Object.keys(codecs) as Known[];
const byIdentifier = new Map(known.map((key) => [codecs[key].identifier, key]));

/** One element of a packet, in its place among the others, and what it was read as. */
export interface Placed extends RawElement {
  key?: Known | 'shift' | 'userUser';
}

/** What the elements of a message mean. Marks each with the name it was read under. */
export function readElements(placed: readonly Placed[]): Elements {
  const elements: Elements = {};
  for (const element of placed) {
    if (element.key !== undefined) continue;
    const key = element.codeset === 0 ? byIdentifier.get(element.identifier) : undefined;
    if (key !== undefined && elements[key] === undefined && element.content !== undefined) {
      const value = codecs[key].read(element.content);
      if (value !== undefined) {
        Object.assign(elements, { [key]: value });
        element.key = key;
        continue;
      }
    }
    elements.others ??= [];
    elements.others.push({
      codeset: element.codeset,
      identifier: element.identifier,
      ...(element.content === undefined ? {} : { content: element.content }),
    });
  }
  return elements;
}

/**
 * The elements to write, in order. `came` are those of the packet that the message was read from: elements that still
 * mean the same are given back as they came, in the order in which they came.
 */
export function writeElements(elements: Elements, userUser: Placed | undefined, came: readonly Placed[]): Placed[] {
  const written: Placed[] = known
    .filter((key) => elements[key] !== undefined)
    .map((key): Placed => {
      const before = came.find((element) => element.key === key);
      const content =
        before?.content !== undefined && isDeepStrictEqual(codecs[key].read(before.content), elements[key])
          ? before.content
          : write(key, elements);
      return { key, codeset: 0, identifier: codecs[key].identifier, content };
    });
  if (userUser !== undefined) written.push(userUser);
  const others: Placed[] = [...(elements.others ?? [])];
  const inOrder: Placed[] = [];
  // As long as the same elements are there, their order is kept; new ones go where ascending identifiers put them.
  for (const element of came) {
    const { key } = element;
    const next =
      key === 'shift'
        ? element
        : key === undefined
          ? others.shift()
          : written.find((candidate) => candidate.key === key);
    if (next !== undefined) inOrder.push(next);
  }
  for (const element of [...written.filter((one) => !inOrder.includes(one)), ...others]) {
    const place = inOrder.findIndex((one) => rank(one) > rank(element));
    inOrder.splice(place < 0 ? inOrder.length : place, 0, element);
  }
  return inOrder;
}

function write<K extends Known>(key: K, elements: Elements): Uint8Array {
  return codecs[key].write(elements[key] as NonNullable<Elements[K]>);
}

/** Single octets first, then ascending identifiers; other codesets behind (Q.931 4.5.1 to 4.5.3). */
function rank({ key, codeset, identifier }: Placed): number {
  if (key === 'shift') return Number.POSITIVE_INFINITY;
  return codeset * 0x200 + (identifier >= 0x80 ? 0 : identifier);
}
