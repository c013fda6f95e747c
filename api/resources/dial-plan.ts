import { z } from 'zod';
import { patternFault } from '../../gateway/dialplan/pattern.ts';
import type { DialReason } from '../../gateway/gateway.ts';
import { Fault } from '../../platform/fault.ts';
import { isMessageCode, type Language, say } from '../../platform/messages/messages.ts';
import { type DialRule, dialRule } from '../../store/schema/dialplan.ts';
import { dialString, id, protocol } from '../../store/schema/names.ts';
import { flag, moment, page, sortBy } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { ruleView } from '../views.ts';
import { crud } from './crud.ts';
import { equal } from './places.ts';
import { mustExist } from './references.ts';

const ruleIn = dialRule.omit({ id: true, createdAt: true, updatedAt: true });

const question = z.strictObject({
  protocol: protocol.default('sip'),
  called: dialString,
  endpointId: id.optional(),
  trunkId: id.optional(),
  siteId: id.optional(),
  /** Moment to judge time windows by; now when absent. */
  at: moment.optional(),
});

const decision = z.object({
  rule: ruleView.optional(),
  number: z.string(),
  steps: z.array(z.object({ ruleId: z.string(), name: z.string(), matched: z.boolean(), why: z.string() })),
});

/** The rules of the dial plan, and what they would do. */
export function dialPlan(services: Services): Route[] {
  const { store, gateway } = services;
  const rules = crud<DialRule>(services, {
    what: 'rule',
    path: '/dial-plan/rules',
    tag: 'dial plan',
    collection: store.dialRules,
    schema: dialRule,
    create: ruleIn,
    view: ruleView,
    query: z.strictObject({ ...page, sort: sortBy('priority', 'name', 'createdAt'), enabled: flag.optional() }),
    read: 'viewer',
    write: 'admin',
    toView: (rule) => rule,
    filter: (query) => equal(query, ['enabled']),
    judge: async (rule) => {
      judgePattern(rule);
      judgeWindow(rule);
      const { source, destination } = rule;
      if (source.endpointId !== undefined) await mustExist(store.endpoints, source.endpointId, 'source.endpointId');
      if (source.trunkId !== undefined) await mustExist(store.trunks, source.trunkId, 'source.trunkId');
      if (source.siteId !== undefined) await mustExist(store.sites, source.siteId, 'source.siteId');
      if (destination.kind === 'device' && destination.endpointId !== undefined) {
        await mustExist(store.endpoints, destination.endpointId, 'destination.endpointId');
      }
      if (destination.kind === 'trunk') await mustExist(store.trunks, destination.trunkId, 'destination.trunkId');
      if (destination.kind === 'uplink') {
        const far = await mustExist(store.sites, destination.siteId, 'destination.siteId');
        if (far.uplink === undefined) throw new Fault('invalid', 'site.no-uplink', { field: 'destination.siteId' });
      }
    },
  });
  const test = route({
    method: 'POST',
    path: '/dial-plan/test',
    tag: 'dial plan',
    access: 'viewer',
    summary: 'Tell where a dialled number would go, and why',
    body: question,
    answer: decision,
    handle: async ({ body: { at, endpointId, trunkId, siteId, ...rest }, language }) => {
      const decided = await gateway.explain({
        ...rest,
        ...(at === undefined ? {} : { at }),
        ...(endpointId === undefined ? {} : { endpointId }),
        ...(trunkId === undefined ? {} : { trunkId }),
        ...(siteId === undefined ? {} : { siteId }),
      });
      const { rule, steps } = decided;
      return {
        ...decided,
        ...(rule === undefined ? {} : { rule: { ...rule, name: nameOf(language, rule) } }),
        steps: steps.map((step) => ({
          ...step,
          name: nameOf(language, { id: step.ruleId, name: step.name }),
          why: reasonOf(language, step.why),
        })),
      };
    },
  });
  return [...rules, test];
}

/** A rule's name; built-in rules are called by a sentence of the catalogue. */
function nameOf(language: Language, { id: ruleId, name }: { id: string; name: string }): string {
  const code = `dial.rule.${ruleId}`;
  return isMessageCode(code) ? say(language, code) : name;
}

function reasonOf(language: Language, { code, to, values }: DialReason): string {
  const why = say(language, code, values);
  return to === undefined ? why : `${why} ${say(language, `dial.to.${to}`)}`;
}

/** @throws Fault when the pattern is no (safe) regular expression, or the new number names what it does not capture. */
function judgePattern({ pattern, transform, destination }: DialRule): void {
  const fault = patternFault(pattern);
  if (fault !== undefined) throw new Fault('invalid', fault, { field: 'pattern.value' });
  // Matching nothing against "pattern or nothing" tells how many groups there are.
  const groups = pattern.type === 'regex' ? (new RegExp(`(?:${pattern.value})|`, 'u').exec('')?.length ?? 1) - 1 : 0;
  const captures = pattern.type === 'prefix' ? 1 : groups;
  const texts: [field: string, text: string | undefined][] = [
    ['transform', transform],
    ['destination.room', destination.kind === 'room' ? destination.room : undefined],
    ['destination.number', destination.kind === 'trunk' ? destination.number : undefined],
  ];
  for (const [field, text] of texts) {
    for (const [, number] of text?.matchAll(/\$(\d+)/g) ?? []) {
      if (Number(number) > captures) {
        throw new Fault('invalid', 'transform-invalid', { field, values: { number: Number(number) } });
      }
    }
  }
}

function judgeWindow({ window }: DialRule): void {
  if (window === undefined) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone: window.timeZone });
  } catch {
    const values = { timeZone: window.timeZone };
    throw new Fault('invalid', 'time-zone-unknown', { field: 'window.timeZone', values });
  }
}
