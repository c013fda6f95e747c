import type { Actor } from '../store/schema/log.ts';
import type { ClearCause } from '../store/schema/names.ts';
import type { LegRecord } from '../store/schema/session.ts';
import { type CallTarget, ClearError, causeOf, type IncomingCall } from './call.ts';
import { completeCause, normalEnd } from './cause.ts';
import type { DialPlan } from './dialplan/plan.ts';
import type { Reception } from './ivr/reception.ts';
import { runTestLine } from './ivr/test-line.ts';
import { answerCall, type Leg, placeCall } from './legs/leg.ts';
import { inSession } from './rooms/leg-roll.ts';
import { bearsOneMore } from './rooms/line-capacity.ts';
import { lineFull } from './rooms/outgoing.ts';
import type { GatewayParts } from './rooms/parts.ts';
import type { Sessions } from './rooms/sessions.ts';

/** Calls being answered at once; with more, each would wait so long that its caller hangs up, and none gets through. */
const mostAnswering = 100;

/** An incoming call → the dial plan → its destination. */
export class Router {
  private readonly parts: GatewayParts;
  private readonly plan: DialPlan;
  private readonly sessions: Sessions;
  private readonly reception: Reception;
  private answering = 0;

  constructor(parts: GatewayParts, plan: DialPlan, sessions: Sessions, reception: Reception) {
    this.parts = parts;
    this.plan = plan;
    this.sessions = sessions;
    this.reception = reception;
  }

  /** Takes a call; never throws: a call that cannot be served is refused with its cause. */
  async take(call: IncomingCall): Promise<void> {
    try {
      await this.route(call);
    } catch (error) {
      const cause = causeOf(error);
      if (!(error instanceof ClearError))
        this.parts.logger.error({ err: error, callId: call.callId }, 'call could not be routed');
      await this.refuse(call, cause);
    }
  }

  private async route(call: IncomingCall): Promise<void> {
    if (this.parts.legBook.size >= this.parts.limits.callsMax || this.answering >= mostAnswering) {
      await this.refuse(call, { sip: 503, q850: 42, text: 'too many calls' });
      return;
    }
    const { endpointId, siteId, trunkId } = call.party;
    if (siteId !== undefined && endpointId === undefined && !(await this.uplinkBears(siteId))) {
      await this.refuse(call, lineFull);
      return;
    }
    const decision = await this.plan.decide({
      protocol: call.protocol,
      called: call.called,
      ...(endpointId === undefined ? {} : { endpointId }),
      ...(siteId === undefined ? {} : { siteId }),
      ...(trunkId === undefined ? {} : { trunkId }),
    });
    const destination = decision.rule?.destination;
    switch (destination?.kind) {
      case undefined:
        await this.refuse(call, { sip: 404, q850: 1, text: 'no such number' });
        break;
      case 'reject':
        await this.refuse(
          call,
          completeCause({ sip: destination.sip, text: `rejected by rule ${decision.rule?.name}` }),
        );
        break;
      case 'room':
        await this.intoRoom(call, destination.room ?? decision.number, destination.openOnArrival);
        break;
      case 'ivr':
        await this.reception.receive(await this.answer(call, 'ivr'));
        break;
      case 'test': {
        const leg = await this.answer(call, 'ivr');
        const result = await runTestLine(leg);
        await this.sessions.legs.tell(leg.id, 'test.result', system, { ...result });
        await leg.end();
        break;
      }
      case 'device': {
        const target =
          destination.endpointId ?? (await this.parts.store.endpoints.first({ number: decision.number }))?.id;
        if (target === undefined) await this.refuse(call, { sip: 404, q850: 1, text: 'no such device' });
        else await this.connect(call, { kind: 'endpoint', endpointId: target });
        break;
      }
      case 'uplink':
        await this.connect(call, { kind: 'uplink', siteId: destination.siteId });
        break;
      case 'trunk':
        await this.connect(call, {
          kind: 'trunk',
          trunkId: destination.trunkId,
          number: destination.number ?? decision.number,
        });
        break;
    }
  }

