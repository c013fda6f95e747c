import type { LegLevel } from '../gateway.ts';
import type { GatewayParts } from './parts.ts';
import type { Room } from './room.ts';

/** A level older than this says nothing about now, ms. */
const freshMs = 2_000;

/** What a leg does to the ear at this moment. */
export interface LegSound {
  speaking: boolean;
  /** Known only while somebody watches its session, and the engine measures. */
  level?: Omit<LegLevel, 'legId'>;
}

/** Who speaks in the rooms, and how loud everybody is in those that somebody watches. */
export class LevelDesk {
  private readonly events: GatewayParts['events'];
  private readonly rooms = new Map<string, Room>();
  /** How many watch each session. */
  private readonly watchers = new Map<string, number>();
  private readonly speaking = new Set<string>();
  private readonly levels = new Map<string, { level: Omit<LegLevel, 'legId'>; atMs: number }>();

  constructor({ events }: Pick<GatewayParts, 'events'>) {
    this.events = events;
  }

  sound(legId: string): LegSound {
    const known = this.levels.get(legId);
    const fresh = known !== undefined && performance.now() - known.atMs < freshMs ? { level: known.level } : {};
    return { speaking: this.speaking.has(legId), ...fresh };
  }

  /** Somebody watches a session, open or not, until the function that it answers is called. */
  watch(sessionId: string): () => void {
    this.count(sessionId, 1);
    let watching = true;
    return () => {
      if (watching) this.count(sessionId, -1);
      watching = false;
    };
  }

  follow(room: Room): void {
    const { sessionId } = room;
    const forget = (legId: string): void => {
      this.speaking.delete(legId);
      this.levels.delete(legId);
    };
    this.rooms.set(sessionId, room);
    room.on('talking', (legId, talking) => {
      if (talking) this.speaking.add(legId);
      else this.speaking.delete(legId);
    });
    room.on('levels', (levels) => {
      const atMs = performance.now();
      for (const { legId, ...level } of levels) this.levels.set(legId, { level, atMs });
      this.events.emit('levels', { sessionId, levels });
    });
    room.on('left', forget);
    room.once('closed', () => {
      this.rooms.delete(sessionId);
      for (const { id } of room.legs()) forget(id);
    });
    if (this.watchers.has(sessionId)) room.measureLevels(true);
  }

  private count(sessionId: string, change: 1 | -1): void {
    const before = this.watchers.get(sessionId) ?? 0;
    const now = before + change;
    if (now === 0) this.watchers.delete(sessionId);
    else this.watchers.set(sessionId, now);
    if (now === 0 || before === 0) this.rooms.get(sessionId)?.measureLevels(now > 0);
  }
}
