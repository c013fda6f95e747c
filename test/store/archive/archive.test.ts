import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'mocha';
import { pino } from 'pino';
import { checkDue, copyDue } from '../../../store/archive/copies.ts';
import { finishDue, removeLeftOvers, stretchPath } from '../../../store/archive/finish.ts';
import { deleteOverdue } from '../../../store/archive/retention.ts';
import { verify } from '../../../store/archive/verify.ts';
import type { ArchiveWork } from '../../../store/archive/work.ts';
import type { Recording } from '../../../store/schema/session.ts';
import { openSessionLog, type SessionLog } from '../../../store/session-log.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { indexInFront, probed } from '../../peers/films.ts';
import { readWav, writeTone } from '../../peers/tones.ts';
import { startMongod, type TestMongod } from '../mongod.ts';

const dayMs = 86_400_000;
const never = new AbortController().signal;
const touch = async (): Promise<void> => {};
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** A fragmented MP4 as the engine writes it. */
function writeStretch(path: string, colour: string, seconds: number, size = '320x180'): void {
  const made = spawnSync('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `color=${colour}:s=${size}:r=25:d=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=f=440:r=48000:d=${seconds}`, '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0'],
    ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-movflags', 'empty_moov+default_base_moof', '-frag_duration', '500000'],
    path,
  ]);
  assert.equal(made.stderr.toString(), '');
}

