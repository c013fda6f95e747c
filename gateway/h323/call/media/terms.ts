import type { DataType } from '../../h245/index.ts';
import type { Kind, mediaTerms } from '../../interwork/index.ts';

/** Capabilities and channels in SDP's terms; given to a call, so that a test may narrow them. */
export type MediaTerms = typeof mediaTerms;

/** RTP session numbers of H.323's primary streams (H.323, clause 6.2.8.2). */
export const sessionOf: Record<Kind, number> = { audio: 1, video: 2 };

/** Audio or video; `undefined` for everything that is carried in no stream of ours (data, H.239's second picture). */
export function kindOf(dataType: DataType): Kind | undefined {
  if (dataType.audioData !== undefined) return 'audio';
  if (dataType.videoData !== undefined && dataType.videoData.extendedVideoCapability === undefined) return 'video';
  return undefined;
}
