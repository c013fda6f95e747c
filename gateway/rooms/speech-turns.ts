/* Who spoke from when to when, out of the moments that voices begin and end. Pure: time is told, ms since 1970. */

/** Silence within a turn: a breath, a thought. */
export const gapMs = 3_000;
/** Speech shorter than this is no turn: a cough, a "yes". */
export const leastMs = 2_000;
/** A longer turn is told in pieces, so that a log that ends early still has it. */
export const mostMs = 300_000;

export interface Turn {
  legId: string;
  fromMs: number;
  toMs: number;
}

interface Speaker {
  fromMs: number;
  /** End of its last words; undefined while it speaks. */
  toMs: number | undefined;
}

/** The turns of one room. */
export class SpeechTurns {
  private readonly speakers = new Map<string, Speaker>();

  talk(legId: string, talking: boolean, nowMs: number): void {
    const speaker = this.speakers.get(legId);
    if (!talking) {
      if (speaker !== undefined) speaker.toMs = nowMs;
    } else if (speaker === undefined) this.speakers.set(legId, { fromMs: nowMs, toMs: undefined });
    else speaker.toMs = undefined;
  }

  /** Turns that are over by now, or long enough to be told. */
  due(nowMs: number): Turn[] {
    const turns: Turn[] = [];
    for (const [legId, speaker] of this.speakers) {
      const { fromMs, toMs } = speaker;
      if (toMs !== undefined && nowMs - toMs >= gapMs) {
        this.speakers.delete(legId);
        if (toMs - fromMs >= leastMs) turns.push({ legId, fromMs, toMs });
      } else if (toMs === undefined && nowMs - fromMs >= mostMs) {
        turns.push({ legId, fromMs, toMs: nowMs });
        speaker.fromMs = nowMs;
      }
    }
    return turns;
  }

  /** A leg left. */
  leave(legId: string, nowMs: number): Turn[] {
    const speaker = this.speakers.get(legId);
    this.speakers.delete(legId);
    if (speaker === undefined) return [];
    const toMs = speaker.toMs ?? nowMs;
    return toMs - speaker.fromMs >= leastMs ? [{ legId, fromMs: speaker.fromMs, toMs }] : [];
  }

  /** The room ends. */
  end(nowMs: number): Turn[] {
    return [...this.speakers.keys()].flatMap((legId) => this.leave(legId, nowMs));
  }
}
