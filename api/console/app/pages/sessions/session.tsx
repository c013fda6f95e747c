import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { ask, user } from '../../client/http.ts';
import type { Session } from '../../client/live.ts';
import { useWholeLog } from '../../client/whole-log.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { confirm } from '../../parts/confirm.tsx';
import { Files } from '../../parts/files.tsx';
import { Notice, Waiting } from '../../parts/notice.tsx';
import { Badge, Facts, PageHead, Panel } from '../../parts/page.tsx';
import { bytes, dateTime, duration, number, timeToSecond } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';
import { isTold, sentenceOfEvent } from '../recordings/marks.ts';
import { openNow } from '../today/today.tsx';
import { Keeping } from './keeping.tsx';
import { OutcomeDialog } from './outcome.tsx';
import { PostponeDialog } from './postpone.tsx';
import { Rehearsals } from './rehearsals.tsx';
import { stateTone } from './state.ts';

/** A session before and after it is held: its plan, its outcome, what happened. */
export default function SessionPage({ params }: { params: Record<string, string> }) {
  const id = params.id ?? '';
  const found = useData('GET /sessions/{id}', { path: { id } }, ['session', 'change:session']);
  const dialog = useSignal<'postpone' | 'outcome' | undefined>(undefined);
  const session = found.value;
  if (session === undefined) return <Waiting error={found.error} reload={found.reload} />;
  const mayAct = mayAs(user.value?.role ?? 'viewer', 'operator');
  const close = (): void => {
    dialog.value = undefined;
  };
  return (
    <>
      <PageHead
        title={session.title}
        back={{ href: '/sessions', text: say('sessions.title') }}
        about={<Badge tone={stateTone[session.state]}>{say(`state.${session.state}`)}</Badge>}
        actions={
          <>
            {session.state === 'open' && (
              <LinkButton href={`/live/${id}`} kind="primary" icon="forward">
                {say('today.enter')}
              </LinkButton>
            )}
            {session.state === 'planned' && mayAct && (
              <>
                <Button kind="primary" icon="play" onClick={() => openNow(session)}>
                  {say('session.open')}
                </Button>
                <LinkButton href={`/sessions/${id}/edit`} icon="edit">
                  {say('action.edit')}
                </LinkButton>
                <Button
                  icon="clock"
                  onClick={() => {
                    dialog.value = 'postpone';
                  }}
                >
                  {say('session.postpone')}
                </Button>
                <Button kind="danger" icon="close" onClick={() => cancel(session)}>
                  {say('session.cancel')}
                </Button>
              </>
            )}
            {session.state === 'ended' && mayAct && (
              <Button
                kind="primary"
                icon="edit"
                onClick={() => {
                  dialog.value = 'outcome';
                }}
              >
                {say('session.write-outcome')}
              </Button>
            )}
          </>
        }
      />
      <div class="columns columns-even">
        <div>
          <Plan session={session} />
          <OnTheList session={session} />
        </div>
        <div>
          {session.state === 'ended' && (
            <Panel title={say('session.outcome')}>
              {session.outcome === undefined ? (
                <Notice kind="care">{say('session.no-outcome')}</Notice>
              ) : (
                <>
                  <p class="text">{session.outcome.text}</p>
                  <p class="soft">
                    {say('session.outcome-by', { by: session.outcome.by, at: dateTime(session.outcome.at) })}
                  </p>
                </>
              )}
            </Panel>
          )}
          {session.state === 'planned' && <Rehearsals session={session} mayAct={mayAct} />}
          <Order session={session} />
          <Panel title={say('files.title')}>
            <Files owner="session" id={id} mayAct={mayAct} />
          </Panel>
          {session.state !== 'planned' && session.state !== 'cancelled' && (
            <>
              <Keeping session={session} />
              <Record session={session} />
            </>
          )}
        </div>
      </div>
      {dialog.value === 'postpone' && <PostponeDialog session={session} onClose={close} />}
      {dialog.value === 'outcome' && <OutcomeDialog session={session} onClose={close} />}
    </>
  );
}

function cancel({ id, title }: Session): void {
  confirm({
    title: say('session.cancel-title'),
    text: say('session.cancel-text', { title }),
    deed: say('session.cancel'),
    danger: true,
    reason: true,
    act: (reason) => ask('POST /sessions/{id}/cancel', { path: { id }, body: reason === undefined ? {} : { reason } }),
  });
}

