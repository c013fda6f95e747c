import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import type { Baresip } from '../peers/baresip.ts';
import { probed, shot } from '../peers/films.ts';
import { meanOf, named, writeClip } from '../peers/pictures.ts';
import { Product } from '../peers/product.ts';
import { writeTone } from '../peers/tones.ts';
import { finished, openRoom, type Recording, recordingsOf, terminal } from './recorded-room.ts';

/** What may be lost of a stretch whose writer is killed, ms. */
const mostLost = 1_000;

describe('a film outlives its writers', function () {
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), 'recording-crash-'));
  let product: Product;
  let red: Baresip;
  let session: { id: string; room: string };
  /** When the writer of each stretch was killed. */
  const killedAt: number[] = [];

  before(async function () {
    writeTone(join(folder, 'red.wav'), 500, 120);
    writeClip(join(folder, 'red.mp4'), 'red');
    product = await Product.start();
    if (product.engines().size < 3) return this.skip();
    red = await terminal(product, 'red', '101', join(folder, 'red.wav'), join(folder, 'red.mp4'));
    session = await openRoom(product, 'Phiên bị ngắt');
    await red.dial(session.room);
    await product.events.logged('recording.announced');
  });
  after(async () => {
    await red?.stop();
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const goesOn = (part: number) =>
    product.events.logged('recording.resumed', ({ detail }) => detail.kind === 'room' && detail.part === part, 15_000);
  const film = async (): Promise<Recording> =>
    (await recordingsOf(product, session.id)).find(({ kind }) => kind === 'room')!;

  it('of the studio alone', async () => {
    await pause(4_000);
    const [studio] = product.studios();
    killedAt.push(Date.now());
    process.kill(studio!, 'SIGKILL');
    await goesOn(2);
    assert.equal((await film()).state, 'recording');
  });

  it('of the media engine', async () => {
    await pause(4_000);
    killedAt.push(Date.now());
    process.kill(product.engines().get('freeswitch')!, 'SIGKILL');
    await goesOn(3);
    await product.events.logged('leg.media-restored');
  });

  it('of the whole product at once', async () => {
    await pause(4_000);
    killedAt.push(Date.now());
    await product.crash();
    await product.launch();
    assert.equal(
      (await product.log(session.id)).filter(({ event }) => event === 'recording.resumed').length >= 3,
      true,
    );
    assert.deepEqual([(await film()).state, (await film()).parts.length], ['recording', 4]);
  });

  it('and is one film of all stretches, of which at most the last second is missing', async () => {
    await pause(1_500);
    await product.post(`/sessions/${session.id}/end`);
    await finished(product, session.id);
    const { durationMs, id, parts, sha256, state } = await film();
    assert.equal(state, 'closed');
    for (const [place, at] of killedAt.entries()) {
      const { durationMs: has = 0, startedAt = '' } = parts[place] ?? {};
      const lost = at - Date.parse(startedAt) - has;
      assert.ok(lost < mostLost, `stretch ${place + 1} lacks ${lost} ms`);
    }
    const { bytes } = await product.download(`/recordings/${id}/file`);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256);
    const path = join(folder, 'film.mp4');
    writeFileSync(path, bytes);
    assert.ok(Math.abs(Number(probed(path).format.duration) * 1_000 - durationMs) < 100);
    for (const { offsetMs = 0, durationMs: has = 0 } of parts.slice(0, 3))
      assert.equal(named(meanOf(shot(path, (offsetMs + has - 600) / 1_000, folder))), 'red');
    assert.equal((await product.post<{ intact: boolean }>(`/recordings/${id}/verify`)).intact, true);
    assert.equal((await product.verifyLog()).code, 0);
  });
});
