import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Baresip } from '../peers/baresip.ts';
import type { LiveEventFollower } from '../peers/live-events.ts';
import { Product } from '../peers/product.ts';
import { loudness, writeTone } from '../peers/tones.ts';
import { openRoom, terminal } from './recorded-room.ts';

/*
 * Meters: two terminals with tones of known loudness; what the live events tell of them is what was sent, and what each
 * hears. Real engines measure nothing: there only who speaks is told.
 */

interface Leg {
  id: string;
  speaking?: boolean;
  level?: { inDb: number; outDb?: number };
}
interface Level {
  legId: string;
  inDb: number;
  outDb?: number;
}

const amplitudes = { loud: 0.3, low: 0.03 };
const measures = process.env.FREESWITCH_HOST === undefined;
const decibels = (level: number): number => 20 * Math.log10(level);
const near = (told: number | undefined, level: number, what: string): void =>
  assert.ok(told !== undefined && Math.abs(told - level) <= 1, `${what}: ${told} dBov, and not ${level.toFixed(1)}`);

describe('sound levels', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'levels-'));
  let product: Product;
  let session: { id: string; room: string };
  const terminals: Baresip[] = [];
  const legs = new Map<string, string>();
  let watcher: LiveEventFollower | undefined;

  before(async () => {
    product = await Product.start();
    session = await openRoom(product, 'Đo mức âm thanh');
    for (const [name, amplitude] of Object.entries(amplitudes)) {
      const path = join(folder, `${name}.wav`);
      writeTone(path, 440, 120, 8_000, amplitude);
      const made = await terminal(product, name, name === 'loud' ? '101' : '102', path);
      terminals.push(made);
      await made.dial(`sip:${session.room}@${product.sip}`);
      const joined = await product.events.logged('leg.joined', ({ detail }) => detail.name === name);
      legs.set(name, joined.legId ?? '');
    }
  });
  after(async () => {
    watcher?.close();
    for (const one of terminals) await one.stop();
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const legOf = async (name: string): Promise<Leg> => {
    const { items } = await product.get<{ items: Leg[] }>(`/sessions/${session.id}/legs`);
    const leg = items.find(({ id }) => id === legs.get(name));
    assert.ok(leg !== undefined, name);
    return leg;
  };
  /** What is told next of a leg that fits. */
  const level = async (name: string, fits: (level: Level) => boolean): Promise<Level> => {
    const found = (data: Record<string, unknown>): Level | undefined =>
      (data.levels as Level[]).find((one) => one.legId === legs.get(name) && fits(one));
    const told = await watcher!.once(
      ({ data, name: event }) => event === 'leg.levels' && found(data) !== undefined,
      name,
    );
    return found(told.data)!;
  };

  it('are not measured while nobody watches; who speaks is known all the same', async () => {
    await product.events.once(
      ({ data, name }) => name === 'talking' && data.legId === legs.get('low') && data.talking === true,
      'low talks',
    );
    const [loud, low] = [await legOf('loud'), await legOf('low')];
    assert.deepEqual([loud.speaking, low.speaking], [true, true]);
    assert.equal(loud.level, undefined);
  });

  it('are what was sent, within a decibel', async function () {
    if (!measures) this.skip();
    watcher = await product.follow(`?sessionId=${session.id}&only=leg.levels`);
    for (const [name, amplitude] of Object.entries(amplitudes)) {
      const sent = decibels(amplitude / Math.SQRT2);
      near((await level(name, ({ inDb }) => inDb > -60)).inDb, sent, name);
      near((await legOf(name)).level?.inDb, sent, `${name}, as the list of legs tells it`);
    }
    assert.ok(watcher.told.every(({ name }) => name === 'leg.levels' || name === 'hello'));
  });

  it('are what a terminal hears, within a decibel', async function () {
    if (!measures) this.skip();
    // Announcements are over, and levels evened out, when two seconds sound alike.
    let heard = Number.NEGATIVE_INFINITY;
    for (let before = Number.NaN; Math.abs(heard - before) > 0.3 || Number.isNaN(before); ) {
      before = heard;
      heard = decibels(loudness(await terminals[1]!.listen(1)));
    }
    watcher!.forget();
    near((await level('low', () => true)).outDb, heard, 'what the other hears');
  });

  it('go on of one who is muted, who does not speak for the room', async () => {
    await product.patch(`/sessions/${session.id}/legs/${legs.get('loud')}`, { muted: true });
    await product.events.once(
      ({ data, name }) => name === 'talking' && data.legId === legs.get('loud') && data.talking === false,
      'loud is muted',
    );
    assert.equal((await legOf('loud')).speaking, false);
    if (!measures) return;
    watcher!.forget();
    await level('low', ({ outDb }) => (outDb ?? 0) < -60);
    near((await level('loud', () => true)).inDb, decibels(amplitudes.loud / Math.SQRT2), 'muted');
  });

  it('are measured no more when nobody watches', async function () {
    if (!measures) this.skip();
    watcher!.close();
    for (let known = true; known; ) known = (await legOf('loud')).level !== undefined;
  });
});