function Plan({ session }: { session: Session }) {
  const { plannedStart, plannedEnd, startedAt, endedAt, chair } = session;
  const length =
    startedAt === undefined || endedAt === undefined
      ? undefined
      : duration(new Date(endedAt).getTime() - new Date(startedAt).getTime());
  return (
    <Panel title={say('session.what')}>
      <Facts
        items={[
          [say('session.start'), plannedStart === undefined ? undefined : dateTime(plannedStart)],
          [say('session.end'), plannedEnd === undefined ? undefined : dateTime(plannedEnd)],
          [say('session.opened'), startedAt === undefined ? undefined : dateTime(startedAt)],
          [say('session.lasted'), length],
          [say('session.room'), session.room],
          [say('session.pin'), session.pin],
          [
            say('session.chair'),
            chair === undefined ? undefined : [chair.name, chair.position].filter(Boolean).join(', '),
          ],
          [
            say('session.rehearsal'),
            session.rehearsalMinutes === undefined
              ? undefined
              : say('session.minutes-before', { minutes: session.rehearsalMinutes }),
          ],
          [say('session.cancelled-why'), session.cancelReason],
        ]}
      />
      {session.postponed.map((one) => (
        <p key={one.at} class="soft">
          {say('session.was-postponed', { to: dateTime(one.to), reason: one.reason })}
        </p>
      ))}
      {session.note !== undefined && <p class="text">{session.note}</p>}
    </Panel>
  );
}

function OnTheList({ session }: { session: Session }) {
  const devices = useData('GET /endpoints', { query: { limit: 200 } });
  const sites = useData('GET /sites', { query: { limit: 200 } });
  const cases = useData(
    'GET /cases',
    session.caseIds.length === 0 ? undefined : { query: { sessionId: session.id, limit: 200 } },
    ['change:case'],
  );
  const names = session.participants.map((one) => {
    if (one.kind === 'phone') return [one.name, one.number].filter(Boolean).join(' · ');
    const list = one.kind === 'endpoint' ? devices.value?.items : sites.value?.items;
    const id = one.kind === 'endpoint' ? one.endpointId : one.siteId;
    return list?.find((thing) => thing.id === id)?.name ?? '…';
  });
  return (
    <>
      <Panel title={say('session.cases')}>
        {session.caseIds.length === 0 ? (
          <p class="soft">{say('field.none')}</p>
        ) : (
          <ul class="log-list">
            {(cases.value?.items ?? []).map((one) => (
              <li key={one.id}>
                <span class="code">{one.code}</span>
                <a href={`/cases/${one.id}`}>{one.title}</a>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel title={say('session.who')}>
        <ul class="plain-list">
          {session.attendees.map((one) => (
            <li key={one.name}>
              <b>{one.name}</b> <span class="soft">{[one.position, one.agency].filter(Boolean).join(', ')}</span>
            </li>
          ))}
          {names.map((name) => (
            <li key={name}>{name}</li>
          ))}
          {names.length + session.attendees.length === 0 && <li class="soft">{say('field.none')}</li>}
        </ul>
      </Panel>
    </>
  );
}

function Order({ session }: { session: Session }) {
  if (session.runningOrder.length === 0) return null;
  return (
    <Panel title={say('session.running-order')}>
      <ol class="log-list">
        {session.runningOrder.map((point) => (
          <li key={point.title}>
            <time>{point.minutes === undefined ? '' : say('point.for-minutes', { minutes: point.minutes })}</time>
            <span>
              <b>{point.title}</b> <span class="soft">{point.speaker}</span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** Entries of the log that are added at a press. */
const entriesAtOnce = 100;

/** What is kept of a session that was held: recordings and log. */
function Record({ session }: { session: Session }) {
  const recordings = useData('GET /recordings', { query: { sessionId: session.id, kind: 'room' } }, ['recording']);
  const log = useWholeLog(session.id);
  const shown = useSignal(entriesAtOnce);
  const told = (log.entries ?? []).filter(isTold);
  return (
    <>
      <Panel title={say('recordings.title')}>
        {(recordings.value?.items ?? []).length === 0 ? (
          <p class="soft">{say('recordings.none')}</p>
        ) : (
          <ul class="log-list">
            {recordings.value?.items.map((one) => (
              <li key={one.id}>
                <time>{one.state === 'closed' ? bytes(one.bytes) : say(`recording.${one.state}`)}</time>
                <a href={`/recordings/${one.id}`}>{dateTime(one.startedAt)}</a>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel title={say('session.log')}>
        {log.entries === undefined && <Waiting error={log.error} reload={log.reload} />}
        <ul class="log-list">
          {told.slice(0, shown.value).map((entry) => (
            <li key={entry.seq}>
              <time>{timeToSecond(entry.time)}</time>
              <span>{sentenceOfEvent(entry)}</span>
            </li>
          ))}
        </ul>
        {told.length > shown.value && (
          <Button
            small
            icon="add"
            onClick={() => {
              shown.value += entriesAtOnce;
            }}
          >
            {say('session.log-more', { count: number(told.length - shown.value) })}
          </Button>
        )}
      </Panel>
    </>
  );
}
