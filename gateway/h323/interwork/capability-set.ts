import type { CapabilityTableEntry, RTPPayloadType, TerminalCapabilitySet } from '../h245/index.ts';
import { audioCapabilities } from './audio-capability.ts';
import { type AudioFormat, type H264Format, type OlderVideoFormat, sameCodec } from './format.ts';
import { packetizationOf } from './h264-capability.ts';
import { type PlacedFormat, sectionsOf } from './sdp-section.ts';
import { videoCapability } from './video-capability.ts';

/* Our description as a TerminalCapabilitySet (H.245, clause 7.2; H.323, clause 6.2.8.1). Pure. */

/** H.245 version 8 (2000/11): the oldest with all that we tell. */
const protocolIdentifier = '0.0.8.245.0.8';
/** How much jitter we even out, ms. */
const maximumAudioDelayJitter = 200;

/** What we can receive. */
export function capabilitiesOf(sdp: string): Omit<TerminalCapabilitySet, 'sequenceNumber'> {
  const sections = sectionsOf(sdp);
  const audio = sections.find(({ kind }) => kind === 'audio');
  const video = sections.find(({ kind }) => kind === 'video');
  const table: CapabilityTableEntry[] = [];
  const add = (capability: NonNullable<CapabilityTableEntry['capability']>): number => {
    const number = table.length + 1;
    table.push({ capabilityTableEntryNumber: number, capability });
    return number;
  };
  const sounds = (audio?.formats ?? [])
    .flatMap(({ format }) => (format.kind === 'audio' ? audioCapabilities(format) : []))
    .map((receiveAudioCapability) => add({ receiveAudioCapability }));
  const pictures = videoFormats(video?.formats ?? []).map((format) =>
    add({ receiveVideoCapability: videoCapability(format) }),
  );
  const digits = [
    add({ receiveAndTransmitUserInputCapability: { basicString: null } }),
    add({ receiveAndTransmitUserInputCapability: { dtmf: null } }),
  ];
  if (audio?.events !== undefined) {
    const { payloadType, range } = audio.events;
    digits.push(
      add({
        receiveRTPAudioTelephonyEventCapability: { dynamicRTPPayloadType: payloadType, audioTelephoneEvent: range },
      }),
    );
  }
  const sets = [sounds, pictures, ...digits.map((number) => [number])].filter((set) => set.length > 0);
  return {
    protocolIdentifier,
    multiplexCapability: { h2250Capability: multiplex(video?.formats ?? []) },
    capabilityTable: table,
    capabilityDescriptors: [{ capabilityDescriptorNumber: 0, simultaneousCapabilities: sets }],
  };
}

/** One for each codec and profile: what SDP lists once for each packetization mode is one capability. */
function videoFormats(placed: readonly PlacedFormat[]): (H264Format | OlderVideoFormat)[] {
  const found: (H264Format | OlderVideoFormat)[] = [];
  for (const { format } of placed) {
    if (format.kind === 'audio') continue;
    // With its options, the capability of 1998 stands for that of 1996 too.
    const covered = found.some(
      (one) => sameCodec(one, format) || (one.codec === 'H263-1998' && format.codec === 'H263'),
    );
    if (!covered) found.push(format);
  }
  return found;
}

function multiplex(video: readonly PlacedFormat[]) {
  const rtpPayloadType = video.flatMap(({ format, payloadType }): RTPPayloadType[] =>
    format.codec === 'H264'
      ? format.modes.map((mode) => ({ payloadDescriptor: { oid: packetizationOf(mode) }, payloadType }))
      : [],
  );
  return {
    maximumAudioDelayJitter,
    receiveMultipointCapability: multipoint,
    transmitMultipointCapability: multipoint,
    receiveAndTransmitMultipointCapability: multipoint,
    mcCapability: { centralizedConferenceMC: false, decentralizedConferenceMC: false },
    rtcpVideoControlCapability: false,
    mediaPacketizationCapability: {
      h261aVideoPacketization: false,
      ...(rtpPayloadType.length === 0 ? {} : { rtpPayloadType }),
    },
  };
}

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

/** The first capability that tells a format: for fast start. */
export function plainCapability(format: AudioFormat) {
  // With silence suppression the type comes first, without it is what most take.
  return audioCapabilities({ ...format, ...(format.codec === 'G729' ? { silence: false } : {}) })[0];
}
