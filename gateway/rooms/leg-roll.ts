import { Fault } from '../../platform/fault.ts';
import type { Actor, LogEvent } from '../../store/schema/log.ts';
import type { ClearCause } from '../../store/schema/names.ts';
import type { LegRecord } from '../../store/schema/session.ts';
import type { Leg } from '../legs/leg.ts';
import { QualitySum } from '../legs/quality-sum.ts';
import type { GatewayParts } from './parts.ts';

const system: Actor = { kind: 'system' };

/** The legs that live, each followed to its end, whatever it does in between: its state, and the log's words about it. */
export class LegRoll {
  private readonly parts: GatewayParts;
  private readonly living = new Map<string, Leg>();
  private readonly sounded = new Map<string, QualitySum>();

  constructor(parts: GatewayParts) {
    this.parts = parts;
  }

  get(legId: string): Leg | undefined {
    return this.living.get(legId);
  }

  has(legId: string): boolean {
    return this.living.has(legId);
  }

  all(): Leg[] {
    return [...this.living.values()];
  }

  /** Takes a leg in; done by everybody who answers or places a call. */
  follow(leg: Leg): void {
    this.living.set(leg.id, leg);
    leg.once('ended', (cause) => void this.ended(leg, cause));
    leg.on('hold', (held) => void this.tell(leg.id, held ? 'leg.held' : 'leg.resumed', system));
    leg.on('restored', () => void this.tell(leg.id, 'leg.media-restored', system));
    const sum = new QualitySum();
    this.sounded.set(leg.id, sum);
    leg.on('quality', (quality) => sum.add(quality));
  }

  /** Those who wait to be let in, in one session or in all. */
  waiting(sessionId?: string): LegRecord[] {
    return this.parts.legBook
      .all()
      .filter((leg) => leg.state === 'lobby' && (sessionId === undefined || leg.sessionId === sessionId));
  }

  /** @throws Fault when the leg is not in that session. */
  async sendDigits(sessionId: string, legId: string, digits: string, actor: Actor): Promise<void> {
    const leg = this.living.get(legId);
    if (leg === undefined || this.parts.legBook.get(legId)?.sessionId !== sessionId)
      throw new Fault('not-found', 'leg.unknown');
    // What was keyed may be a code of the far room: its length is all that the log keeps.
    await this.tell(legId, 'leg.digits-sent', actor, { count: digits.length });
    await leg.sendDigits(digits);
  }

  /** Changes what is kept of a leg. @throws Fault when there is no such leg. */
  change(legId: string, change: Parameters<GatewayParts['legBook']['change']>[1]): LegRecord {
    const record = this.parts.legBook.change(legId, change);
    if (record === undefined) throw new Fault('not-found', 'leg.unknown');
    return record;
  }

  /** Writes about a leg into the session log, with all that is known of it. */
  async tell(
    legId: string,
    event: LogEvent,
    actor: Actor,
    detail: Record<string, unknown> = {},
    cause?: ClearCause,
  ): Promise<void> {
    const record = this.parts.legBook.get(legId);
    await this.parts.log.append({
      ...inSession(record?.sessionId ?? ''),
      event,
      actor,
      legId,
      ...(record?.endpointId === undefined ? {} : { endpointId: record.endpointId }),
      ...(record?.siteId === undefined ? {} : { siteId: record.siteId }),
      ...(record?.address === undefined || record.address === '' ? {} : { address: record.address.slice(0, 128) }),
      ...(cause === undefined ? {} : { cause }),
      detail: {
        name: record?.name ?? '',
        number: record?.number ?? '',
        protocol: record?.protocol ?? '',
        direction: record?.direction ?? '',
        ...detail,
      },
    });
  }

  private async ended(leg: Leg, cause: ClearCause): Promise<void> {
    this.living.delete(leg.id);
    await this.tell(leg.id, 'leg.ended', system, {}, cause);
    const quality = this.sounded.get(leg.id)?.mean;
    this.sounded.delete(leg.id);
    this.parts.legBook.change(leg.id, {
      state: 'ended',
      endedAt: this.parts.clock.now(),
      cause,
      ...(quality === undefined ? {} : { quality }),
    });
  }
}

/** The log's `sessionId`, absent for calls outside of any session. */
export function inSession(sessionId: string): { sessionId?: string } {
  return sessionId === '' ? {} : { sessionId };
}
