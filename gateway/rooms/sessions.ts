import { promptFile } from '../../freeswitch/prompts/catalogue.ts';
import type { Config } from '../../platform/config.ts';
import { Fault } from '../../platform/fault.ts';
import type { Actor } from '../../store/schema/log.ts';
import type { LegRecord, Participant, Session } from '../../store/schema/session.ts';
import type { Announcement } from '../gateway.ts';
import type { Leg } from '../legs/leg.ts';
import { DialOut } from './dial-out.ts';
import { inSession, LegRoll } from './leg-roll.ts';
import { LevelDesk } from './level-desk.ts';
import { LineDesk } from './line-desk.ts';
import type { GatewayParts } from './parts.ts';
import { PictureDesk } from './picture-desk.ts';
import { Recorder } from './recorder.ts';
import { Room } from './room.ts';

const system: Actor = { kind: 'system' };
/** How long before its planned time the first arrival may open a session, ms. */
const earlyMs = 15 * 60_000;
/** The last word shall be out before the line is closed: what the jitter buffers on the way hold, ms. */
const lingerMs = 300;
/** No goodbye is longer than this, ms. */
const longestGoodbyeMs = 10_000;

/** The sessions that are open, with their rooms; every change is told in the session log. */
export class Sessions {
  readonly recorder: Recorder;
  readonly pictures: PictureDesk;
  readonly lines: LineDesk;
  readonly levels: LevelDesk;
  readonly legs: LegRoll;
  private readonly parts: GatewayParts;
  private readonly rooms = new Map<string, Promise<Room>>();
  private readonly dialOuts = new Map<string, DialOut>();
  private closing = false;

  constructor(parts: GatewayParts, config: Pick<Config, 'dataDir'>) {
    this.parts = parts;
    const { clock, events, log, logger, newId, store } = parts;
    this.recorder = new Recorder({ store, log, clock, newId, logger, folder: `${config.dataDir}/recordings` });
    this.recorder.on('recording', (recording) => events.emit('recording', recording));
    this.legs = new LegRoll(parts);
    this.pictures = new PictureDesk(parts, this);
    this.lines = new LineDesk(parts, this.legs);
    this.levels = new LevelDesk(parts);
  }

  get count(): number {
    return this.rooms.size;
  }

  /** After a start: recordings that a crash left open are closed, legs that are gone are ended, open sessions go on. */
  async restore(): Promise<void> {
    const { log, store } = this.parts;
    await this.recorder.takeLeftOver();
    for (const leg of await store.legs.find({ state: { $ne: 'ended' } })) {
      const cause = { q850: 41, text: 'the gateway was restarted' };
      await store.legs.update(leg.id, { state: 'ended', endedAt: this.parts.clock.now(), cause });
      await log.append({
        ...inSession(leg.sessionId),
        event: 'leg.ended',
        actor: system,
        legId: leg.id,
        cause,
        detail: { name: leg.name },
      });
    }
    for (const session of await store.sessions.find({ state: 'open' })) {
      await log.append({ sessionId: session.id, event: 'session.restored', actor: system });
      await this.start(session).catch((error: unknown) =>
        this.parts.logger.error({ err: error, session: session.id }, 'session could not be restored'),
      );
    }
  }

  /** The session that a dialled number means, if it may be entered or opened now. */
  async byRoom(room: string): Promise<Session | undefined> {
    // Every call into a room asks this.
    const [open] = await this.parts.store.sessions.recall({ room, state: 'open' });
    return open ?? this.parts.store.sessions.first({ room, state: 'planned' }, { sort: { plannedStart: 1 } });
  }

  /** Whether the first arrival may open a planned session. */
  mayOpenOnArrival(session: Session, allowedByPlan: boolean): boolean {
    if (session.state !== 'planned' || !(allowedByPlan || session.openOnArrival)) return false;
    const start = session.plannedStart?.getTime();
    return start === undefined || this.parts.clock.now().getTime() >= start - earlyMs;
  }

  async open(sessionId: string, actor: Actor): Promise<Session> {
    const { clock, events, log, store } = this.parts;
    const session = await this.known(sessionId);
    if (session.state === 'open') return session;
    if (session.state !== 'planned') throw new Fault('conflict', 'session.over');
    if (!this.parts.media.connected) throw new Fault('unavailable', 'media.unavailable');
    // Compare-and-set: two who open at once open one session.
    const opened = await store.sessions.updateFirst(
      { id: sessionId, state: 'planned' },
      { state: 'open', startedAt: clock.now() },
    );
    if (opened === undefined) return this.open(sessionId, actor);
    await log.append({
      sessionId,
      event: 'session.opened',
      actor,
      detail: { title: session.title, room: session.room },
    });
    events.emit('session', opened);
    await this.start(opened);
    return opened;
  }

