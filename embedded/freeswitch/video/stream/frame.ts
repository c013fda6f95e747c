import type { SequenceParameters } from '../h264/sps.ts';
import type { PictureSize, VideoCodec } from '../sdp/format.ts';

/** One picture on its way: all that came of one RTP time stamp. */
export interface Frame {
  codec: VideoCodec;
  /** The source's, at 90 kHz. */
  timestamp: number;
  /** When its last packet came, by the monotonic clock. */
  atMs: number;
  /** NAL units for H.264; for the older codecs the payloads of its packets. */
  units: readonly Uint8Array[];
  /** Packets of it, or before it, are missing. */
  damaged: boolean;
  /** A decoder can start with it. */
  key: boolean;
  /** Size, for the older codecs and key frames. */
  size: PictureSize | undefined;
  bytes: number;
  /** Cut into packets with room for a header, by how they are cut: shared by all viewers who take them so. */
  cuts: Map<number, Buffer[]>;
}

/** What is known of a source's stream, for deciding who can be sent it. */
export interface StreamFacts {
  codec: VideoCodec;
  /** Newest parameter sets, to go before a key frame that brings none. */
  sps: Uint8Array | undefined;
  pps: readonly Uint8Array[];
  parameters: SequenceParameters | undefined;
  size: PictureSize | undefined;
  framesPerSecond: number;
  /** bit/s. */
  bitrate: number;
  /** Longest NAL unit of late: whether it can go unfragmented. */
  longestUnit: number;
}
