/* What came back of a tone: level and presence, from the bytes of a WAV file (16-bit PCM). Pure. */

interface Heard {
  /** RMS, dB below full scale; -Infinity for digital silence. */
  levelDb: number;
  /** The tone stood out of the rest for at least a fifth of a second. */
  tone: boolean;
}

const windowMs = 100;
/** Share of a window's energy that must lie at the tone. */
const share = 0.3;
const windowsNeeded = 2;

/** Measures what was recorded; nothing when it is no 16-bit PCM or shorter than one window. */
export function hear(wav: Buffer, toneHz: number): Heard | undefined {
  const sound = samplesOf(wav);
  if (sound === undefined) return undefined;
  const { rateHz, samples } = sound;
  const size = Math.floor((rateHz * windowMs) / 1000);
  if (samples.length < size) return undefined;
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  let windows = 0;
  for (let start = 0; start + size <= samples.length; start += size) {
    if (toneShare(samples.subarray(start, start + size), toneHz, rateHz) > share) windows += 1;
  }
  const rms = Math.sqrt(energy / samples.length) / 32768;
  return { levelDb: 20 * Math.log10(rms), tone: windows >= windowsNeeded };
}

/** How much of the energy lies at one frequency, 0…1 (Goertzel's algorithm); very quiet windows count as without. */
function toneShare(samples: Int16Array, toneHz: number, rateHz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * toneHz) / rateHz);
  let [before, last, energy] = [0, 0, 0];
  for (const sample of samples) {
    const next = sample + turn * last - before;
    before = last;
    last = next;
    energy += sample * sample;
  }
  if (energy / samples.length < 100) return 0;
  const power = last * last + before * before - turn * last * before;
  return (2 * power) / (energy * samples.length);
}

function samplesOf(wav: Buffer): { rateHz: number; samples: Int16Array } | undefined {
  if (wav.toString('latin1', 0, 4) !== 'RIFF' || wav.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  let rateHz = 0;
  for (let at = 12; at + 8 <= wav.length; ) {
    const name = wav.toString('latin1', at, at + 4);
    const length = wav.readUInt32LE(at + 4);
    if (name === 'fmt ' && at + 24 <= wav.length) {
      const [format, channels, bits] = [wav.readUInt16LE(at + 8), wav.readUInt16LE(at + 10), wav.readUInt16LE(at + 22)];
      if ((format !== 1 && format !== 0xfffe) || channels !== 1 || bits !== 16) return undefined;
      rateHz = wav.readUInt32LE(at + 12);
    }
    if (name === 'data') {
      if (rateHz === 0) return undefined;
      // A file cut off by the end of a call carries the length of its beginning: what is there counts.
      const bytes = wav.subarray(at + 8);
      const samples = new Int16Array(Math.floor(bytes.length / 2));
      for (let place = 0; place < samples.length; place += 1) samples[place] = bytes.readInt16LE(place * 2);
      return { rateHz, samples };
    }
    at += 8 + length + (length % 2);
  }
  return undefined;
}
