/* A codec with its parameters, in terms that neither SDP nor H.245 owns. */

export type Kind = 'audio' | 'video';

export interface HostPort {
  host: string;
  port: number;
}

export interface AudioFormat {
  kind: 'audio';
  codec: 'PCMA' | 'PCMU' | 'G722' | 'G7221' | 'G729' | 'G723' | 'GSM';
  /** Sound in one packet, in ms: the most that a receiver takes. */
  packetMs: number;
  /** bit/s, where the codec has several rates (G.722.1). */
  bitRate?: number;
  /** Sampling rate, Hz, where a codec's name does not settle it: G.722.1 is 16,000, its Annex C 32,000. */
  clockHz?: number;
  /** Silence suppression is understood: Annex B of G.729, Annex A of G.723.1. */
  silence?: boolean;
}

/** Minimum picture interval for each size, in units of 1/29.97 s: 1 is 30 pictures a second, 2 is 15. */
export interface PictureIntervals {
  sqcif?: number;
  qcif?: number;
  cif?: number;
  cif4?: number;
  cif16?: number;
}

/** H.261, H.263 of 1996 (payload format RFC 2190), H.263 of 1998 (RFC 4629). */
export interface OlderVideoFormat {
  kind: 'video';
  codec: 'H261' | 'H263' | 'H263-1998';
  intervals: PictureIntervals;
  /** bit/s. */
  bitRate?: number;
}

/** Profiles of H.264, by the names of H.241's table 8.3. */
export type H264Profile = 'baseline' | 'main' | 'extended' | 'high';

export interface H264Format {
  kind: 'video';
  codec: 'H264';
  /** Any of them is taken. */
  profiles: readonly H264Profile[];
  /** Level as in level_idc (31 is level 3.1); 9 is level 1b. */
  level: number;
  /** What is taken beyond the level, in SDP's units (RFC 6184, clause 8.1). */
  beyond: H264Beyond;
  /** Packetization modes taken (RFC 6184, clause 6.2). */
  modes: readonly number[];
  /** bit/s. */
  bitRate?: number;
}

export interface H264Beyond {
  /** Macroblocks a second. */
  maxMbps?: number;
  /** Macroblocks a second of pictures that repeat much. */
  maxStaticMbps?: number;
  /** Macroblocks a picture. */
  maxFs?: number;
  /** Decoded picture buffer, in units of 1,024 bytes. */
  maxDpb?: number;
  /** 1,000 bit/s. */
  maxBr?: number;
}

export type Format = AudioFormat | OlderVideoFormat | H264Format;

/**
 * Whether two sides mean the same codec, such that what one sends the other decodes; how much of it each takes (level,
 * rate, size) is another matter.
 */
export function sameCodec(a: Format, b: Format): boolean {
  if (a.codec !== b.codec) return false;
  if (a.codec === 'H264' && b.codec === 'H264') return a.profiles.some((profile) => b.profiles.includes(profile));
  if (a.codec === 'G7221' && b.codec === 'G7221') return a.bitRate === b.bitRate && a.clockHz === b.clockHz;
  return true;
}

/** Whether a receiver takes what a sender may send. */
export function receives(receiver: Format, sender: Format): boolean {
  if (!sameCodec(receiver, sender)) return false;
  if (receiver.kind === 'audio' && sender.kind === 'audio')
    return receiver.silence !== false || sender.silence !== true;
  return true;
}
