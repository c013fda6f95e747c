import { decode, encode, PerError } from '../per/index.ts';
import { type Elements, type Placed, readElements, writeElements } from './elements.ts';
import { located, readPacket, SignallingError, userUser, writePacket } from './q931.ts';
import { H323_UserInformation } from './schema/signalling.ts';

const messageTypes = {
  alerting: 0x01,
  callProceeding: 0x02,
  progress: 0x03,
  setup: 0x05,
  connect: 0x07,
  setupAcknowledge: 0x0d,
  connectAcknowledge: 0x0f,
  userInformation: 0x20,
  suspendReject: 0x21,
  resumeReject: 0x22,
  suspend: 0x25,
  resume: 0x26,
  suspendAcknowledge: 0x2d,
  resumeAcknowledge: 0x2e,
  disconnect: 0x45,
  restart: 0x46,
  release: 0x4d,
  restartAcknowledge: 0x4e,
  releaseComplete: 0x5a,
  segment: 0x60,
  facility: 0x62,
  notify: 0x6e,
  statusEnquiry: 0x75,
  congestionControl: 0x79,
  information: 0x7b,
  status: 0x7d,
} as const;

/** Message types of Q.931 Table 4-2, and FACILITY (Q.932); `unknown:N` for others. */
export type MessageType = keyof typeof messageTypes | `unknown:${number}`;

/** A call-signalling message: Q.931's elements, and H.225.0's part in the user-user element. */
export interface SignallingMessage {
  type: MessageType;
  /** 0 to 32,767; 0 concerns all calls of the connection. */
  callReference: number;
  /** Sent by the side that did not begin the call (the call reference flag). */
  fromDestination: boolean;
  elements: Elements;
  /** Absent when the message has no user-user element, as STATUS and INFORMATION of some devices. */
  userInformation?: H323_UserInformation | undefined;
}

/** What a packet had beyond its meaning, to write it back with the same octets. */
interface Came {
  callReferenceLength: number;
  elements: readonly Placed[];
}

const came = Symbol('came');

/** Protocol discriminator of the user-user element: X.208 and X.209 coded (Q.931 4.5.30). */
const asn1Coded = 0x05;

/**
 * Reads a call-signalling message, the content of one TPKT.
 * @throws SignallingError, also when the user-user element cannot be read (its `cause` then is the PerError)
 */
export function decodeSignalling(bytes: Uint8Array): SignallingMessage {
  const packet = readPacket(bytes);
  const { callReference, fromDestination, messageType, elements } = packet;
  const carrier = elements.find(
    ({ codeset, identifier, content }) => codeset === 0 && identifier === userUser && content?.[0] === asn1Coded,
  );
  let userInformation: H323_UserInformation | undefined;
  if (carrier?.content !== undefined) {
    carrier.key = 'userUser';
    try {
      userInformation = decode(H323_UserInformation, carrier.content.subarray(1));
    } catch (error) {
      if (!(error instanceof PerError)) throw error;
      throw located(new SignallingError('userInformation', error.message, { cause: error }), packet);
    }
  }
  const message: SignallingMessage = {
    type: nameOf(messageType),
    callReference,
    fromDestination,
    elements: readElements(elements),
    userInformation,
  };
  const form: Came = { callReferenceLength: packet.callReferenceLength, elements };
  Object.defineProperty(message, came, { value: form, enumerable: false });
  return message;
}

/**
 * Writes a call-signalling message: the content of one TPKT.
 * @throws PerError with the path of the field at fault
 * @throws SignallingError when an element does not fit
 */
export function encodeSignalling(message: SignallingMessage): Uint8Array {
  const form = (message as { [came]?: Came })[came] ?? { callReferenceLength: 2, elements: [] };
  const { type, callReference, fromDestination, userInformation } = message;
  const carrier: Placed | undefined =
    userInformation === undefined
      ? undefined
      : {
          key: 'userUser',
          codeset: 0,
          identifier: userUser,
          content: asn1(encode(H323_UserInformation, userInformation)),
        };
  return writePacket({
    callReferenceLength: form.callReferenceLength,
    callReference,
    fromDestination,
    messageType: numberOf(type),
    elements: writeElements(message.elements, carrier, form.elements),
  });
}

function asn1(encoded: Uint8Array): Uint8Array {
  const content = new Uint8Array(encoded.length + 1);
  content[0] = asn1Coded;
  content.set(encoded, 1);
  return content;
}

function nameOf(messageType: number): MessageType {
  for (const name in messageTypes) {
    if (messageTypes[name as keyof typeof messageTypes] === messageType) return name as MessageType;
  }
  return `unknown:${messageType}`;
}

function numberOf(type: MessageType): number {
  return type.startsWith('unknown:') ? Number(type.slice(8)) & 0xff : messageTypes[type as keyof typeof messageTypes];
}
