import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import { closeBrowser, openBrowser } from '../console/browser.ts';
import type { Baresip } from '../peers/baresip.ts';
import { indexInFront, momentsIn, momentsOnWire, probed, shot, writeFlashes } from '../peers/films.ts';
import { meanOf, named, writeClip } from '../peers/pictures.ts';
import { Product } from '../peers/product.ts';
import { RtpCapture } from '../peers/rtp-capture.ts';
import { readWav, type Sound, writeTone } from '../peers/tones.ts';
import { tonesAnywhere } from './listening.ts';
import { finished, openRoom, type Recording, recordingsOf, terminal } from './recorded-room.ts';

const greenTone = 700;

describe('the film of a session', function () {
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), 'recording-'));
  const film = join(folder, 'film.mp4');
  let product: Product;
  let flashing: Baresip;
  let green: Baresip;
  let wire: RtpCapture;
  let session: { id: string; room: string };
  let room: Recording;
  let tracks: Recording[];

  before(async () => {
    writeFlashes(join(folder, 'flashes.mp4'), join(folder, 'beeps.wav'));
    writeClip(join(folder, 'green.mp4'), 'green');
    writeTone(join(folder, 'green.wav'), greenTone, 60);
    product = await Product.start();
    flashing = await terminal(product, 'flash', '101', join(folder, 'beeps.wav'), join(folder, 'flashes.mp4'));
    green = await terminal(product, 'green', '102', join(folder, 'green.wav'), join(folder, 'green.mp4'));
    session = await openRoom(product, 'Phiên tiếp công dân tháng 5');
    wire = await RtpCapture.start(`dst host ${product.host}`, folder);
  });
  after(async () => {
    await wire?.stop();
    await Promise.all([flashing?.stop(), green?.stop()]);
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is recorded while terminals come and go, and staff stop it and go on', async () => {
    await flashing.dial(session.room);
    await product.events.logged('recording.announced', ({ detail }) => detail.name === 'flash');
    await pause(12_000);
    await wire.stop();
    const recording = `/sessions/${session.id}/recording`;
    for (let again = 0; again < 2; again++) await product.put(recording, { on: false });
    const stopped = await product.events.logged('recording.stopped', ({ detail }) => detail.kind === 'room');
    assert.equal(stopped.actor.kind, 'user');
    assert.equal((await recordingsOf(product, session.id)).find(({ kind }) => kind === 'room')?.state, 'paused');
    await pause(3_000);
    for (let again = 0; again < 2; again++) await product.put(recording, { on: true });
    await green.dial(session.room);
    await product.events.logged('recording.announced', ({ detail }) => detail.name === 'green');
    await pause(5_000);
    await green.hangUp();
    await product.events.logged('leg.ended');
    await pause(1_500);
    await product.post(`/sessions/${session.id}/end`);
    const all = await finished(product, session.id);
    assert.deepEqual(all.map(({ kind, state }) => `${kind} ${state}`).sort(), [
      'room closed',
      'track closed',
      'track closed',
    ]);
    room = all.find(({ kind }) => kind === 'room')!;
    tracks = all.filter(({ kind }) => kind === 'track');
  });

  it('is one MP4 that begins to play at once, as long as what was recorded, without what was not', async () => {
    const { bytes, headers } = await product.download(`/recordings/${room.id}/file`);
    writeFileSync(film, bytes);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), room.sha256);
    assert.equal(headers.get('content-type'), 'video/mp4');
    assert.ok(indexInFront(bytes));
    const { format, streams } = probed(film);
    assert.deepEqual(streams.map((one) => one.codec_name).sort(), ['aac', 'h264']);
    assert.equal(format.tags?.title, 'Phiên tiếp công dân tháng 5');
    assert.equal(room.parts.length, 2);
    const seconds = room.parts.reduce(
      (sum, part) => sum + (Date.parse(part.endedAt ?? '') - Date.parse(part.startedAt)) / 1_000,
      0,
    );
    assert.ok(Math.abs(Number(format.duration) - seconds) < 0.7, `${format.duration} s of ${seconds} s`);
    for (const { duration } of streams) assert.ok(Math.abs(Number(duration) - Number(format.duration)) < 0.7);
  });

  it('has its sound and picture together', () => {
    const began = Date.parse(room.parts[0]?.startedAt ?? '');
    const sent = momentsOnWire(wire.seen, folder);
    // A terminal sends sound and picture as they come to it: what counts is what was added on the way into the film.
    const apart = momentsIn(film).flatMap(({ atMs, offsetMs }) => {
      const same = sent.find((moment) => Math.abs(began + atMs - moment.atMs) < 900);
      return same === undefined ? [] : [offsetMs - same.offsetMs];
    });
    assert.ok(apart.length >= 4, `${apart.length} flashes`);
    const sizes = apart.map(Math.abs).sort((one, other) => one - other);
    assert.ok(sizes[sizes.length >> 1]! < 80, `apart ${apart} ms`);
  });

  it('shows who is there: the newcomer in a tile of its own, and not when it left', async () => {
    const { offsetMs = 0, startedAt = '' } = room.parts[1] ?? {};
    const log = await product.log(session.id);
    const right = (ms: number) =>
      named(meanOf(shot(film, ms / 1_000, folder), { x: 0.6, y: 0.3, width: 0.3, height: 0.15 }));
    const colourAfter = (event: string, ms: number) => {
      const entry = log.find(({ detail, event: name }) => name === event && detail.name === 'green');
      return right(offsetMs + Date.parse(entry?.time ?? '') - Date.parse(startedAt) + ms);
    };
    assert.notEqual(right(offsetMs - 500), 'green');
    assert.equal(colourAfter('leg.joined', 3_000), 'green');
    assert.notEqual(colourAfter('leg.ended', 1_500), 'green');
  });

  it('has beside it one track a leg, with that leg alone', async () => {
    const files = await Promise.all(tracks.map(({ id }) => product.download(`/recordings/${id}/file`)));
    const sounds = files.map(({ bytes }) => readWav(bytes));
    const long = tracks.findIndex(({ parts }) => parts.length === 2);
    assert.deepEqual(tonesAnywhere(sounds[long]!, [greenTone]), []);
    assert.deepEqual(tonesAnywhere(sounds[1 - long]!, [greenTone]), [greenTone]);
    for (const [place, { rate, samples }] of sounds.entries())
      assert.equal(Math.round((samples.length * 1_000) / rate), tracks[place]?.durationMs);
  });

  it('stands in the log: begun, stopped and gone on with once, closed with its hash, which proves the file', async () => {
    const log = (await product.log(session.id)).filter(({ detail }) => detail.recordingId === room.id);
    assert.deepEqual(
      log.map(({ actor, detail, event }) => `${event} ${actor.kind} ${detail.reason ?? ''}`.trim()),
      [
        'recording.started system session',
        'recording.stopped user staff',
        'recording.resumed user staff',
        'recording.stopped system session',
        'recording.closed system',
      ],
    );
    assert.equal(log.at(-1)?.detail.sha256, room.sha256);
    const verdict = await product.post<{ intact: boolean; log: { seq: number } }>(`/recordings/${room.id}/verify`);
    assert.deepEqual([verdict.intact, verdict.log.seq], [true, log.at(-1)?.seq]);
    assert.equal((await product.verifyLog()).code, 0);
  });

  it('plays in a browser: from the middle, on and on, in its colours, by parts of the file', async () => {
    // On a page of the product's own, whatever it allows itself to show.
    const baseURL = `http://127.0.0.1:${product.ports.http}`;
    const window = await (await openBrowser()).newContext({ baseURL, bypassCSP: true });
    try {
      const page = await window.newPage();
      await page.request.post('/api/v1/login', { data: { username: 'admin', password: Product.password } });
      const statuses: number[] = [];
      page.on('response', (response) => {
        if (response.url().endsWith('/file')) statuses.push(response.status());
      });
      // What runs TypeScript here marks functions by a call that the page does not know.
      await page.addInitScript('globalThis.__name = (one) => one');
      await page.goto('/');
      const { offsetMs = 0, startedAt = '' } = room.parts[1] ?? {};
      const joined = (await product.log(session.id)).find(
        ({ detail, event }) => event === 'leg.joined' && detail.name === 'green',
      );
      const from = (offsetMs + Date.parse(joined?.time ?? '') - Date.parse(startedAt) + 2_500) / 1_000;
      const seen = await page.evaluate(playFrom, { path: `/api/v1/recordings/${room.id}/file`, from });
      assert.ok(Math.abs(seen.duration * 1_000 - room.durationMs) < 200, `${seen.duration} s`);
      assert.ok(seen.advanced >= 0.5, `${seen.advanced} s`);
      assert.equal(named(seen.right), 'green');
      assert.deepEqual([seen.width, seen.height], [1_280, 720]);
      assert.ok(statuses.length > 0 && statuses.every((status) => status === 206), String(statuses));
    } finally {
      await window.close();
      await closeBrowser();
    }
  });

  it('shows a card with title and time where nobody shows a picture', async () => {
    product.events.forget();
    const spoken = await openRoom(product, 'Phiên nghe');
    const phone = await terminal(product, 'phone', '103', join(folder, 'green.wav'));
    await phone.dial(spoken.room);
    await product.events.logged('recording.announced');
    // Alone in the room: what it hears is the announcement.
    assert.ok(loudest(await phone.listen(2)) > 1_000);
    await pause(2_000);
    await product.put(`/sessions/${spoken.id}/recording`, { on: false });
    await phone.listen(2);
    assert.ok(loudest(await phone.listen(1)) < 300, 'nothing is announced while nothing is recorded');
    await product.put(`/sessions/${spoken.id}/recording`, { on: true });
    assert.ok(loudest(await phone.listen(2)) > 1_000, 'and again when it goes on');
    await phone.stop();
    await product.post(`/sessions/${spoken.id}/end`);
    const { detail } = await product.events.logged('recording.closed', (entry) => entry.detail.kind === 'room', 20_000);
    const { bytes } = await product.download(`/recordings/${detail.recordingId}/file`);
    writeFileSync(film, bytes);
    assert.deepEqual(
      probed(film)
        .streams.map((one) => one.codec_name)
        .sort(),
      ['aac', 'h264'],
    );
    const picture = shot(film, 3, folder);
    const brightness = (y: number, height: number) => Math.max(...meanOf(picture, { x: 0.2, y, width: 0.6, height }));
    assert.ok(brightness(0.44, 0.06) > 8, 'the title is written in the middle');
    assert.ok(brightness(0.1, 0.2) < 4, 'and nothing else');
    assert.deepEqual(tonesAnywhere(readWav(soundOf(film)), [greenTone]), [greenTone]);
  });

  const loudest = ({ samples }: Sound): number => samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);

  function soundOf(path: string): string {
    return shot(path, 0, folder, 'wav');
  }
});

/** In the browser: plays a film from a moment on, and tells what it saw there. */
async function playFrom({ path, from }: { path: string; from: number }) {
  const video = document.createElement('video');
  video.muted = true;
  video.src = path;
  document.body.append(video);
  const told = (event: string) =>
    new Promise<void>((resolve, reject) => {
      video.addEventListener(event, () => resolve(), { once: true });
      video.addEventListener('error', () => reject(new Error(video.error?.message ?? 'no film')), { once: true });
    });
  await told('loadedmetadata');
  const seeked = told('seeked');
  video.currentTime = from;
  await seeked;
  await video.play();
  while (video.currentTime < from + 0.5) await new Promise((resolve) => setTimeout(resolve, 50));
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const pen = canvas.getContext('2d');
  pen?.drawImage(video, 0, 0);
  const [red = 0, green = 0, blue = 0] = pen?.getImageData(canvas.width * 0.75, canvas.height * 0.4, 1, 1).data ?? [];
  return {
    duration: video.duration,
    advanced: video.currentTime - from,
    width: canvas.width,
    height: canvas.height,
    right: [red, green, blue],
  };
}
