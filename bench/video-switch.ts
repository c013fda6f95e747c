import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openCameras } from './load/cameras.ts';
import { makeClip } from './load/clip.ts';
import { startOwn } from './load/engine.ts';
import { openEvents } from './load/events.ts';
import { Eye } from './load/eye.ts';
import { machine, percentile } from './load/figures.ts';
import { hottest } from './load/profile.ts';
import { openRoom } from './load/room.ts';
import { speech } from './load/speech.ts';

/*
 * Legs with pictures in one room of speaker layout: every one sends 720p25 of 1.5 Mbit/s and sound, every one is shown the
 * speaker, who changes every few seconds. `npm run bench -- video-switch [legs] [seconds]`; `PROFILE=1` tells where the
 * time goes.
 */

const legs = Number(process.argv[2] ?? 60);
const seconds = Number(process.argv[3] ?? 20);
const turnMs = 3_000;
const profile = process.env.PROFILE === undefined ? undefined : mkdtempSync(join(tmpdir(), 'profile-'));

const clips = [makeClip('red'), makeClip('blue')];
const engine = await startOwn(legs, profile);
const emptyKiB = engine.memory();
const cameras = await openCameras(legs, { clipOf: (caller) => clips[caller % 2]! });
const room = await openRoom(engine, legs, { pictures: cameras.pictures });
const events = await openEvents(engine, 'conference::maintenance');

const quiet = new Uint8Array(160).fill(0xd5);
let speaker = 1;
room.says = (caller, beat) => (caller === speaker ? speech(caller, beat) : quiet);
const viewer = new Eye();
let measuring = false;
cameras.shown = (caller, packet, atMs) => {
  if (caller === 0) viewer.take(packet, atMs);
};
const switches: number[] = [];
events.told = (event, atMs) => {
  if (measuring && event.Action === 'video-floor-change') switches.push(atMs);
};
room.start();
cameras.start();
await pause(3_000);
const before = cameras.seen.map((one) => ({ ...one }));
const sentBefore = cameras.sent;
measuring = true;
const [usedBefore, startedAt] = [engine.used(), performance.now()];
for (let spent = 0; spent < seconds * 1_000; spent += turnMs) {
  await pause(turnMs);
  // Of the other colour, and never the viewer whose picture is looked at.
  speaker = 1 + (speaker % Math.max(2, legs - 1));
}
const elapsed = performance.now() - startedAt;
const cpuPercent = ((engine.used() - usedBefore) / elapsed) * 100;
measuring = false;
const memory = (engine.memory() - emptyKiB) / legs;
cameras.stop();
await room.close();
events.close();
await engine.stop();

const sum = (of: (caller: number) => number): number =>
  cameras.seen.reduce((total, _one, caller) => total + of(caller), 0);
const shown = sum((caller) => cameras.seen[caller]!.packets - before[caller]!.packets);
const pictures = sum((caller) => cameras.seen[caller]!.pictures - before[caller]!.pictures);
const sights = viewer.open();
// Red has much of V and little of U, blue the other way round.
const colourAt = sights.map(({ u, v }) => (v > u ? 'red' : 'blue'));
const changes = sights.flatMap(({ atMs }, at) => (at > 0 && colourAt[at] !== colourAt[at - 1] ? [atMs] : []));
const delays = switches
  .flatMap((at) =>
    changes
      .filter((change) => change >= at && change < at + turnMs)
      .slice(0, 1)
      .map((change) => change - at),
  )
  .sort((a, b) => a - b);
console.log(
  JSON.stringify({
    name: 'video-switch',
    value: Math.round((pictures / (elapsed / 1_000) / 25 / cpuPercent) * 100),
    unit: 'legs a core (by processor time)',
    legs,
    cpuPercent: Math.round(cpuPercent),
    packets: {
      inPerSecond: Math.round(((cameras.sent - sentBefore) * 1_000) / elapsed),
      outPerSecond: Math.round((shown * 1_000) / elapsed),
      missing: sum((caller) => cameras.seen[caller]!.missing - before[caller]!.missing),
    },
    picturesPerSecond: Math.round((pictures * 10_000) / elapsed / legs) / 10,
    switchMs: { count: delays.length, p50: percentile(delays, 0.5), most: percentile(delays, 1) },
    keyFramesAsked: cameras.asked,
    memoryKiBPerLeg: Math.round(memory),
    clipKilobits: clips.map(({ bitrate }) => Math.round(bitrate / 1_000)),
    ...(profile === undefined ? {} : { time: hottest(profile) }),
    machine: machine(),
    how: 'one room, all legs send sound and 720p25 H.264 over loopback, all are shown the speaker; switchMs: from the floor event to the first decoded picture of the new colour',
  }),
);
process.exit(0);
