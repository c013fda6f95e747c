/* Something like speech in A-law: bursts of voiced sound with pauses, another voice for each number. */

const beats = 250;
const voices = 16;

/** A-law code of a sample (ITU-T G.711). */
function aLaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = Math.min(32_767, Math.abs(Math.round(sample))) >> 4;
  let exponent = 0;
  while (exponent < 7 && magnitude >> (exponent + 5) !== 0) exponent++;
  const mantissa = exponent === 0 ? (magnitude >> 1) & 15 : (magnitude >> exponent) & 15;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}

const frames: Uint8Array[][] = Array.from({ length: voices }, (_, voice) =>
  Array.from({ length: beats }, (_, beat) => {
    const frame = new Uint8Array(160);
    const loud = 1_500 + 4_500 * Math.abs(Math.sin((beat / 250) * Math.PI * (3 + (voice % 5))));
    const pitch = 100 + 9 * voice;
    for (let at = 0; at < 160; at++) {
      const t = (beat * 160 + at) / 8_000;
      let value = 0;
      for (let harmonic = 1; harmonic <= 8; harmonic++)
        value += Math.sin(2 * Math.PI * pitch * harmonic * t) / harmonic;
      frame[at] = aLaw(loud * value * 0.5);
    }
    return frame;
  }),
);

/** What a caller says in a beat. */
export function speech(caller: number, beat: number): Uint8Array {
  return frames[caller % voices]![(beat + caller * 7) % beats]!;
}
