import type { DialRule } from '../../store/schema/dialplan.ts';
import type { DialDecision, DialQuestion, DialReason } from '../gateway.ts';
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
    const told = { ruleId: rule.id, name: rule.name };
    const fit = { called: question.called, type: rule.pattern.type, value: rule.pattern.value };
    const fault = faultOf(rule, question, question.at ?? now);
    if (fault !== undefined) {
      steps.push({ ...told, matched: false, why: fault });
      continue;
    }
    const captures = matchPattern(rule.pattern, question.called);
    if (captures === undefined) {
      steps.push({ ...told, matched: false, why: { code: 'dial.no-fit', values: fit } });
      continue;
    }
    const number = transformed(rule.transform, question.called, captures);
    const code = number === question.called ? 'dial.fits' : 'dial.fits-changed';
    steps.push({ ...told, matched: true, why: { code, values: { ...fit, number }, to: rule.destination.kind } });
    return { rule: filled(rule, captures), number, steps };
  }
  return { rule: undefined, number: question.called, steps };
}

/** What but the pattern keeps a rule from deciding. */
function faultOf(rule: DialRule, question: DialQuestion, at: Date): DialReason | undefined {
  if (!rule.enabled) return { code: 'dial.off', values: {} };
  const { endpointId, protocol, siteId, trunkId } = rule.source;
  if (protocol !== undefined && protocol !== question.protocol)
    return { code: 'dial.other-protocol', values: { protocol } };
  if (endpointId !== undefined && endpointId !== question.endpointId) return { code: 'dial.other-device', values: {} };
  if (trunkId !== undefined && trunkId !== question.trunkId) return { code: 'dial.other-trunk', values: {} };
  if (siteId !== undefined && siteId !== question.siteId) return { code: 'dial.other-site', values: {} };
  // Whoever dials in from the telephone network proved nothing: out again only where the plan says so of that trunk.
  const leadsOut = rule.destination.kind === 'trunk' || rule.destination.kind === 'uplink';
  if (question.trunkId !== undefined && trunkId === undefined && leadsOut)
    return { code: 'dial.leads-out', values: {} };
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
