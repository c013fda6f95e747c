import { EventEmitter } from 'node:events';
import type { Feed } from '../room/feed.ts';
import type { Frame } from '../stream/frame.ts';
import { Composition, decodable } from './composition.ts';
import { seat, tilesOf } from './layouts.ts';
import { filmShape, type Shape, shapeKey } from './shapes.ts';
import { StudioLink } from './studio-link.ts';
import type { FilmEnd, PlacedTile } from './wire.ts';

/** What a composed picture shows. */
export type Subject =
  /** The room in its layout. */
  | 'room'
  /** One member alone: for viewers who cannot be sent its stream. */
  | { member: number };

/** The room as compositions look at it. */
export interface RoomView {
  /** Members with a picture, in the order that they came. */
  senders(): readonly number[];
  floor(): { holder: number | undefined; previous: number | undefined };
  layout(): string;
  nameOf(member: number): string;
  needKey(member: number): void;
}

interface CompositionsEvents {
  pace: [framesPerSecond: number];
  /** The machine does not keep up: composing ends. */
  overload: [];
  died: [];
  filmed: [film: number, end: FilmEnd];
}

const unusedMs = 3_000;
/** Layout of films while viewers are shown the speaker. */
const filmLayout = 'group:grid';

/** A room's composed pictures and films, and the studio that makes them while any is wanted. */
export class Compositions extends EventEmitter<CompositionsEvents> {
  private readonly room: RoomView;
  private studio: StudioLink | undefined;
  private readonly byKey = new Map<string, { subject: Subject; composition: Composition }>();
  private readonly films = new Map<number, string>();
  private card: readonly string[] = [];
  private needed = new Set<number>();
  private next = 1;
  private sent = '';

  constructor(room: RoomView) {
    super();
    this.room = room;
  }

  /** The feed of a composed picture in a shape; made when there is none. */
  feed(subject: Subject, shape: Shape): Feed {
    const about = subject === 'room' ? 'room' : `member ${subject.member}`;
    const key = `${about}/${shapeKey(shape)}`;
    let known = this.byKey.get(key);
    if (known === undefined) {
      const composition = new Composition(this.next++, shape, (id) => this.studio?.key(id));
      known = { subject, composition };
      this.byKey.set(key, known);
      this.update();
    }
    known.composition.unusedSinceMs = undefined;
    return known.composition.feed;
  }

  /** A member's frame. */
  push(member: number, frame: Frame): void {
    if (this.studio === undefined || !this.needed.has(member)) return;
    const taken = this.studio.frame(member, decodable(frame), frame);
    if (!taken) this.room.needKey(member);
  }

  /** Starts a film of the room; its number. */
  startFilm(path: string, rate: number): number {
    const film = this.next++;
    this.films.set(film, '');
    this.open().film(film, { action: 'start', path, shape: filmShape, rate });
    this.studio?.film(film, { action: 'card', lines: this.card });
    this.update();
    return film;
  }

  sound(film: number, samples: Int16Array, atMs: number, delayMs: number): void {
    if (this.films.has(film)) this.studio?.sound(film, samples, atMs, delayMs);
  }

  /** What films show while nobody shows a picture. */
  setCard(lines: readonly string[]): void {
    this.card = lines;
    for (const film of this.films.keys()) this.studio?.film(film, { action: 'card', lines });
  }

  pauseFilm(film: number, paused: boolean): void {
    this.studio?.film(film, { action: paused ? 'pause' : 'resume' });
  }

  stopFilm(film: number): void {
    this.studio?.film(film, { action: 'stop' });
  }

  /** The room changed: who is in it, the floor, the layout, a name. */
  update(): void {
    if (this.byKey.size === 0 && this.films.size === 0) return;
    const studio = this.open();
    const compositions = [...this.byKey.values()].map(({ subject, composition: { id, shape } }) => ({
      id,
      shape,
      tiles: this.placed(subject, this.room.layout(), shape),
    }));
    const plan = { compositions };
    const text = JSON.stringify(plan);
    const needed = new Set<number>();
    for (const { tiles } of compositions) for (const tile of tiles) needed.add(tile.member);
    for (const [film, before] of this.films) {
      const layout = this.room.layout() === 'speaker' ? filmLayout : this.room.layout();
      const tiles = this.placed('room', layout, filmShape);
      for (const tile of tiles) needed.add(tile.member);
      const wanted = JSON.stringify(tiles);
      if (wanted === before) continue;
      this.films.set(film, wanted);
      studio.film(film, { action: 'tiles', tiles });
    }
    if (text !== this.sent) {
      this.sent = text;
      studio.plan(plan);
    }
    const before = this.needed;
    this.needed = needed;
    for (const member of needed) if (!before.has(member)) this.room.needKey(member);
  }

  tick(nowMs: number): void {
    let changed = false;
    for (const [key, { composition }] of this.byKey) {
      composition.feed.asker.tick(nowMs);
      if (composition.feed.viewers.size > 0) composition.unusedSinceMs = undefined;
      else composition.unusedSinceMs ??= nowMs;
      if (composition.unusedSinceMs === undefined || nowMs - composition.unusedSinceMs < unusedMs) continue;
      this.byKey.delete(key);
      changed = true;
    }
    if (changed && this.byKey.size === 0 && this.films.size === 0) this.shut();
    else if (changed) this.update();
  }

  close(): void {
    this.shut();
    this.removeAllListeners('pace').removeAllListeners('overload').removeAllListeners('died');
  }

  private shut(): void {
    this.studio?.close();
    this.studio = undefined;
    this.sent = '';
    this.needed = new Set();
  }

  private open(): StudioLink {
    if (this.studio !== undefined) return this.studio;
    const studio = new StudioLink();
    this.studio = studio;
    studio.on('picture', (id, data, key, atMs) => {
      for (const { composition } of this.byKey.values()) if (composition.id === id) composition.push(data, key, atMs);
    });
    studio.on('needKey', (member) => this.room.needKey(member));
    studio.on('pace', (framesPerSecond) => {
      if (framesPerSecond === 0) this.emit('overload');
      else this.emit('pace', framesPerSecond);
    });
    studio.on('filmed', (film, end) => {
      this.films.delete(film);
      this.emit('filmed', film, end);
      if (this.films.size === 0 && this.byKey.size === 0) this.shut();
    });
    studio.on('died', () => {
      if (this.studio !== studio) return;
      this.shut();
      this.byKey.clear();
      const films = [...this.films.keys()];
      this.films.clear();
      for (const film of films) {
        this.emit('filmed', film, { path: '', bytes: 0, milliseconds: 0, error: 'the studio ended' });
      }
      this.emit('died');
    });
    return studio;
  }

  private placed(subject: Subject, layout: string, shape: Shape): PlacedTile[] {
    const senders = this.room.senders();
    const even = (value: number): number => Math.round(value / 2) * 2;
    const seats =
      subject === 'room'
        ? seat(tilesOf(layout, senders.length), senders, this.room.floor())
        : senders.includes(subject.member)
          ? seat(tilesOf('1x1', 1), [subject.member], { holder: undefined, previous: undefined })
          : [];
    return seats.map(({ tile, member }) => {
      const x = even(tile.x * shape.width);
      const y = even(tile.y * shape.height);
      return {
        member,
        x,
        y,
        width: even((tile.x + tile.width) * shape.width) - x,
        height: even((tile.y + tile.height) * shape.height) - y,
        name: this.room.nameOf(member),
      };
    });
  }
}
