import { EventEmitter } from 'node:events';
import type { MediaConference } from '../../freeswitch/media/media.ts';
import type { Logger } from '../../platform/log.ts';
import type { Floor, Layout, Session } from '../../store/schema/session.ts';
import type { Leg } from '../legs/leg.ts';

interface RoomPictureEvents {
  /** Another leg has the picture floor, by its voice or because staff fixed it. */
  floor: [legId: string | undefined, by: 'voice' | 'staff'];
  pace: [framesPerSecond: number];
  /** Composing was given up for `reason`, or `refused` from the start; `before` is the layout that was shown or planned. */
  fallback: [reason: string, before: Layout];
  /** The leg that the floor was fixed on is gone: it follows the voice again. */
  released: [legId: string];
}

/** Who a leg is to those who see it. */
export interface Seat {
  /** What stands in its picture. */
  banner: string;
  endpointId?: string | undefined;
  siteId?: string | undefined;
}

/** Whether a fixed floor means this leg. Pure. */
export function isMeant(floor: Floor, legId: string, seat: Seat): boolean {
  if (floor.kind === 'leg') return floor.legId === legId;
  if (floor.kind === 'endpoint') return floor.endpointId === seat.endpointId;
  return floor.kind === 'site' && floor.siteId === seat.siteId;
}

/** What a room shows: its layout, who has the floor, whose name stands where; told anew to each engine that takes it. */
export class RoomPicture extends EventEmitter<RoomPictureEvents> {
  private shown: Layout;
  private wanted: Floor;
  private holder: string | undefined;
  /** What the engine told last; its leg may not be seated yet. */
  private holdingMember: number | undefined;
  private readonly seats = new Map<string, { leg: Leg; seat: Seat }>();
  private readonly logger: Logger;
  private conference: MediaConference | undefined;

  constructor({ floor, layout }: Pick<Session, 'floor' | 'layout'>, logger: Logger) {
    super();
    this.shown = layout;
    this.wanted = floor;
    this.logger = logger;
  }

  get layout(): Layout {
    return this.shown;
  }

  /** Leg whose picture the others see. */
  get floorHolder(): string | undefined {
    return this.holder;
  }

  /** A conference was made for the room. */
  async open(conference: MediaConference): Promise<void> {
    this.conference = conference;
    this.holder = undefined;
    this.holdingMember = undefined;
    conference.on('floor', (memberId) => this.moved(memberId));
    conference.on('pace', (framesPerSecond) => this.emit('pace', framesPerSecond));
    conference.on('fallback', (reason) => {
      const before = this.shown;
      this.shown = 'speaker';
      this.emit('fallback', reason, before);
    });
    conference.on('lost', () => {
      if (this.conference === conference) this.conference = undefined;
    });
    if (this.shown === 'speaker') return;
    await conference.setLayout(this.shown).catch((error: unknown) => {
      const before = this.shown;
      this.logger.warn({ err: error, layout: before }, 'layout cannot be shown');
      // An engine that composes nothing in this room shows the speaker, whatever was planned.
      this.shown = 'speaker';
      this.emit('fallback', 'refused', before);
    });
  }

  /** A leg is in the conference, for the first time or again. */
  async seat(leg: Leg, seat: Seat): Promise<void> {
    if (!this.seats.has(leg.id)) leg.on('renegotiated', () => void this.fixAgain(leg.id));
    this.seats.set(leg.id, { leg, seat });
    const { conference } = this;
    if (conference === undefined || leg.memberId === undefined) return;
    await conference.setBanner(leg.memberId, seat.banner).catch((error: unknown) => {
      if (!leg.ended) this.logger.warn({ err: error, leg: leg.id }, 'name cannot be shown');
    });
    await this.fixAgain(leg.id);
    if (this.holder === undefined) this.moved(this.holdingMember);
  }

  leave(legId: string): void {
    this.seats.delete(legId);
    if (this.holder === legId) this.holder = undefined;
    if (this.wanted.kind !== 'leg' || this.wanted.legId !== legId) return;
    this.wanted = { kind: 'automatic' };
    this.emit('released', legId);
  }

  /** @throws MediaError when the engine cannot show it. */
  async setLayout(layout: Layout): Promise<void> {
    // A room that shows the speaker as it comes may know no other way, nor a name for this one.
    if (layout === 'speaker' && this.shown === 'speaker') return;
    await this.conference?.setLayout(layout);
    this.shown = layout;
  }

  /** Fixes the floor, or lets it follow the voice; `false` when the leg meant is here and shows no picture. */
  async setFloor(floor: Floor): Promise<boolean> {
    const before = this.wanted;
    const meant = [...this.seats.values()].find(({ leg, seat }) => isMeant(floor, leg.id, seat));
    // What the engine tells of the change must find it already known who wished it.
    this.wanted = floor;
    const memberId = meant?.leg.memberId;
    const done = memberId === undefined ? undefined : await this.conference?.setFloor(memberId);
    if (done === false && floor.kind === 'leg') {
      this.wanted = before;
      return false;
    }
    if (done !== true) await this.conference?.setFloor(undefined);
    return true;
  }

  /** The engine lets a fixed floor go when its picture goes: whoever comes (back) with one gets it again. */
  private async fixAgain(legId: string): Promise<void> {
    const seated = this.seats.get(legId);
    if (seated === undefined || !isMeant(this.wanted, legId, seated.seat)) return;
    const { memberId } = seated.leg;
    if (memberId !== undefined) await this.conference?.setFloor(memberId).catch(() => false);
  }

  private moved(memberId: number | undefined): void {
    this.holdingMember = memberId;
    const seated = [...this.seats.values()].find(({ leg }) => memberId !== undefined && leg.memberId === memberId);
    if (memberId !== undefined && seated === undefined) return;
    const legId = seated?.leg.id;
    if (legId === this.holder) return;
    this.holder = legId;
    const fixed = seated !== undefined && isMeant(this.wanted, seated.leg.id, seated.seat);
    this.emit('floor', legId, fixed ? 'staff' : 'voice');
  }
}
