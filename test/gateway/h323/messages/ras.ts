import type { RasMessage } from '../../../../gateway/h323/h225/index.ts';
import { address, guid, q931Protocol, type Sample, terminal, vendor } from './parts.ts';

const seq = { requestSeqNum: 4711 };
const call = { callReferenceValue: 321, conferenceID: guid, callIdentifier: { guid } };
const endpointIdentifier = 'e-17';
const h323 = {
  h323: { supportedPrefixes: [{ prefix: { dialedDigits: '8' } }] },
};

function ras(
  name: string,
  place: number,
  message: RasMessage,
  expect: Record<string, string> = {},
): Sample<RasMessage> {
  return { name, message, expect: { 'h225.RasMessage': String(place), 'h225.requestSeqNum': '4711', ...expect } };
}

/** Every RAS message. */
export const rasMessages: Sample<RasMessage>[] = [
  ras(
    'GRQ',
    0,
    {
      gatekeeperRequest: {
        ...seq,
        protocolIdentifier: q931Protocol,
        rasAddress: address(1719),
        endpointType: terminal,
        gatekeeperIdentifier: 'diemcau',
        endpointAlias: [{ 'h323-ID': 'xa-ba-vi' }],
        authenticationCapability: [{ pwdHash: null }],
        algorithmOIDs: ['1.2.840.113549.2.5'],
        supportsAssignedGK: false,
      },
    },
    { 'h225.gatekeeperIdentifier': 'diemcau', 'h225.h323_ID': 'xa-ba-vi' },
  ),
  ras(
    'GCF',
    1,
    {
      gatekeeperConfirm: {
        ...seq,
        protocolIdentifier: q931Protocol,
        gatekeeperIdentifier: 'diemcau',
        rasAddress: address(1719),
        authenticationMode: { pwdHash: null },
        algorithmOID: '1.2.840.113549.2.5',
      },
    },
    { 'h225.ipV4_port': '1719' },
  ),
  ras(
    'GRJ',
    2,
    {
      gatekeeperReject: { ...seq, protocolIdentifier: q931Protocol, rejectReason: { terminalExcluded: null } },
    },
    { 'h225.rejectReason': '1' },
  ),
  ras(
    'RRQ',
    3,
    {
      registrationRequest: {
        ...seq,
        protocolIdentifier: q931Protocol,
        discoveryComplete: true,
        callSignalAddress: [address(1720)],
        rasAddress: [address(1719)],
        terminalType: terminal,
        terminalAlias: [{ dialedDigits: '2002' }, { 'h323-ID': 'ba-vi' }],
        gatekeeperIdentifier: 'diemcau',
        endpointVendor: vendor,
        timeToLive: 120,
        cryptoTokens: [
          {
            cryptoEPPwdHash: {
              alias: { 'h323-ID': 'ba-vi' },
              timeStamp: 1_790_000_000,
              token: { algorithmOID: '1.2.840.113549.2.5', paramS: {}, hash: { bytes: guid, length: 128 } },
            },
          },
          {
            nestedcryptoToken: {
              cryptoHashedToken: {
                tokenOID: '0.0.8.235.0.2.1',
                hashedVals: {
                  tokenOID: '0.0.8.235.0.2.5',
                  timeStamp: 1_790_000_000,
                  random: 1,
                  generalID: 'e-17',
                  sendersID: 'diemcau',
                },
                token: {
                  algorithmOID: '0.0.8.235.0.2.6',
                  paramS: {},
                  hash: { bytes: guid.slice(0, 12), length: 96 },
                },
              },
            },
          },
        ],
        keepAlive: false,
        willSupplyUUIEs: true,
        maintainConnection: false,
        supportsAssignedGK: false,
      },
    },
    {
      'h225.timeToLive': '120',
      'h225.dialledDigits': '2002',
      'h225.keepAlive': '0',
      'h235.random': '1',
      'h235.sendersID': 'diemcau',
    },
  ),
  ras(
    'RCF',
    4,
    {
      registrationConfirm: {
        ...seq,
        protocolIdentifier: q931Protocol,
        callSignalAddress: [address(1720)],
        terminalAlias: [{ dialedDigits: '2002' }],
        endpointIdentifier,
        timeToLive: 60,
        willRespondToIRR: false,
        preGrantedARQ: {
          makeCall: false,
          useGKCallSignalAddressToMakeCall: false,
          answerCall: false,
          useGKCallSignalAddressToAnswer: false,
        },
        maintainConnection: false,
      },
    },
    { 'h225.endpointIdentifier': 'e-17', 'h225.timeToLive': '60' },
  ),
  ras(
    'RRJ',
    5,
    {
      registrationReject: {
        ...seq,
        protocolIdentifier: q931Protocol,
        rejectReason: { duplicateAlias: [{ dialedDigits: '2002' }] },
        gatekeeperIdentifier: 'diemcau',
      },
    },
    { 'h225.rejectReason': '4', 'h225.dialledDigits': '2002' },
  ),
  ras(
    'URQ',
    6,
    {
      unregistrationRequest: {
        ...seq,
        callSignalAddress: [address(1720)],
        endpointIdentifier,
        reason: { maintenance: null },
      },
    },
    { 'h225.endpointIdentifier': 'e-17' },
  ),
  ras('UCF', 7, { unregistrationConfirm: seq }),
  ras('URJ', 8, { unregistrationReject: { ...seq, rejectReason: { callInProgress: null } } }),
  ras(
    'ARQ',
    9,
    {
      admissionRequest: {
        ...seq,
        ...call,
        callType: { pointToPoint: null },
        endpointIdentifier,
        destinationInfo: [{ dialedDigits: '3003' }],
        srcInfo: [{ 'h323-ID': 'ba-vi' }],
        bandWidth: 7680,
        activeMC: false,
        answerCall: true,
        canMapAlias: true,
        willSupplyUUIEs: false,
        canMapSrcAlias: false,
      },
    },
    { 'h225.bandWidth': '7680', 'h225.dialledDigits': '3003', 'h225.answerCall': '1' },
  ),
  ras(
    'ACF',
    10,
    {
      admissionConfirm: {
        ...seq,
        bandWidth: 7680,
        callModel: { gatekeeperRouted: null },
        destCallSignalAddress: address(1720),
        irrFrequency: 60,
        willRespondToIRR: false,
        uuiesRequested: {
          setup: true,
          callProceeding: false,
          connect: true,
          alerting: false,
          information: false,
          releaseComplete: true,
          facility: false,
          progress: false,
          empty: false,
          status: false,
          statusInquiry: false,
          setupAcknowledge: false,
          notify: false,
        },
      },
    },
    { 'h225.bandWidth': '7680', 'h225.irrFrequency': '60' },
  ),
  ras('ARJ', 11, { admissionReject: { ...seq, rejectReason: { incompleteAddress: null } } }),
  ras(
    'BRQ',
    12,
    {
      bandwidthRequest: { ...seq, ...call, endpointIdentifier, bandWidth: 3840, answeredCall: false },
    },
    { 'h225.bandWidth': '3840' },
  ),
  ras('BCF', 13, { bandwidthConfirm: { ...seq, bandWidth: 3840 } }),
  ras('BRJ', 14, {
    bandwidthReject: { ...seq, rejectReason: { insufficientResources: null }, allowedBandWidth: 1280 },
  }),
  ras('DRQ', 15, {
    disengageRequest: {
      ...seq,
      ...call,
      endpointIdentifier,
      disengageReason: { normalDrop: null },
      answeredCall: true,
      terminationCause: { releaseCompleteCauseIE: Uint8Array.of(0x80, 0x90) },
    },
  }),
  ras('DCF', 16, { disengageConfirm: seq }),
  ras('DRJ', 17, { disengageReject: { ...seq, rejectReason: { requestToDropOther: null } } }),
  ras(
    'LRQ',
    18,
    {
      locationRequest: {
        ...seq,
        destinationInfo: [
          {
            partyNumber: { e164Number: { publicTypeOfNumber: { nationalNumber: null }, publicNumberDigits: '241234' } },
          },
        ],
        replyAddress: address(1719),
        canMapAlias: true,
        hopCount: 3,
        canMapSrcAlias: false,
      },
    },
    { 'h225.hopCount': '3' },
  ),
  ras('LCF', 19, { locationConfirm: { ...seq, callSignalAddress: address(1720), rasAddress: address(1719) } }),
  ras('LRJ', 20, { locationReject: { ...seq, rejectReason: { notRegistered: null } } }),
  ras('IRQ', 21, {
    infoRequest: { ...seq, callReferenceValue: 0, callIdentifier: { guid }, replyAddress: address(1719) },
  }),
  ras(
    'IRR',
    22,
    {
      infoRequestResponse: {
        ...seq,
        endpointType: terminal,
        endpointIdentifier,
        rasAddress: address(1719),
        callSignalAddress: [address(1720)],
        perCallInfo: [
          {
            ...call,
            originator: true,
            audio: [],
            video: [],
            h245: { recvAddress: address(30_100) },
            callSignaling: { sendAddress: address(1720) },
            callType: { pointToPoint: null },
            bandWidth: 7680,
            callModel: { gatekeeperRouted: null },
            substituteConfIDs: [],
          },
        ],
        needResponse: false,
        unsolicited: true,
      },
    },
    { 'h225.callReferenceValue': '321' },
  ),
  ras('XRS', 24, { unknownMessageResponse: { ...seq, messageNotUnderstood: Uint8Array.of(1, 2) } }),
  ras('nonStandardMessage', 23, {
    nonStandardMessage: {
      ...seq,
      nonStandardData: { nonStandardIdentifier: { object: '1.3.6.1.4.1.1' }, data: Uint8Array.of(1) },
    },
  }),
  ras('RIP', 25, { requestInProgress: { ...seq, delay: 5000 } }, { 'h225.delay': '5000' }),
  ras('RAI', 26, {
    resourcesAvailableIndicate: {
      ...seq,
      protocolIdentifier: q931Protocol,
      endpointIdentifier,
      protocols: [h323],
      almostOutOfResources: true,
    },
  }),
  ras('RAC', 27, { resourcesAvailableConfirm: { ...seq, protocolIdentifier: q931Protocol } }),
  ras('IACK', 28, { infoRequestAck: seq }),
  ras('INAK', 29, { infoRequestNak: { ...seq, nakReason: { notRegistered: null } } }),
  ras('SCI', 30, {
    serviceControlIndication: { ...seq, serviceControl: [{ sessionId: 1, reason: { open: null } }] },
  }),
  ras('SCR', 31, { serviceControlResponse: { ...seq, result: { started: null } } }),
];
