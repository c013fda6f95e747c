import type { Capability, DataType, GenericCapability, TerminalCapabilitySet } from '../h245/index.ts';
import { audioOf } from './audio-capability.ts';
import type { Format, Kind } from './format.ts';
import { packetizationMode } from './h264-capability.ts';
import { videoOf } from './video-capability.ts';

/* What a far side said that it receives, as plain data. Pure. */

/** One entry of its table that we can send to. */
export interface FarCapability {
  /** Number in its table. */
  number: number;
  kind: Kind;
  /** As it told it: a channel of this type is within what it takes. */
  dataType: DataType;
  /** Usually one; H.263 of 1998 reads both packet formats. */
  formats: Format[];
}

/** Abilities beside sound and the main picture. */
export interface FarFeatures {
  /** Second picture under H.239: the control capability, or a video capability with a role. */
  presentation: boolean;
  /** Far-end camera control (H.224 with H.281). */
  farEndCamera: boolean;
  /** Media encryption (H.235.6); `required` when no clear channel is offered. */
  encryption: 'none' | 'offered' | 'required';
  digits: { signal: boolean; alphanumeric: boolean; events: { payloadType: number; range: string } | undefined };
}

export interface FarCapabilities {
  capabilities: FarCapability[];
  /** Descriptors: each is a list of alternatives of which one at a time can be used, by table number. */
  simultaneous: number[][][];
  features: FarFeatures;
}

const presentationControl = '0.0.8.239.1.1';
const farEndCameraData = '0.0.8.224.1.0';

/** Reads a capability set; entries that we do not know are left out. */
export function farCapabilities(set: TerminalCapabilitySet): FarCapabilities {
  const modes = packetizationModes(set);
  const capabilities: FarCapability[] = [];
  const secured = new Map<number, number>();
  const features: FarFeatures = {
    presentation: false,
    farEndCamera: false,
    encryption: 'none',
    digits: { signal: false, alphanumeric: false, events: undefined },
  };
  for (const { capability, capabilityTableEntryNumber: number } of set.capabilityTable ?? []) {
    if (capability === undefined) continue;
    const media = mediaOf(capability);
    if (media !== undefined) {
      const formats = formatsOfDataType(media.dataType, modes);
      if (formats.length > 0) capabilities.push({ number, ...media, formats });
    }
    if (capability.h235SecurityCapability !== undefined) {
      secured.set(number, capability.h235SecurityCapability.mediaCapability);
    }
    readFeatures(capability, features);
  }
  const simultaneous = (set.capabilityDescriptors ?? []).flatMap(({ simultaneousCapabilities }) =>
    simultaneousCapabilities === undefined ? [] : [simultaneousCapabilities],
  );
  if (secured.size > 0) {
    // A secured entry wraps a clear one; the clear one is offered by itself only where a descriptor lists it.
    const listed = new Set(simultaneous.flat(2));
    const clear = capabilities.some(({ number }) => listed.size === 0 || listed.has(number));
    features.encryption = clear ? 'offered' : 'required';
  }
  return { capabilities, simultaneous, features };
}

/** The formats of a channel's type; empty for what we do not map (secured, data, a second picture). */
export function formatsOfDataType(dataType: DataType, modes: readonly number[] = [0, 1]): Format[] {
  if (dataType.audioData !== undefined) {
    const format = audioOf(dataType.audioData);
    return format === undefined ? [] : [format];
  }
  return dataType.videoData === undefined ? [] : (videoOf(dataType.videoData, modes) ?? []);
}

/** H.264 packetization modes that the set lists; a single NAL unit a packet is always understood (H.241, annex A). */
export function packetizationModes(set: TerminalCapabilitySet | undefined): number[] {
  const listed = set?.multiplexCapability?.h2250Capability?.mediaPacketizationCapability.rtpPayloadType ?? [];
  const modes = listed.map(({ payloadDescriptor }) => packetizationMode(payloadDescriptor.oid));
  return [...new Set([0, ...modes.filter((mode) => mode !== undefined)])];
}

function mediaOf(capability: Capability): { kind: Kind; dataType: DataType } | undefined {
  const audioData = capability.receiveAudioCapability ?? capability.receiveAndTransmitAudioCapability;
  if (audioData !== undefined) return { kind: 'audio', dataType: { audioData } };
  const videoData = capability.receiveVideoCapability ?? capability.receiveAndTransmitVideoCapability;
  return videoData === undefined ? undefined : { kind: 'video', dataType: { videoData } };
}

function readFeatures(capability: Capability, features: FarFeatures): void {
  const { digits } = features;
  const input = capability.receiveUserInputCapability ?? capability.receiveAndTransmitUserInputCapability;
  if (input?.dtmf !== undefined) digits.signal = true;
  if (input?.basicString !== undefined || input?.iA5String !== undefined || input?.generalString !== undefined) {
    digits.alphanumeric = true;
  }
  const events = capability.receiveRTPAudioTelephonyEventCapability;
  if (events !== undefined) {
    digits.events = { payloadType: events.dynamicRTPPayloadType, range: eventRange(events.audioTelephoneEvent) };
  }
  const video = capability.receiveVideoCapability ?? capability.receiveAndTransmitVideoCapability;
  if (video?.extendedVideoCapability !== undefined) features.presentation = true;
  if (isStandard(capability.genericControlCapability, presentationControl)) features.presentation = true;
  const data =
    capability.receiveDataApplicationCapability ??
    capability.receiveAndTransmitDataApplicationCapability ??
    capability.transmitDataApplicationCapability;
  const { application } = data ?? {};
  if (application?.h224 !== undefined || isStandard(application?.genericDataCapability, farEndCameraData)) {
    features.farEndCamera = true;
  }
}

function isStandard(capability: GenericCapability | undefined, identifier: string): boolean {
  return capability?.capabilityIdentifier.standard === identifier;
}

/** Events as SDP writes them (RFC 4733, clause 2.4.1); what is no such list becomes the twelve keys and A to D. */
function eventRange(told: string): string {
  return /^\d{1,3}(-\d{1,3})?(,\d{1,3}(-\d{1,3})?)*$/.test(told) ? told : '0-15';
}

/**
 * Whether two entries may be used at once: some descriptor lists them in different sets of alternatives. A side without
 * descriptors takes all.
 */
export function together({ simultaneous }: FarCapabilities, a: number, b: number): boolean {
  if (simultaneous.length === 0) return true;
  return simultaneous.some((sets) =>
    sets.some((set, place) => set.includes(a) && sets.some((other, at) => at !== place && other.includes(b))),
  );
}

/** Capabilities of a kind that can be used, in the far side's order: that of its descriptors, else of its table. */
export function usable({ capabilities, simultaneous }: FarCapabilities, kind: Kind): FarCapability[] {
  const ofKind = capabilities.filter((one) => one.kind === kind);
  if (simultaneous.length === 0) return ofKind;
  const order = [...new Set(simultaneous.flat(2))];
  return order.flatMap((number) => ofKind.filter((one) => one.number === number));
}
