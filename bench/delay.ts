import { setTimeout as pause } from 'node:timers/promises';
import { startOwn } from './load/engine.ts';
import { machine, percentile } from './load/figures.ts';
import { openRoom } from './load/room.ts';
import { speech } from './load/speech.ts';

/*
 * Delay that mixing adds, and spacing of what leaves, with many in one room: one caller sends a click now and then (the
 * others speak softly meanwhile), all others listen for it. `npm run bench -- delay [participants] [seconds]`.
 */

const participants = Number(process.argv[2] ?? 500);
const seconds = Number(process.argv[3] ?? 20);
const clickEvery = 25;
const clickAt = 80;
const loudCode = 0x2a;
const silent = new Uint8Array(160).fill(0xd5);
const click = silent.slice();
click.fill(loudCode, clickAt, clickAt + 8);

const engine = await startOwn(participants);
const room = await openRoom(engine, participants);
const isClick = (beat: number): boolean => beat % clickEvery === 0;
let clickMs = 0;
// Nobody speaks around a click, so that it is what is heard.
room.says = (caller, beat) => {
  if (caller === 0) return isClick(beat) ? click : silent;
  return beat % clickEvery > 12 ? speech(caller, beat) : silent;
};
room.sent = (caller, beat, at) => {
  // Its place in the packet counts: the click is as old as the samples before it.
  if (caller === 0 && isClick(beat)) clickMs = at;
};
const delays: number[] = [];
const gaps: number[] = [];
const heardAt = new Float64Array(participants);
const lastAt = new Float64Array(participants);
let measuring = false;
/** A-law codes by size: the larger, the louder. */
const size = (code: number): number => (code ^ 0x55) & 0x7f;
room.heard = (caller, packet, now) => {
  if (measuring && lastAt[caller]! > 0) gaps.push(now - lastAt[caller]!);
  lastAt[caller] = now;
  if (caller === 0 || clickMs === 0 || heardAt[caller] === clickMs || now - clickMs > 200) return;
  for (let at = 12; at < packet.length; at++) {
    if (size(packet[at]!) < 70) continue;
    heardAt[caller] = clickMs;
    if (measuring) delays.push(now - clickMs + (at - 12 - clickAt) / 8);
    return;
  }
};
room.start();
await pause(6_000);
measuring = true;
const [usedBefore, before] = [engine.used(), performance.now()];
await pause(seconds * 1_000);
const cpuPercent = ((engine.used() - usedBefore) / (performance.now() - before)) * 100;
measuring = false;
await room.close();
await engine.stop();
delays.sort((a, b) => a - b);
gaps.sort((a, b) => a - b);
console.log(
  JSON.stringify({
    name: 'delay',
    value: percentile(delays, 0.99),
    unit: 'ms, p99 from a packet in to the packet out that carries its sound',
    delayMs: { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99), heard: delays.length },
    spacingMs: { p1: percentile(gaps, 0.01), p50: percentile(gaps, 0.5), p99: percentile(gaps, 0.99) },
    participants,
    cpuPercent: Math.round(cpuPercent),
    machine: machine(),
    how: 'clicks of one caller found in what all others hear; one room at 16 kHz, G.711, other callers speak between clicks',
  }),
);
process.exit(0);
