import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeenRtp } from './rtp-capture.ts';

/* Films made and measured: whether sound and picture are at the same time is told by flashes and beeps. */

/** Makes a clip and its sound, whose white flash and 1 kHz beep begin together, every two seconds, for 0.2 s. */
export function writeFlashes(picture: string, sound: string, seconds = 120): void {
  const on = 'lt(mod(t\\,2)\\,0.2)';
  run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `color=c=black:s=640x360:r=25:d=${seconds}`],
    ...['-vf', `drawbox=t=fill:color=white:enable='${on}'`, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25'],
    ...['-bf', '0', '-pix_fmt', 'yuv420p', picture],
  ]);
  run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `aevalsrc='0.5*sin(2*PI*1000*t)*${on}':s=8000:d=${seconds}`],
    ...['-c:a', 'pcm_s16le', sound],
  ]);
}

/** When the picture turns bright in a film (seconds of its own time), by the mean of all its samples. */
function flashesIn(path: string): number[] {
  const told = run('ffprobe', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `movie=${path},signalstats`],
    ...['-show_entries', 'frame=pts_time:frame_tags=lavfi.signalstats.YAVG', '-of', 'csv=p=0'],
  ]);
  const frames = told
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));
  return onsets(
    frames.map(([at = 0, level = 0]) => ({ at, on: level > 60 })),
    0.5,
  );
}

/** When it begins to sound in a film, seconds of its own time, to 5 ms. */
function beepsIn(path: string): number[] {
  const pcm = run(
    'ffmpeg',
    [
      ...['-v', 'error', '-i', path, '-vn', '-af', 'aresample=async=1:first_pts=0,bandpass=f=1000:w=200'],
      ...['-ac', '1', '-ar', '8000', '-f', 's16le', '-'],
    ],
    'latin1',
  );
  const bytes = Buffer.from(pcm, 'latin1');
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  const step = 40;
  const levels: { at: number; on: boolean }[] = [];
  for (let at = 0; at + step <= samples.length; at += step) {
    let most = 0;
    for (let place = at; place < at + step; place++) most = Math.max(most, Math.abs(samples[place]!));
    levels.push({ at: at / 8_000, on: most > 2_000 });
  }
  return onsets(levels, 0.5);
}

/** Beginnings, each after so many seconds of nothing. */
function onsets(row: { at: number; on: boolean }[], restSeconds: number): number[] {
  const found: number[] = [];
  let lastOn = Number.NEGATIVE_INFINITY;
  for (const { at, on } of row) {
    if (!on) continue;
    if (at - lastOn > restSeconds) found.push(at);
    lastOn = at;
  }
  return found;
}

/** A flash with its beep. */
export interface Moment {
  /** When it beeped: in a film since its begin, on the wire since 1970, ms. */
  atMs: number;
  /** How much later than the flash, ms. */
  offsetMs: number;
}

/** Each flash of a film with its beep. */
export function momentsIn(path: string): Moment[] {
  return moments(flashesIn(path), beepsIn(path));
}

function moments(flashes: number[], beeps: number[]): Moment[] {
  return flashes.flatMap((flash) => {
    const beep = beeps.find((at) => Math.abs(at - flash) < 0.9);
    return beep === undefined ? [] : [{ atMs: beep * 1_000, offsetMs: Math.round((beep - flash) * 1_000) }];
  });
}

/**
 * The same on the wire, as a terminal sent it (A-law of payload type 8, H.264 of another): its sound and picture come
 * from two sources that do not begin at quite the same time.
 */
