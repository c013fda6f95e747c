import type { MultimediaSystemControlMessage } from '../../h245/index.ts';

/**
 * What an H.245 signalling entity (H.245, Annex C) may do to the world: it owns no socket and no clock. A test gives it
 * a port that writes down what it did.
 */
export interface EntityPort {
  send(message: MultimediaSystemControlMessage): void;
  /** Starts the timer of that name, or starts it again; its end comes back as `timeout(name)`. */
  startTimer(name: string, ms: number): void;
  stopTimer(name: string): void;
}

/** How long each answer is waited for, ms (H.245, clause C.1, leaves the values to the implementation). */
export const waitMs = {
  /** Master/slave determination. */
  T106: 10_000,
  /** Capability exchange. */
  T101: 10_000,
  /** Logical channel opening and closing. */
  T103: 10_000,
  /** Close request. */
  T108: 5_000,
  /** Round trip delay. */
  T105: 8_000,
} as const;
