import { decodeH245, encodeH245, type MultimediaSystemControlMessage, OpenLogicalChannel } from '../h245/index.ts';
import { decode, encode } from '../per/index.ts';
import type { H323_UserInformation } from './schema/signalling.ts';

/*
 * H.245 that travels in H.225.0 messages: tunnelled messages (H.323 8.2.1) and the logical channels of fast start
 * (H.323 8.1.7). Each element holds one message in PER of its own.
 */

/** The channels offered or accepted in a call-signalling message, still in PER; its body tells where they are. */
export function fastStartOf(userInformation: H323_UserInformation): Uint8Array[] | undefined {
  const body = userInformation['h323-uu-pdu']['h323-message-body'];
  const carrier = body.setup ?? body.callProceeding ?? body.alerting ?? body.progress ?? body.connect ?? body.facility;
  return carrier?.fastStart;
}

/** @throws PerError */
export function decodeFastStart(elements: readonly Uint8Array[]): OpenLogicalChannel[] {
  return elements.map((element) => decode(OpenLogicalChannel, element));
}

/** @throws PerError */
export function encodeFastStart(channels: readonly OpenLogicalChannel[]): Uint8Array[] {
  return channels.map((channel) => encode(OpenLogicalChannel, channel));
}

/**
 * The H.245 messages in a call-signalling message, in order, still in PER: those of `h245Control`, and those that a SETUP
 * with fast start carries in `parallelH245Control`.
 */
export function tunnelOf(userInformation: H323_UserInformation): Uint8Array[] {
  const pdu = userInformation['h323-uu-pdu'];
  return [...(pdu.h245Control ?? []), ...(pdu['h323-message-body'].setup?.parallelH245Control ?? [])];
}

/** @throws PerError */
export function tunnelledH245(userInformation: H323_UserInformation): MultimediaSystemControlMessage[] {
  return tunnelOf(userInformation).map(decodeH245);
}

/** What goes into `h245Control`. @throws PerError */
export function tunnelH245(messages: readonly MultimediaSystemControlMessage[]): Uint8Array[] {
  return messages.map(encodeH245);
}
