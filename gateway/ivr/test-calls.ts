import type { SoundQuality } from '../../freeswitch/media/media.ts';
import { Fault } from '../../platform/fault.ts';
import type { TestCall } from '../../store/schema/devices.ts';
import type { Actor, LogEvent } from '../../store/schema/log.ts';
import type { Endpoint } from '../../store/schema/places.ts';
import { ClearError } from '../call.ts';
import type { Leg } from '../legs/leg.ts';
import { calleeOfEndpoint } from '../rooms/callee.ts';
import { beginCall, dropCall, makeCall } from '../rooms/outgoing.ts';
import type { GatewayParts } from '../rooms/parts.ts';
import type { Sessions } from '../rooms/sessions.ts';
import { type LineTest, runTestLine } from './test-line.ts';

/** Kept of each device; older ones go. */
const mostKept = 20;

/** Calls that try a device: it is rung, greeted, hears itself, and both ways are measured. */
export class TestCalls {
  private readonly parts: GatewayParts;
  private readonly sessions: Sessions;
  private readonly running = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(parts: GatewayParts, sessions: Sessions) {
    this.parts = parts;
    this.sessions = sessions;
  }

  /** After a start: calls that a crash cut off are over. */
  async restore(): Promise<void> {
    const { clock, store } = this.parts;
    for (const { id } of await store.testCalls.find({ state: { $in: ['calling', 'testing'] } }))
      await store.testCalls.update(id, { state: 'failed', endedAt: clock.now(), cause: { text: 'cut off' } });
  }

  /** Begins a call to a device and answers its record at once. @throws Fault when there is no such device, or it is in a call. */
  async begin(endpointId: string, actor: Actor): Promise<TestCall> {
    const { clock, legBook, newId, store } = this.parts;
    const endpoint = await store.endpoints.get(endpointId);
    if (endpoint === undefined || !endpoint.enabled) throw new Fault('not-found', 'endpoint.unknown');
    if (this.running.has(endpointId) || legBook.all().some((leg) => leg.endpointId === endpointId))
      throw new Fault('conflict', 'endpoint.in-call', { values: { name: endpoint.name } });
    let over = (): void => {};
    this.running.set(endpointId, new Promise<void>((resolve) => (over = resolve)));
    const done = (): void => {
      this.running.delete(endpointId);
      over();
    };
    try {
      const call = await store.testCalls.insert({ id: newId(), endpointId, state: 'calling', startedAt: clock.now() });
      await this.tell('test.started', call, actor);
      void this.run(call, endpoint).finally(done);
      return call;
    } catch (error) {
      done();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running.values());
  }

  private async run(call: TestCall, endpoint: Endpoint): Promise<void> {
    const { clock, legBook, logger, store } = this.parts;
    const callee = calleeOfEndpoint(endpoint);
    const { id: legId } = beginCall(this.parts, callee);
    let outcome: Partial<TestCall>;
    try {
      const leg = await makeCall(this.parts, this.sessions, legId, callee, {
        caller: { number: '', name: 'diemcau' },
        signal: this.stopping.signal,
      });
      legBook.change(legId, { state: 'ivr' });
      await store.testCalls.update(call.id, { state: 'testing' });
      outcome = { state: 'done', ...(await measured(leg)) };
      await leg.end();
    } catch (error) {
      outcome = { state: 'failed', cause: await dropCall(this.parts, this.sessions, legId, error) };
    }
    try {
      const kept = await store.testCalls.update(call.id, { ...outcome, endedAt: clock.now() });
      if (kept !== undefined) await this.tell('test.result', kept, { kind: 'system' });
      const old = await store.testCalls.find({ endpointId: endpoint.id }, { sort: { startedAt: -1 }, skip: mostKept });
      for (const { id } of old) await store.testCalls.remove(id);
    } catch (error) {
      logger.error({ err: error, endpointId: endpoint.id }, 'a test call could not be kept');
    }
  }

  private async tell(event: LogEvent, { endpointId, id, ...call }: TestCall, actor: Actor): Promise<void> {
    const { cause, codec, received, sent, verdict } = call;
    const result = event === 'test.started' ? {} : { verdict, codec, received, sent };
    const detail = { testCallId: id, ...result };
    await this.parts.log.append({ event, actor, endpointId, detail, ...(cause === undefined ? {} : { cause }) });
  }
}

/** Runs the test line on an answered call; the far side's view comes with its RTCP reports. */
async function measured(leg: Leg): Promise<Pick<TestCall, 'received' | 'sent' | 'verdict' | 'codec'>> {
  const heard: SoundQuality[] = [];
  const listen = (quality: SoundQuality): void => void heard.push(quality);
  leg.on('quality', listen);
  const cause = await new Promise<ClearError | LineTest>((resolve, reject) => {
    leg.once('ended', (end) => resolve(new ClearError(end)));
    runTestLine(leg).then(resolve, reject);
  });
  leg.off('quality', listen);
  // Who hangs up before the end has heard enough, or nothing: nothing is known then.
  if (cause instanceof ClearError) throw cause;
  const codec = await leg.endpoint.codec();
  const { jitterMs, lossPercent, packets, verdict } = cause;
  return {
    received: { packets, lossPercent, jitterMs },
    sent: sentOf(heard),
    verdict: verdict === 'good' && (sentOf(heard).lossPercent ?? 0) >= 1 ? 'loss' : verdict,
    ...(codec === undefined ? {} : { codec }),
  };
}

/** What the far side told of our sound: its worst loss, its last round trip. Pure. */
export function sentOf(heard: readonly Pick<SoundQuality, 'farLossPercent' | 'roundTripMs'>[]): {
  lossPercent?: number;
  roundTripMs?: number;
} {
  const losses = heard.map((one) => one.farLossPercent).filter((loss) => loss !== undefined);
  const roundTripMs = heard.map((one) => one.roundTripMs).findLast((trip) => trip !== undefined);
  return {
    ...(losses.length === 0 ? {} : { lossPercent: Math.max(...losses) }),
    ...(roundTripMs === undefined ? {} : { roundTripMs }),
  };
}
