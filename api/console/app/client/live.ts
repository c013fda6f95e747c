import { effect, signal } from '@preact/signals';
import type { IncidentKind } from '../../../incident-words.ts';
import type { Answer, Item } from './http.ts';
import { user } from './http.ts';

/* What happens, as it happens: one stream of the API for the whole page, resumed after a break where it broke off. */

export type Session = Answer<'GET /sessions/{id}'>;
export type Leg = Item<'GET /sessions/{id}/legs'>;
export type Recording = Item<'GET /recordings'>;
export type LogEntry = Item<'GET /log'>;

export interface Quality {
  sessionId?: string;
  legId: string;
  lossPercent: number;
  jitterMs: number;
  roundTripMs?: number;
  score: number;
  /** Pictures, where the leg has one. */
  width?: number;
  height?: number;
  framesPerSecond?: number;
  codec?: string;
}

export interface Incident {
  code: IncidentKind;
  sessionId?: string;
  legId?: string;
  values: Record<string, string | number>;
  /** What happened, as a sentence. */
  text: Record<'vi' | 'en', string>;
}

export interface Happenings {
  session: Session;
  leg: Leg;
  talking: { sessionId: string; legId: string; talking: boolean };
  floor: { sessionId: string; legId?: string; name?: string; by: 'voice' | 'staff' };
  recording: Recording;
  rehearsal: { sessionId: string };
  registration: { endpointId: string; registered: boolean; contact: string };
  discovered: { count: number };
  quality: Quality;
  incident: Incident;
  log: LogEntry;
  /** Too much was missed: everything is to be loaded anew. */
  reset: Record<never, never>;
}

/** The stream's state: `broken` while it is being taken up again. */
export const streamState = signal<'off' | 'open' | 'broken'>('off');

type Listener<N extends keyof Happenings> = (data: Happenings[N]) => void;

const listeners = new Map<string, Set<(data: unknown) => void>>();
let source: EventSource | undefined;
let lastId = '';
let again: ReturnType<typeof setTimeout> | undefined;
const comeBackAfterMs = 2_000;

/** Hears of one kind of happening until the function that it gives back is called. */
export function follow<N extends keyof Happenings>(name: N, listener: Listener<N>): () => void {
  const set = listeners.get(name) ?? new Set();
  listeners.set(name, set);
  set.add(listener as (data: unknown) => void);
  return () => set.delete(listener as (data: unknown) => void);
}

const names: (keyof Happenings)[] = [
  'session',
  'leg',
  'talking',
  'floor',
  'recording',
  'rehearsal',
  'registration',
  'discovered',
  'quality',
  'incident',
  'log',
  'reset',
];

function open(): void {
  source = new EventSource(`/api/v1/events${lastId === '' ? '' : `?lastEventId=${encodeURIComponent(lastId)}`}`);
  source.addEventListener('open', () => {
    streamState.value = 'open';
  });
  source.addEventListener('hello', note);
  source.addEventListener('error', () => {
    streamState.value = 'broken';
    // A browser resumes by itself, unless the server answered with a refusal or the stream was never there.
    if (source?.readyState !== EventSource.CLOSED) return;
    clearTimeout(again);
    again = setTimeout(open, comeBackAfterMs);
  });
  for (const name of names) {
    source.addEventListener(name, (event) => {
      note(event);
      const data: unknown = JSON.parse((event as MessageEvent<string>).data);
      for (const listener of listeners.get(name) ?? []) listener(data);
    });
  }
}

function note(event: Event): void {
  const { lastEventId } = event as MessageEvent<string>;
  if (lastEventId !== '') lastId = lastEventId;
}

function close(): void {
  clearTimeout(again);
  source?.close();
  source = undefined;
  lastId = '';
  streamState.value = 'off';
}

/** Follows as long as somebody is logged in. */
export function startFollowing(): void {
  effect(() => {
    const known = user.value;
    if (known !== null && known !== undefined) {
      if (source === undefined) open();
    } else close();
  });
}
