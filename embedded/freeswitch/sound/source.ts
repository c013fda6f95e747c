import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { readWav } from './wav.ts';

/* What can be played: WAV files, tones, silence, and lists of them; named as FreeSWITCH names them. */

/** Sound; `endless` pieces start again at their end. */
export interface Source {
  /** Name as it was asked for. */
  name: string;
  /** `tone_stream`, `file`…: FreeSWITCH's Playback-File-Type. */
  type: string | undefined;
  samples: Int16Array;
  /** Samples a second. */
  rate: number;
  endless: boolean;
}

/** Opens one name at a rate (Hz); `undefined` when there is nothing of that name. */
export function openSource(name: string, soundsFolder: string, rate: number): Source | undefined {
  const stream = /^(tone_stream|silence_stream|file_string):\/\/(.*)$/s.exec(name);
  if (stream?.[1] === 'tone_stream') {
    const loops = /;loops=(-?\d+)/.exec(stream[2] ?? '');
    const once = tones((stream[2] ?? '').replace(/;loops=-?\d+/, ''), rate);
    if (once === undefined) return undefined;
    const count = Math.min(Number(loops?.[1] ?? 1), 1000);
    const samples = count > 1 ? repeat(once, count, rate) : once;
    return { name, type: 'tone_stream', samples, rate, endless: count < 0 };
  }
  if (stream?.[1] === 'silence_stream') {
    const ms = Number((stream[2] ?? '').split(',')[0]);
    if (!Number.isFinite(ms)) return undefined;
    const length = ms < 0 ? rate : Math.round((Math.min(ms, 3_600_000) * rate) / 1000);
    return { name, type: undefined, samples: new Int16Array(length), rate, endless: ms < 0 };
  }
  if (stream?.[1] === 'file_string') {
    const parts = (stream[2] ?? '').split('!').map((part) => openSource(part, soundsFolder, rate));
    if (parts.some((part) => part === undefined)) return undefined;
    const total = parts.reduce((sum, part) => sum + (part?.samples.length ?? 0), 0);
    const samples = new Int16Array(total);
    let at = 0;
    for (const part of parts) {
      samples.set(part?.samples ?? new Int16Array(0), at);
      at += part?.samples.length ?? 0;
    }
    return { name, type: 'file_string', samples, rate, endless: false };
  }
  const path = isAbsolute(name) ? name : join(soundsFolder, name);
  if (!existsSync(path)) return undefined;
  try {
    return { name, type: undefined, samples: readWav(path, rate), rate, endless: false };
  } catch {
    return undefined;
  }
}

function repeat(samples: Int16Array, count: number, rate: number): Int16Array {
  const all = new Int16Array(Math.min(samples.length * count, rate * 3600));
  for (let at = 0; at < all.length; at += samples.length)
    all.set(samples.subarray(0, Math.min(samples.length, all.length - at)), at);
  return all;
}

/** Teletone's script as far as it is used: `v=-10;%(on ms, off ms, Hz, Hz…);…`. */
function tones(script: string, rate: number): Int16Array | undefined {
  let level = -7;
  const pieces: Int16Array[] = [];
  for (const command of script
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')) {
    const volume = /^v=(-?\d+(?:\.\d+)?)$/.exec(command);
    const tone = /^%\(([\d.,\s]+)\)$/.exec(command);
    if (volume !== null) level = Number(volume[1]);
    else if (tone !== null) {
      const [on = 0, off = 0, ...frequencies] = (tone[1] ?? '').split(',').map(Number);
      if (on < 0 || off < 0 || on + off > 600_000) return undefined;
      const samples = new Int16Array(Math.round(((on + off) * rate) / 1000));
      const amplitude = 32767 * 10 ** (level / 20);
      for (let at = 0; at < (on * rate) / 1000; at++) {
        let value = 0;
        for (const frequency of frequencies) value += Math.sin((2 * Math.PI * frequency * at) / rate);
        samples[at] = Math.max(-32768, Math.min(32767, (amplitude * value) / Math.max(1, frequencies.length)));
      }
      pieces.push(samples);
    } else if (!/^[a-z]=/i.test(command)) return undefined;
  }
  const all = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
