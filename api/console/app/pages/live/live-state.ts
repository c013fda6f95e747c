import { batch, type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { ask, user } from '../../client/http.ts';
import { followLevels, type Level } from '../../client/levels.ts';
import { follow, type Incident, type Leg, type Quality, type Session } from '../../client/live.ts';
import { mayAs } from '../pages.ts';

/** Something that went wrong in the session; what happens again is the same one, with its last moment. */
export interface Happened extends Incident {
  key: string;
  at: number;
  count: number;
}

/** Everything that the live page shows, kept true by the stream of events alone. */
export interface LiveState {
  session: Signal<Session | undefined>;
  legs: Signal<Map<string, Leg>>;
  /** Callers who wait and belong to no session. */
  lobby: Signal<Leg[]>;
  talking: Signal<ReadonlySet<string>>;
  /** Whether anything measures how loud people are; else only who speaks is known. */
  measured: Signal<boolean>;
  /** How loud a leg is; a signal of its own, so that five times a second only its meter is drawn. */
  levelOf(legId: string): Signal<Level | undefined>;
  /** The last measures of each leg, oldest first. */
  quality: Signal<ReadonlyMap<string, readonly Quality[]>>;
  incidents: Signal<readonly Happened[]>;
  error: Signal<unknown>;
  load(): Promise<void>;
}

/** As many measures as a sparkline has room for: three minutes. */
const mostMeasures = 36;
const mostIncidents = 30;
const mostLegs = 200;

export function useLive(id: string): LiveState {
  const state = useMemo(() => build(id), [id]);
  useEffect(() => {
    void state.load();
    return start(id, state);
  }, [state]);
  return state;
}

function build(id: string): LiveState {
  const levels = new Map<string, Signal<Level | undefined>>();
  const state: LiveState = {
    session: signal(undefined),
    legs: signal(new Map()),
    lobby: signal([]),
    talking: signal(new Set()),
    measured: signal(false),
    levelOf: (legId) => {
      const known = levels.get(legId) ?? signal(undefined);
      levels.set(legId, known);
      return known;
    },
    quality: signal(new Map()),
    incidents: signal([]),
    error: signal(undefined),
    load: async () => {
      try {
        const [session, legs, lobby] = await Promise.all([
          ask('GET /sessions/{id}', { path: { id } }),
          ask('GET /sessions/{id}/legs', { path: { id }, query: { limit: mostLegs } }),
          ask('GET /lobby'),
        ]);
        state.session.value = session;
        state.legs.value = new Map(legs.items.map((leg) => [leg.id, leg]));
        // A page that is opened while somebody speaks shows who does: the stream tells only of changes.
        state.talking.value = new Set(legs.items.filter(({ speaking }) => speaking === true).map((leg) => leg.id));
        hear(
          state,
          legs.items.flatMap(({ id: legId, level }) => (level === undefined ? [] : [{ legId, ...level }])),
        );
        state.lobby.value = lobby.items.filter((leg) => leg.sessionId === '');
        if (mayAs(user.value?.role ?? 'viewer', 'operator')) state.incidents.value = await before(id);
        state.error.value = undefined;
      } catch (error) {
        state.error.value = error;
      }
    },
  };
  return state;
}

/** What went wrong before the page was opened, so that whoever comes later sees what others see. */
async function before(sessionId: string): Promise<Happened[]> {
  const { items } = await ask('GET /incidents', { query: { sessionId, limit: mostIncidents } });
  return items.map(({ code, count, lastAt, legId, text, ...kept }) => {
    const values = kept.values as Incident['values'];
    const incident = { code, values, text, ...(legId === undefined ? {} : { legId }) };
    return { ...incident, key: keyOf(incident), at: new Date(lastAt).getTime(), count };
  });
}

const keyOf = ({ code, legId, values }: Pick<Incident, 'code' | 'legId' | 'values'>): string =>
  [code, legId ?? '', values.name ?? ''].join(' ');

function hear(state: LiveState, levels: readonly (Level & { legId: string })[]): void {
  batch(() => {
    if (levels.length > 0) state.measured.value = true;
    for (const { legId, ...level } of levels) state.levelOf(legId).value = level;
  });
}

function start(id: string, state: LiveState): () => void {
  const ends = [
    follow('reset', () => void state.load()),
    follow('session', (session) => {
      if (session.id === id) state.session.value = session;
    }),
    follow('leg', (leg) => {
      if (leg.sessionId === id) state.legs.value = new Map(state.legs.value).set(leg.id, leg);
      const others = state.lobby.value.filter((one) => one.id !== leg.id);
      state.lobby.value = leg.sessionId === '' && leg.state === 'lobby' ? [...others, leg] : others;
    }),
    follow('talking', ({ sessionId, legId, talking }) => {
      if (sessionId !== id) return;
      const next = new Set(state.talking.value);
      if (talking) next.add(legId);
      else next.delete(legId);
      state.talking.value = next;
    }),
    followLevels(id, (levels) => hear(state, levels)),
    follow('quality', (quality) => {
      if (quality.sessionId !== id) return;
      const before = state.quality.value.get(quality.legId) ?? [];
      state.quality.value = new Map(state.quality.value).set(quality.legId, [...before, quality].slice(-mostMeasures));
    }),
    follow('incident', (incident) => {
      // Lines and engines are everybody's; what happened in another session is not ours.
      if (incident.sessionId !== undefined && incident.sessionId !== id) return;
      const key = keyOf(incident);
      const same = state.incidents.value.find((one) => one.key === key);
      const others = state.incidents.value.filter((one) => one !== same);
      const now = { ...incident, key, at: Date.now(), count: (same?.count ?? 0) + 1 };
      state.incidents.value = [now, ...others].slice(0, mostIncidents);
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
