import type { Placed } from './elements.ts';

/** A packet as Q.931 sees it, before its elements are understood. */
export interface Packet {
  callReferenceLength: number;
  callReference: number;
  /** The call reference flag: sent from the side that did not begin the call (Q.931 4.3). */
  fromDestination: boolean;
  messageType: number;
  elements: Placed[];
}

/** Why a packet could not be read. */
export type SignallingFault = 'discriminator' | 'truncated' | 'element' | 'userInformation';

/** A packet that cannot be read; as much of its head as could be, for the answer (STATUS, RELEASE COMPLETE). */
export class SignallingError extends Error {
  readonly fault: SignallingFault;
  callReference: number | undefined;
  fromDestination: boolean | undefined;
  messageType: number | undefined;

  constructor(fault: SignallingFault, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'SignallingError';
    this.fault = fault;
  }
}

export const userUser = 0x7e;
const discriminator = 0x08;

/**
 * Takes a Q.931 packet apart (Q.931 4.2 to 4.5). The user-user element has a length of two octets (H.225.0 7.2.2.31).
 * @throws SignallingError
 */
export function readPacket(bytes: Uint8Array): Packet {
  if (bytes.length < 4) throw new SignallingError('truncated', `packet of ${bytes.length} octets`);
  if (bytes[0] !== discriminator) throw new SignallingError('discriminator', `protocol discriminator ${bytes[0]}`);
  const callReferenceLength = bytes[1] & 0x0f;
  if (callReferenceLength > 2 || bytes.length < 3 + callReferenceLength) {
    throw new SignallingError('truncated', `call reference of ${callReferenceLength} octets`);
  }
  const fromDestination = callReferenceLength > 0 && (bytes[2] & 0x80) !== 0;
  let callReference = callReferenceLength > 0 ? bytes[2] & 0x7f : 0;
  if (callReferenceLength > 1) callReference = (callReference << 8) | bytes[3];
  const messageType = bytes[2 + callReferenceLength];
  try {
    const elements = readRawElements(bytes, 3 + callReferenceLength);
    return { callReferenceLength, callReference, fromDestination, messageType, elements };
  } catch (error) {
    throw located(error, { callReference, fromDestination, messageType });
  }
}

/** Tells an error the head of the packet in which it occurred. */
export function located(
  error: unknown,
  head: Pick<Packet, 'callReference' | 'fromDestination' | 'messageType'>,
): unknown {
  if (error instanceof SignallingError) {
    error.callReference = head.callReference;
    error.fromDestination = head.fromDestination;
    error.messageType = head.messageType;
  }
  return error;
}

function readRawElements(bytes: Uint8Array, from: number): Placed[] {
  const elements: Placed[] = [];
  let codeset = 0;
  let once: number | undefined;
  let at = from;
  while (at < bytes.length) {
    const identifier = bytes[at++];
    if ((identifier & 0xf0) === 0x90) {
      // Shift (Q.931 4.5.3): non-locking ones count for one element.
      if ((identifier & 0x08) !== 0) once = identifier & 7;
      else codeset = identifier & 7;
      elements.push({ key: 'shift', codeset, identifier });
      continue;
    }
    const here = once ?? codeset;
    once = undefined;
    if (identifier >= 0x80) {
      elements.push({ codeset: here, identifier });
      continue;
    }
    const lengthOctets = identifier === userUser && here === 0 ? 2 : 1;
    if (at + lengthOctets > bytes.length) throw new SignallingError('element', `element ${identifier} without length`);
    const length = lengthOctets === 2 ? (bytes[at] << 8) | bytes[at + 1] : bytes[at];
    at += lengthOctets;
    if (length > bytes.length - at) {
      throw new SignallingError('element', `element ${identifier} of ${length} octets, ${bytes.length - at} left`);
    }
    elements.push({ codeset: here, identifier, content: bytes.slice(at, at + length) });
    at += length;
  }
  return elements;
}

/** Puts a Q.931 packet together. Elements of other codesets follow their own shift when they have none in front. */
export function writePacket(packet: Packet): Uint8Array {
  const { callReferenceLength, callReference, fromDestination, messageType } = packet;
  const parts: Uint8Array[] = [];
  const flag = fromDestination ? 0x80 : 0;
  if (callReferenceLength === 0) parts.push(Uint8Array.of(discriminator, 0, messageType));
  else if (callReferenceLength === 1) {
    parts.push(Uint8Array.of(discriminator, 1, flag | (callReference & 0x7f), messageType));
  } else {
    parts.push(
      Uint8Array.of(discriminator, 2, flag | ((callReference >>> 8) & 0x7f), callReference & 0xff, messageType),
    );
  }
  let codeset = 0;
  let once: number | undefined;
  for (const element of packet.elements) {
    const { identifier, content } = element;
    if (element.key === 'shift') {
      if ((identifier & 0x08) !== 0) once = identifier & 7;
      else codeset = identifier & 7;
      parts.push(Uint8Array.of(identifier));
      continue;
    }
    if ((once ?? codeset) !== element.codeset) parts.push(Uint8Array.of(0x98 | element.codeset));
    once = undefined;
    if (content === undefined) parts.push(Uint8Array.of(identifier));
    else if (identifier === userUser && element.codeset === 0) {
      if (content.length > 0xffff) throw new SignallingError('element', `user-user of ${content.length} octets`);
      parts.push(Uint8Array.of(identifier, content.length >>> 8, content.length & 0xff), content);
    } else {
      if (content.length > 0xff)
        throw new SignallingError('element', `element ${identifier} of ${content.length} octets`);
      parts.push(Uint8Array.of(identifier, content.length), content);
    }
  }
  return new Uint8Array(Buffer.concat(parts));
}
