import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../platform/fault.ts';
import type { Actor } from '../../store/schema/log.ts';
import type { Rehearsal, RehearsalResult } from '../../store/schema/rehearsal.ts';
import type { Participant, Session } from '../../store/schema/session.ts';
import { ClearError } from '../call.ts';
import type { Leg } from '../legs/leg.ts';
import { type Callee, calleeOf } from './callee.ts';
import { beginCall, dropCall, makeCall } from './outgoing.ts';
import type { GatewayParts } from './parts.ts';
import { judgeRehearsal, type Measured, measuredOf, toldOf } from './rehearsal-verdict.ts';
import type { Sessions } from './sessions.ts';
import { hear } from './tone-level.ts';

/** Calls at once. */
const atOnce = 5;
const toneHz = 1000;
const toneMs = 2_000;
/** So long the far room hears its own sound, and sees its own picture, ms. */
const loopMs = 4_000;
/** Until sound flows both ways after the answer, ms. */
const settleMs = 500;
/** Before and after a far menu's code, ms. */
const menuMs = 2_000;
const system: Actor = { kind: 'system' };

/** State of the lines that citizens' phones come through. */
export type LineState = (trunkId: string) => { state: string; text?: string } | undefined;

/** Checks before a session: each device and far room is called, its sound and picture looped and measured. */
export class Rehearsals {
  private readonly parts: GatewayParts;
  private readonly sessions: Sessions;
  private readonly folder: string;
  private readonly lineState: LineState;
  private readonly running = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(parts: GatewayParts, sessions: Sessions, dataDir: string, lineState: LineState) {
    this.parts = parts;
    this.sessions = sessions;
    // Engines write below the recordings folder and nowhere else.
    this.folder = join(dataDir, 'recordings', '.rehearsals');
    this.lineState = lineState;
  }

