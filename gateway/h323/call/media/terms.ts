import type { DataType, OpenLogicalChannel, TerminalCapabilitySet } from '../../h245/index.ts';
import type { HostPort } from '../../ras/interface.ts';
import type { CapabilityContent } from '../control/capability-exchange.ts';

export type Kind = 'audio' | 'video';

/** RTP session numbers of H.323's primary streams (H.245, annex B; H.323, clause 6.2.8.2). */
export const sessionOf: Record<Kind, number> = { audio: 1, video: 2 };

/** A stream of our own description. */
export interface LocalStream {
  kind: Kind;
  rtp: HostPort;
  rtcp: HostPort;
}

/** What a channel carries. */
export interface ChannelFormat {
  dataType: DataType;
  /** For codecs without a fixed one. */
  payloadType?: number;
  /** Object identifier of the RTP payload format, where there is a choice (H.241, clause 7.1.3). */
  packetization?: string;
}

/** A channel as the far side's description needs it. */
export interface DescribedChannel extends ChannelFormat {
  /** Where its media goes: of channels that we transmit on. */
  rtp?: HostPort;
  rtcp?: HostPort;
  /** bit/s, where the far side set a limit. */
  bitRate?: number;
}

/** Capabilities and channels in SDP's terms: pure functions, given by `interwork/`. */
export interface MediaTerms {
  /** The streams that a description of ours has, in its order; refused ones (port 0) are left out. */
  streams(sdp: string): LocalStream[];
  capabilities(sdp: string): CapabilityContent;
  /** Fast start's proposals for both directions, with our addresses, the best first. */
  proposals(sdp: string): OpenLogicalChannel[];
  /** The format to transmit: known to our description and to the far side, the first in the order of either. */
  choose(
    sdp: string,
    far: TerminalCapabilitySet,
    kind: Kind,
    options: { order: 'ours' | 'theirs'; not: readonly DataType[] },
  ): ChannelFormat | undefined;
  /** The stream's kind when our description takes this data type, `undefined` when it does not. */
  takes(sdp: string, dataType: DataType): ChannelFormat | undefined;
  /** Whether the far side said that it receives this. */
  farTakes(far: TerminalCapabilitySet, dataType: DataType): boolean;
  same(a: DataType, b: DataType): boolean;
  /** The far side's description that belongs to the channels that stand. */
  describe(
    local: string,
    channels: Record<Kind, { transmit: DescribedChannel | undefined; receive: DescribedChannel | undefined }>,
    far: TerminalCapabilitySet | undefined,
  ): string;
}

/** Audio or video; `undefined` for everything that is carried in no stream of ours (data, H.239's second picture). */
export function kindOf(dataType: DataType): Kind | undefined {
  if (dataType.audioData !== undefined) return 'audio';
  if (dataType.videoData !== undefined && dataType.videoData.extendedVideoCapability === undefined) return 'video';
  return undefined;
}
