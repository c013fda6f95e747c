import { Fault } from '../../platform/fault.ts';
import type { Authority, Case, CaseState, CaseStep } from '../../store/schema/case.ts';

/*
 * How a case goes on, as the plan of the commune has it: the office registers and proposes, the commune's chair reports
 * to the authority above, which decides; then it stands on the list of a session, is held, its result is told, and it is
 * closed. Pure.
 */

interface Transition {
  from: readonly CaseState[];
  to: CaseState;
  /** A reason must be given. */
  reason?: true;
}

const beforeSession: readonly CaseState[] = ['registered', 'proposed', 'reported', 'accepted'];

const transitions: Record<CaseStep, Transition> = {
  propose: { from: ['registered'], to: 'proposed' },
  report: { from: ['proposed'], to: 'reported' },
  accept: { from: ['proposed', 'reported'], to: 'accepted', reason: true },
  refuse: { from: ['proposed', 'reported'], to: 'refused', reason: true },
  link: { from: ['accepted'], to: 'linked' },
  unlink: { from: ['linked'], to: 'accepted', reason: true },
  hold: { from: ['linked'], to: 'held' },
  'issue-notice': { from: ['held'], to: 'noticed' },
  close: { from: ['noticed', 'refused'], to: 'closed' },
  withdraw: { from: beforeSession, to: 'closed', reason: true },
};

/** Steps that staff take by themselves; the others come with a session or a notice. */
export const stepsByHand = [
  'propose',
  'report',
  'accept',
  'refuse',
  'hold',
  'issue-notice',
  'close',
  'withdraw',
] as const;

/** Who may decide from where: a case above the commune's authority is first reported to who decides. */
function decides(authority: Authority, state: CaseState): boolean {
  return authority === 'commune' ? state === 'proposed' : state === 'reported';
}

/** Whether a step may be taken now. */
export function mayTake(step: CaseStep, { state, authority }: Pick<Case, 'state' | 'authority'>): boolean {
  if (!transitions[step].from.includes(state)) return false;
  if (step === 'report') return authority !== 'commune';
  return step === 'accept' || step === 'refuse' ? decides(authority, state) : true;
}

/** The steps that may be taken by hand now, in the order of a case's life. */
export const openSteps = (one: Pick<Case, 'state' | 'authority'>): CaseStep[] =>
  stepsByHand.filter((step) => mayTake(step, one));

export interface StepAsked {
  step: CaseStep;
  reason?: string | undefined;
  at: Date;
  /** Log-in name. */
  by: string;
}

/**
 * What a case becomes by a step: its new state and its history.
 * @throws Fault conflict `case.wrong-step`, invalid `case.reason-needed`.
 */
export function take(one: Case, { step, reason, at, by }: StepAsked): Pick<Case, 'state' | 'history'> {
  const transition = transitions[step];
  if (!mayTake(step, one))
    throw new Fault('conflict', 'case.wrong-step', { field: 'step', values: { code: one.code } });
  if (transition.reason === true && reason === undefined) {
    throw new Fault('invalid', 'case.reason-needed', { field: 'reason' });
  }
  const taken = { step, from: one.state, to: transition.to, at, by, ...(reason === undefined ? {} : { reason }) };
  return { state: transition.to, history: [...one.history, taken] };
}