  async end(sessionId: string, actor: Actor, reason?: string): Promise<Session> {
    const { clock, events, log, store } = this.parts;
    const session = await this.known(sessionId);
    if (session.state === 'planned') throw new Fault('conflict', 'session.not-open');
    if (session.state !== 'open') return session;
    const ended = await store.sessions.updateFirst(
      { id: sessionId, state: 'open' },
      { state: 'ended', endedAt: clock.now() },
    );
    if (ended === undefined) return this.known(sessionId);
    await log.append({ sessionId, event: 'session.ending', actor, detail: reason === undefined ? {} : { reason } });
    this.dialOuts.get(sessionId)?.stop();
    this.dialOuts.delete(sessionId);
    const room = await this.rooms.get(sessionId)?.catch(() => undefined);
    this.rooms.delete(sessionId);
    if (room !== undefined) {
      if (room.size > 0) {
        const patience = new Promise((resolve) => setTimeout(resolve, longestGoodbyeMs).unref());
        await Promise.race([room.play([promptFile('ended', session.language)]).catch(() => {}), patience]);
        await new Promise((resolve) => setTimeout(resolve, lingerMs));
      }
      const legs = room.legs();
      await room.close(true);
      await Promise.all(legs.map((leg) => leg.end({ q850: 16, text: 'session ended' })));
    }
    for (const leg of this.legs.waiting(sessionId))
      await this.legs.get(leg.id)?.end({ q850: 16, text: 'session ended' });
    await this.recorder.finishSession(sessionId);
    await log.append({ sessionId, event: 'session.ended', actor, detail: reason === undefined ? {} : { reason } });
    events.emit('session', ended);
    return ended;
  }

  async setLocked(sessionId: string, locked: boolean, actor: Actor): Promise<Session> {
    const changed = await this.parts.store.sessions.updateFirst(
      { id: sessionId, state: { $in: ['open', 'planned'] } },
      { locked },
    );
    if (changed === undefined) {
      await this.known(sessionId);
      throw new Fault('conflict', 'session.over');
    }
    await this.parts.log.append({ sessionId, event: locked ? 'session.locked' : 'session.unlocked', actor });
    this.parts.events.emit('session', changed);
    return changed;
  }

  /** Records a session, or stops for a while. @throws Fault when there is no space. */
  async setRecording(sessionId: string, on: boolean, actor: Actor): Promise<Session> {
    const room = await this.room(sessionId);
    const before = await this.known(sessionId);
    if (before.record === on) return before;
    if (on && this.recorder.halted) throw new Fault('unavailable', 'recording.no-space');
    const changed = await this.parts.store.sessions.update(sessionId, { record: on });
    if (changed === undefined) throw new Fault('not-found', 'session.unknown');
    await room.setRecording(on, { actor, reason: 'staff' });
    this.parts.events.emit('session', changed);
    return changed;
  }

  /** There is no space to record any more, or there is again. Calls go on. */
  async haltRecordings(halted: boolean): Promise<void> {
    if (this.recorder.halted === halted) return;
    this.recorder.halted = halted;
    for (const room of this.rooms.values()) await (await room.catch(() => undefined))?.reconsiderRecording();
  }

  /** Speaks to all in the room; the log says what, in whose name. */
  async announce(sessionId: string, what: Announcement, actor: Actor): Promise<void> {
    const room = await this.room(sessionId);
    const { language } = await this.known(sessionId);
    await this.parts.log.append({ sessionId, event: 'session.announced', actor, detail: { what } });
    room.play([promptFile(what, language)]).catch((error: unknown) => {
      this.parts.logger.warn({ err: error, session: sessionId, what }, 'announcement could not be played');
    });
  }

  /** Follows a leg to its end, and its line. */
  adopt(leg: Leg): void {
    this.legs.follow(leg);
    this.lines.follow(leg);
  }

  /**
   * Brings an answered leg into an open session, where it is told that the session is recorded (not yet, with `quietly`:
   * a far room's menu must hear the code first). @throws Fault when the session is not open.
   */
  async join(
    leg: Leg,
    sessionId: string,
    actor: Actor,
    { detail = {}, quietly = false }: { detail?: Record<string, unknown>; quietly?: boolean } = {},
  ): Promise<void> {
    const [session] = await this.parts.store.sessions.recall({ id: sessionId });
    if (session === undefined) throw new Fault('not-found', 'session.unknown');
    const room = await this.room(sessionId);
    await room.join(leg, await this.pictures.seatOf(leg));
    if (leg.ended) return;
    const codec = await leg.endpoint.codec();
    const own = codec === undefined ? {} : { codec };
    this.parts.legBook.change(leg.id, { sessionId, state: 'joined', joinedAt: this.parts.clock.now(), ...own });
    await this.legs.tell(leg.id, 'leg.joined', actor, { ...detail, ...own, room: session.room });
    if (!quietly) await room.announceRecording(leg);
  }