  /** After a start: checks that a crash cut off are over. */
  async restore(): Promise<void> {
    for (const one of await this.parts.store.rehearsals.find({ state: 'running' })) {
      await this.parts.store.rehearsals.update(one.id, { state: 'done', endedAt: this.parts.clock.now() });
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  /**
   * Begins the check of a planned session and answers its record; what is found comes as events and into the record.
   * With `plannedId` it is the one at its time: a second with that identifier is not begun.
   * @throws Fault conflict when the session is open or over, or a check of it is running.
   */
  async begin(sessionId: string, actor: Actor, plannedId?: string): Promise<Rehearsal> {
    const { clock, log, newId, store } = this.parts;
    const session = await store.sessions.get(sessionId);
    if (session === undefined) throw new Fault('not-found', 'session.unknown');
    if (session.state !== 'planned') throw new Fault('conflict', 'session.not-planned');
    if (this.running.has(sessionId)) throw new Fault('conflict', 'rehearsal.running');
    let over = (): void => {};
    const running = new Promise<void>((resolve) => {
      over = resolve;
    });
    this.running.set(sessionId, running);
    try {
      const targets = await this.targets(session);
      const by = actor.kind === 'user' && actor.name !== undefined ? { by: actor.name } : {};
      const record = await store.rehearsals.insert({
        id: plannedId ?? newId(),
        sessionId,
        trigger: plannedId === undefined ? 'hand' : 'planned',
        ...by,
        state: 'running',
        startedAt: clock.now(),
        results: targets.map(({ result }) => result),
        failures: 0,
      });
      await log.append({ sessionId, event: 'rehearsal.started', actor, detail: { rehearsalId: record.id } });
      this.parts.events.emit('rehearsal', record);
      void this.run(record, session, targets).finally(() => {
        this.running.delete(sessionId);
        over();
      });
      return record;
    } catch (error) {
      this.running.delete(sessionId);
      over();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running.values());
  }

  /** Whom to try: devices, far rooms; of phones the line alone, nobody is rung up. */
  private async targets(session: Session): Promise<Target[]> {
    const { store } = this.parts;
    const targets = new Map<string, Target>();
    for (const who of session.participants) {
      try {
        const callee = await calleeOf(store, who);
        const of = who.kind === 'endpoint' ? who.endpointId : who.kind === 'uplink' ? who.siteId : callee.trunkId;
        if (of === undefined) continue;
        const kind = who.kind === 'phone' ? 'trunk' : who.kind;
        const name = who.kind === 'phone' ? ((await store.trunks.get(of))?.name ?? of) : callee.name;
        const site = callee.siteId === undefined ? {} : { siteId: callee.siteId };
        targets.set(`${kind} ${of}`, { who, callee, result: { kind, of, name, ...site, state: 'waiting' } });
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        // Named in the plan and gone since: that is what a check is to find.
        const of = who.kind === 'endpoint' ? who.endpointId : who.kind === 'uplink' ? who.siteId : (who.trunkId ?? '-');
        const kind = who.kind === 'phone' ? 'trunk' : who.kind;
        const cause = { text: error.code };
        targets.set(`${kind} ${of}`, {
          who,
          callee: undefined,
          result: { kind, of, name: of, state: 'done', verdict: 'no-answer', cause },
        });
      }
    }
    return [...targets.values()];
  }

  private async run(record: Rehearsal, session: Session, targets: Target[]): Promise<void> {
    const { clock, events, log, logger, store } = this.parts;
    const results = targets.map(({ result }) => result);
    const keep = async (change: Partial<Rehearsal>): Promise<void> => {
      const kept = await store.rehearsals.update(record.id, { results, ...change });
      if (kept !== undefined) events.emit('rehearsal', kept);
    };
    const waiting = targets.map((target, at) => ({ target, at }));
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { target, at } = next;
        const told = async (result: RehearsalResult): Promise<void> => {
          results[at] = result;
          await keep({});
        };
        const result = await this.tryOut(target, session, told);
        await told(result);
        await this.tell(session.id, record.id, result);
      }
    };
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o750 });
      await Promise.all(Array.from({ length: atOnce }, work));
    } catch (error) {
      logger.error({ err: error, sessionId: session.id }, 'rehearsal failed');
    }
    const failures = results.filter(({ verdict }) => verdict !== 'good').length;
    await keep({ state: 'done', endedAt: clock.now(), failures }).catch((error: unknown) =>
      logger.error({ err: error, sessionId: session.id }, 'rehearsal could not be kept'),
    );
    const detail = { rehearsalId: record.id, tried: results.length, failures };
    await log.append({ sessionId: session.id, event: 'rehearsal.ended', actor: system, detail });
  }

  /** One target, from the call to the verdict. */
  private async tryOut(
    { callee, result }: Target,
    session: Session,
    told: (result: RehearsalResult) => Promise<void>,
  ): Promise<RehearsalResult> {
    if (callee === undefined || result.state === 'done') return result;
    if (result.kind === 'trunk') return this.tryLine(result);
    const inUse = this.parts.legBook
      .all()
      .some((leg) =>
        result.kind === 'endpoint' ? leg.endpointId === result.of : leg.siteId === result.of && leg.direction === 'out',
      );
    if (inUse) return { ...result, state: 'done', verdict: 'in-use' };
    await told({ ...result, state: 'calling' });
    const record = beginCall(this.parts, callee);
    try {
      const leg = await makeCall(this.parts, this.sessions, record.id, callee, {
        caller: { number: session.room, name: session.title },
        signal: this.stopping.signal,
      });
      this.parts.legBook.change(record.id, { state: 'ivr' });
      await told({ ...result, state: 'measuring' });
      const measured = await this.measure(leg, callee.menuCode);
      await leg.end();
      return { ...result, state: 'done', ...judgeRehearsal(measured) };
    } catch (error) {
      const cause = await dropCall(this.parts, this.sessions, record.id, error);
      return {
        ...result,
        state: 'done',
        verdict: cause.sip === 486 || cause.q850 === 17 ? 'in-use' : 'no-answer',
        cause,
      };
    }
  }

  private tryLine(result: RehearsalResult): RehearsalResult {
    const line = this.lineState(result.of);
    const good = line?.state === 'registered' || line?.state === 'none';
    return good
      ? { ...result, state: 'done', verdict: 'good' }
      : { ...result, state: 'done', verdict: 'no-answer', cause: { text: line?.text ?? line?.state ?? 'off' } };
  }

  /** Plays a tone and then returns what comes, and measures meanwhile. @throws ClearError when the far side hangs up. */
  private async measure(leg: Leg, menuCode: string | undefined): Promise<Measured> {
    const over = new Promise<never>((_resolve, reject) => {
      leg.once('ended', (cause) => reject(new ClearError(cause)));
    });
    over.catch(() => {});
    const file = join(this.folder, `${leg.id}.wav`);
    let score: number | undefined;
    let [soundTold, pictureTold] = [toldOf({}), toldOf({})];
    leg.on('quality', (quality) => {
      score = quality.score;
      soundTold = { ...soundTold, ...toldOf(quality) };
    });
    leg.on('pictureQuality', (quality) => {
      pictureTold = { ...pictureTold, ...toldOf(quality) };
    });
    const wait = (ms: number) => Promise.race([over, new Promise<void>((resolve) => setTimeout(resolve, ms))]);
    try {
      if (menuCode !== undefined) {
        await wait(menuMs);
        await leg.sendDigits(menuCode);
        await wait(menuMs);
      }
      await wait(settleMs);
      const recorded = await leg.endpoint.record(file).then(
        () => true,
        () => false,
      );
      await Promise.race([over, leg.endpoint.play([`tone_stream://%(${toneMs},0,${toneHz})`])]);
      await wait(settleMs);
      if (recorded) await leg.endpoint.stopRecording(file).catch(() => {});
      await leg.endpoint.echo();
      await wait(loopMs);
      const variables = await leg.endpoint.statistics();
      const codec = await leg.endpoint.codec();
      const wav = recorded ? await readFile(file).catch(() => undefined) : undefined;
      const heard = wav === undefined ? undefined : hear(wav, toneHz);
      const { picture, sent, ...sound } = measuredOf(variables);
      return {
        ...sound,
        sent: { ...sent, ...soundTold },
        codec,
        heard,
        score,
        picture: hasPicture(leg) ? { ...picture, sent: { ...picture.sent, ...pictureTold } } : undefined,
      };
    } finally {
      await rm(file, { force: true });
    }
  }

  private async tell(sessionId: string, rehearsalId: string, result: RehearsalResult): Promise<void> {
    const { kind, of, name, siteId, verdict, cause, sound, picture, codec } = result;
    const where = {
      ...(kind === 'endpoint' ? { endpointId: of } : {}),
      ...(siteId === undefined ? {} : { siteId }),
      ...(cause === undefined ? {} : { cause }),
    };
    await this.parts.log.append({
      sessionId,
      event: verdict === 'good' ? 'rehearsal.result' : 'rehearsal.failed',
      actor: system,
      ...where,
      detail: { rehearsalId, kind, name, verdict, codec, sound, picture },
    });
    if (verdict === 'good') return;
    const values: Record<string, string | number> = { name, verdict: verdict ?? '', text: cause?.text ?? '' };
    // In words that need no engineer, where the cause has such.
    if (cause?.q850 !== undefined) values.q850 = cause.q850;
    this.parts.events.emit('incident', { code: 'rehearsal.failed', sessionId, values });
  }
}

interface Target {
  who: Participant;
  callee: Callee | undefined;
  result: RehearsalResult;
}

/** Whether a picture was agreed on with the far side, and it may send one. */
function hasPicture(leg: Leg): boolean {
  const section = /^m=video (\d+) [\s\S]*?(?=^m=|$(?![\s\S]))/m.exec(leg.dialog.remoteSdp);
  return section !== null && section[1] !== '0' && !/^a=(inactive|recvonly)/m.test(section[0]);
}
