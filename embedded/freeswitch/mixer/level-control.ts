/*
 * Levels evened: a weak telephone line is raised, a loud ceiling microphone lowered, both slowly and within limits. Only
 * sound well above the line's own noise is a measure, so that pauses do not make the noise rise.
 */

/** Mean levels of speech that are left alone; −28 and −17 dBov of a sine, about. */
const quietest = 900;
const loudest = 4_000;
/** +12 and −12 dB. */
const mostGain = 4;
const leastGain = 0.25;
/** Each beat: 2 dB a second up, 9 dB a second down. */
const up = 1.005;
const down = 0.98;
const speechShare = 0.05;

export class LevelControl {
  private speech = 0;
  private noise = 50;
  gain = 1;

  /** Takes a frame's mean level (0…32767); answers the gain for it. */
  next(level: number): number {
    this.noise =
      level < this.noise ? this.noise + (level - this.noise) * 0.3 : Math.min(this.noise * 1.002 + 0.01, 400);
    if (level < this.noise * 3 || level < 60) return this.gain;
    this.speech = this.speech === 0 ? level : this.speech + (level - this.speech) * speechShare;
    const wanted = this.speech < quietest ? quietest / this.speech : this.speech > loudest ? loudest / this.speech : 1;
    const aim = wanted > mostGain ? mostGain : Math.max(wanted, leastGain);
    if (this.gain < aim) this.gain = Math.min(aim, this.gain * up);
    else this.gain = Math.max(aim, this.gain * down);
    return this.gain;
  }
}
