import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Cameras, openCameras } from './load/cameras.ts';
import { makeClip } from './load/clip.ts';
import { startOwn } from './load/engine.ts';
import { openEvents } from './load/events.ts';
import { machine } from './load/figures.ts';
import { hottest } from './load/profile.ts';
import { openRoom, type Room } from './load/room.ts';

/*
 * Composed rooms: in each, four send 720p25 of 1.5 Mbit/s and all are shown 2x2 in 720p25. `npm run bench -- compose
 * [rooms] [seconds]`; `PROFILE=1` tells where the time goes.
 */

const count = Number(process.argv[2] ?? 2);
const seconds = Number(process.argv[3] ?? 20);
const sites = 4;
const profile = process.env.PROFILE === undefined ? undefined : mkdtempSync(join(tmpdir(), 'profile-'));

const clips = ['red', 'green', 'blue', 'yellow'].map((colour) => makeClip(colour));
const engine = await startOwn(sites * count, profile);
const emptyKiB = engine.memory();
const events = await openEvents(engine, 'conference::maintenance');
let slowed = 0;
events.told = (event) => {
  if (event.Action === 'video-pace-change' || event.Action === 'video-layout-fallback') slowed++;
};
const rooms: Room[] = [];
const cameras: Cameras[] = [];
for (let at = 0; at < count; at++) {
  const own = await openCameras(sites, { clipOf: (caller) => clips[caller]! });
  const room = await openRoom(engine, sites, { pictures: own.pictures });
  room.start();
  own.start();
  await events.api(`conference ${room.name} vid-layout 2x2`);
  cameras.push(own);
  rooms.push(room);
}
await pause(4_000);
const sum = (of: 'pictures' | 'missing' | 'packets'): number =>
  cameras.reduce((total, { seen }) => total + seen.reduce((own, one) => own + one[of], 0), 0);
const [pictures, missing] = [sum('pictures'), sum('missing')];
const [usedBefore, ownBefore, startedAt] = [engine.used(), engine.usedAlone(), performance.now()];
await pause(seconds * 1_000);
const elapsed = performance.now() - startedAt;
const cpuPercent = ((engine.used() - usedBefore) / elapsed) * 100;
const switchPercent = ((engine.usedAlone() - ownBefore) / elapsed) * 100;
const shown = ((sum('pictures') - pictures) * 1_000) / elapsed / (sites * count);
const lost = sum('missing') - missing;
const memory = engine.memory() - emptyKiB;
for (const one of cameras) one.stop();
for (const room of rooms) await room.close();
events.close();
await engine.stop();
console.log(
  JSON.stringify({
    name: 'compose',
    // Pictures that were not made in time do not count as done.
    value: Math.round(((count * Math.min(1, shown / 25)) / cpuPercent) * 10_000) / 100,
    unit: 'rooms a core (by processor time)',
    rooms: count,
    cpuPercent: Math.round(cpuPercent),
    ofItEnginePercent: Math.round(switchPercent),
    picturesPerSecond: Math.round(shown * 10) / 10,
    missing: lost,
    slowed,
    memoryMiBPerRoom: Math.round(memory / 1_024 / count),
    ...(profile === undefined ? {} : { time: hottest(profile) }),
    machine: machine(),
    how: 'each room four 720p25 H.264 in, 2x2 720p25 H.264 out to all four, one encode; engine and studios together',
  }),
);
process.exit(0);
