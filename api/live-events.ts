import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { Gateway } from '../gateway/gateway.ts';
import { Fault } from '../platform/fault.ts';
import type { Role } from '../store/schema/account.ts';
import type { Incident } from '../store/schema/incident.ts';
import type { SessionLog } from '../store/session-log.ts';
import { sayIncident } from './incident-words.ts';
import { legView, recordingView, sessionView } from './views.ts';

interface LiveEvent {
  number: number;
  name: string;
  sessionId: string | undefined;
  data: Record<string, unknown>;
}

interface Follower {
  stream: PassThrough;
  role: Role;
  sessionId: string | undefined;
  /** Names of the events that are wanted; all when absent. */
  only?: ReadonlySet<string> | undefined;
  /** Whether the log-in that opened the stream still holds. */
  stillKnown: () => Promise<boolean>;
}

/** Events that can be asked for again after a break. */
const kept = 2_000;
const mostFollowers = 200;
const heartbeatMs = 15_000;
/** A follower that reads this much too slowly is let go; it comes back and resumes. */
const mostUnread = 1024 * 1024;
/** Told as it is and forgotten: it is old when somebody comes back. */
const levelsEvent = 'leg.levels';

/**
 * Live events as a stream (server-sent events, WHATWG HTML 9.2). Each has an id `RUN-NUMBER`; who comes back with
 * Last-Event-ID gets what was missed, or `reset` when that is no longer known (a restart, or a long break): then
 * everything is to be loaded anew. Who follows one session hears levels, too; they have no id and are not asked for again.
 */
export class LiveEvents {
  private readonly run = randomBytes(6).toString('hex');
  private readonly ring: LiveEvent[] = [];
  private readonly followers = new Set<Follower>();
  private readonly heartbeat: NodeJS.Timeout;
  private readonly stop: () => void;
  private readonly gateway: Gateway;
  private last = 0;

  constructor(gateway: Gateway, log: SessionLog) {
    this.gateway = gateway;
    const listeners = {
      session: (session: object & { id: string }) => this.session(session),
      leg: (leg: object & { sessionId: string }) => this.publish('leg', legView.safeParse(leg).data, leg.sessionId),
      talking: (change: { sessionId: string }) => this.publish('talking', { ...change }, change.sessionId),
      floor: (change: { sessionId: string }) => this.publish('floor', { ...change }, change.sessionId),
      recording: (one: object & { sessionId: string }) =>
        this.publish('recording', recordingView.safeParse(one).data, one.sessionId),
      rehearsal: (one: object & { sessionId: string }) => this.publish('rehearsal', { ...one }, one.sessionId),
      registration: (change: object) => this.publish('registration', { ...change }, undefined),
      discovered: (told: object) => this.publish('discovered', { ...told }, undefined),
      quality: (quality: { sessionId?: string }) => this.publish('quality', { ...quality }, quality.sessionId),
      levels: (told: { sessionId: string }) => this.levels(told),
      incident: (incident: Incident & { sessionId?: string }) =>
        this.publish(
          'incident',
          { ...incident, text: { vi: sayIncident('vi', incident), en: sayIncident('en', incident) } },
          incident.sessionId,
        ),
    };
    const entry = (one: { sessionId?: string | undefined }) => this.publish('log', { ...one }, one.sessionId);
    for (const [name, listener] of Object.entries(listeners)) gateway.on(name as 'session', listener as () => void);
    log.on('entry', entry);
    this.stop = () => {
      for (const [name, listener] of Object.entries(listeners)) gateway.off(name as 'session', listener as () => void);
      log.off('entry', entry);
    };
    this.heartbeat = setInterval(() => {
      for (const follower of this.followers) void this.beat(follower);
    }, heartbeatMs).unref();
  }

  /** How many follow. */
  get following(): number {
    return this.followers.size;
  }

  /** Opens a stream for somebody. @throws Fault too-many. */
  follow(who: Omit<Follower, 'stream'>, lastEventId: string | undefined): PassThrough {
    if (this.followers.size >= mostFollowers) throw new Fault('too-many', 'too-many-streams');
    const follower: Follower = { ...who, stream: new PassThrough({ highWaterMark: mostUnread }) };
    const unwatch = wantsLevels(follower) ? this.gateway.watchLevels(follower.sessionId) : undefined;
    const leave = (): void => {
      this.followers.delete(follower);
      unwatch?.();
    };
    follower.stream.on('close', leave);
    follower.stream.on('error', leave);
    this.followers.add(follower);
    // The id of now: who breaks off before the first event still misses nothing.
    this.send(follower, `retry: 2000\nid: ${this.run}-${this.last}\nevent: hello\ndata: {}\n\n`);
    const missed = this.since(lastEventId);
    if (missed === undefined) this.send(follower, 'event: reset\ndata: {}\n\n');
    else for (const event of missed) this.tell(follower, event);
    return follower.stream;
  }

  /** Tells of a session that was changed through the API and not by the gateway. */
  session(session: object & { id: string }): void {
    this.publish('session', sessionView.safeParse(session).data, session.id);
  }

  close(): void {
    clearInterval(this.heartbeat);
    this.stop();
    for (const follower of this.followers) follower.stream.end();
  }

  /** Keeps the connection up; ends it when the log-in behind it ended. */
  private async beat(follower: Follower): Promise<void> {
    const known = await follower.stillKnown().catch(() => true);
    if (known) this.send(follower, ':\n\n');
    else follower.stream.end();
  }

  private publish(name: string, data: Record<string, unknown> | undefined, sessionId: string | undefined): void {
    // What does not fit its own schema must not disturb the gateway, which waits for its listeners.
    if (data === undefined) return;
    this.last += 1;
    const event = { number: this.last, name, data, sessionId: sessionId === '' ? undefined : sessionId };
    this.ring.push(event);
    if (this.ring.length > kept) this.ring.shift();
    for (const follower of this.followers) this.tell(follower, event);
  }

  private levels(told: { sessionId: string }): void {
    const text = `event: ${levelsEvent}\ndata: ${JSON.stringify(told)}\n\n`;
    for (const follower of this.followers) {
      if (wantsLevels(follower) && follower.sessionId === told.sessionId) this.send(follower, text);
    }
  }

  /** What came after an id; nothing when that is not known any more. */
  private since(lastEventId: string | undefined): LiveEvent[] | undefined {
    if (lastEventId === undefined) return [];
    const [, run, number] = /^([0-9a-f]{12})-(\d{1,15})$/.exec(lastEventId) ?? [];
    const after = Number(number);
    if (run !== this.run || after > this.last) return undefined;
    const oldest = this.ring[0]?.number ?? this.last + 1;
    return after + 1 < oldest ? undefined : this.ring.filter((event) => event.number > after);
  }

  private tell(follower: Follower, event: LiveEvent): void {
    const elsewhere = follower.sessionId !== undefined && event.sessionId !== follower.sessionId;
    if (elsewhere || follower.only?.has(event.name) === false) return;
    const data = follower.role === 'viewer' ? { ...event.data, pin: undefined } : event.data;
    this.send(follower, `id: ${this.run}-${event.number}\nevent: ${event.name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  private send({ stream }: Follower, text: string): void {
    if (stream.writableEnded || stream.destroyed) return;
    if (stream.writableLength + stream.readableLength > mostUnread) stream.destroy();
    else stream.write(text);
  }
}

/** Whether somebody follows one session, and its levels among the rest. */
function wantsLevels(follower: Omit<Follower, 'stream'>): follower is Follower & { sessionId: string } {
  return follower.sessionId !== undefined && follower.only?.has(levelsEvent) !== false;
}