  private async intoRoom(call: IncomingCall, room: string, openOnArrival: boolean): Promise<void> {
    let session = await this.sessions.byRoom(room);
    if (session === undefined) {
      await this.refuse(call, { sip: 404, q850: 1, text: 'no session under this number' });
      return;
    }
    if (session.state === 'open' && session.locked) {
      await this.refuse(call, { sip: 403, q850: 21, text: 'the session is locked' }, session.id);
      return;
    }
    const leg = await this.answer(call, 'ivr', session.id);
    if (this.sessions.mayOpenOnArrival(session, openOnArrival))
      session = await this.sessions.open(session.id, actorOf(call));
    if (leg.ended) return;
    if (session.state === 'open') await this.sessions.join(leg, session.id, actorOf(call));
    else await this.reception.lobby(leg, session, session.language);
  }

  /** Two legs and nobody else: ringing, refusal and the end go through from one side to the other. */
  private async connect(call: IncomingCall, target: CallTarget): Promise<void> {
    const { legBook, media, newId, signallings } = this.parts;
    const incoming = this.begin(call, 'ringing');
    const { maxCalls, ...callee } = await this.callee(target);
    const outgoing = legBook.open(
      { ...callee, id: newId(), sessionId: '', direction: 'out', state: 'calling', muted: false },
      this.parts.clock.now(),
    );
    const abort = new AbortController();
    call.once('cancelled', () => abort.abort());
    const conference = await media.createConference(`pair-${incoming.id}`);
    let far: Leg | undefined;
    let near: Leg | undefined;
    try {
      const signalling = signallings[callee.protocol];
      if (signalling === undefined)
        throw new ClearError({ sip: 501, q850: 79, text: `${callee.protocol} is not available` });
      if (!bearsOneMore(legBook.all(), { target, ...bounded(maxCalls) }, outgoing.id)) throw new ClearError(lineFull);
      far = await placeCall(outgoing.id, signalling, target, media, {
        caller: { number: call.party.number, name: call.party.name },
        ringTimeoutMs: this.parts.ringTimeoutMs,
        signal: abort.signal,
        onRinging: () => {
          legBook.change(outgoing.id, { state: 'ringing' });
          call.ring();
        },
      });
      legBook.change(outgoing.id, { address: far.party.address, state: 'joined', joinedAt: this.parts.clock.now() });
      this.sessions.adopt(far);
      near = await answerCall(incoming.id, call, media);
      legBook.change(incoming.id, { state: 'joined', joinedAt: this.parts.clock.now() });
      this.sessions.adopt(near);
      await this.pair(near, far, conference);
    } catch (error) {
      const cause = causeOf(error);
      await conference.destroy();
      if (far === undefined) this.finish(outgoing.id, cause);
      else await far.end(cause);
      if (near === undefined) await this.refuse(call, cause);
      else await near.end(cause);
      if (near === undefined && !this.sessions.legs.has(incoming.id)) this.finish(incoming.id, cause);
    }
  }

  private async pair(
    near: Leg,
    far: Leg,
    conference: Awaited<ReturnType<GatewayParts['media']['createConference']>>,
  ): Promise<void> {
    const over = (other: Leg) => (cause: ClearCause) => {
      void other.end(cause);
      void conference.destroy();
    };
    near.once('ended', over(far));
    far.once('ended', over(near));
    // Whoever hung up while the other was still being answered is heard no more.
    if (near.ended || far.ended) throw new ClearError(normalEnd);
    await Promise.all([near.join(conference), far.join(conference)]);
    await this.sessions.legs.tell(near.id, 'call.connected', actorOfLeg(near), {
      to: far.party.name || far.party.number,
    });
    if (near.ended || far.ended) {
      await Promise.all([near.end(), far.end()]);
      await conference.destroy();
    }
  }

