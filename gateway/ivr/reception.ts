import { timingSafeEqual } from 'node:crypto';
import { type Language, type Prompt, promptFile } from '../../freeswitch/prompts/catalogue.ts';
import { RateLimit } from '../../platform/rate-limit.ts';
import type { Actor } from '../../store/schema/log.ts';
import type { Session } from '../../store/schema/session.ts';
import type { Leg } from '../legs/leg.ts';
import type { GatewayParts } from '../rooms/parts.ts';
import type { Sessions } from '../rooms/sessions.ts';
import { type EntryOptions, KeyedDigits } from './keyed-digits.ts';
import { sessionOfCaller } from './known-caller.ts';

/** Slow and forgiving: nobody is cut off for being slow. */
const pinEntry: EntryOptions = { max: 12, terminator: '#', firstMs: 15_000, betweenMs: 8_000 };
/** Of asking for the room. */
const tries = 3;
const lobbyEveryMs = 20_000;
const wrongPinsWindowMs = 10 * 60_000;
const system: Actor = { kind: 'system' };

/** What phone callers hear: a greeting, the PIN, the lobby. */
export class Reception {
  private readonly parts: GatewayParts;
  private readonly sessions: Sessions;
  /** Wrong PINs of one number; over the limit it comes to the lobby without being asked. */
  private readonly wrong: RateLimit;

  constructor(parts: GatewayParts, sessions: Sessions) {
    this.parts = parts;
    this.sessions = sessions;
    this.wrong = new RateLimit(parts.limits.pinTriesPerNumber, wrongPinsWindowMs);
  }

  /** Takes an answered caller to a session or to the lobby. Returns when it is there, or gone. */
  async receive(leg: Leg): Promise<void> {
    const { store } = this.parts;
    const candidates = await store.sessions.find({ state: { $in: ['open', 'planned'] } });
    const expected = sessionOfCaller(leg.party.number, candidates);
    if (expected !== undefined) {
      await this.say(leg, expected.language, 'welcomeKnown');
      await this.letIn(leg, expected, 'known number');
      return;
    }
    const open = candidates.filter((session) => session.state === 'open');
    const language = open[0]?.language ?? 'vi';
    const keyed = new KeyedDigits(leg);
    try {
      await keyed.during(() => this.say(leg, language, 'welcome'));
      const session = await this.chooseSession(leg, keyed, open, language);
      const admitted = session?.pin !== undefined && (await this.askPin(leg, keyed, session));
      if (!admitted) await this.lobby(leg, session, session?.language ?? language);
    } finally {
      keyed.stop();
    }
  }

  /** Puts a caller into the lobby: they hear so, again and again, until staff let them in. */
  async lobby(leg: Leg, session: Session | undefined, language: Language): Promise<void> {
    if (leg.ended) return;
    const sessionId = session?.id ?? '';
    this.parts.legBook.change(leg.id, { state: 'lobby', sessionId });
    await this.sessions.legs.tell(leg.id, 'leg.lobby', system);
    this.parts.events.emit('incident', {
      code: 'lobby.waiting',
      ...(sessionId === '' ? {} : { sessionId }),
      legId: leg.id,
      values: { number: leg.party.number, name: leg.party.name },
    });
    while (!leg.ended && this.parts.legBook.get(leg.id)?.state === 'lobby' && leg.memberId === undefined) {
      await this.say(leg, language, 'lobby');
      await this.pause(leg, lobbyEveryMs);
    }
  }

  private async chooseSession(
    leg: Leg,
    keyed: KeyedDigits,
    open: Session[],
    language: Language,
  ): Promise<Session | undefined> {
    if (open.length <= 1) return open[0];
    for (let attempt = 0; attempt < tries && !leg.ended; attempt++) {
      await keyed.during(() => this.say(leg, language, ...(attempt === 0 ? [] : ['nothingKeyed' as const]), 'askRoom'));
      const room = await keyed.entry(pinEntry);
      const session = open.find((one) => one.room === room);
      if (session !== undefined) return session;
    }
    return undefined;
  }

  /** Whether the caller was let in (or is gone); a few slow tries. */
  private async askPin(leg: Leg, keyed: KeyedDigits, session: Session): Promise<boolean> {
    const caller = leg.party.number === '' ? leg.party.address : leg.party.number;
    let ask: Prompt[] = ['askPin'];
    for (let attempt = 1; attempt <= this.parts.limits.pinTries && !leg.ended; attempt++) {
      if (this.wrong.over(caller, this.parts.clock.now().getTime())) break;
      await keyed.during(() => this.say(leg, session.language, ...ask));
      const pin = await keyed.entry(pinEntry);
      if (leg.ended) break;
      if (samePin(pin, session.pin ?? '')) {
        await this.letIn(leg, session, 'PIN');
        return true;
      }
      if (pin !== '') this.wrong.take(caller, this.parts.clock.now().getTime());
      await this.sessions.legs.tell(leg.id, pin === '' ? 'ivr.nothing-keyed' : 'ivr.wrong-pin', system, { attempt });
      ask = [pin === '' ? 'nothingKeyed' : 'wrongPin', 'askPin'];
    }
    return leg.ended;
  }

  /** Into the session, or into its lobby when it is not open or is locked. */
  private async letIn(leg: Leg, session: Session, by: string): Promise<void> {
    if (leg.ended) return;
    let current = (await this.parts.store.sessions.get(session.id)) ?? session;
    if (this.sessions.mayOpenOnArrival(current, false))
      current = await this.sessions.open(current.id, { kind: 'caller', name: leg.party.number });
    this.parts.legBook.change(leg.id, { sessionId: current.id });
    if (current.state !== 'open' || current.locked) {
      await this.lobby(leg, current, current.language);
      return;
    }
    await this.say(leg, current.language, 'joining');
    await this.sessions.join(leg, current.id, { kind: 'caller', name: leg.party.number }, { detail: { by } });
  }

  private async say(leg: Leg, language: Language, ...prompts: Prompt[]): Promise<void> {
    if (leg.ended) return;
    await leg.endpoint.play(prompts.map((prompt) => promptFile(prompt, language))).catch((error: unknown) => {
      if (!leg.ended) this.parts.logger.warn({ err: error, prompts }, 'prompt could not be played');
    });
  }

  private pause(leg: Leg, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        leg.off('ended', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      timer.unref();
      leg.once('ended', done);
    });
  }
}

function samePin(keyed: string, pin: string): boolean {
  const a = Buffer.from(keyed.replace(/\D/g, ''));
  const b = Buffer.from(pin);
  return a.length === b.length && timingSafeEqual(a, b);
}
