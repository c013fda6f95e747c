import type { Clock } from '../../platform/clock.ts';
import type { DialRule } from '../../store/schema/dialplan.ts';
import type { Store } from '../../store/store.ts';
import type { BuiltInRule, DialDecision, DialQuestion } from '../gateway.ts';
import { decide } from './decide.ts';

/** The stored plan, and behind it what every installation does: devices' and rooms' own numbers, callers by trunk. */
export class DialPlan {
  private readonly store: Store;
  private readonly clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.clock = clock;
  }

  async decide(question: DialQuestion): Promise<DialDecision> {
    const decision = decide(question, await this.store.dialRules.recall(), this.clock.now());
    return decision.rule === undefined ? this.builtIn(question, decision) : decision;
  }

  private async builtIn(question: DialQuestion, before: DialDecision): Promise<DialDecision> {
    const { called } = question;
    const matched = (id: BuiltInRule, destination: DialRule['destination']): DialDecision => ({
      rule: builtInRule(id, called, destination),
      number: called,
      steps: [
        ...before.steps,
        {
          ruleId: id,
          name: id,
          matched: true,
          why: { code: 'dial.fits', values: { called }, to: destination.kind },
        },
      ],
    });
    // A caller from the telephone network reaches no device and no room directly: first it says who it is.
    if (question.trunkId !== undefined) return matched('built-in-trunk', { kind: 'ivr' });
    const [room] = await this.store.sessions.recall({ room: called, state: { $in: ['open', 'planned'] } });
    if (room !== undefined) return matched('built-in-room', { kind: 'room', openOnArrival: room.openOnArrival });
    // H.323 devices are dialled by their H.323 identifier as well (H.323, clause 7.1.3).
    const device =
      (await this.store.endpoints.first({ number: called, enabled: true })) ??
      (await this.store.endpoints.first({ username: called, kind: 'h323', enabled: true }));
    if (device !== undefined) return matched('built-in-device', { kind: 'device', endpointId: device.id });
    const steps = (['built-in-room', 'built-in-device'] as const).map((id) => ({
      ruleId: id,
      name: id,
      matched: false,
      why: { code: 'dial.none-has' as const, values: { called } },
    }));
    return { rule: undefined, number: called, steps: [...before.steps, ...steps] };
  }
}

function builtInRule(id: BuiltInRule, called: string, destination: DialRule['destination']): DialRule {
  const epoch = new Date(0);
  return {
    id,
    name: id,
    priority: 100_000,
    enabled: true,
    source: {},
    pattern: { type: 'exact', value: called.slice(0, 200) || '-' },
    destination,
    createdAt: epoch,
    updatedAt: epoch,
  };
}
