import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Refusal } from '../../client/http.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Notice, Waiting } from '../../parts/notice.tsx';
import { dateTime, number } from '../../words/format.ts';
import { say } from '../../words/words.ts';

/** One of the things that a figure counts, whatever it is. */
interface Thing {
  id?: string;
  seq?: number;
  title?: string;
  code?: string;
  name?: string;
  event?: string;
  sessionId?: string;
  plannedStart?: string;
  startedAt?: string;
  registeredAt?: string;
  createdAt?: string;
  time?: string;
}

const most = 200;

/** What stands behind a figure: each thing that it counts, with the way to its page. */
export function TraceDialog({ title, link, onClose }: { title: string; link: string; onClose: () => void }) {
  const things = useSignal<{ items: Thing[]; total?: number } | undefined>(undefined);
  const error = useSignal<Refusal | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    const load = async (): Promise<void> => {
      const response = await fetch(`/api/v1${link}&limit=${most}`, { signal: stop.signal });
      const answer: unknown = await response.json();
      if (response.ok) things.value = answer as { items: Thing[]; total?: number };
      else {
        const { error: told } = answer as { error: { code: string; message: string } };
        error.value = new Refusal(response.status, told.code, told.message);
      }
    };
    load().catch(() => {
      if (!stop.signal.aborted) error.value = new Refusal(0, 'unreachable', '');
    });
    return () => stop.abort();
  }, [link]);
  const kind = /^\/(\w+)/.exec(link)?.[1] ?? '';
  return (
    <Dialog title={title} onClose={onClose} wide>
      {things.value === undefined ? (
        <Waiting error={error.value} />
      ) : (
        <>
          {(things.value.total ?? 0) > things.value.items.length && (
            <Notice kind="info">
              {say('trace.first', { shown: number(things.value.items.length), total: number(things.value.total ?? 0) })}
            </Notice>
          )}
          <ul class="traced">
            {things.value.items.map((thing) => {
              const moment =
                thing.startedAt ?? thing.plannedStart ?? thing.registeredAt ?? thing.time ?? thing.createdAt;
              const text = [thing.code, thing.title ?? thing.name ?? thing.event ?? say('trace.thing')]
                .filter(Boolean)
                .join(' · ');
              const href = pageOf(kind, thing);
              return (
                <li key={thing.id ?? thing.seq}>
                  <time>{moment === undefined ? '' : dateTime(moment)}</time>
                  {href === undefined ? (
                    <span>{text}</span>
                  ) : (
                    <a href={href} onClick={onClose}>
                      {text}
                    </a>
                  )}
                </li>
              );
            })}
          </ul>
        </>
      )}
    </Dialog>
  );
}

function pageOf(kind: string, { id, sessionId }: Thing): string | undefined {
  if (kind === 'sessions' || kind === 'cases' || kind === 'recordings') return `/${kind}/${id}`;
  return sessionId === undefined || sessionId === '' ? undefined : `/sessions/${sessionId}`;
}
