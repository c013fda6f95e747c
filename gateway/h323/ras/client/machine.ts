import type { HostPort } from '../interface.ts';

/*
 * The life of a registration at a far gatekeeper (H.225.0, clauses 7.8 to 7.10), as states and what moves between them.
 * Sockets and timers are in `client.ts`; here is what is to be done next.
 */

/** A gatekeeper that may be asked: the configured one first, then alternates that were named. */
export interface Candidate {
  address: HostPort;
  identifier: string | undefined;
}

export type MachineState =
  | { name: 'stopped' }
  /** GRQ is on its way. */
  | { name: 'discovering'; candidate: number }
  /** A full RRQ is on its way. */
  | { name: 'registering'; candidate: number; ras: HostPort }
  | { name: 'registered'; candidate: number; ras: HostPort }
  /** A lightweight RRQ is on its way. */
  | { name: 'renewing'; candidate: number; ras: HostPort }
  /** Nothing is asked until the time of the next try. */
  | { name: 'waiting' };

export interface Machine {
  state: MachineState;
  candidates: Candidate[];
  /** Rounds without success, which make the wait longer. */
  failures: number;
}

export type Input =
  | { kind: 'start' }
  | { kind: 'confirmed'; ras: HostPort; identifier: string | undefined; alternates: Candidate[] }
  | { kind: 'rejected'; reason: string; alternates: Candidate[] }
  | { kind: 'silent' }
  | { kind: 'registered'; timeToLiveS: number | undefined; alternates: Candidate[] }
  /** RRJ: the gatekeeper wants GRQ again, or RRQ in full; or it will not have us. */
  | { kind: 'refused'; reason: string; again: 'discovery' | 'full' | 'none'; alternates: Candidate[] }
  /** Time to renew, or to try again. */
  | { kind: 'due' }
  /** The gatekeeper took the registration away (URQ), or does not know us any more (ARJ callerNotRegistered). */
  | { kind: 'lost'; reason: string; alternates: Candidate[] }
  | { kind: 'stop' };

export type Action =
  | { do: 'discover'; candidate: Candidate }
  | { do: 'register'; ras: HostPort; full: boolean }
  | { do: 'unregister'; ras: HostPort }
  | { do: 'wait'; ms: number }
  | { do: 'tell'; state: 'registered' | 'refused' | 'unreachable' | 'none'; text: string };

const firstRetryMs = 5_000;
const longestRetryMs = 5 * 60_000;
/** Where a gatekeeper grants no time to live: how often it is asked whether it still knows us. */
const withoutTimeToLiveS = 300;
const mostAlternates = 10;

export const stopped = (configured: Candidate): Machine => ({
  state: { name: 'stopped' },
  candidates: [configured],
  failures: 0,
});

/** The next state, and what is to be done for it. An input that does not fit the state changes nothing. */
export function next(machine: Machine, input: Input): { machine: Machine; actions: Action[] } {
  if (input.kind === 'stop') return stop(machine);
  const { state } = machine;
  switch (state.name) {
    case 'stopped':
      return input.kind === 'start' ? discover(machine, 0) : stay(machine);
    case 'waiting':
      return input.kind === 'due' || input.kind === 'start' ? discover(machine, 0) : stay(machine);
    case 'discovering':
      return discovering(machine, state, input);
    case 'registering':
      return registering(machine, state, input);
    case 'registered':
      return registered(machine, state, input);
    case 'renewing':
      return renewing(machine, state, input);
  }
}

type Step = { machine: Machine; actions: Action[] };
type In<N extends MachineState['name']> = Extract<MachineState, { name: N }>;

function discovering(machine: Machine, { candidate }: In<'discovering'>, input: Input): Step {
  switch (input.kind) {
    case 'confirmed': {
      const { ras } = input;
      const known = withAlternates(machine, input.alternates);
      return {
        machine: { ...known, state: { name: 'registering', candidate, ras } },
        actions: [{ do: 'register', ras, full: true }],
      };
    }
    case 'rejected':
      return another(withAlternates(machine, input.alternates), candidate, 'refused', input.reason);
    case 'silent':
      return another(machine, candidate, 'unreachable', 'no answer');
    default:
      return stay(machine);
  }
}

