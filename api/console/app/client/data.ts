import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Answer, type Asked, askTagged, type Operation, Refusal } from './http.ts';
import { follow, type Happenings } from './live.ts';

/* What a page shows: loaded once, loaded again when something of its topics happened. */

/** What changes an answer: a kind of live happening, or `change:WHAT` for what somebody changed (as the log names it). */
export type Topic = Exclude<keyof Happenings, 'reset' | 'log'> | `change:${string}` | `event:${string}`;

export interface Loaded<T> {
  value: T | undefined;
  /** The ETag that a change of it is protected with. */
  tag: string | undefined;
  error: Refusal | undefined;
  loading: boolean;
  reload(): void;
}

/** Many happenings at once load once. */
const settleMs = 250;

/**
 * Loads an answer of the API for a component and keeps it true.
 * @param asked path and query; `undefined`: nothing is asked yet
 */
export function useData<O extends Operation>(
  operation: O,
  asked: Asked<O> | undefined,
  topics: readonly Topic[] = [],
): Loaded<Answer<O>> {
  const state: Signal<Omit<Loaded<Answer<O>>, 'reload'>> = useSignal({
    value: undefined as Answer<O> | undefined,
    tag: undefined as string | undefined,
    error: undefined as Refusal | undefined,
    loading: asked !== undefined,
  });
  const load = useRef<() => void>(() => {});
  const key = asked === undefined ? undefined : JSON.stringify([asked.path, asked.query]);

  useEffect(() => {
    if (asked === undefined || key === undefined) return;
    let stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const now = async (): Promise<void> => {
      stop.abort();
      stop = new AbortController();
      const { signal } = stop;
      state.value = { ...state.value, loading: true };
      try {
        const take = askTagged as (o: O, a: Asked<O>) => Promise<{ answer: Answer<O>; tag: string | undefined }>;
        const { answer, tag } = await take(operation, { ...asked, signal });
        if (!signal.aborted) state.value = { value: answer, tag, error: undefined, loading: false };
      } catch (error) {
        if (signal.aborted) return;
        const refusal = error instanceof Refusal ? error : new Refusal(0, 'unreachable', String(error));
        state.value = { ...state.value, error: refusal, loading: false };
      }
    };
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => void now(), settleMs);
    };
    load.current = () => void now();
    void now();
    const ends = [follow('reset', soon)];
    const changes = topics.filter((topic) => topic.includes(':'));
    for (const topic of topics) {
      if (!topic.includes(':')) ends.push(follow(topic as Exclude<keyof Happenings, 'reset'>, soon));
    }
    if (changes.length > 0) {
      ends.push(
        follow('log', ({ event, detail }) => {
          const topic = event === 'api.change' ? `change:${String(detail.what)}` : `event:${event}`;
          if (changes.some((one) => topic === one || topic.startsWith(`${one}.`))) soon();
        }),
      );
    }
    return () => {
      stop.abort();
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [operation, key]);

  return { ...state.value, reload: () => load.current() };
}