describe('what becomes of recordings', function () {
  this.timeout(60_000);
  const root = mkdtempSync(join(tmpdir(), 'archive-'));
  const clock = { aheadMs: 0, now: () => new Date(Date.now() + clock.aheadMs) };
  let mongod: TestMongod;
  let store: Store;
  let log: SessionLog;
  let work: ArchiveWork;
  let incidents: string[];
  let tests = 0;

  before(async () => {
    mongod = await startMongod(join(root, 'store'));
    store = await openStore(mongod.url, clock);
    log = await openSessionLog(store.connection, clock);
  });
  after(async () => {
    await log?.close();
    await store?.close();
    await mongod?.stop();
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await store.recordings.removeAll({});
    const own = join(root, String(++tests));
    incidents = [];
    clock.aheadMs = 0;
    work = {
      store,
      log,
      clock,
      logger: pino({ level: 'silent' }),
      folder: join(own, 'recordings'),
      archiveDir: join(own, 'archive'),
      changed: () => {},
      incident: (code) => incidents.push(code),
    };
    mkdirSync(join(work.folder, sessionId()), { recursive: true });
    mkdirSync(work.archiveDir!);
  });
  const sessionId = (): string => `session-${tests}`;
  const told = async (event: string): Promise<Record<string, unknown>[]> =>
    (await log.find({ sessionId: sessionId(), event })).map(({ detail }) => detail);
  const get = async (id: string): Promise<Recording> => (await store.recordings.get(id))!;
  const place = (path: string): string => join(work.folder, path);

  /** A recording that waits to be finished, its stretches made by `write`. */
  async function waiting(
    name: string,
    writes: ((path: string) => void)[],
    more: Partial<Recording> = {},
  ): Promise<Recording> {
    const path = join(sessionId(), name);
    const parts = writes.map((write, number) => {
      const stretch = stretchPath(path, number + 1);
      write(place(stretch));
      return { path: stretch, startedAt: clock.now(), endedAt: new Date(clock.now().getTime() + 5_000) };
    });
    return store.recordings.insert({
      id: `${sessionId()}-${name}`,
      sessionId: sessionId(),
      kind: name.endsWith('.mp4') ? 'room' : 'track',
      path,
      format: name.endsWith('.mp4') ? 'mp4' : 'wav',
      state: 'finishing',
      parts,
      attempts: 0,
      bytes: 0,
      startedAt: clock.now(),
      ...more,
    });
  }
  const tone =
    (hertz: number, seconds: number, rate = 8_000) =>
    (path: string) =>
      writeTone(path, hertz, seconds, rate);
  const picture = (colour: string, seconds: number, size?: string) => (path: string) =>
    writeStretch(path, colour, seconds, size);
  /** A closed recording. */
  async function closed(name = 'a.wav'): Promise<Recording> {
    const { id } = await waiting(name, [tone(400, 1)]);
    await finishDue(work, never, touch);
    return get(id);
  }

  it('stretches of a film become one, also when the last was cut off; its index is in front', async () => {
    const film = await waiting('film.mp4', [
      picture('red', 2),
      (path) => writeFileSync(path, ''),
      (path) => {
        writeStretch(path, 'blue', 3);
        const bytes = readFileSync(path);
        writeFileSync(path, bytes.subarray(0, Math.round(bytes.length * 0.7)));
      },
    ]);
    await finishDue(work, never, touch);
    const done = await get(film.id);
    assert.equal(done.state, 'closed');
    assert.ok(indexInFront(readFileSync(place(done.path))));
    const { format } = probed(place(done.path));
    assert.ok(Math.abs(Number(format.duration) * 1_000 - (done.durationMs ?? 0)) < 60);
    assert.deepEqual(
      done.parts.map(({ offsetMs }) => offsetMs !== undefined),
      [true, false, true],
    );
    assert.ok(done.durationMs! > 3_500 && done.durationMs! < 5_000, `${done.durationMs} ms`);
    assert.deepEqual([done.sha256, done.bytes], [sha256(place(done.path)), readFileSync(place(done.path)).length]);
    const [entry] = await told('recording.closed');
    assert.deepEqual([entry?.sha256, entry?.unreadableParts], [done.sha256, 1]);
    assert.deepEqual(readdirSync(join(work.folder, sessionId())), ['film.mp4']);
  });

  it('stretches of another size are listed after it', async () => {
    await waiting('film.mp4', [picture('red', 1), picture('red', 1, '640x360'), picture('blue', 1, '640x360')]);
    await finishDue(work, never, touch);
    await finishDue(work, never, touch);
    const all = await store.recordings.find({}, { sort: { path: 1 } });
    assert.deepEqual(all.map(({ parts, state }) => `${state} ${parts.length}`).sort(), ['closed 1', 'closed 2']);
    const sizes = all.map(({ path }) => probed(place(path)).streams.find((one) => one.width !== undefined)?.width);
    assert.deepEqual(sizes.sort(), [320, 640]);
  });

  it('stretches of a track become one WAV, though a header was never completed', async () => {
    const track = await waiting('t.wav', [
      tone(400, 1),
      (path) => {
        writeTone(path, 600, 2);
        const bytes = readFileSync(path);
        bytes.writeUInt32LE(0, 40);
        writeFileSync(path, bytes);
      },
    ]);
    await finishDue(work, never, touch);
    const done = await get(track.id);
    assert.deepEqual([done.state, done.durationMs], ['closed', 3_000]);
    assert.equal(readWav(place(done.path)).samples.length, 24_000);
    assert.deepEqual(
      done.parts.map(({ offsetMs, durationMs }) => [offsetMs, durationMs]),
      [
        [0, 1_000],
        [1_000, 2_000],
      ],
    );
  });

  for (const [step, cut] of [
    ['while stretches are joined', 'join'],
    ['when the file is named, before the log is told', 'log'],
    ['when the log is told, before the store is', 'store'],
    ['when the store is told, before the stretches go', 'remove'],
  ] as const) {
    it(`cut off ${step}: done again with the same outcome, told once`, async () => {
      const film = await waiting('film.mp4', [picture('red', 1), picture('blue', 1)]);
      const stopped = new AbortController();
      const cutOff = async (): Promise<never> => {
        stopped.abort();
        throw new Error('cut off');
      };
      const recordings = {
        ...store.recordings,
        updateFirst: (async (filter, change) => {
          if (cut === 'store' && change.state === 'closed') return cutOff();
          const changed = await store.recordings.updateFirst(filter, change);
          return cut === 'remove' && change.state === 'closed' ? cutOff() : changed;
        }) as typeof store.recordings.updateFirst,
      };
      const silent = Object.create(log, { append: { value: cutOff } }) as SessionLog;
      const once = {
        ...work,
        store: { ...store, recordings },
        log: cut === 'log' ? silent : log,
        changed: () => {
          if (cut === 'join') stopped.abort();
        },
      };
      await finishDue(once, stopped.signal, touch);
      assert.ok(stopped.signal.aborted);
      assert.equal((await get(film.id)).state, cut === 'remove' ? 'closed' : 'finishing');
      await removeLeftOvers(work);
      await finishDue(work, never, touch);
      const done = await get(film.id);
      assert.equal(done.state, 'closed');
      assert.equal(sha256(place(done.path)), done.sha256);
      assert.deepEqual(
        (await told('recording.closed')).map((entry) => entry.sha256),
        [done.sha256],
      );
      assert.deepEqual(readdirSync(join(work.folder, sessionId())), ['film.mp4']);
    });
  }

  it('what cannot be finished is tried again with patience, and given up with a word and an incident', async () => {
    const { id } = await waiting('t.wav', [tone(400, 1)]);
    // A folder stands where the file should be.
    mkdirSync(join(place((await get(id)).path), 'x'), { recursive: true });
    await finishDue(work, never, touch);
    const first = await get(id);
    assert.deepEqual([first.state, first.attempts], ['finishing', 1]);
    assert.ok(first.nextAt! > clock.now() && first.error !== undefined);
    await finishDue(work, never, touch);
    assert.equal((await get(id)).attempts, 1, 'not before its time');
    for (let attempt = 2; attempt <= 12; attempt++) {
      clock.aheadMs += 11 * 60_000;
      await finishDue(work, never, touch);
    }
    assert.equal((await get(id)).state, 'failed');
    assert.deepEqual(incidents, ['recording.failed']);
    assert.equal((await told('recording.failed')).length, 1);
  });

  it('a copy is made, read back and provable by itself; one altered or gone is told once, and made anew', async () => {
    const recording = await closed();
    await copyDue(work, never, touch);
    const copy = join(work.archiveDir!, recording.path);
    assert.equal((await get(recording.id)).archive?.state, 'copied');
    assert.equal(spawnSync('sha256sum', ['--check', `${copy}.sha256`], { cwd: join(copy, '..') }).status, 0);
    assert.equal((await told('recording.archived'))[0]?.sha256, recording.sha256);
    appendFileSync(copy, 'x');
    clock.aheadMs = 8 * dayMs;
    await checkDue(work, 7 * dayMs, never, touch);
    await checkDue(work, 0, never, touch);
    assert.deepEqual(incidents, ['archive.altered']);
    await copyDue(work, never, touch);
    assert.equal(sha256(copy), recording.sha256);
    assert.equal(readdirSync(join(copy, '..')).filter((name) => name.includes('.altered-')).length, 1);
    rmSync(copy);
    assert.deepEqual((await verify(work, await get(recording.id))).archive, { state: 'missing' });
    await copyDue(work, never, touch);
    assert.deepEqual((await verify(work, await get(recording.id))).intact, true);
    assert.deepEqual(incidents, ['archive.altered', 'archive.missing']);
  });

  it('a second folder that is not there is no reason to make it; it is tried again, and told', async () => {
    const recording = await closed();
    rmSync(work.archiveDir!, { recursive: true });
    for (let attempt = 0; attempt < 4; attempt++) {
      await copyDue(work, never, touch);
      clock.aheadMs += 11 * 60_000;
    }
    assert.equal(existsSync(work.archiveDir!), false);
    assert.deepEqual(incidents, ['archive.unreachable']);
    mkdirSync(work.archiveDir!);
    await copyDue(work, never, touch);
    assert.equal((await get(recording.id)).archive?.state, 'copied');
  });

  it('a file altered is found by the log, though its hash in the store was altered with it', async () => {
    const recording = await closed();
    appendFileSync(place(recording.path), 'x');
    await store.recordings.update(recording.id, { sha256: sha256(place(recording.path)) });
    const verdict = await verify(work, await get(recording.id));
    assert.deepEqual([verdict.intact, verdict.file.state], [false, 'altered']);
    assert.equal((await get(recording.id)).intact, false);
    assert.deepEqual(incidents, ['recording.altered']);
  });

  it('nothing is deleted by itself; by rule it is, told with its hash; a legal hold beats the rule', async () => {
    const recording = await closed();
    await copyDue(work, never, touch);
    const session = {
      id: sessionId(),
      title: 'Phiên',
      room: String(tests),
      state: 'ended',
      endedAt: clock.now(),
    } as const;
    const now = clock.now();
    const { session: schema } = await import('../../../store/schema/session.ts');
    await store.sessions.insert(schema.parse({ ...session, createdAt: now, updatedAt: now }));
    clock.aheadMs = 400 * dayMs;
    await deleteOverdue(work, undefined, never);
    await store.sessions.update(session.id, {
      hold: { reason: 'Thanh tra', since: now, by: 'Lan' },
      retentionDays: 30,
    });
    await deleteOverdue(work, 365, never);
    assert.equal((await get(recording.id)).state, 'closed');
    await store.sessions.update(session.id, { hold: undefined, retentionDays: 500 });
    await deleteOverdue(work, 365, never);
    assert.equal((await get(recording.id)).state, 'closed', 'the session asks for longer');
    await store.sessions.update(session.id, { retentionDays: undefined });
    await deleteOverdue(work, 365, never);
    const gone = await get(recording.id);
    assert.deepEqual([gone.state, gone.sha256], ['deleted', recording.sha256]);
    assert.equal(existsSync(place(recording.path)), false);
    assert.deepEqual(readdirSync(join(work.archiveDir!, sessionId())), []);
    const [entry] = await told('recording.deleted');
    assert.deepEqual([entry?.sha256, entry?.retentionDays], [recording.sha256, 365]);
  });
});