function registering(machine: Machine, { candidate, ras }: In<'registering'>, input: Input): Step {
  switch (input.kind) {
    case 'registered':
      return settled(withAlternates(machine, input.alternates), candidate, ras, input.timeToLiveS);
    case 'refused':
      return another(withAlternates(machine, input.alternates), candidate, 'refused', input.reason);
    case 'silent':
      return another(machine, candidate, 'unreachable', 'no answer');
    case 'lost':
      return another(withAlternates(machine, input.alternates), candidate, 'refused', input.reason);
    default:
      return stay(machine);
  }
}

function registered(machine: Machine, { candidate, ras }: In<'registered'>, input: Input): Step {
  if (input.kind === 'due') {
    return {
      machine: { ...machine, state: { name: 'renewing', candidate, ras } },
      actions: [{ do: 'register', ras, full: false }],
    };
  }
  return input.kind === 'lost'
    ? afresh(withAlternates(machine, input.alternates), ras, candidate, input.reason)
    : stay(machine);
}

function renewing(machine: Machine, { candidate, ras }: In<'renewing'>, input: Input): Step {
  switch (input.kind) {
    case 'registered':
      return settled(withAlternates(machine, input.alternates), candidate, ras, input.timeToLiveS);
    case 'refused': {
      const known = withAlternates(machine, input.alternates);
      if (input.again === 'full') return afresh(known, ras, candidate, input.reason);
      return input.again === 'discovery'
        ? discover(known, candidate)
        : another(known, candidate, 'refused', input.reason);
    }
    case 'silent': {
      const step = discover(machine, 0);
      return { ...step, actions: [{ do: 'tell', state: 'unreachable', text: 'no answer' }, ...step.actions] };
    }
    case 'lost':
      return afresh(withAlternates(machine, input.alternates), ras, candidate, input.reason);
    default:
      return stay(machine);
  }
}

/** Registered: the next renewal well before the time is over. */
function settled(machine: Machine, candidate: number, ras: HostPort, timeToLiveS: number | undefined): Step {
  const ms = Math.max(1_000, (timeToLiveS ?? withoutTimeToLiveS) * 700);
  return {
    machine: { ...machine, failures: 0, state: { name: 'registered', candidate, ras } },
    actions: [
      { do: 'tell', state: 'registered', text: '' },
      { do: 'wait', ms },
    ],
  };
}

/** The gatekeeper is there and forgot us: in full at once. */
function afresh(machine: Machine, ras: HostPort, candidate: number, reason: string): Step {
  return {
    machine: { ...machine, state: { name: 'registering', candidate, ras } },
    actions: [
      { do: 'tell', state: 'none', text: reason },
      { do: 'register', ras, full: true },
    ],
  };
}

/** The next gatekeeper at once; when none is left, all again after a wait that grows. */
function another(machine: Machine, candidate: number, state: 'refused' | 'unreachable', text: string): Step {
  if (candidate + 1 < machine.candidates.length) return discover(machine, candidate + 1);
  const ms = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(machine.failures, 10));
  return {
    machine: { candidates: machine.candidates.slice(0, 1), failures: machine.failures + 1, state: { name: 'waiting' } },
    actions: [
      { do: 'tell', state, text },
      { do: 'wait', ms },
    ],
  };
}

function discover(machine: Machine, candidate: number): Step {
  const asked = machine.candidates[candidate] ?? machine.candidates[0]!;
  return {
    machine: { ...machine, state: { name: 'discovering', candidate } },
    actions: [{ do: 'discover', candidate: asked }],
  };
}

function stop(machine: Machine): Step {
  const { state } = machine;
  const there = state.name === 'registered' || state.name === 'renewing';
  return {
    machine: { ...machine, state: { name: 'stopped' } },
    actions: there
      ? [
          { do: 'unregister', ras: state.ras },
          { do: 'tell', state: 'none', text: '' },
        ]
      : [],
  };
}

function withAlternates(machine: Machine, alternates: Candidate[]): Machine {
  const known = new Set(machine.candidates.map(({ address }) => `${address.host} ${address.port}`));
  const fresh = alternates.filter(({ address }) => !known.has(`${address.host} ${address.port}`));
  return { ...machine, candidates: [...machine.candidates, ...fresh].slice(0, mostAlternates) };
}

const stay = (machine: Machine): Step => ({ machine, actions: [] });
