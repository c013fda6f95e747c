import type { Kind } from '../../interwork/index.ts';

/** How far the channels of a call have come. */
export type Settlement = 'opening' | 'far side missing' | 'settled' | 'impossible';

/** What decides it. */
export interface SettlementFacts {
  transmit: ReadonlyMap<Kind, 'opening' | 'open'>;
  receive: ReadonlyMap<Kind, 'asked' | 'open'>;
  /** Kinds for which no channel of ours can be opened. */
  impossible: ReadonlySet<Kind>;
  /** Our description has pictures. */
  pictures: boolean;
  /** Theirs are here, and ours acknowledged. */
  capabilitiesExchanged: boolean;
  farKnown: boolean;
  /** Whether the far side has a codec in which it could still open a channel of sound. */
  farSpeaks: () => boolean;
}

/**
 * Whether an answered call has what it needs: sound in both directions, and pictures where both can them. `far side
 * missing` is good enough after a while; `impossible` ends the call. Pure.
 */
export function settlementOf(facts: SettlementFacts): Settlement {
  const { capabilitiesExchanged, impossible, receive, transmit } = facts;
  if (transmit.get('audio') === 'opening') return 'opening';
  const sends = transmit.has('audio');
  const hears = receive.get('audio') === 'open';
  if (sends && hears) return picturesAwaited(facts) ? 'far side missing' : 'settled';
  if (sends || hears)
    return capabilitiesExchanged && !sends && !impossible.has('audio') ? 'opening' : 'far side missing';
  if (!capabilitiesExchanged || !impossible.has('audio')) return 'opening';
  return facts.farSpeaks() ? 'far side missing' : 'impossible';
}

/** Both can pictures, and one direction is still missing. */
function picturesAwaited({ farKnown, impossible, pictures, receive, transmit }: SettlementFacts): boolean {
  if (!pictures || !farKnown || impossible.has('video')) return false;
  return transmit.get('video') !== 'open' || !receive.has('video');
}
