import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ask, Refusal } from './http.ts';
import type { LogEntry } from './live.ts';

const pageOf = 500;
/** A session of a whole day with fifty legs has less. */
const mostPages = 100;

interface WholeLog {
  /** What has come so far, from the beginning on; `undefined` before the first page. */
  entries: readonly LogEntry[] | undefined;
  error: Refusal | undefined;
  reload(): void;
}

/** A session's log from its first entry to its last, page by page. */
export function useWholeLog(sessionId: string | undefined): WholeLog {
  const entries = useSignal<readonly LogEntry[] | undefined>(undefined);
  const error = useSignal<Refusal | undefined>(undefined);
  const tries = useSignal(0);
  useEffect(() => {
    if (sessionId === undefined) return;
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      let afterSeq: number | undefined;
      const found: LogEntry[] = [];
      for (let page = 0; page < mostPages; page++) {
        const { items, next } = await ask('GET /sessions/{id}/log', {
          path: { id: sessionId },
          query: { order: 'oldest', limit: pageOf, ...(afterSeq === undefined ? {} : { afterSeq }) },
          signal: stop.signal,
        });
        if (stop.signal.aborted) return;
        found.push(...items);
        entries.value = [...found];
        if (next === undefined) return;
        afterSeq = next;
      }
    };
    error.value = undefined;
    read().catch((cause: unknown) => {
      if (stop.signal.aborted) return;
      error.value = cause instanceof Refusal ? cause : new Refusal(0, 'unreachable', String(cause));
    });
    return () => stop.abort();
  }, [sessionId, tries.value]);
  return { entries: entries.value, error: error.value, reload: () => tries.value++ };
}
