import type { AudioMode, DataType, RequestMode } from '../../h245/index.ts';
import type { ChannelPlan } from './plan.ts';

/* The far side's wish for what we transmit (H.245, clause 7.8). */

/** Packet time that a wish without one is granted with, ms. */
const packetMs = 20;

/** Chooses the first of the modes that we can transmit in, and transmits so. */
export function requestedMode(
  request: RequestMode,
  plan: ChannelPlan,
): 'mostPreferred' | 'lessPreferred' | 'modeUnavailable' | 'requestDenied' {
  for (const [place, description] of request.requestedModes.entries()) {
    const wishes = description.map(({ type }) => (type.audioMode === undefined ? undefined : audioOf(type.audioMode)));
    // A mode is granted whole or not at all; pictures keep the format that was agreed on.
    if (wishes.length === 0 || wishes.some((wish) => wish === undefined)) continue;
    const outcomes = wishes.map((wish) => (wish === undefined ? 'unavailable' : plan.prefer(wish)));
    if (outcomes.every((outcome) => outcome !== 'unavailable')) return place === 0 ? 'mostPreferred' : 'lessPreferred';
  }
  return 'modeUnavailable';
}

function audioOf(mode: AudioMode): DataType | undefined {
  if (mode.g711Alaw64k !== undefined) return { audioData: { g711Alaw64k: packetMs } };
  if (mode.g711Ulaw64k !== undefined) return { audioData: { g711Ulaw64k: packetMs } };
  if (mode['g722-64k'] !== undefined) return { audioData: { 'g722-64k': packetMs } };
  if (mode.g729 !== undefined) return { audioData: { g729: 2 } };
  if (mode.g729AnnexA !== undefined) return { audioData: { g729AnnexA: 2 } };
  return undefined;
}
