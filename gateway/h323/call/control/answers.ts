import type {
  ConferenceRequest,
  GenericMessage,
  MultimediaSystemControlMessage,
  RequestMessage,
} from '../../h245/index.ts';

/*
 * Answers to what we do not do, each in the way that the Recommendation has for saying no: silence would leave the far
 * side waiting (H.245, clauses 6.12 and 7.13; H.239, clause 11). Pure.
 */

/** H.239 generic messages (H.239, clause 11.1). */
const h239Message = '0.0.8.239.2';
const presentationTokenRequest = 3;
const presentationTokenResponse = 4;
const parameter = { channelId: 42, terminalLabel: 44, reject: 127 } as const;

/** Message for something that was read, but that no procedure of ours answers. */
export function notSupported(
  cause: 'syntaxError' | 'semanticError' | 'unknownFunction',
  returned?: Uint8Array,
): MultimediaSystemControlMessage {
  // Only what fits into one message of moderate size is given back.
  const returnedFunction = returned !== undefined && returned.length <= 512 ? { returnedFunction: returned } : {};
  const why =
    cause === 'syntaxError'
      ? { syntaxError: null }
      : cause === 'semanticError'
        ? { semanticError: null }
        : { unknownFunction: null };
  return { indication: { functionNotSupported: { cause: why, ...returnedFunction } } };
}

/** The answer to a request that we cannot serve; `undefined` when it wants none. */
export function refusal(request: RequestMessage, bytes: Uint8Array): MultimediaSystemControlMessage | undefined {
  if (request.nonStandard !== undefined) return undefined;
  if (request.maintenanceLoopRequest !== undefined) {
    const { type } = request.maintenanceLoopRequest;
    if (type.unknownChoice !== undefined) return notSupported('unknownFunction', bytes);
    return { response: { maintenanceLoopReject: { type, cause: { canNotPerformLoop: null } } } };
  }
  if (request.conferenceRequest !== undefined) return conferenceRefusal(request.conferenceRequest, bytes);
  if (request.genericRequest !== undefined) {
    return presentationRefusal(request.genericRequest) ?? notSupported('unknownFunction', bytes);
  }
  if (request.logicalChannelRateRequest !== undefined) {
    const { logicalChannelNumber, sequenceNumber } = request.logicalChannelRateRequest;
    return {
      response: {
        logicalChannelRateReject: { sequenceNumber, logicalChannelNumber, rejectReason: { undefinedReason: null } },
      },
    };
  }
  return notSupported('unknownFunction', bytes);
}

/** We are no MC: nobody chairs, nobody is dropped or shown by request (H.245, clause 7.13; H.243). */
function conferenceRefusal(request: ConferenceRequest, bytes: Uint8Array): MultimediaSystemControlMessage | undefined {
  if (request.makeMeChair !== undefined) {
    return { response: { conferenceResponse: { makeMeChairResponse: { deniedChairToken: null } } } };
  }
  // It gives back what it never had.
  if (request.cancelMakeMeChair !== undefined) return undefined;
  if (request.dropTerminal !== undefined) {
    return { response: { conferenceResponse: { terminalDropReject: null } } };
  }
  if (request.broadcastMyLogicalChannel !== undefined) {
    const denied = { deniedBroadcastMyLogicalChannel: null };
    return { response: { conferenceResponse: { broadcastMyLogicalChannelResponse: denied } } };
  }
  if (request.makeTerminalBroadcaster !== undefined) {
    const denied = { deniedMakeTerminalBroadcaster: null };
    return { response: { conferenceResponse: { makeTerminalBroadcasterResponse: denied } } };
  }
  if (request.sendThisSource !== undefined) {
    return { response: { conferenceResponse: { sendThisSourceResponse: { deniedSendThisSource: null } } } };
  }
  return notSupported('unknownFunction', bytes);
}

/** Nobody gets the presentation token while no second picture is carried (H.239, clause 11.2.2). */
function presentationRefusal(request: GenericMessage): MultimediaSystemControlMessage | undefined {
  if (request.messageIdentifier.standard !== h239Message) return undefined;
  if (request.subMessageIdentifier !== presentationTokenRequest) return undefined;
  const kept = (request.messageContent ?? []).filter(({ parameterIdentifier: { standard } }) =>
    [parameter.terminalLabel, parameter.channelId].some((known) => known === standard),
  );
  return {
    response: {
      genericResponse: {
        messageIdentifier: request.messageIdentifier,
        subMessageIdentifier: presentationTokenResponse,
        messageContent: [
          { parameterIdentifier: { standard: parameter.reject }, parameterValue: { logical: null } },
          ...kept,
        ],
      },
    },
  };
}