export function momentsOnWire(packets: readonly SeenRtp[], folder: string): Moment[] {
  const sound = packets.filter(({ payloadType }) => payloadType === 8);
  // A beep's first packet; A-law's quiet is 0xd5 and its neighbours.
  const loud = ({ payload }: SeenRtp): boolean => payload.some((byte) => ((byte ^ 0x55) & 0x70) >= 0x50);
  const beeps = onsets(
    sound.map((packet) => ({ at: packet.atMs / 1000, on: loud(packet) })),
    0.5,
  );
  const frames = pictures(packets.filter(({ payloadType }) => payloadType >= 96 && payloadType !== 101));
  const stream = join(folder, 'wire.h264');
  writeFileSync(stream, Buffer.concat(frames.flatMap(({ units }) => units.flatMap((unit) => [startCode, unit]))));
  const told = run('ffprobe', [
    ...['-v', 'fatal', '-f', 'lavfi', '-i', `movie=${stream},signalstats`],
    ...['-show_entries', 'frame_tags=lavfi.signalstats.YAVG', '-of', 'csv=p=0'],
  ]);
  const levels = told.trim().split('\n').map(Number);
  const flashes = onsets(
    levels.map((level, place) => ({ at: (frames[place]?.atMs ?? 0) / 1000, on: level > 60 })),
    0.5,
  );
  return moments(flashes, beeps);
}

const startCode = Buffer.from([0, 0, 0, 1]);

/** Pictures of an H.264 stream from its packets (RFC 6184: single NAL units, FU-A), from the first parameter set on. */
function pictures(packets: readonly SeenRtp[]): { atMs: number; units: Buffer[] }[] {
  const frames: { timestamp: number; atMs: number; units: Buffer[] }[] = [];
  for (const { atMs, payload, timestamp } of packets) {
    const kind = (payload[0] ?? 0) & 0x1f;
    if (frames.length === 0 && kind !== 7) continue;
    if (frames.at(-1)?.timestamp !== timestamp) frames.push({ timestamp, atMs, units: [] });
    const { units } = frames.at(-1)!;
    if (kind !== 28) units.push(payload);
    else if ((payload[1]! & 0x80) !== 0)
      units.push(Buffer.concat([Buffer.from([(payload[0]! & 0xe0) | (payload[1]! & 0x1f)]), payload.subarray(2)]));
    else units.push(Buffer.concat([units.pop() ?? Buffer.alloc(0), payload.subarray(2)]));
  }
  return frames.filter(({ units }) => units.some((unit) => [1, 5].includes(unit[0]! & 0x1f)));
}

interface Probe {
  format: { duration: string; tags?: Record<string, string> };
  streams: { codec_type: string; codec_name: string; width?: number; height?: number; duration?: string }[];
}

/** What ffprobe reads of a film. @throws when it, or the decoding of every packet, finds a fault. */
export function probed(path: string): Probe {
  const told = run('ffprobe', ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', path]);
  run('ffmpeg', ['-v', 'error', '-i', path, '-vsync', 'vfr', '-f', 'null', '-']);
  return JSON.parse(told) as Probe;
}

/** A moment of a film as a picture in a file, or (`wav`) its sound from there on. */
export function shot(path: string, seconds: number, folder: string, as: 'png' | 'wav' = 'png'): string {
  const file = join(folder, `shot-${Math.round(seconds * 1000)}.${as}`);
  const what = as === 'png' ? ['-frames:v', '1'] : ['-vn', '-ac', '1', '-ar', '8000', '-c:a', 'pcm_s16le'];
  run('ffmpeg', ['-v', 'error', '-y', '-ss', String(seconds), '-i', path, ...what, file]);
  return file;
}

/** Whether the index stands before the pictures and sound, so that a player begins at once. */
export function indexInFront(bytes: Buffer): boolean {
  const [index, data] = [bytes.indexOf('moov', 0, 'latin1'), bytes.indexOf('mdat', 0, 'latin1')];
  return index >= 0 && index < data && bytes.indexOf('moof', 0, 'latin1') < 0;
}

function run(program: string, args: string[], encoding: BufferEncoding = 'utf8'): string {
  const done = spawnSync(program, args, { maxBuffer: 1 << 29 });
  const words = done.stderr.toString();
  if (done.status !== 0 || words !== '') throw new Error(`${program}: ${words}`);
  return done.stdout.toString(encoding);
}