  private async callee(
    target: CallTarget,
  ): Promise<
    Pick<LegRecord, 'protocol' | 'name' | 'number' | 'endpointId' | 'siteId' | 'trunkId'> & { maxCalls?: number }
  > {
    const { store } = this.parts;
    if (target.kind === 'endpoint') {
      const endpoint = await store.endpoints.get(target.endpointId);
      if (endpoint === undefined) throw new ClearError({ sip: 404, q850: 1, text: 'no such device' });
      const protocol = endpoint.kind.startsWith('h323') ? 'h323' : 'sip';
      return {
        protocol,
        name: endpoint.name,
        number: endpoint.number ?? '',
        endpointId: endpoint.id,
        siteId: endpoint.siteId,
      };
    }
    if (target.kind === 'uplink') {
      const site = await store.sites.get(target.siteId);
      if (site?.uplink === undefined) throw new ClearError({ sip: 404, q850: 1, text: 'site has no uplink' });
      const { address, maxCalls, protocol } = site.uplink;
      return { protocol, name: site.name, number: address, siteId: site.id, ...bounded(maxCalls) };
    }
    return { protocol: 'sip', name: target.number, number: target.number, trunkId: target.trunkId };
  }

  /** Whether a far room's line bears the call that comes from it. */
  private async uplinkBears(siteId: string): Promise<boolean> {
    const maxCalls = (await this.parts.store.sites.recall({ id: siteId }))[0]?.uplink?.maxCalls;
    return bearsOneMore(this.parts.legBook.all(), { target: { kind: 'uplink', siteId }, ...bounded(maxCalls) });
  }

  private async answer(call: IncomingCall, state: LegRecord['state'], sessionId = ''): Promise<Leg> {
    const record = this.begin(call, 'ringing', sessionId);
    this.answering++;
    try {
      const leg = await answerCall(record.id, call, this.parts.media);
      this.parts.legBook.change(record.id, { state });
      this.sessions.adopt(leg);
      await this.sessions.legs.tell(record.id, 'leg.answered', actorOf(call), { called: call.called });
      return leg;
    } catch (error) {
      const cause = error instanceof ClearError ? error.cause : { sip: 500, q850: 41, text: String(error) };
      this.finish(record.id, cause);
      throw error;
    } finally {
      this.answering--;
    }
  }

  private begin(call: IncomingCall, state: LegRecord['state'], sessionId = ''): LegRecord {
    const { address, endpointId, name, number, siteId, trunkId } = call.party;
    return this.parts.legBook.open(
      {
        id: this.parts.newId(),
        sessionId,
        protocol: call.protocol,
        direction: 'in',
        name: (name || number).slice(0, 200),
        number: number.slice(0, 255),
        ...(endpointId === undefined ? {} : { endpointId }),
        ...(siteId === undefined ? {} : { siteId }),
        ...(trunkId === undefined ? {} : { trunkId }),
        address: address.slice(0, 128),
        state,
        muted: false,
      },
      this.parts.clock.now(),
    );
  }

  private finish(legId: string, cause: ClearCause): void {
    this.parts.legBook.change(legId, { state: 'ended', endedAt: this.parts.clock.now(), cause });
  }

  private async refuse(call: IncomingCall, cause: ClearCause, sessionId = ''): Promise<void> {
    call.reject(cause);
    const { address, endpointId, name, number, siteId } = call.party;
    await this.parts.log.append({
      ...inSession(sessionId),
      event: cause.sip === 487 ? 'call.cancelled' : 'call.refused',
      actor: actorOf(call),
      ...(endpointId === undefined ? {} : { endpointId }),
      ...(siteId === undefined ? {} : { siteId }),
      address: address.slice(0, 128),
      cause: completeCause(cause),
      detail: { called: call.called, number, name, protocol: call.protocol },
    });
  }
}

const bounded = (maxCalls: number | undefined): { maxCalls?: number } => (maxCalls === undefined ? {} : { maxCalls });
const system: Actor = { kind: 'system' };

/** Whose doing a call is, for the log. */
function actorOf(call: IncomingCall): Actor {
  const { endpointId, name, number, siteId } = call.party;
  const kind = endpointId !== undefined ? 'device' : siteId !== undefined ? 'uplink' : 'caller';
  const id = endpointId ?? siteId;
  return { kind, ...(id === undefined ? {} : { id }), name: (name || number).slice(0, 200) };
}

function actorOfLeg(leg: Leg): Actor {
  const { endpointId, name, number } = leg.party;
  return {
    kind: endpointId === undefined ? 'caller' : 'device',
    ...(endpointId === undefined ? {} : { id: endpointId }),
    name: (name || number).slice(0, 200),
  };
}
