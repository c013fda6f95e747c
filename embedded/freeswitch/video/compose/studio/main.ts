import { AV_LOG_FATAL } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { shared } from '../clock.ts';
import { shapeKey } from '../shapes.ts';
import {
  delayUnitMs,
  type FilmOrder,
  flags,
  kinds,
  type Plan,
  type WireMessage,
  WireReader,
  writeMessage,
} from '../wire.ts';
import { Canvas } from './canvas.ts';
import { StudioEncoder } from './encoder.ts';
import { Film } from './film.ts';
import { nextPace, type PaceState } from './pace.ts';
import { StudioSource } from './source.ts';

/*
 * A room's studio: a program of its own, so that neither its load nor its death touches the sound. It decodes the
 * members' pictures, composes and encodes them, and writes films. Told and telling through its pipes (`wire.ts`).
 */

interface Composition {
  key: string;
  canvas: Canvas;
  encoder: StudioEncoder;
  framesPerSecond: number;
  clock: number;
  nextMs: number;
}

Log.setLevel(AV_LOG_FATAL);
const sources = new Map<number, StudioSource>();
const compositions = new Map<number, Composition>();
const films = new Map<number, Film>();
let pace: PaceState = { framesPerSecond: 25, slowFor: 0, easyFor: 0 };

const say = (kind: number, number: number, body: Uint8Array, flagBits = 0): void => {
  process.stdout.write(writeMessage(kind, number, shared(performance.now()), flagBits, body));
};
const none = new Uint8Array(0);

const reader = new WireReader();
process.stdin.on('data', (chunk: Buffer) => {
  for (const message of reader.push(chunk)) take(message);
});
process.stdin.on('end', end).on('error', end);
process.stdout.on('error', end);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end);

function take(message: WireMessage): void {
  const { kind, number, body } = message;
  if (kind === kinds.frame) takeFrame(message);
  else if (kind === kinds.sound) guarded(number, (film) => film.hear(body, message.atMs, message.flags * delayUnitMs));
  else if (kind === kinds.plan) takePlan(JSON.parse(body.toString()) as Plan);
  else if (kind === kinds.key) compositions.get(number)?.encoder.forceKey();
  else if (kind === kinds.film) takeOrder(number, JSON.parse(body.toString()) as FilmOrder, message.atMs);
}

function takeFrame({ number, body, atMs, flags: bits }: WireMessage): void {
  const codec = (bits & flags.h261) !== 0 ? 'H261' : (bits & flags.h263) !== 0 ? 'H263' : 'H264';
  let source = sources.get(number);
  if (source?.codec !== codec) {
    source?.close();
    source = new StudioSource(codec, () => say(kinds.needKey, number, none));
    sources.set(number, source);
  }
  source.push(body, (bits & flags.key) !== 0, (bits & flags.damaged) !== 0);
  source.arrivedMs = atMs;
}

function takePlan(plan: Plan): void {
  const wanted = new Set<number>();
  for (const { id, shape, tiles } of plan.compositions) {
    wanted.add(id);
    let known = compositions.get(id);
    if (known?.key !== shapeKey(shape)) {
      if (known !== undefined) drop(id, known);
      known = {
        key: shapeKey(shape),
        canvas: new Canvas(shape.width, shape.height),
        encoder: new StudioEncoder(shape, false),
        framesPerSecond: shape.framesPerSecond,
        clock: shape.codec === 'H264' ? 90_000 : 30_000 / 1001,
        nextMs: performance.now(),
      };
      compositions.set(id, known);
    }
    known.canvas.place(tiles);
  }
  for (const [id, composition] of compositions) if (!wanted.has(id)) drop(id, composition);
  dropUnseen();
}

/** Whoever stands in no tile any more has left, or is not shown. */
function dropUnseen(): void {
  for (const [member, source] of sources) {
    const seen =
      [...compositions.values()].some(({ canvas }) => canvas.seats(member)) ||
      [...films.values()].some((film) => film.seats(member));
    if (seen) continue;
    sources.delete(member);
    source.close();
  }
}

