import {
  encodeFastStart,
  type H323_UserInformation,
  type MessageType,
  type SignallingMessage,
  tunnelH245,
} from '../../../../gateway/h323/h225/index.ts';
import { capabilitySet } from './h245.ts';
import { address, audioChannel, guid, q931Protocol, type Sample, terminal, videoChannel } from './parts.ts';

type Body = H323_UserInformation['h323-uu-pdu']['h323-message-body'];

function signalling(
  type: MessageType,
  body: Body,
  expect: Record<string, string> = {},
  extra: Partial<SignallingMessage> = {},
  pdu: Partial<H323_UserInformation['h323-uu-pdu']> = {},
): Sample<SignallingMessage> {
  return {
    name: type,
    message: {
      type,
      callReference: 321,
      fromDestination: type !== 'setup',
      elements: {},
      userInformation: { 'h323-uu-pdu': { 'h323-message-body': body, h245Tunneling: true, ...pdu } },
      ...extra,
    },
    expect: { 'q931.call_ref': '0141', ...expect },
  };
}

const common = { protocolIdentifier: q931Protocol, callIdentifier: { guid } };
const connection = { multipleCalls: false, maintainConnection: false };

/** Call signalling of every kind. */
export const signallings: Sample<SignallingMessage>[] = [
  signalling(
    'setup',
    {
      setup: {
        ...common,
        ...connection,
        sourceAddress: [{ 'h323-ID': 'Xã Ba Vì' }, { dialedDigits: '0241' }],
        sourceInfo: terminal,
        destinationAddress: [{ dialedDigits: '84*1#' }, { 'url-ID': 'h323:phong@tinh.vn' }],
        destCallSignalAddress: address(1720),
        activeMC: false,
        conferenceID: guid,
        conferenceGoal: { create: null },
        callType: { pointToPoint: null },
        sourceCallSignalAddress: address(1721),
        fastStart: encodeFastStart([audioChannel, videoChannel]),
        mediaWaitForConnect: false,
        canOverlapSend: false,
        hopCount: 17,
      },
    },
    {
      'q931.message_type': '0x05',
      'h225.h323_message_body': '0',
      'h225.h323_ID': 'Xã Ba Vì',
      'h225.dialledDigits': '0241|84*1#',
      'h225.hopCount': '17',
      'h225.fastStart': '2',
      'h225.conferenceGoal': '0',
      'q931.called_party_number.digits': '84',
      'q931.calling_party_number.digits': '0241',
      'h245.forwardLogicalChannelNumber': '101|102',
    },
    {
      elements: {
        bearerCapability: { capability: 'unrestrictedDigital', mode: 'circuit', rate: 384, layer1: 5 },
        display: 'Xa Ba Vi',
        callingPartyNumber: {
          digits: '0241',
          type: 'unknown',
          plan: 'isdn',
          presentation: 'allowed',
          screening: 'userNotScreened',
        },
        calledPartyNumber: { digits: '84', type: 'unknown', plan: 'isdn' },
      },
    },
  ),
  signalling(
    'callProceeding',
    { callProceeding: { ...common, ...connection, destinationInfo: terminal, h245Address: address(30_100) } },
    { 'h225.h323_message_body': '1', 'h225.h245IpPort': '30100', 'h225.h245Ip': '127.0.0.9' },
  ),
  signalling(
    'alerting',
    {
      alerting: { ...common, ...connection, destinationInfo: terminal, fastStart: encodeFastStart([audioChannel]) },
    },
    { 'h225.h323_message_body': '3', 'h225.fastStart': '1' },
    { elements: { progressIndicator: { description: 8, location: 'user' }, signal: 1 } },
  ),
  signalling(
    'connect',
    {
      connect: {
        ...common,
        ...connection,
        destinationInfo: terminal,
        conferenceID: guid,
        connectedAddress: [{ 'h323-ID': 'Phòng họp' }],
      },
    },
    { 'h225.h323_message_body': '2', 'h225.h323_ID': 'Phòng họp', 'h245.request': '2' },
    {},
    { h245Control: tunnelH245([capabilitySet]) },
  ),
  signalling(
    'progress',
    { progress: { ...common, ...connection, destinationInfo: terminal } },
    { 'h225.h323_message_body': '7' },
  ),
  signalling(
    'releaseComplete',
    { releaseComplete: { ...common, reason: { destinationRejection: null } } },
    { 'h225.h323_message_body': '5', 'q931.cause_value': '21' },
    { elements: { cause: { value: 21, location: 'user' } } },
  ),
  signalling(
    'facility',
    {
      facility: {
        ...common,
        ...connection,
        alternativeAddress: address(1720),
        alternativeAliasAddress: [{ dialedDigits: '600' }],
        conferenceID: guid,
        reason: { callForwarded: null },
      },
    },
    { 'h225.h323_message_body': '6', 'h225.dialledDigits': '600' },
  ),
  signalling(
    'facility',
    {
      facility: {
        ...common,
        ...connection,
        conferenceID: guid,
        reason: { startH245: null },
        h245Address: address(30_101),
      },
    },
    { 'h225.h245IpPort': '30101' },
  ),
  signalling('information', { information: common }, { 'h225.h323_message_body': '4' }, { elements: { keypad: '5' } }),
  signalling(
    'status',
    { status: common },
    { 'q931.cause_value': '30' },
    { elements: { cause: { value: 30, location: 'user' }, callState: 10 } },
  ),
  signalling('statusEnquiry', { statusInquiry: common }),
  signalling('setupAcknowledge', { setupAcknowledge: common }),
  signalling(
    'notify',
    { notify: common },
    {},
    { elements: { others: [{ codeset: 0, identifier: 0x27, content: Uint8Array.of(0xf9) }] } },
  ),
];
