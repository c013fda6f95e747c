import type { AlternateGK, RasMessage } from '../../h225/index.ts';
import { fromTransport, toTransport } from '../address.ts';
import { toAlias } from '../alias.ts';
import type { Admission, AdmissionQuestion, HostPort } from '../interface.ts';
import { ourVendor, protocolIdentifier } from '../message.ts';
import type { Credentials } from './credentials.ts';
import type { Candidate } from './machine.ts';

/* What we say to a far gatekeeper, and how its words are read. */

/** Who we are there. */
export interface Self {
  /** Our H.323 identifier first. */
  aliases: string[];
  ras: HostPort;
  signalling: HostPort;
  endpointId: string | undefined;
  gatekeeperId: string | undefined;
}

/** A call that was admitted. */
export interface Call {
  question: AdmissionQuestion;
  answered: boolean;
  model: Admission['model'];
  bandwidth: number;
}

const usualBandwidth = 3_840;
const askedTimeToLiveS = 120;
const mostCallsTold = 50;
const endpointType = { vendor: ourVendor, terminal: {}, mc: false, undefinedNode: false };

export function discoveryRequest(
  { aliases, ras }: Self,
  requestSeqNum: number,
  identifier: string | undefined,
  offer: ReturnType<Credentials['offer']>,
): RasMessage {
  return {
    gatekeeperRequest: {
      requestSeqNum,
      protocolIdentifier,
      rasAddress: toTransport(ras),
      endpointType,
      ...(identifier === undefined ? {} : { gatekeeperIdentifier: identifier }),
      endpointAlias: aliases.map(toAlias),
      ...offer,
      supportsAltGK: null,
      supportsAssignedGK: false,
    },
  };
}

/** RRQ; not in full: a sign of life (lightweight, clause 7.9.1). */
export function registrationRequest(self: Self, requestSeqNum: number, full: boolean): RasMessage {
  return {
    registrationRequest: {
      requestSeqNum,
      protocolIdentifier,
      discoveryComplete: full,
      callSignalAddress: [toTransport(self.signalling)],
      rasAddress: [toTransport(self.ras)],
      terminalType: endpointType,
      ...(full ? { terminalAlias: self.aliases.map(toAlias) } : {}),
      ...gatekeeperOf(self),
      endpointVendor: ourVendor,
      timeToLive: askedTimeToLiveS,
      keepAlive: !full,
      ...(self.endpointId === undefined ? {} : { endpointIdentifier: self.endpointId }),
      willSupplyUUIEs: false,
      maintainConnection: false,
      supportsAltGK: null,
      supportsAssignedGK: false,
    },
  };
}

export function unregistrationRequest(self: Self, requestSeqNum: number): RasMessage {
  return {
    unregistrationRequest: {
      requestSeqNum,
      callSignalAddress: [toTransport(self.signalling)],
      ...(self.endpointId === undefined ? {} : { endpointIdentifier: self.endpointId }),
      ...gatekeeperOf(self),
    },
  };
}

/** @param answered the call comes to us */
export function admissionRequest(
  self: Self,
  requestSeqNum: number,
  question: AdmissionQuestion,
  answered: boolean,
): RasMessage {
  const { bandwidth, called, caller, source } = question;
  const callerAlias = caller === undefined || caller === '' ? [] : [toAlias(caller)];
  return {
    admissionRequest: {
      requestSeqNum,
      callType: { pointToPoint: null },
      endpointIdentifier: endpointOf(self),
      ...callFields(question),
      destinationInfo: [toAlias(called)],
      srcInfo: answered ? callerAlias : self.aliases.map(toAlias),
      ...(source === undefined ? {} : { srcCallSignalAddress: toTransport(source) }),
      bandWidth: bandwidth ?? usualBandwidth,
      activeMC: false,
      answerCall: answered,
      canMapAlias: true,
      willSupplyUUIEs: false,
      canMapSrcAlias: false,
      ...gatekeeperOf(self),
    },
  };
}

export function bandwidthRequest(self: Self, requestSeqNum: number, call: Call, bandwidth: number): RasMessage {
  return {
    bandwidthRequest: {
      requestSeqNum,
      endpointIdentifier: endpointOf(self),
      ...callFields(call.question),
      ...gatekeeperOf(self),
      bandWidth: bandwidth,
      answeredCall: call.answered,
    },
  };
}

export function disengageRequest(self: Self, requestSeqNum: number, call: Call): RasMessage {
  return {
    disengageRequest: {
      requestSeqNum,
      endpointIdentifier: endpointOf(self),
      ...callFields(call.question),
      ...gatekeeperOf(self),
      disengageReason: { normalDrop: null },
      answeredCall: call.answered,
    },
  };
}

/** IRR: who we are and which calls we have (clause 7.15). */
export function information(
  self: Self,
  requestSeqNum: number,
  calls: readonly Call[],
  { unsolicited = false }: { unsolicited?: boolean } = {},
): RasMessage {
  return {
    infoRequestResponse: {
      requestSeqNum,
      endpointType,
      endpointIdentifier: endpointOf(self),
      rasAddress: toTransport(self.ras),
      callSignalAddress: [toTransport(self.signalling)],
      endpointAlias: self.aliases.map(toAlias),
      perCallInfo: calls.slice(0, mostCallsTold).map(({ answered, bandwidth, model, question }) => ({
        ...callFields(question),
        originator: !answered,
        h245: {},
        callSignaling: {},
        callType: { pointToPoint: null },
        bandWidth: bandwidth,
        callModel: model === 'direct' ? { direct: null } : { gatekeeperRouted: null },
        substituteConfIDs: [],
      })),
      needResponse: false,
      unsolicited,
    },
  };
}

/** The field may not be empty; who has no identifier yet is not registered, and will be told so. */
const endpointOf = ({ endpointId }: Self): string => endpointId ?? 'none';

const gatekeeperOf = ({ gatekeeperId }: Self): { gatekeeperIdentifier?: string } =>
  gatekeeperId === undefined ? {} : { gatekeeperIdentifier: gatekeeperId };

function callFields({ callIdentifier, callReference, conferenceId }: AdmissionQuestion) {
  return {
    callReferenceValue: callReference,
    conferenceID: conferenceId,
    callIdentifier: { guid: callIdentifier },
  };
}

/** The chosen alternative of a reason. */
export function nameOf(reason: object | undefined): string {
  return reason === undefined ? 'undefinedReason' : (Object.keys(reason)[0] ?? 'undefinedReason');
}

/** Other gatekeepers that may serve us, those with the lowest number first (H.225.0, AlternateGK). */
export function alternatesOf(list: readonly AlternateGK[] | undefined): Candidate[] {
  return [...(list ?? [])]
    .sort((a, b) => a.priority - b.priority)
    .flatMap(({ gatekeeperIdentifier, rasAddress }) => {
      const address = fromTransport(rasAddress);
      return address === undefined ? [] : [{ address, identifier: gatekeeperIdentifier }];
    });
}

export const isGroup = (host: string): boolean => /^(22[4-9]|23\d)\./.test(host) || /^ff/i.test(host);
