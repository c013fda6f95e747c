import type { MultimediaSystemControlMessage } from '../../../../gateway/h323/h245/index.ts';
import {
  audioChannel,
  h239Control,
  h264,
  media,
  multipoint,
  nullGeneric,
  presentationChannel,
  type Sample,
  unsigned,
  videoChannel,
} from './parts.ts';

const request = (name: string, message: NonNullable<MultimediaSystemControlMessage['request']>, expect = {}) => ({
  name,
  message: { request: message } as MultimediaSystemControlMessage,
  expect,
});
const response = (name: string, message: NonNullable<MultimediaSystemControlMessage['response']>, expect = {}) => ({
  name,
  message: { response: message } as MultimediaSystemControlMessage,
  expect,
});
const command = (name: string, message: NonNullable<MultimediaSystemControlMessage['command']>, expect = {}) => ({
  name,
  message: { command: message } as MultimediaSystemControlMessage,
  expect,
});
const indication = (name: string, message: NonNullable<MultimediaSystemControlMessage['indication']>, expect = {}) => ({
  name,
  message: { indication: message } as MultimediaSystemControlMessage,
  expect,
});

export const capabilitySet: MultimediaSystemControlMessage = {
  request: {
    terminalCapabilitySet: {
      sequenceNumber: 7,
      protocolIdentifier: '0.0.8.245.0.13',
      multiplexCapability: {
        h2250Capability: {
          maximumAudioDelayJitter: 60,
          receiveMultipointCapability: multipoint,
          transmitMultipointCapability: multipoint,
          receiveAndTransmitMultipointCapability: multipoint,
          mcCapability: { centralizedConferenceMC: false, decentralizedConferenceMC: false },
          rtcpVideoControlCapability: true,
          mediaPacketizationCapability: {
            h261aVideoPacketization: false,
            rtpPayloadType: [{ payloadDescriptor: { oid: '0.0.8.241.0.0.0.0' }, payloadType: 109 }],
          },
          logicalChannelSwitchingCapability: false,
          t120DynamicPortCapability: false,
        },
      },
      capabilityTable: [
        { capabilityTableEntryNumber: 1, capability: { receiveAudioCapability: { g711Alaw64k: 20 } } },
        { capabilityTableEntryNumber: 2, capability: { receiveAudioCapability: { 'g722-64k': 60 } } },
        { capabilityTableEntryNumber: 3, capability: { receiveAudioCapability: { g729AnnexAwAnnexB: 6 } } },
        {
          capabilityTableEntryNumber: 4,
          capability: {
            receiveAudioCapability: {
              genericAudioCapability: {
                capabilityIdentifier: { standard: '0.0.7.7221.1.1.0' },
                maxBitRate: 320,
                collapsing: [
                  unsigned(1, 1),
                  { parameterIdentifier: { standard: 2 }, parameterValue: { booleanArray: 64 } },
                ],
              },
            },
          },
        },
        { capabilityTableEntryNumber: 5, capability: { receiveVideoCapability: { genericVideoCapability: h264 } } },
        {
          capabilityTableEntryNumber: 6,
          capability: {
            receiveVideoCapability: {
              h263VideoCapability: {
                qcifMPI: 1,
                cifMPI: 1,
                maxBitRate: 7680,
                unrestrictedVector: false,
                arithmeticCoding: false,
                advancedPrediction: false,
                pbFrames: false,
                temporalSpatialTradeOffCapability: false,
                errorCompensation: false,
              },
            },
          },
        },
        {
          capabilityTableEntryNumber: 7,
          capability: {
            receiveVideoCapability: {
              h261VideoCapability: {
                cifMPI: 1,
                temporalSpatialTradeOffCapability: false,
                maxBitRate: 7680,
                stillImageTransmission: false,
                videoBadMBsCap: false,
              },
            },
          },
        },
        { capabilityTableEntryNumber: 8, capability: { receiveAndTransmitUserInputCapability: { dtmf: null } } },
        {
          capabilityTableEntryNumber: 9,
          capability: {
            receiveRTPAudioTelephonyEventCapability: { dynamicRTPPayloadType: 101, audioTelephoneEvent: '0-16' },
          },
        },
        { capabilityTableEntryNumber: 10, capability: { genericControlCapability: h239Control } },
      ],
      capabilityDescriptors: [
        {
          capabilityDescriptorNumber: 0,
          simultaneousCapabilities: [
            [1, 2, 3, 4],
            [5, 6, 7],
            [8, 9],
          ],
        },
      ],
    },
  },
};