  /** Tells one who came in that the session is recorded, if it is. */
  async announceRecording(leg: Leg, sessionId: string): Promise<void> {
    if (!leg.ended && !this.closing) await (await this.rooms.get(sessionId))?.announceRecording(leg);
  }

  async callOut(sessionId: string, who: Participant, actor: Actor): Promise<LegRecord> {
    await this.room(sessionId);
    return this.dialOut(sessionId).callOnce(who, actor);
  }

  async mute(sessionId: string, legId: string, muted: boolean, actor: Actor): Promise<LegRecord> {
    const room = await this.room(sessionId);
    if (!room.has(legId)) throw new Fault('not-found', 'leg.unknown');
    await room.mute(legId, muted);
    await this.legs.tell(legId, muted ? 'leg.muted' : 'leg.unmuted', actor);
    return this.legs.change(legId, { muted });
  }

  async remove(sessionId: string, legId: string, actor: Actor): Promise<void> {
    const record = this.parts.legBook.get(legId);
    if (record === undefined || record.sessionId !== sessionId) throw new Fault('not-found', 'leg.unknown');
    await this.legs.tell(legId, 'leg.removed', actor);
    this.dialOuts.get(sessionId)?.forget(legId);
    await this.legs.get(legId)?.end({ q850: 16, text: 'removed by the operator' });
  }

  async admit(sessionId: string, legId: string, actor: Actor): Promise<LegRecord> {
    const leg = this.legs.get(legId);
    const record = this.parts.legBook.get(legId);
    if (leg === undefined || record === undefined) throw new Fault('not-found', 'leg.unknown');
    if (record.state !== 'lobby') throw new Fault('conflict', 'leg.not-waiting');
    await this.room(sessionId);
    await leg.endpoint.stopPlaying();
    this.parts.legBook.change(legId, { sessionId });
    await this.legs.tell(legId, 'leg.admitted', actor);
    await this.join(leg, sessionId, actor);
    return this.legs.change(legId, {});
  }

  /** Hangs everything up; sessions stay open in the store and go on after a restart. */
  async close(): Promise<void> {
    this.closing = true;
    for (const dialOut of this.dialOuts.values()) dialOut.stop();
    const rooms = await Promise.all([...this.rooms.values()].map((room) => room.catch(() => undefined)));
    await Promise.all(rooms.map((room) => room?.close(false)));
    await Promise.all(this.legs.all().map((leg) => leg.end({ q850: 41, text: 'the gateway is closing down' })));
  }

  private async start(session: Session): Promise<void> {
    const made = (async (): Promise<Room> => {
      const room = new Room(session, this.parts.media, this.recorder, this.parts.logger);
      this.pictures.follow(room);
      this.levels.follow(room);
      room.on('incident', (code, values) => {
        this.parts.events.emit('incident', { code, sessionId: session.id, values });
        void this.parts.log.append({
          sessionId: session.id,
          event: 'session.incident',
          actor: system,
          detail: { code, ...values },
        });
      });
      room.on('announced', (legId) => void this.legs.tell(legId, 'recording.announced', system));
      await room.open();
      return room;
    })();
    this.rooms.set(session.id, made);
    try {
      await made;
    } catch (error) {
      this.rooms.delete(session.id);
      throw error;
    }
    for (const who of session.participants) if (who.dialOut) this.dialOut(session.id).keep(who, system);
  }

  private dialOut(sessionId: string): DialOut {
    let dialOut = this.dialOuts.get(sessionId);
    if (dialOut === undefined) {
      dialOut = new DialOut(sessionId, this.parts, this);
      this.dialOuts.set(sessionId, dialOut);
    }
    return dialOut;
  }

  private async known(sessionId: string): Promise<Session> {
    const session = await this.parts.store.sessions.get(sessionId);
    if (session === undefined) throw new Fault('not-found', 'session.unknown');
    return session;
  }

  /** The room of an open session. @throws Fault when it is not open. */
  async room(sessionId: string): Promise<Room> {
    const room = this.closing ? undefined : this.rooms.get(sessionId);
    if (room === undefined) {
      await this.known(sessionId);
      throw new Fault('conflict', 'session.not-open');
    }
    return room;
  }
}
