import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Baresip } from './baresip.ts';

/* Pictures made and measured: who sees whom is told by colours. */

export type Colour = 'red' | 'green' | 'blue' | 'yellow' | 'white' | 'black' | 'grey';

const shades: Record<Colour, [number, number, number]> = {
  red: [255, 0, 0],
  green: [0, 128, 0],
  blue: [0, 0, 255],
  yellow: [255, 255, 0],
  white: [255, 255, 255],
  black: [0, 0, 0],
  grey: [128, 128, 128],
};

export interface ClipOptions {
  seconds?: number;
  size?: string;
  rate?: number;
  /** bit/s of its H.264; what a terminal sends it decodes and encodes anew. */
  bitrate?: string;
  /** `false`: the colour alone. */
  counter?: boolean;
}

/** Makes a clip of one colour with a counter of its frames moving over it: a frozen picture shows. */
export function writeClip(path: string, colour: Colour, options: ClipOptions = {}): void {
  const { seconds = 60, size = '640x360', rate = 15, bitrate = '800k' } = options;
  const counter = "drawtext=text='%{n}':fontsize=h/6:fontcolor=white:box=1:boxcolor=black:x=mod(n*4\\,w-tw):y=h-th-8";
  const made = spawnSync('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `color=c=${colour}:s=${size}:r=${rate}:d=${seconds}`],
    ...[
      '-vf',
      options.counter === false ? 'null' : counter,
      '-an',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-b:v',
      bitrate,
      '-g',
      String(rate),
    ],
    ...['-pix_fmt', 'yuv420p', path],
  ]);
  if (made.status !== 0) throw new Error(`ffmpeg made no clip: ${made.stderr}`);
}

/** Part of a picture, in parts of its width and height. */
export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The upper half, where no counter moves. */
const upper: Region = { x: 0.1, y: 0.1, width: 0.8, height: 0.4 };

/** Mean colour of a part of a picture in a file. */
export function meanOf(file: string, region: Region = upper): [number, number, number] {
  const { x, y, width, height } = region;
  const read = spawnSync('ffmpeg', [
    ...['-v', 'error', '-i', file, '-frames:v', '1'],
    ...[
      '-vf',
      `crop=iw*${width}:ih*${height}:iw*${x}:ih*${y},scale=16:16:flags=area,format=rgb24`,
      '-f',
      'rawvideo',
      '-',
    ],
  ]);
  const bytes = read.stdout;
  if (bytes.length < 768) throw new Error(`no picture in ${file}: ${read.stderr}`);
  const sums = [0, 0, 0];
  for (let at = 0; at < 768; at++) sums[at % 3]! += bytes[at]!;
  return [sums[0]! / 256, sums[1]! / 256, sums[2]! / 256];
}

/** The named colour nearest to one. */
export function named(colour: readonly number[]): Colour {
  let best: Colour = 'black';
  let least = Number.POSITIVE_INFINITY;
  for (const [name, shade] of Object.entries(shades) as [Colour, [number, number, number]][]) {
    const distance = shade.reduce((sum, part, place) => sum + (part - (colour[place] ?? 0)) ** 2, 0);
    if (distance >= least) continue;
    least = distance;
    best = name;
  }
  return best;
}

/** The last chunk of every PNG (ISO/IEC 15948, 11.2.5): before it is there, the file is still being written. */
const endOfPng = Buffer.from('0000000049454e44ae426082', 'hex');
let snapshots = 0;

/** Saves what a terminal is shown now; `undefined` when no picture comes within `ms`. */
export async function snapshot(terminal: Baresip, ms = 1_000): Promise<string | undefined> {
  const name = `seen-${++snapshots}`;
  const file = join(terminal.folder, `${name}.png`);
  await terminal.run('snapshot_recv', file);
  for (const until = performance.now() + ms; performance.now() < until; await pause(10)) {
    if (existsSync(file) && readFileSync(file).subarray(-endOfPng.length).equals(endOfPng)) return file;
  }
  return undefined;
}

/** The colour that a terminal is shown now. */
export async function seenBy(terminal: Baresip, region?: Region): Promise<Colour | undefined> {
  const file = await snapshot(terminal);
  if (file === undefined) return undefined;
  try {
    return named(meanOf(file, region));
  } finally {
    rmSync(file, { force: true });
  }
}

/** Waits until a terminal is shown a colour. */
export async function sees(terminal: Baresip, colour: Colour, region?: Region, ms = 10_000): Promise<void> {
  let last: Colour | undefined;
  for (const until = performance.now() + ms; performance.now() < until; await pause(20)) {
    last = await seenBy(terminal, region);
    if (last === colour) return;
  }
  throw new Error(`${terminal.name} sees ${last ?? 'nothing'}, not ${colour}`);
}
