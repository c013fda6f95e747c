import { Fault } from '../../platform/fault.ts';
import type { Actor, LogEvent } from '../../store/schema/log.ts';
import type { Floor, Layout, Session } from '../../store/schema/session.ts';
import type { Leg } from '../legs/leg.ts';
import type { GatewayParts } from './parts.ts';
import type { Room } from './room.ts';
import type { Seat } from './room-picture.ts';
import type { Sessions } from './sessions.ts';
import { SpeechTurns } from './speech-turns.ts';

const system: Actor = { kind: 'system' };
/** How often it is looked whether somebody's turn is over, ms. */
const turnsEveryMs = 1_000;

/** What rooms show and who speaks in them: set by staff, told to the session log and live. */
export class PictureDesk {
  private readonly parts: GatewayParts;
  private readonly sessions: Pick<Sessions, 'room' | 'legs'>;

  constructor(parts: GatewayParts, sessions: Pick<Sessions, 'room' | 'legs'>) {
    this.parts = parts;
    this.sessions = sessions;
  }

  /** How a leg is named to those who see it: by its site, else as people call it. */
  async seatOf(leg: Leg): Promise<Seat> {
    const record = this.parts.legBook.get(leg.id);
    const siteId = record?.siteId ?? leg.party.siteId;
    const site = siteId === undefined ? undefined : await this.parts.store.sites.get(siteId);
    return { banner: site?.name ?? record?.name ?? leg.party.name, endpointId: record?.endpointId, siteId };
  }

  /** Changes what is seen in a session that is open, or will be. @throws Fault */
  async setLayout(sessionId: string, layout: Layout, actor: Actor): Promise<Session> {
    const session = await this.living(sessionId);
    if (session.state === 'open') {
      const { picture } = await this.sessions.room(sessionId);
      await picture.setLayout(layout).catch((error: unknown) => {
        this.parts.logger.warn({ err: error, session: sessionId, layout }, 'layout refused by the media engine');
        throw new Fault('conflict', 'layout.not-shown', { field: 'layout' });
      });
    }
    return this.keep(sessionId, { layout }, 'layout.changed', actor, { layout, before: session.layout });
  }

  /** Fixes who has the picture floor. @throws Fault */
  async setFloor(sessionId: string, floor: Floor, actor: Actor): Promise<Session> {
    const session = await this.living(sessionId);
    if (session.state === 'open') {
      const room = await this.sessions.room(sessionId);
      if (floor.kind === 'leg' && !room.has(floor.legId)) throw new Fault('not-found', 'leg.unknown');
      if (!(await room.picture.setFloor(floor))) throw new Fault('conflict', 'leg.no-picture');
    } else if (floor.kind === 'leg') throw new Fault('conflict', 'session.not-open', { field: 'floor' });
    return this.keep(sessionId, { floor }, 'floor.set', actor, { floor });
  }

  /** Tells what happens in a room's picture, and whose turn it was to speak. */
  follow(room: Room): void {
    const { clock, events, legBook, log, logger } = this.parts;
    const { picture, sessionId } = room;
    const turns = new SpeechTurns();
    const tellTurns = (ended: ReturnType<SpeechTurns['due']>): void => {
      for (const { fromMs, legId, toMs } of ended) {
        const detail = { from: new Date(fromMs).toISOString(), seconds: Math.round((toMs - fromMs) / 1000) };
        void this.sessions.legs.tell(legId, 'leg.spoke', system, detail);
      }
    };
    const watch = setInterval(() => tellTurns(turns.due(clock.now().getTime())), turnsEveryMs).unref();
    room.once('closed', () => {
      clearInterval(watch);
      tellTurns(turns.end(clock.now().getTime()));
    });
    room.on('talking', (legId, talking) => {
      events.emit('talking', { sessionId, legId, talking });
      turns.talk(legId, talking, clock.now().getTime());
    });
    room.on('left', (legId) => tellTurns(turns.leave(legId, clock.now().getTime())));
    picture.on('floor', (legId, by) => {
      for (const leg of legBook.all()) {
        if (leg.sessionId === sessionId && leg.floor && leg.id !== legId) legBook.change(leg.id, { floor: false });
      }
      const holder = legId === undefined ? undefined : legBook.change(legId, { floor: true });
      const told = holder === undefined ? {} : { legId: holder.id, name: holder.name };
      events.emit('floor', { sessionId, ...told, by });
      if (legId !== undefined) void this.sessions.legs.tell(legId, 'floor.changed', system, { by });
    });
    picture.on('pace', (framesPerSecond) => {
      void log.append({ sessionId, event: 'room.pace-changed', actor: system, detail: { framesPerSecond } });
    });
    picture.on('fallback', (reason, before) => {
      const values = { reason, layout: before };
      const code = reason === 'refused' ? 'room.layout-refused' : 'room.layout-fallback';
      events.emit('incident', { code, sessionId, values });
      this.keep(sessionId, { layout: 'speaker' }, 'room.layout-fallback', system, values).catch((error: unknown) =>
        logger.error({ err: error, session: sessionId }, 'layout could not be kept'),
      );
    });
    picture.on('released', (legId) => {
      // At the end of a session all legs go: what was set stands as it was.
      const free = { kind: 'automatic' } as const;
      this.parts.store.sessions
        .updateFirst({ id: sessionId, state: 'open', 'floor.legId': legId }, { floor: free })
        .then(async (changed) => {
          if (changed === undefined) return;
          await log.append({ sessionId, event: 'floor.set', actor: system, detail: { floor: free } });
          events.emit('session', changed);
        })
        .catch((error: unknown) => logger.error({ err: error, session: sessionId }, 'floor could not be kept'));
    });
  }

  private async keep(
    sessionId: string,
    change: Partial<Pick<Session, 'floor' | 'layout'>>,
    event: LogEvent,
    actor: Actor,
    detail: Record<string, unknown>,
  ): Promise<Session> {
    const { events, log, store } = this.parts;
    const changed = await store.sessions.updateFirst({ id: sessionId, state: { $in: ['open', 'planned'] } }, change);
    if (changed === undefined) throw new Fault('conflict', 'session.over');
    await log.append({ sessionId, event, actor, detail });
    events.emit('session', changed);
    return changed;
  }

  private async living(sessionId: string): Promise<Session> {
    const session = await this.parts.store.sessions.get(sessionId);
    if (session === undefined) throw new Fault('not-found', 'session.unknown');
    if (session.state !== 'open' && session.state !== 'planned') throw new Fault('conflict', 'session.over');
    return session;
  }
}