const channel = { logicalChannelNumber: 102 };
/** H.245 messages of every kind that a room codec uses. */
export const controls: Sample<MultimediaSystemControlMessage>[] = [
  {
    name: 'terminalCapabilitySet',
    message: capabilitySet,
    expect: {
      'h245.request': '2',
      'h245.sequenceNumber': '7',
      'h245.protocolIdentifier': '0.0.8.245.0.13',
      'h245.capabilityTableEntryNumber': '1|2|3|4|5|6|7|8|9|10',
      'h245.g711Alaw64k': '20',
      'h245.g722_64k': '60',
      'h245.unsignedMin': '1|71|216|15',
      'h245.dynamicRTPPayloadType': '101',
      'h245.audioTelephoneEvent': '0-16',
    },
  },
  response(
    'terminalCapabilitySetAck',
    { terminalCapabilitySetAck: { sequenceNumber: 7 } },
    { 'h245.sequenceNumber': '7' },
  ),
  response(
    'terminalCapabilitySetReject',
    {
      terminalCapabilitySetReject: {
        sequenceNumber: 7,
        cause: { tableEntryCapacityExceeded: { noneProcessed: null } },
      },
    },
    { 'h245.response': '4' },
  ),
  request(
    'terminalCapabilitySet without capabilities (pause)',
    { terminalCapabilitySet: { sequenceNumber: 8, protocolIdentifier: '0.0.8.245.0.13' } },
    { 'h245.sequenceNumber': '8' },
  ),
  request(
    'masterSlaveDetermination',
    { masterSlaveDetermination: { terminalType: 60, statusDeterminationNumber: 0xabcdef } },
    { 'h245.terminalType': '60', 'h245.statusDeterminationNumber': String(0xabcdef) },
  ),
  response(
    'masterSlaveDeterminationAck',
    { masterSlaveDeterminationAck: { decision: { slave: null } } },
    { 'h245.decision': '1' },
  ),
  response('masterSlaveDeterminationReject', { masterSlaveDeterminationReject: { cause: { identicalNumbers: null } } }),
  request(
    'openLogicalChannel, audio',
    { openLogicalChannel: audioChannel },
    {
      'h245.forwardLogicalChannelNumber': '101',
      'h245.g711Alaw64k': '20',
      'h245.sessionID': '1',
      'h245.tsapIdentifier': '20000|20001',
    },
  ),
  request(
    'openLogicalChannel, H.264',
    { openLogicalChannel: videoChannel },
    {
      'h245.forwardLogicalChannelNumber': '102',
      'h245.dynamicRTPPayloadType': '109',
      'h245.maxBitRate': '7680',
      'h245.booleanArray': '64',
      'h245.unsignedMin': '71|216|15',
    },
  ),
  request(
    'openLogicalChannel, H.239',
    { openLogicalChannel: presentationChannel },
    { 'h245.sessionID': '3', 'h245.booleanArray': '64|1' },
  ),
  response(
    'openLogicalChannelAck',
    {
      openLogicalChannelAck: {
        forwardLogicalChannelNumber: 102,
        forwardMultiplexAckParameters: {
          h2250LogicalChannelAckParameters: {
            sessionID: 2,
            mediaChannel: media(30_002),
            mediaControlChannel: media(30_003),
            flowControlToZero: false,
          },
        },
      },
    },
    { 'h245.forwardLogicalChannelNumber': '102', 'h245.tsapIdentifier': '30002|30003' },
  ),
  response('openLogicalChannelReject', {
    openLogicalChannelReject: { forwardLogicalChannelNumber: 102, cause: { masterSlaveConflict: null } },
  }),
  request('closeLogicalChannel', {
    closeLogicalChannel: { forwardLogicalChannelNumber: 102, source: { user: null }, reason: { unknown: null } },
  }),
  response('closeLogicalChannelAck', { closeLogicalChannelAck: { forwardLogicalChannelNumber: 102 } }),
  request('requestChannelClose', {
    requestChannelClose: { forwardLogicalChannelNumber: 102, reason: { normal: null } },
  }),
  response('requestChannelCloseAck', { requestChannelCloseAck: { forwardLogicalChannelNumber: 102 } }),
  request('requestMode', {
    requestMode: { sequenceNumber: 1, requestedModes: [[{ type: { audioMode: { g711Alaw64k: null } } }]] },
  }),
  response('requestModeAck', {
    requestModeAck: { sequenceNumber: 1, response: { willTransmitMostPreferredMode: null } },
  }),
  response('requestModeReject', { requestModeReject: { sequenceNumber: 1, cause: { modeUnavailable: null } } }),
  request(
    'roundTripDelayRequest',
    { roundTripDelayRequest: { sequenceNumber: 200 } },
    { 'h245.sequenceNumber': '200' },
  ),
  response('roundTripDelayResponse', { roundTripDelayResponse: { sequenceNumber: 200 } }),
  indication('userInput alphanumeric', { userInput: { alphanumeric: '5#' } }, { 'h245.alphanumeric': '5#' }),
  indication(
    'userInput signal',
    { userInput: { signal: { signalType: '*', duration: 250, rtp: { timestamp: 8000, logicalChannelNumber: 101 } } } },
    { 'h245.signalType': '*', 'h245.duration': '250' },
  ),
  indication(
    'userInput signalUpdate',
    { userInput: { signalUpdate: { duration: 300, rtp: { logicalChannelNumber: 101 } } } },
    { 'h245.duration': '300' },
  ),
  command(
    'flowControlCommand',
    { flowControlCommand: { scope: channel, restriction: { maximumBitRate: 3840 } } },
    { 'h245.maximumBitRate': '3840' },
  ),
  command('videoFastUpdatePicture', { miscellaneousCommand: { ...channel, type: { videoFastUpdatePicture: null } } }),
  command('lostPartialPicture', {
    miscellaneousCommand: {
      ...channel,
      type: { lostPartialPicture: { pictureReference: { pictureNumber: 4 }, firstMB: 1, numberOfMBs: 9 } },
    },
  }),
  command('endSessionCommand', { endSessionCommand: { disconnect: null } }),
  command('sendTerminalCapabilitySet', { sendTerminalCapabilitySet: { genericRequest: null } }),
  command('equaliseDelay', { miscellaneousCommand: { ...channel, type: { equaliseDelay: null } } }),
  command(
    'H.239 presentationTokenRelease',
    {
      genericCommand: {
        messageIdentifier: { standard: '0.0.8.239.2' },
        subMessageIdentifier: 5,
        messageContent: [unsigned(44, 0), unsigned(42, 2)],
      },
    },
    { 'h245.unsignedMin': '0|2' },
  ),
  request(
    'H.239 presentationTokenRequest',
    {
      genericRequest: {
        messageIdentifier: { standard: '0.0.8.239.2' },
        subMessageIdentifier: 3,
        messageContent: [unsigned(44, 0), unsigned(42, 2), unsigned(43, 99)],
      },
    },
    { 'h245.unsignedMin': '0|2|99' },
  ),
  response('H.239 presentationTokenResponse', {
    genericResponse: {
      messageIdentifier: { standard: '0.0.8.239.2' },
      subMessageIdentifier: 4,
      messageContent: [nullGeneric(126), unsigned(44, 0), unsigned(42, 2)],
    },
  }),
  indication('logicalChannelActive', { miscellaneousIndication: { ...channel, type: { logicalChannelActive: null } } }),
  indication('jitterIndication', {
    jitterIndication: { scope: channel, estimatedReceivedJitterMantissa: 1, estimatedReceivedJitterExponent: 2 },
  }),
  indication('functionNotSupported', { functionNotSupported: { cause: { unknownFunction: null } } }),
  indication('functionNotUnderstood', {
    functionNotUnderstood: { request: { roundTripDelayRequest: { sequenceNumber: 3 } } },
  }),
  indication('h2250MaximumSkewIndication', {
    h2250MaximumSkewIndication: { logicalChannelNumber1: 101, logicalChannelNumber2: 102, maximumSkew: 40 },
  }),
  request('conferenceRequest', { conferenceRequest: { terminalListRequest: null } }),
  response('conferenceResponse', {
    conferenceResponse: { terminalListResponse: [{ mcuNumber: 1, terminalNumber: 2 }] },
  }),
  command('conferenceCommand', { conferenceCommand: { cancelMakeTerminalBroadcaster: null } }),
  indication('conferenceIndication', {
    conferenceIndication: { terminalNumberAssign: { mcuNumber: 1, terminalNumber: 2 } },
  }),
  request('multiplexEntrySend', {
    multiplexEntrySend: {
      sequenceNumber: 1,
      multiplexEntryDescriptors: [
        {
          multiplexTableEntryNumber: 1,
          elementList: [
            {
              type: {
                subElementList: [
                  { type: { logicalChannelNumber: 1 }, repeatCount: { finite: 5 } },
                  { type: { logicalChannelNumber: 2 }, repeatCount: { finite: 6 } },
                ],
              },
              repeatCount: { untilClosingFlag: null },
            },
          ],
        },
      ],
    },
  }),
];
