import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { pino } from 'pino';
import { bySession, Recorder, type Tape, type Why } from '../../../gateway/rooms/recorder.ts';
import { TapeDeck } from '../../../gateway/rooms/tape-deck.ts';
import { systemClock } from '../../../platform/clock.ts';
import { randomIds } from '../../../platform/ids.ts';
import { type Recording, session } from '../../../store/schema/session.ts';
import { openSessionLog, type SessionLog } from '../../../store/session-log.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { startMongod, type TestMongod } from '../../store/mongod.ts';

const staff: Why = { actor: { kind: 'user', name: 'Lan' }, reason: 'staff' };

/** A media engine's tape: tells what is asked of it, and refuses when told to. */
class PlainTape implements Tape {
  readonly running = new Set<string>();
  refuses = 0;
  async start(path: string): Promise<void> {
    if (this.refuses-- > 0) throw new Error('no space left');
    this.running.add(path);
  }
  async stop(path: string): Promise<void> {
    assert.ok(this.running.delete(path), `${path} does not run`);
  }
}

describe('a recording through stops, failures and restarts', function () {
  this.timeout(20_000);
  const folder = mkdtempSync(join(tmpdir(), 'tape-deck-'));
  let mongod: TestMongod;
  let store: Store;
  let log: SessionLog;
  let recorder: Recorder;
  let tape: PlainTape;
  let deck: TapeDeck;
  let failures: number;
  let sessionId = '';

  before(async () => {
    mongod = await startMongod(join(folder, 'store'));
    store = await openStore(mongod.url, systemClock);
    log = await openSessionLog(store.connection, systemClock);
  });
  after(async () => {
    await log?.close();
    await store?.close();
    await mongod?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    sessionId = randomIds();
    failures = 0;
    tape = new PlainTape();
    recorder = new Recorder({
      store,
      log,
      clock: systemClock,
      newId: randomIds,
      logger: pino({ level: 'silent' }),
      folder: join(folder, 'recordings'),
    });
    deck = newDeck();
  });
  afterEach(() => deck.close(false, bySession));

  const newDeck = (): TapeDeck =>
    new TapeDeck({ sessionId, kind: 'room', name: 'room' }, recorder, true, {
      failed: () => failures++,
      began: () => {},
    });
  const kept = async (): Promise<Recording> => {
    const all = await store.recordings.find({ sessionId });
    assert.equal(all.length, 1, 'it is one recording all along');
    return all[0]!;
  };
  const story = async (): Promise<string[]> =>
    (await log.find({ sessionId })).map(({ detail, event }) =>
      `${event.replace('recording.', '')} ${detail.reason ?? ''} ${detail.part ?? ''}`.trim(),
    );
  const open = async (state: 'open' | 'ended'): Promise<void> => {
    const now = new Date();
    await store.sessions.insert(
      session.parse({
        id: sessionId,
        title: 'Phiên',
        room: sessionId.slice(0, 8),
        state,
        createdAt: now,
        updatedAt: now,
      }),
    );
  };

  it('is one with two stretches when staff stop it and go on, however often they ask', async () => {
    await deck.load(tape);
    for (const on of [true, false, false, true, true]) await deck.want(on, staff);
    await deck.close(true, bySession);
    const { parts, state } = await kept();
    assert.deepEqual([state, parts.map(({ endedAt }) => endedAt !== undefined)], ['finishing', [true, true]]);
    assert.deepEqual(await story(), ['started session 1', 'stopped staff 1', 'resumed staff 2', 'stopped session 2']);
    assert.equal(tape.running.size, 0);
  });

  it('goes on in a new stretch when the engine was lost and is back', async () => {
    await deck.load(tape);
    await deck.unload();
    await deck.load(new PlainTape(), { ...bySession, reason: 'engine' });
    assert.deepEqual([(await kept()).state, (await kept()).parts.length], ['recording', 2]);
    assert.deepEqual(await story(), ['started session 1', 'stopped engine 1', 'resumed engine 2']);
  });

  it('is tried again when the engine ended it by itself; that is told once', async () => {
    await deck.load(tape);
    const [path] = tape.running;
    tape.refuses = 1;
    const resumed = new Promise<void>((resolve) => {
      log.on('entry', ({ event, sessionId: whose }) => {
        if (event === 'recording.resumed' && whose === sessionId) resolve();
      });
    });
    await deck.ended(path!);
    await deck.ended('/another/file.mp4');
    await resumed;
    assert.equal(failures, 1);
    assert.equal((await kept()).parts.length, 2);
    assert.deepEqual(await story(), ['started session 1', 'stopped engine 1', 'not-started', 'resumed engine 2']);
  });

  it('stops while there is no space, and begins when there is', async () => {
    recorder.halted = true;
    await deck.load(tape);
    assert.equal(tape.running.size, 0);
    recorder.halted = false;
    await deck.settle({ ...bySession, reason: 'space' });
    assert.equal(tape.running.size, 1);
    recorder.halted = true;
    await deck.settle({ ...bySession, reason: 'space' });
    assert.deepEqual([tape.running.size, (await kept()).state], [0, 'paused']);
  });

  it('a crash ends the stretch; the film of an open session goes on after it', async () => {
    await open('open');
    await deck.load(tape);
    await recorder.takeLeftOver();
    assert.equal((await kept()).state, 'paused');
    const again = newDeck();
    await again.load(new PlainTape());
    assert.deepEqual([(await kept()).state, (await kept()).parts.length], ['recording', 2]);
    await again.close(true, bySession);
    assert.equal((await kept()).state, 'finishing');
  });

  it('a crash finishes what nothing more will come of, also as earlier versions kept it', async () => {
    await open('ended');
    await store.recordings.insert({
      id: randomIds(),
      sessionId,
      kind: 'room',
      path: `${sessionId}/old-room.wav`,
      format: 'wav',
      state: 'recording',
      parts: [],
      attempts: 0,
      bytes: 0,
      startedAt: new Date(),
    });
    await recorder.takeLeftOver();
    const { parts, path, state } = await kept();
    assert.deepEqual([state, parts.map((part) => part.path)], ['finishing', [`${sessionId}/old-room.wav`]]);
    assert.notEqual(path, parts[0]?.path);
  });
});
