import { Fault } from '../../platform/fault.ts';
import type { Actor } from '../../store/schema/log.ts';
import type { ClearCause } from '../../store/schema/names.ts';
import type { LegRecord, Participant } from '../../store/schema/session.ts';
import { ClearError, causeOf } from '../call.ts';
import type { Leg } from '../legs/leg.ts';
import { redialDelayMs, steadyAfterMs } from './back-off.ts';
import { type Callee, calleeOf } from './callee.ts';
import { bearsOneMore } from './line-capacity.ts';
import { beginCall, dropCall, makeCall } from './outgoing.ts';
import type { GatewayParts } from './parts.ts';
import type { Sessions } from './sessions.ts';

/** Before the code of a far menu is keyed: time for its greeting to begin. */
const menuDelayMs = 2_000;
const system: Actor = { kind: 'system' };

/** The calls that one session makes: participants at its start, whoever staff call, uplinks again when they are lost. */
export class DialOut {
  private readonly sessionId: string;
  private readonly parts: GatewayParts;
  private readonly sessions: Sessions;
  private readonly attempts = new Map<string, AbortController>();
  private readonly kept = new Map<string, () => void>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopped = false;

  constructor(sessionId: string, parts: GatewayParts, sessions: Sessions) {
    this.sessionId = sessionId;
    this.parts = parts;
    this.sessions = sessions;
  }

  /** Calls somebody once; answers the leg as it begins. @throws Fault when there is nobody to call. */
  async callOnce(who: Participant, actor: Actor): Promise<LegRecord> {
    const callee = await calleeOf(this.parts.store, who);
    if (!bearsOneMore(this.parts.legBook.all(), callee))
      throw new Fault('conflict', 'line.full', { values: { name: callee.lineName, calls: callee.maxCalls ?? 0 } });
    const record = this.begin(callee, actor);
    void this.call(record.id, callee).catch(() => {});
    return record;
  }

  /** Calls a participant; an uplink is called again, with growing waits, until the session ends. */
  keep(who: Participant, actor: Actor): void {
    if (who.kind !== 'uplink') {
      this.callOnce(who, actor).catch((error: unknown) => this.cannot(who, error));
      return;
    }
    let failures = 0;
    const attempt = async (): Promise<void> => {
      if (this.stopped) return;
      const callee = await calleeOf(this.parts.store, who);
      const record = this.begin(callee, actor);
      const startedAt = performance.now();
      let wanted = true;
      this.kept.set(record.id, () => {
        wanted = false;
      });
      let cause: ClearCause;
      try {
        const leg = await this.call(record.id, callee);
        cause = leg.ended
          ? { q850: 16, text: 'ended' }
          : await new Promise<ClearCause>((resolve) => leg.once('ended', resolve));
      } catch (error) {
        cause = error instanceof ClearError ? error.cause : { q850: 41, text: String(error) };
      }
      this.kept.delete(record.id);
      if (this.stopped || !wanted) return;
      failures = performance.now() - startedAt > steadyAfterMs ? 1 : failures + 1;
      const waitMs = redialDelayMs(failures, Math.random());
      this.parts.events.emit('incident', {
        code: 'uplink.lost',
        sessionId: this.sessionId,
        values: { name: callee.name, text: cause.text, ...(cause.q850 === undefined ? {} : { q850: cause.q850 }) },
      });
      await this.parts.log.append({
        sessionId: this.sessionId,
        event: 'uplink.redial',
        actor: system,
        legId: record.id,
        siteId: who.siteId,
        cause,
        detail: { name: callee.name, attempt: failures, waitMs },
      });
      this.later(waitMs, () => void attempt().catch((error: unknown) => this.cannot(who, error)));
    };
    void attempt().catch((error: unknown) => this.cannot(who, error));
  }

  /** A leg that staff removed is not called again. */
  forget(legId: string): void {
    this.kept.get(legId)?.();
    this.attempts.get(legId)?.abort();
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    for (const attempt of this.attempts.values()) attempt.abort();
  }

  private begin(callee: Callee, actor: Actor): LegRecord {
    const record = beginCall(this.parts, callee, this.sessionId);
    void this.sessions.legs.tell(record.id, 'leg.called', actor);
    return record;
  }

  private async call(legId: string, callee: Callee): Promise<Leg> {
    const attempt = new AbortController();
    this.attempts.set(legId, attempt);
    try {
      const session = await this.parts.store.sessions.get(this.sessionId);
      const leg = await makeCall(this.parts, this.sessions, legId, callee, {
        caller: { number: session?.room ?? '', name: session?.title ?? '' },
        signal: attempt.signal,
      });
      const { menuCode } = callee;
      await this.sessions.join(leg, this.sessionId, system, { quietly: menuCode !== undefined });
      if (menuCode !== undefined) this.later(menuDelayMs, () => void this.keyCode(leg, menuCode));
      return leg;
    } catch (error) {
      const answered = this.sessions.legs.has(legId);
      if (!answered) await this.sessions.legs.tell(legId, 'leg.failed', system, {}, causeOf(error));
      throw new ClearError(await dropCall(this.parts, this.sessions, legId, error));
    } finally {
      this.attempts.delete(legId);
    }
  }

  /** Keys the meeting code into the far bridge's menu. */
  private async keyCode(leg: Leg, code: string): Promise<void> {
    if (leg.ended) return;
    await leg
      .sendDigits(code)
      .catch((error: unknown) => this.parts.logger.warn({ err: error, leg: leg.id }, 'menu code could not be sent'));
    await this.sessions.legs.tell(leg.id, 'uplink.code-sent', system, { count: code.length });
    await this.sessions.announceRecording(leg, this.sessionId);
  }

  private cannot(who: Participant, error: unknown): void {
    const code = error instanceof Fault ? error.code : String(error);
    this.parts.logger.error({ err: error, who }, 'participant cannot be called');
    this.parts.events.emit('incident', {
      code: 'participant.cannot-be-called',
      sessionId: this.sessionId,
      values: { ...(error instanceof Fault ? error.values : {}), reason: code },
    });
    void this.parts.log.append({
      sessionId: this.sessionId,
      event: 'participant.failed',
      actor: system,
      detail: { who, reason: code },
    });
  }

  private later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (!this.stopped) action();
    }, ms);
    this.timers.add(timer);
  }
}