function drop(id: number, composition: Composition): void {
  compositions.delete(id);
  composition.encoder.close();
  composition.canvas.close();
}

function takeOrder(id: number, order: FilmOrder, atMs: number): void {
  if (order.action === 'start') {
    try {
      films.set(id, new Film(order.path, order.shape, order.rate));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      say(
        kinds.filmed,
        id,
        Buffer.from(JSON.stringify({ path: order.path, bytes: 0, milliseconds: 0, error: reason })),
      );
    }
    return;
  }
  const film = films.get(id);
  if (film === undefined) return;
  if (order.action === 'tiles') {
    film.place(order.tiles);
    dropUnseen();
  } else if (order.action === 'card') film.setCard(order.lines);
  else if (order.action === 'pause') film.pause(atMs);
  else if (order.action === 'resume') film.resume(atMs);
  else closeFilm(id, film);
}

function closeFilm(id: number, film: Film, error?: string): void {
  films.delete(id);
  const end = film.close();
  say(kinds.filmed, id, Buffer.from(JSON.stringify(error === undefined ? end : { ...end, error })));
}

/** A film that cannot be written any more is closed and told of. */
function guarded(id: number, act: (film: Film) => void): void {
  const film = films.get(id);
  if (film === undefined) return;
  try {
    act(film);
  } catch (error) {
    closeFilm(id, film, error instanceof Error ? error.message : String(error));
  }
}

let lateTicks = 0;
let ticks = 0;
let filmNextMs = performance.now();
let judgedAtMs = performance.now();
let cpu = process.cpuUsage();

/** Composes whatever is due. */
function tick(): void {
  const now = performance.now();
  for (const [id, composition] of compositions) {
    const spacing = 1000 / Math.min(composition.framesPerSecond, pace.framesPerSecond);
    if (now < composition.nextMs) continue;
    ticks++;
    if (now - composition.nextMs > spacing) {
      lateTicks++;
      composition.nextMs = now;
    }
    composition.nextMs += spacing;
    composition.canvas.draw(sources);
    const pts = BigInt(Math.round((now * composition.clock) / 1000));
    composition.encoder.encode(composition.canvas.picture, pts, (packet) => {
      if (packet.data !== null) say(kinds.picture, id, packet.data, packet.isKeyframe ? flags.key : 0);
    });
  }
  if (films.size > 0 && now >= filmNextMs) {
    const spacing = 1000 / pace.framesPerSecond;
    ticks++;
    if (now - filmNextMs > spacing) {
      if (now - filmNextMs < 10 * spacing) lateTicks++;
      filmNextMs = now;
    }
    filmNextMs += spacing;
    for (const id of [...films.keys()]) guarded(id, (film) => film.shoot(sources, shared(now)));
  }
  if (now - judgedAtMs >= 1_000) judge(now);
  schedule();
}

/** When the machine cannot keep up, the frame rate falls; when it falls no further, the engine is told. */
function judge(now: number): void {
  const used = process.cpuUsage(cpu);
  cpu = process.cpuUsage();
  const busy = (used.user + used.system) / 1000 / (now - judgedAtMs);
  judgedAtMs = now;
  const before = pace.framesPerSecond;
  pace = nextPace(pace, { busy, late: ticks === 0 ? 0 : lateTicks / ticks });
  ticks = 0;
  lateTicks = 0;
  if (pace.framesPerSecond !== before) say(kinds.pace, pace.framesPerSecond, none);
  if (pace.framesPerSecond === 0) pace = { framesPerSecond: 7, slowFor: 0, easyFor: 0 };
}

function schedule(): void {
  let next = films.size > 0 ? filmNextMs : Number.POSITIVE_INFINITY;
  for (const composition of compositions.values()) next = Math.min(next, composition.nextMs);
  const wait = Number.isFinite(next) ? next - performance.now() : 20;
  setTimeout(tick, Math.max(1, Math.min(wait, 50)));
}

let ended = false;
function end(): void {
  if (ended) return;
  ended = true;
  // Films are whole even when the engine died.
  for (const [id, film] of films) closeFilm(id, film);
  process.exit(0);
}

say(kinds.ready, 0, none);
schedule();
