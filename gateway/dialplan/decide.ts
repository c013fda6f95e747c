import type { DialRule } from '../../store/schema/dialplan.ts';
import type { DialDecision, DialQuestion } from '../gateway.ts';
import { matchPattern, transformed } from './pattern.ts';
import { windowFault } from './window.ts';

/* A dialled number → the rule that decides, and why. Pure. */

/** Rules in the order in which they are asked: priority, then age. */
export function inOrder(rules: readonly DialRule[]): DialRule[] {
  return [...rules].sort((a, b) => a.priority - b.priority || a.createdAt.getTime() - b.createdAt.getTime());
}

/** Decides where a number goes; every rule that was looked at says what fitted or what did not. */
export function decide(question: DialQuestion, rules: readonly DialRule[], now: Date): DialDecision {
  const steps: DialDecision['steps'] = [];
  for (const rule of inOrder(rules)) {
    const fault = faultOf(rule, question, question.at ?? now);
    const captures = fault === undefined ? matchPattern(rule.pattern, question.called) : undefined;
    const why =
      fault ??
      (captures === undefined
        ? `${question.called} does not fit ${rule.pattern.type} ${rule.pattern.value}`
        : undefined);
    if (why !== undefined || captures === undefined) {
      steps.push({ ruleId: rule.id, name: rule.name, matched: false, why: why ?? '' });
      continue;
    }
    const number = transformed(rule.transform, question.called, captures);
    const changed = number === question.called ? '' : `, becomes ${number}`;
    steps.push({
      ruleId: rule.id,
      name: rule.name,
      matched: true,
      why: `${question.called} fits ${rule.pattern.type} ${rule.pattern.value}${changed}, goes to ${rule.destination.kind}`,
    });
    return { rule: filled(rule, captures), number, steps };
  }
  return { rule: undefined, number: question.called, steps };
}

/** What but the pattern keeps a rule from deciding. */
function faultOf(rule: DialRule, question: DialQuestion, at: Date): string | undefined {
  if (!rule.enabled) return 'switched off';
  const { endpointId, protocol, siteId, trunkId } = rule.source;
  if (protocol !== undefined && protocol !== question.protocol) return `only for ${protocol} calls`;
  if (endpointId !== undefined && endpointId !== question.endpointId) return 'only for another device';
  if (trunkId !== undefined && trunkId !== question.trunkId) return 'only for another trunk';
  if (siteId !== undefined && siteId !== question.siteId) return 'only for another site';
  return rule.window === undefined ? undefined : windowFault(rule.window, at);
}

/** The rule with `$1`… in its destination filled in. */
function filled(rule: DialRule, captures: readonly string[]): DialRule {
  const { destination } = rule;
  if (destination.kind === 'room' && destination.room !== undefined) {
    return { ...rule, destination: { ...destination, room: transformed(destination.room, '', captures) } };
  }
  if (destination.kind === 'trunk' && destination.number !== undefined) {
    return { ...rule, destination: { ...destination, number: transformed(destination.number, '', captures) } };
  }
  return rule;
}
