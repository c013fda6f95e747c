import {
  type AliasAddress,
  type ClearToken,
  type Elements,
  type EndpointType,
  encodeFastStart,
  type FacilityReason,
  type H323_UU_PDU,
  type MessageType,
  type ReleaseCompleteReason,
  type SignallingMessage,
  type TransportAddress,
} from '../../h225/index.ts';
import type { OpenLogicalChannel } from '../../h245/index.ts';

/* Call signalling messages as we send them (H.225.0, clause 7.3). Pure. */

/** H.225.0 version 4: what we use of it, every version since understands. */
const protocolIdentifier = '0.0.8.2250.0.4';

/** What all messages of one call carry. */
export interface CallIdentity {
  /** 1–32,767. */
  callReference: number;
  /** We did not begin the call. */
  fromDestination: boolean;
  /** CallIdentifier.guid, 16 octets. */
  callIdentifier: Uint8Array;
  /** 16 octets. */
  conferenceId: Uint8Array;
}

/** What a message carries of the call's media control, when it goes out. */
export interface Envelope {
  tunnelling: boolean;
  /** H.245 messages that travel in this one. */
  control: Uint8Array[];
  fastStart?: OpenLogicalChannel[];
  fastConnectRefused?: boolean;
  h245Address?: TransportAddress;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Who we are: a gateway between H.323 and SIP. */
export const endpointType: EndpointType = {
  vendor: {
    // ITU-T T.35, annex A: 188 is Viet Nam; no manufacturer code is assigned to us.
    vendor: { t35CountryCode: 188, t35Extension: 0, manufacturerCode: 0 },
    productId: bytesOf('diemcau'),
    versionId: bytesOf('0.1.0'),
  },
  gateway: { protocol: [{ h323: { supportedPrefixes: [] } }] },
  mc: false,
  undefinedNode: false,
};

/** What a SETUP says besides. */
export interface SetupContent {
  /** Aliases that we call by; none when the address alone says it. */
  called: AliasAddress[];
  calledAddress: TransportAddress;
  caller: { number: string; name: string };
  callerAddress: TransportAddress;
  /** Video is offered too. */
  withVideo: boolean;
  /** H.245 beside fast start (H.323, clause 8.2.4). */
  parallelControl?: Uint8Array[];
  endpointIdentifier?: string;
  tokens?: ClearToken[];
  hopCount?: number;
}

/** An alias of a number or name as dialled. */
export function aliasOf(text: string): AliasAddress {
  if (/^[0-9#*,]{1,128}$/.test(text)) return { dialedDigits: text };
  return { 'h323-ID': text.slice(0, 256) };
}

/** An alias as it would be dialled; `undefined` for kinds that nobody dials. */
export function textOfAlias(alias: AliasAddress): string | undefined {
  return (
    alias.dialedDigits ??
    alias['h323-ID'] ??
    alias['url-ID']?.replace(/^h323:/i, '') ??
    alias['email-ID'] ??
    alias.partyNumber?.e164Number?.publicNumberDigits ??
    alias.partyNumber?.privateNumber?.privateNumberDigits
  );
}

/** Builds the messages of one call. */
export class MessageBuilder {
  private readonly identity: CallIdentity;

  constructor(identity: CallIdentity) {
    this.identity = identity;
  }

  setup(content: SetupContent, envelope: Envelope): SignallingMessage {
    const { callIdentifier, conferenceId } = this.identity;
    const digits = content.called.find((alias) => alias.dialedDigits !== undefined)?.dialedDigits;
    const { name, number } = content.caller;
    const callerDigits = /^\+?[0-9*#]{1,32}$/.test(number) ? number.replace('+', '') : undefined;
    const sourceAddress: AliasAddress[] = [
      ...(name === '' ? [] : [{ 'h323-ID': name.slice(0, 256) }]),
      ...(callerDigits === undefined ? [] : [{ dialedDigits: callerDigits }]),
      ...(name === '' && callerDigits === undefined ? [{ 'h323-ID': number === '' ? 'diemcau' : number }] : []),
    ];
    const elements: Elements = {
      bearerCapability: content.withVideo
        ? { capability: 'unrestrictedDigital', mode: 'circuit', rate: 384, layer1: 5 }
        : { capability: 'speech', mode: 'circuit', rate: 64, layer1: 3 },
      display: name === '' ? number : name,
      ...(callerDigits === undefined
        ? {}
        : {
            callingPartyNumber: {
              digits: callerDigits,
              type: 'unknown',
              plan: 'isdn',
              presentation: 'allowed',
              screening: 'userNotScreened',
            },
          }),
      ...(digits === undefined ? {} : { calledPartyNumber: { digits, type: 'unknown', plan: 'isdn' } }),
    };
    return this.message('setup', elements, envelope, {
      setup: {
        protocolIdentifier,
        ...addressed(envelope),
        sourceAddress,
        sourceInfo: endpointType,
        ...(content.called.length === 0 ? {} : { destinationAddress: content.called }),
        destCallSignalAddress: content.calledAddress,
        activeMC: false,
        conferenceID: conferenceId,
        conferenceGoal: { create: null },
        callType: { pointToPoint: null },
        sourceCallSignalAddress: content.callerAddress,
        callIdentifier: { guid: callIdentifier },
        ...(content.tokens === undefined || content.tokens.length === 0 ? {} : { tokens: content.tokens }),
        ...started(envelope),
        mediaWaitForConnect: false,
        canOverlapSend: false,
        ...(content.endpointIdentifier === undefined ? {} : { endpointIdentifier: content.endpointIdentifier }),
        multipleCalls: false,
        maintainConnection: false,
        ...(content.parallelControl === undefined ? {} : { parallelH245Control: content.parallelControl }),
      },
    });
  }

  callProceeding(envelope: Envelope): SignallingMessage {
    return this.message('callProceeding', {}, envelope, {
      callProceeding: {
        protocolIdentifier,
        destinationInfo: endpointType,
        ...addressed(envelope),
        ...this.identified(),
        ...started(envelope),
        multipleCalls: false,
        maintainConnection: false,
      },
    });
  }

  alerting(envelope: Envelope): SignallingMessage {
    return this.message('alerting', {}, envelope, {
      alerting: {
        protocolIdentifier,
        destinationInfo: endpointType,
        ...addressed(envelope),
        ...this.identified(),
        ...started(envelope),
        multipleCalls: false,
        maintainConnection: false,
      },
    });
  }

  connect(withVideo: boolean, envelope: Envelope): SignallingMessage {
    const bearerCapability: Elements['bearerCapability'] = withVideo
      ? { capability: 'unrestrictedDigital', mode: 'circuit', rate: 384, layer1: 5 }
      : { capability: 'speech', mode: 'circuit', rate: 64, layer1: 3 };
    return this.message('connect', { bearerCapability }, envelope, {
      connect: {
        protocolIdentifier,
        ...addressed(envelope),
        destinationInfo: endpointType,
        conferenceID: this.identity.conferenceId,
        ...this.identified(),
        ...started(envelope),
        multipleCalls: false,
        maintainConnection: false,
        ...(envelope.fastConnectRefused === true ? { fastConnectRefused: null } : {}),
      },
    });
  }

  releaseComplete(q850: number, reason: ReleaseCompleteReason, envelope: Envelope): SignallingMessage {
    return this.message('releaseComplete', { cause: { value: q850, location: 'user' } }, envelope, {
      releaseComplete: { protocolIdentifier, reason, ...this.identified() },
    });
  }

  /** FACILITY whose only purpose is to carry H.245 (H.323, clause 8.2.1). */
  carrier(envelope: Envelope): SignallingMessage {
    return this.message('facility', { others: [emptyFacility] }, envelope, { empty: null });
  }

  facility(reason: FacilityReason, envelope: Envelope): SignallingMessage {
    return this.message('facility', { others: [emptyFacility] }, envelope, {
      facility: {
        protocolIdentifier,
        reason,
        ...this.identified(),
        ...addressed(envelope),
        multipleCalls: false,
        maintainConnection: false,
      },
    });
  }

  /** Digits (H.323, clause 8.2.7; Q.931, clause 4.5.18). */
  information(keypad: string, envelope: Envelope): SignallingMessage {
    return this.message('information', { keypad }, envelope, {
      information: { protocolIdentifier, ...this.identified() },
    });
  }

  status(state: number, q850: number, envelope: Envelope): SignallingMessage {
    return this.message('status', { cause: { value: q850, location: 'user' }, callState: state }, envelope, {
      status: { protocolIdentifier, ...this.identified() },
    });
  }

  statusEnquiry(envelope: Envelope): SignallingMessage {
    return this.message('statusEnquiry', {}, envelope, {
      statusInquiry: { protocolIdentifier, ...this.identified() },
    });
  }

  private identified(): { callIdentifier: { guid: Uint8Array } } {
    return { callIdentifier: { guid: this.identity.callIdentifier } };
  }

  private message(
    type: MessageType,
    elements: Elements,
    envelope: Envelope,
    body: H323_UU_PDU['h323-message-body'],
  ): SignallingMessage {
    const { callReference, fromDestination } = this.identity;
    return {
      type,
      callReference,
      fromDestination,
      elements,
      userInformation: {
        'h323-uu-pdu': {
          'h323-message-body': body,
          h245Tunneling: envelope.tunnelling,
          ...(envelope.control.length === 0 ? {} : { h245Control: envelope.control }),
        },
      },
    };
  }
}

/** The Facility element, mandatory in FACILITY and without content (H.225.0, clause 7.4.2). */
const emptyFacility = { codeset: 0, identifier: 0x1c, content: new Uint8Array(0) };

function addressed({ h245Address }: Envelope): { h245Address?: TransportAddress } {
  return h245Address === undefined ? {} : { h245Address };
}

function started({ fastStart }: Envelope): { fastStart?: Uint8Array[] } {
  return fastStart === undefined ? {} : { fastStart: encodeFastStart(fastStart) };
}
