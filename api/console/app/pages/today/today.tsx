import { useMemo } from 'preact/hooks';
import { useData } from '../../client/data.ts';
import { ask, type Item, user } from '../../client/http.ts';
import type { Session } from '../../client/live.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { Clock } from '../../parts/clock.tsx';
import { confirm } from '../../parts/confirm.tsx';
import { Empty, Notice, Waiting } from '../../parts/notice.tsx';
import { Badge, PageHead, Panel } from '../../parts/page.tsx';
import { go } from '../../shell/route.ts';
import { dateTime, dayOf, longDate, number, startOfDay, time } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';
import { stateTone } from '../sessions/state.ts';
import { FirstSteps } from './first-steps.tsx';
import { Health } from './health.tsx';
import { UnseenIncidents } from './incidents.tsx';

/** What there is to do today: the session that is on, the ones to come, callers who wait, what is out of order. */
export default function Today() {
  const day = dayOf(Date.now());
  const asked = useMemo(() => ({ from: startOfDay(day), to: startOfDay(day, 1) }), [day]);
  const open = useData('GET /sessions', { query: { state: 'open', limit: 20 } }, ['session', 'change:session']);
  const todays = useData('GET /sessions', { query: { ...asked, sort: 'plannedStart', limit: 100 } }, [
    'session',
    'change:session',
  ]);
  const later = useData(
    'GET /sessions',
    { query: { from: asked.to, state: 'planned', sort: 'plannedStart', limit: 5 } },
    ['session', 'change:session'],
  );
  const lobby = useData('GET /lobby', {}, ['leg']);
  const mayAct = mayAs(user.value?.role ?? 'viewer', 'operator');
  const rest = (todays.value?.items ?? []).filter(({ state }) => state !== 'open');

  return (
    <>
      <PageHead
        title={say('today.title')}
        about={longDate(Date.now())}
        actions={
          mayAct && (
            <LinkButton href="/sessions/new" kind="primary" icon="add">
              {say('session.plan')}
            </LinkButton>
          )
        }
      />
      {(lobby.value?.items.length ?? 0) > 0 && (
        <div class="stream-notice">
          <Notice kind="care">{say('today.lobby', { count: lobby.value?.items.length ?? 0 })}</Notice>
        </div>
      )}
      {(open.value?.items ?? []).map((session) => (
        <OpenSession key={session.id} session={session} />
      ))}
      <FirstSteps />
      <Health />
      {mayAct && <UnseenIncidents />}
      <div class="columns columns-even">
        <Panel title={say('today.sessions')}>
          {todays.value === undefined ? (
            <Waiting error={todays.error} reload={todays.reload} />
          ) : rest.length === 0 ? (
            <Empty icon="today" title={say(open.value?.items.length === 0 ? 'today.none' : 'today.none-else')}>
              {mayAct && <a href="/sessions/new">{say('session.plan')}</a>}
            </Empty>
          ) : (
            <Agenda sessions={rest} mayAct={mayAct} />
          )}
        </Panel>
        <Panel
          title={say('today.later')}
          actions={
            <LinkButton href="/sessions" kind="quiet" small>
              {say('today.all')}
            </LinkButton>
          }
        >
          {later.value === undefined ? (
            <Waiting error={later.error} reload={later.reload} />
          ) : later.value.items.length === 0 ? (
            <p class="soft">{say('today.none-later')}</p>
          ) : (
            <Agenda sessions={later.value.items} mayAct={mayAct} withDay />
          )}
        </Panel>
      </div>
    </>
  );
}

function OpenSession({ session }: { session: Session }) {
  const legs = useData('GET /sessions/{id}/legs', { path: { id: session.id }, query: { state: 'joined' } }, ['leg']);
  return (
    <section class="open-session" aria-label={session.title}>
      <div>
        <Badge tone="live">{say('state.open')}</Badge>
        <h2>{session.title}</h2>
        <p>
          {say('today.open-facts', { room: session.room, count: number(legs.value?.total ?? 0) })} ·{' '}
          <Clock since={session.startedAt} />
        </p>
      </div>
      <LinkButton href={`/live/${session.id}`} kind="primary" icon="forward">
        {say('today.enter')}
      </LinkButton>
    </section>
  );
}

function Agenda({
  sessions,
  mayAct,
  withDay = false,
}: {
  sessions: Item<'GET /sessions'>[];
  mayAct: boolean;
  withDay?: boolean;
}) {
  return (
    <ul class="agenda">
      {sessions.map((session) => (
        <li key={session.id}>
          <div class="agenda-time">
            {session.plannedStart === undefined ? '–' : time(session.plannedStart)}
            {withDay && session.plannedStart !== undefined && (
              <small>{dateTime(session.plannedStart).slice(0, 10)}</small>
            )}
          </div>
          <div>
            <h3>
              <a href={`/sessions/${session.id}`}>{session.title}</a>
            </h3>
            <p>{say('today.facts', { room: session.room, count: session.participants.length })}</p>
          </div>
          {session.state === 'planned' && mayAct && !withDay ? (
            <Button icon="play" small onClick={() => openNow(session)}>
              {say('session.open')}
            </Button>
          ) : (
            <Badge tone={stateTone[session.state]}>{say(`state.${session.state}`)}</Badge>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Opens a session after a question: it calls people. */
export function openNow({ id, title }: { id: string; title: string }): void {
  confirm({
    title: say('session.open-title'),
    text: say('session.open-text', { title }),
    deed: say('session.open'),
    act: async () => {
      await ask('POST /sessions/{id}/start', { path: { id }, body: {} });
      go(`/live/${id}`);
    },
  });
}
