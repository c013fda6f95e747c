import { setTimeout as pause } from 'node:timers/promises';
import { badLine, type Flaws } from './load/bad-line.ts';
import { openCameras } from './load/cameras.ts';
import { makeClip } from './load/clip.ts';
import { startOwn } from './load/engine.ts';
import { decode, Eye, newSights, recognisable, whole } from './load/eye.ts';
import { machine } from './load/figures.ts';
import { openRoom } from './load/room.ts';
import { speech } from './load/speech.ts';

/*
 * What a bad line does to a picture: 720p25 goes over a line that loses and holds back packets into a room, or out of it,
 * and is decoded where another sees it, with terminals that know generic NACK and with such that do not.
 * `npm run bench -- video-line [seconds] [line]`.
 */

const seconds = Number(process.argv[2] ?? 20);
const noticedMs = 200;
const lines: { name: string; flaws: Flaws }[] = [
  { name: 'good', flaws: { lossPercent: 0, jitterMs: 0 } },
  { name: '1 % loss', flaws: { lossPercent: 1, jitterMs: 0 } },
  { name: '2 % loss', flaws: { lossPercent: 2, jitterMs: 0 } },
  { name: '5 % loss', flaws: { lossPercent: 5, jitterMs: 0 } },
  { name: '10 % loss', flaws: { lossPercent: 10, jitterMs: 0 } },
  { name: '10 % loss, 100 ms there and back', flaws: { lossPercent: 10, jitterMs: 0, delayMs: 100 } },
  { name: '60 ms jitter', flaws: { lossPercent: 0, jitterMs: 60 } },
];
const clip = makeClip('red');
const shown = decode(clip.units.map((units, at) => ({ atMs: at * 40, units })));

interface Result {
  line: string;
  direction: 'in' | 'out';
  /** Whether lost packets are asked for again. */
  nack: boolean;
  /** Pictures a second that are whole. */
  wholePerSecond: number;
  /** Share of time without a whole new picture for more than 200 ms, and the longest such time, s. */
  tornPercent: number;
  tornSeconds: number;
  /** The longest time without a new picture that can be known at all, from the join on: frozen or grey, s. */
  frozenSeconds: number;
  /** From the answer of the call to the first whole picture, s. */
  firstSeconds: number;
  keyFramesAsked: number;
}

async function measure(line: (typeof lines)[number], direction: Result['direction'], nack: boolean): Promise<Result> {
  const engine = await startOwn(10);
  const through = await badLine(direction === 'in' ? { up: line.flaws } : { down: line.flaws });
  const bad = direction === 'in' ? 1 : 0;
  const cameras = await openCameras(2, {
    clipOf: () => clip,
    through: (caller, port) => (caller === bad ? through.aim(port) : port),
    asksOnLoss: true,
    repairs: nack,
  });
  const eye = new Eye();
  cameras.shown = (caller, packet, atMs) => {
    if (caller === 0) eye.take(packet, atMs);
  };
  const room = await openRoom(engine, 2, { pictures: cameras.pictures });
  room.says = speech;
  const startedAt = performance.now();
  room.start();
  cameras.start();
  await pause(seconds * 1_000);
  const endedAt = performance.now();
  cameras.stop();
  await room.close();
  through.close();
  await engine.stop();
  const sights = eye.open();
  const good = newSights(sights, shown, whole);
  const moving = newSights(sights, shown, recognisable);
  const between = (times: number[]): number[] => times.slice(1).map((at, place) => at - times[place]!);
  const gaps = between(good);
  const torn = gaps.filter((gap) => gap > noticedMs);
  const watched = (good.at(-1) ?? startedAt) - (good[0] ?? startedAt);
  const round = (value: number): number => Math.round(value * 100) / 100;
  return {
    line: line.name,
    direction,
    nack,
    wholePerSecond: round((good.length * 1_000) / Math.max(1, watched)),
    tornPercent: round((100 * torn.reduce((sum, gap) => sum + gap, 0)) / Math.max(1, watched)),
    tornSeconds: round(Math.max(0, ...gaps) / 1_000),
    frozenSeconds: round(Math.max(...between([startedAt, ...moving, endedAt])) / 1_000),
    firstSeconds: round(((good[0] ?? Number.POSITIVE_INFINITY) - startedAt) / 1_000),
    keyFramesAsked: cameras.asked,
  };
}

const results: Result[] = [];
for (const line of lines.filter(({ name }) => process.argv[3] === undefined || name.startsWith(process.argv[3]))) {
  for (const nack of [false, true]) {
    for (const direction of ['in', 'out'] as const) {
      const result = await measure(line, direction, nack);
      console.log(JSON.stringify(result));
      results.push(result);
    }
  }
}
console.log(
  JSON.stringify({
    name: 'video-line',
    value: Math.max(
      ...results.filter(({ line, nack }) => line === '10 % loss' && nack).map(({ frozenSeconds }) => frozenSeconds),
    ),
    unit: 's, the longest time that a picture is frozen or grey at 10 % loss with NACK',
    results,
    machine: machine(),
    how: `720p25 H.264 of ${Math.round(clip.bitrate / 1_000)} kbit/s, ${seconds} s a line, decoded by FFmpeg; the far encoder answers each request with a key frame`,
  }),
);
process.exit(0);
