import type {
  H2250LogicalChannelParameters,
  OpenLogicalChannel,
  OpenLogicalChannelAck,
  OpenLogicalChannelReject,
} from '../../h245/index.ts';
import type { ChannelFormat, Kind, LocalStream } from '../../interwork/index.ts';
import type { HostPort } from '../../ras/interface.ts';
import { mediaAddress, mediaHostPort } from './address.ts';
import { sessionOf } from './terms.ts';

/* Logical channels as messages (H.245, clause 7.3; H.323, clause 8.3). Pure. */

type Cause = OpenLogicalChannelReject['cause'];

/** A channel that the far side opens, as far as it was understood. */
export interface FarChannel extends ChannelFormat {
  number: number;
  sessionId: number;
  rtcp: HostPort | undefined;
}

/** The request that opens a channel of ours. */
export function openRequest(
  number: number,
  kind: Kind,
  format: ChannelFormat,
  stream: LocalStream,
): OpenLogicalChannel {
  return {
    forwardLogicalChannelNumber: number,
    forwardLogicalChannelParameters: {
      dataType: format.dataType,
      multiplexParameters: { h2250LogicalChannelParameters: parameters(sessionOf[kind], stream, format) },
    },
  };
}

/** RTP parameters of a channel (H.245, annex B), without an address for its media. */
export function parameters(
  sessionID: number,
  { rtcp }: LocalStream,
  { packetization, payloadType }: ChannelFormat,
): H2250LogicalChannelParameters {
  const dynamic = payloadType !== undefined && payloadType >= 96;
  return {
    sessionID,
    mediaGuaranteedDelivery: false,
    mediaControlChannel: mediaAddress(rtcp),
    ...(dynamic ? { dynamicRTPPayloadType: payloadType } : {}),
    ...(dynamic && packetization !== undefined
      ? { mediaPacketization: { rtpPayloadType: { payloadDescriptor: { oid: packetization }, payloadType } } }
      : {}),
  };
}

/** What the far side wants to send, or why a channel like this cannot be. */
export function readOpenRequest(channel: OpenLogicalChannel): FarChannel | { refuse: Cause } {
  const { dataType, multiplexParameters } = channel.forwardLogicalChannelParameters;
  if (dataType.unknownChoice !== undefined) return { refuse: { unknownDataType: null } };
  if (channel.reverseLogicalChannelParameters !== undefined) return { refuse: { unsuitableReverseParameters: null } };
  const found = multiplexParameters.h2250LogicalChannelParameters;
  if (found === undefined) return { refuse: { unspecified: null } };
  return {
    number: channel.forwardLogicalChannelNumber,
    sessionId: found.sessionID,
    dataType,
    ...payloadOf(found),
    rtcp: mediaHostPort(found.mediaControlChannel),
  };
}

/** Payload type and payload format that a channel's parameters tell. */
export function payloadOf(found: H2250LogicalChannelParameters): { payloadType?: number; packetization?: string } {
  const told = found.mediaPacketization?.rtpPayloadType;
  const payloadType = found.dynamicRTPPayloadType ?? told?.payloadType;
  const packetization = told?.payloadDescriptor.oid;
  return {
    ...(payloadType === undefined ? {} : { payloadType }),
    ...(packetization === undefined ? {} : { packetization }),
  };
}

/** The answer that tells the far side where its media goes. */
export function openAck(number: number, sessionId: number, stream: LocalStream): OpenLogicalChannelAck {
  return {
    forwardLogicalChannelNumber: number,
    forwardMultiplexAckParameters: {
      h2250LogicalChannelAckParameters: {
        sessionID: sessionId === 0 ? sessionOf[stream.kind] : sessionId,
        mediaChannel: mediaAddress(stream.rtp),
        mediaControlChannel: mediaAddress(stream.rtcp),
        flowControlToZero: false,
      },
    },
  };
}

/** Where the far side takes the media of our channel; RTCP one port above where it does not say. */
export function readOpenAck(ack: OpenLogicalChannelAck): { rtp: HostPort; rtcp: HostPort } | undefined {
  const found = ack.forwardMultiplexAckParameters?.h2250LogicalChannelAckParameters;
  const rtp = mediaHostPort(found?.mediaChannel);
  if (rtp === undefined) return undefined;
  return { rtp, rtcp: mediaHostPort(found?.mediaControlChannel) ?? { host: rtp.host, port: rtp.port + 1 } };
}
