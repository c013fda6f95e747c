import { parse } from 'sdp-transform';
import type { DataType, TerminalCapabilitySet } from '../../h245/index.ts';
import { mediaAddress } from './address.ts';
import type { ChannelFormat, MediaTerms } from './terms.ts';

const law = (name: string): DataType =>
  name === 'PCMA' ? { audioData: { g711Alaw64k: 20 } } : { audioData: { g711Ulaw64k: 20 } };
const nameOf = (dataType: DataType): string | undefined =>
  dataType.audioData?.g711Alaw64k !== undefined
    ? 'PCMA'
    : dataType.audioData?.g711Ulaw64k !== undefined
      ? 'PCMU'
      : undefined;

function names(sdp: string): string[] {
  const audio = parse(sdp).media.find(({ type, port }) => type === 'audio' && port !== 0);
  return String(audio?.payloads ?? '')
    .split(' ')
    .flatMap((type) => (type === '8' ? ['PCMA'] : type === '0' ? ['PCMU'] : []));
}

function farNames(far: TerminalCapabilitySet): string[] {
  return (far.capabilityTable ?? []).flatMap(({ capability }) => {
    const audioData = capability?.receiveAudioCapability ?? capability?.receiveAndTransmitAudioCapability;
    const name = audioData === undefined ? undefined : nameOf({ audioData });
    return name === undefined ? [] : [name];
  });
}

export const g711Terms: MediaTerms = {
  streams: (sdp) => {
    const description = parse(sdp);
    return description.media
      .filter(({ type, port }) => type === 'audio' && port !== 0)
      .map((media) => {
        const host = media.connection?.ip ?? description.connection?.ip ?? '127.0.0.1';
        return { kind: 'audio', rtp: { host, port: media.port }, rtcp: { host, port: media.port + 1 } };
      });
  },
  capabilities: (sdp) => ({
    protocolIdentifier: '0.0.8.245.0.8',
    multiplexCapability: {
      h2250Capability: {
        maximumAudioDelayJitter: 200,
        receiveMultipointCapability: multipoint,
        transmitMultipointCapability: multipoint,
        receiveAndTransmitMultipointCapability: multipoint,
        mcCapability: { centralizedConferenceMC: false, decentralizedConferenceMC: false },
        rtcpVideoControlCapability: false,
        mediaPacketizationCapability: { h261aVideoPacketization: false },
      },
    },
    capabilityTable: [
      ...names(sdp).map((name, place) => ({
        capabilityTableEntryNumber: place + 1,
        capability: { receiveAudioCapability: law(name).audioData! },
      })),
      { capabilityTableEntryNumber: 10, capability: { receiveUserInputCapability: { basicString: null } } },
      { capabilityTableEntryNumber: 11, capability: { receiveUserInputCapability: { dtmf: null } } },
    ],
    capabilityDescriptors: [
      {
        capabilityDescriptorNumber: 0,
        simultaneousCapabilities: [names(sdp).map((_name, place) => place + 1), [10], [11]],
      },
    ],
  }),
  proposals: (sdp) => {
    const [stream] = g711Terms.streams(sdp);
    if (stream === undefined) return [];
    return names(sdp).flatMap((name, place) => {
      const own = { sessionID: 1, mediaGuaranteedDelivery: false, mediaControlChannel: mediaAddress(stream.rtcp) };
      return [
        {
          forwardLogicalChannelNumber: place * 2 + 1,
          forwardLogicalChannelParameters: { dataType: { nullData: null }, multiplexParameters: { none: null } },
          reverseLogicalChannelParameters: {
            dataType: law(name),
            multiplexParameters: { h2250LogicalChannelParameters: { ...own, mediaChannel: mediaAddress(stream.rtp) } },
          },
        },
        {
          forwardLogicalChannelNumber: place * 2 + 2,
          forwardLogicalChannelParameters: {
            dataType: law(name),
            multiplexParameters: { h2250LogicalChannelParameters: own },
          },
        },
      ];
    });
  },
  choose: (sdp, far, kind, { not, order }) => {
    if (kind !== 'audio') return undefined;
    const [first, second] = order === 'ours' ? [names(sdp), farNames(far)] : [farNames(far), names(sdp)];
    const name = first.find((one) => second.includes(one) && !not.some((other) => nameOf(other) === one));
    return name === undefined ? undefined : { dataType: law(name) };
  },
  takes: (sdp, dataType): ChannelFormat | undefined => {
    const name = nameOf(dataType);
    return name !== undefined && names(sdp).includes(name) ? { dataType } : undefined;
  },
  farTakes: (far, dataType) => farNames(far).includes(nameOf(dataType) ?? ''),
  same: (a, b) => nameOf(a) === nameOf(b),
  describe: (_local, { audio }, far) => {
    const { receive, transmit } = audio;
    const dataType = transmit?.dataType ?? receive?.dataType;
    const rtp =
      transmit?.rtp ??
      (receive?.rtcp === undefined ? undefined : { host: receive.rtcp.host, port: receive.rtcp.port - 1 });
    const way = transmit && receive ? 'sendrecv' : transmit ? 'recvonly' : receive ? 'sendonly' : 'inactive';
    const type = dataType !== undefined && nameOf(dataType) === 'PCMU' ? 0 : 8;
    const event = (far?.capabilityTable ?? []).find(
      ({ capability }) => capability?.receiveRTPAudioTelephonyEventCapability,
    )?.capability?.receiveRTPAudioTelephonyEventCapability?.dynamicRTPPayloadType;
    const host = rtp?.host ?? '0.0.0.0';
    return [
      'v=0',
      `o=- 1 1 IN IP4 ${host}`,
      's=-',
      `c=IN IP4 ${host}`,
      't=0 0',
      `m=audio ${rtp?.port ?? 9} RTP/AVP ${type}${event === undefined ? '' : ` ${event}`}`,
      ...(event === undefined ? [] : [`a=rtpmap:${event} telephone-event/8000`]),
      `a=${way}`,
      '',
    ].join('\r\n');
  },
};

const multipoint = {
  multicastCapability: false,
  multiUniCastConference: false,
  mediaDistributionCapability: [
    {
      centralizedControl: false,
      distributedControl: false,
      centralizedAudio: false,
      distributedAudio: false,
      centralizedVideo: false,
      distributedVideo: false,
    },
  ],
};
