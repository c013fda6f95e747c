import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/* Tones made and measured: who hears whom is told by which tones arrive. */

/** Sound as samples of 16 bits, one channel. */
export interface Sound {
  /** Samples a second. */
  rate: number;
  samples: Int16Array;
}

/** Writes a WAV file (PCM, 16 bits, mono) of steady sines; `level` is each one's amplitude, 0…1. */
export function writeTone(path: string, hertz: number | number[], seconds: number, rate = 8_000, level = 0.3): void {
  const samples = new Int16Array(Math.round(seconds * rate));
  for (const hz of [hertz].flat())
    for (let place = 0; place < samples.length; place++)
      samples[place] = (samples[place] ?? 0) + level * 32_767 * Math.sin((2 * Math.PI * hz * place) / rate);
  writeFileSync(path, wavOf({ rate, samples }));
}

function wavOf({ rate, samples }: Sound): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]);
}

/** Reads a WAV file of PCM, 16 bits; one that is still being written, too: its length is then what is there. */
export function readWav(file: string | Buffer): Sound {
  const bytes = typeof file === 'string' ? readFileSync(file) : file;
  let rate = 0;
  let channels = 1;
  for (let place = 12; place + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', place, place + 4);
    const length = bytes.readUInt32LE(place + 4);
    const start = place + 8;
    if (name === 'fmt ') {
      channels = bytes.readUInt16LE(start + 2);
      rate = bytes.readUInt32LE(start + 4);
    }
    if (name === 'data') {
      const end = length === 0 || start + length > bytes.length ? bytes.length : start + length;
      const samples = new Int16Array(Math.floor((end - start) / 2 / channels));
      for (let one = 0; one < samples.length; one++) samples[one] = bytes.readInt16LE(start + one * 2 * channels);
      return { rate, samples };
    }
    place = start + length + (length % 2);
  }
  return { rate, samples: new Int16Array(0) };
}

/** Any file that sox reads, as 8 kHz mono; `format` names what the file itself does not tell (`-t al -r 8000 -c 1`). */
export function readSound(file: string, ...format: string[]): Sound {
  const { status, stderr, stdout } = spawnSync(
    'sox',
    [...format, file, '-t', 'raw', '-r', '8000', '-c', '1', '-e', 'signed', '-b', '16', '-L', '-'],
    { maxBuffer: 1 << 28 },
  );
  if (status !== 0) throw new Error(`sox cannot read ${file}: ${stderr}`);
  return {
    rate: 8_000,
    samples: new Int16Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length)),
  };
}

/** A piece of a sound, from and to in seconds; negative ones count from the end. */
export function part({ rate, samples }: Sound, from: number, to = samples.length / rate): Sound {
  const at = (seconds: number): number =>
    seconds < 0 ? Math.max(0, samples.length + Math.round(seconds * rate)) : Math.round(seconds * rate);
  return { rate, samples: samples.subarray(at(from), at(to)) };
}

/** Amplitude of one frequency, 0…1 (Goertzel over a Hann window: a neighbour 20 Hz off does not count after 200 ms). */
export function toneLevel({ rate, samples }: Sound, hz: number): number {
  let re = 0;
  let im = 0;
  let weight = 0;
  for (let place = 0; place < samples.length; place++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * place) / samples.length);
    const sample = (samples[place] ?? 0) * window;
    re += sample * Math.cos((2 * Math.PI * hz * place) / rate);
    im += sample * Math.sin((2 * Math.PI * hz * place) / rate);
    weight += window;
  }
  return weight === 0 ? 0 : (2 * Math.hypot(re, im)) / weight / 32_768;
}

/** Loudness of all there is, 0…1 (root of the mean square). */
export function loudness({ samples }: Sound): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length) / 32_768;
}

/** Which of the tones stand in a sound: those of at least a tenth of the amplitude that `writeTone` gives. */
export function tonesIn(sound: Sound, candidates: readonly number[], least = 0.03): number[] {
  return candidates.filter((hz) => toneLevel(sound, hz) >= least);
}
