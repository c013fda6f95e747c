/* Tones in G.711 A-law (ITU-T G.711), made and recognised: enough for simulated sites to hear one another. */

/** One frame of 20 ms at 8 kHz. */
export const frameSamples = 160;

/** Amplitude of the sites' tones, of 32 768. */
const amplitude = 9_000;
/** A tone of a quarter of that is heard. */
const least = amplitude / 4;

/** The frame of a steady tone that begins at this sample. */
export function toneFrame(hz: number, firstSample: number): Buffer {
  const frame = Buffer.alloc(frameSamples);
  for (let at = 0; at < frameSamples; at++)
    frame[at] = aLaw(Math.round(amplitude * Math.sin((2 * Math.PI * hz * (firstSample + at)) / 8_000)));
  return frame;
}

/** Which of the tones stand in what was heard (A-law codes). */
export function tonesIn(codes: readonly number[], tones: readonly number[]): number[] {
  const samples = codes.map(linear);
  return tones.filter((hz) => {
    let re = 0;
    let im = 0;
    samples.forEach((sample, at) => {
      re += sample * Math.cos((2 * Math.PI * hz * at) / 8_000);
      im += sample * Math.sin((2 * Math.PI * hz * at) / 8_000);
    });
    return samples.length > 0 && (2 * Math.hypot(re, im)) / samples.length >= least;
  });
}

/** 16-bit sample → A-law code: sign, three bits of segment, four bits of place in it, every other bit inverted. */
function aLaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const size = Math.min(sample >= 0 ? sample : -sample - 1, 32_767) >> 4;
  const segment = size < 32 ? (size < 16 ? 0 : 1) : Math.floor(Math.log2(size)) - 3;
  const place = segment < 2 ? size & 0x0f : (size >> (segment - 1)) & 0x0f;
  return (sign | (segment << 4) | place) ^ 0x55;
}

function linear(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 7;
  const place = ((bits & 0x0f) << 4) + 8;
  const size = segment === 0 ? place : (place + 0x100) << (segment - 1);
  return (bits & 0x80) !== 0 ? size : -size;
}
