import type { EndpointType, TransportAddress } from '../../../../gateway/h323/h225/index.ts';
import type {
  GenericParameter,
  TransportAddress as H245Address,
  OpenLogicalChannel,
} from '../../../../gateway/h323/h245/index.ts';

/* What messages of a room codec and a gatekeeper are made of, as our own code would make them. */

/** A message, and fields of it as another decoder must read them. */
export interface Sample<M> {
  name: string;
  message: M;
  expect: Record<string, string>;
}

export const guid = Uint8Array.from({ length: 16 }, (_, place) => 0xa0 + place);
export const q931Protocol = '0.0.8.2250.0.7';
export const vendor = {
  vendor: { t35CountryCode: 0xb5, t35Extension: 0, manufacturerCode: 0x1234 },
  productId: new TextEncoder().encode('diemcau'),
  versionId: new TextEncoder().encode('1'),
};
export const terminal: EndpointType = { vendor, terminal: {}, mc: false, undefinedNode: false };
export const address = (port: number): TransportAddress => ({ ipAddress: { ip: Uint8Array.of(127, 0, 0, 9), port } });
export const media = (port: number): H245Address => ({
  unicastAddress: { iPAddress: { network: Uint8Array.of(127, 0, 0, 9), tsapIdentifier: port } },
});

export const nullGeneric = (standard: number): GenericParameter => ({
  parameterIdentifier: { standard },
  parameterValue: { logical: null },
});
export const unsigned = (standard: number, unsignedMin: number): GenericParameter => ({
  parameterIdentifier: { standard },
  parameterValue: { unsignedMin },
});
/** H.241 H.264: profile, level, custom maxima of macroblocks. */
export const h264 = {
  capabilityIdentifier: { standard: '0.0.8.241.0.0.1' },
  maxBitRate: 7680,
  collapsing: [
    { parameterIdentifier: { standard: 41 }, parameterValue: { booleanArray: 64 } },
    unsigned(42, 71),
    unsigned(3, 216),
    unsigned(4, 15),
  ],
};
export const h239Control = { capabilityIdentifier: { standard: '0.0.8.239.1.1' }, nonCollapsing: [nullGeneric(1)] };
const distribution = {
  centralizedControl: false,
  distributedControl: false,
  centralizedAudio: true,
  distributedAudio: false,
  centralizedVideo: true,
  distributedVideo: false,
};
export const multipoint = {
  multicastCapability: false,
  multiUniCastConference: false,
  mediaDistributionCapability: [distribution],
};

export const audioChannel: OpenLogicalChannel = {
  forwardLogicalChannelNumber: 101,
  forwardLogicalChannelParameters: {
    dataType: { audioData: { g711Alaw64k: 20 } },
    multiplexParameters: {
      h2250LogicalChannelParameters: {
        sessionID: 1,
        mediaChannel: media(20_000),
        mediaControlChannel: media(20_001),
        mediaGuaranteedDelivery: false,
        silenceSuppression: false,
      },
    },
  },
};
export const videoChannel: OpenLogicalChannel = {
  forwardLogicalChannelNumber: 102,
  forwardLogicalChannelParameters: {
    dataType: { videoData: { genericVideoCapability: h264 } },
    multiplexParameters: {
      h2250LogicalChannelParameters: {
        sessionID: 2,
        mediaControlChannel: media(20_003),
        dynamicRTPPayloadType: 109,
        mediaPacketization: {
          rtpPayloadType: { payloadDescriptor: { oid: '0.0.8.241.0.0.0.0' }, payloadType: 109 },
        },
      },
    },
  },
};
export const presentationChannel: OpenLogicalChannel = {
  forwardLogicalChannelNumber: 103,
  forwardLogicalChannelParameters: {
    dataType: {
      videoData: {
        extendedVideoCapability: {
          videoCapability: [{ genericVideoCapability: h264 }],
          videoCapabilityExtension: [
            {
              capabilityIdentifier: { standard: '0.0.8.239.1.2' },
              collapsing: [{ parameterIdentifier: { standard: 1 }, parameterValue: { booleanArray: 1 } }],
            },
          ],
        },
      },
    },
    multiplexParameters: { h2250LogicalChannelParameters: { sessionID: 3, mediaControlChannel: media(20_005) } },
  },
};
