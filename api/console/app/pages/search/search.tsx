import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { type Answer, type Item, type Query, user } from '../../client/http.ts';
import { Button } from '../../parts/button.tsx';
import { DayField, SelectField, TextField } from '../../parts/field.tsx';
import { List } from '../../parts/list.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Badge, PageHead, Panel } from '../../parts/page.tsx';
import { queryOf, setQuery } from '../../shell/route.ts';
import { date, dateTime, duration, number, readDateTime, timeToSecond } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { caseTone } from '../cases/state.ts';
import { mayAs } from '../pages.ts';
import { sentenceOfEvent } from '../recordings/marks.ts';
import { stateTone } from '../sessions/state.ts';

type Found = Answer<'GET /search'>;
type Entry = Item<'GET /log'>;

const mostEntries = 50;

/** One place to find everything of the past: by words (with or without marks), citizen, day, site. */
export default function Search() {
  const [q, from, to, siteId] = [queryOf('q'), queryOf('from'), queryOf('to'), queryOf('siteId')];
  const written = useSignal({ q, from: from === '' ? '' : date(from), to: to === '' ? '' : date(to) });
  const sites = useData('GET /sites', { query: { limit: 200, sort: 'name' } }, ['change:site']);
  const span = { ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) };
  const asked: Query<'GET /search'> = {
    ...span,
    ...(q === '' ? {} : { q }),
    ...(siteId === '' ? {} : { siteId }),
  };
  const nothing = Object.keys(asked).length === 0;
  const found = useData('GET /search', nothing ? undefined : { query: asked }, ['session', 'recording', 'change:case']);
  const mayReadLog = mayAs(user.value?.role ?? 'viewer', 'operator') && q !== '';
  const log = useData('GET /log', mayReadLog ? { query: { q, limit: mostEntries, ...span } } : undefined);
  const search = (): void =>
    setQuery({
      q: written.value.q.trim() || undefined,
      from: readDateTime(written.value.from, '00:00'),
      to: readDateTime(written.value.to, '23:59'),
    });
  return (
    <>
      <PageHead title={say('search.title')} about={say('search.about')} />
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          search();
        }}
      >
        <TextField
          label={say('search.words')}
          type="search"
          value={written.value.q}
          onInput={(text) => {
            written.value = { ...written.value, q: text };
          }}
        />
        <DayField
          label={say('filter.from')}
          value={written.value.from}
          onInput={(text) => {
            written.value = { ...written.value, from: text };
          }}
        />
        <DayField
          label={say('filter.to')}
          value={written.value.to}
          onInput={(text) => {
            written.value = { ...written.value, to: text };
          }}
        />
        <SelectField
          label={say('lines.site')}
          empty={say('filter.all')}
          value={siteId}
          onInput={(id) => setQuery({ siteId: id === '' ? undefined : id })}
          choices={(sites.value?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Button type="submit" kind="primary" icon="search">
          {say('filter.search')}
        </Button>
      </form>
      {nothing ? (
        <Panel title={say('search.results')}>
          <Empty icon="search" title={say('search.how')} />
        </Panel>
      ) : (
        <>
          <Panel title={heading(say('sessions.title'), found.value?.sessions.length)}>
            <Sessions found={found} />
          </Panel>
          {q !== '' && (
            <Panel title={heading(say('cases.title'), found.value?.cases.length)}>
              <Cases found={found} />
            </Panel>
          )}
          {mayReadLog && (
            <Panel title={say('log.title')}>
              <Entries found={log} />
            </Panel>
          )}
        </>
      )}
    </>
  );
}

const heading = (text: string, count: number | undefined): string =>
  count === undefined ? text : `${text} (${number(count)})`;

type Loaded<T> = { value: T | undefined; error: Parameters<typeof List>[0]['found']['error']; reload: () => void };

function Sessions({ found: { value, ...rest } }: { found: Loaded<Found> }) {
  const recordingsOf = (id: string) => value?.recordings.filter(({ sessionId }) => sessionId === id) ?? [];
  return (
    <List
      found={{ value: value && { items: value.sessions }, ...rest }}
      caption={say('sessions.title')}
      icon="sessions"
      none={say('sessions.none')}
      columns={[
        {
          title: say('session.title'),
          main: true,
          cell: ({ id, title }) => <a href={`/sessions/${id}`}>{title}</a>,
        },
        {
          title: say('session.start'),
          cell: ({ plannedStart, startedAt }) => {
            const moment = startedAt ?? plannedStart;
            return <span class="number">{moment === undefined ? '–' : dateTime(moment)}</span>;
          },
        },
        {
          title: say('filter.state'),
          cell: ({ state }) => <Badge tone={stateTone[state]}>{say(`state.${state}`)}</Badge>,
        },
        {
          title: say('recordings.title'),
          cell: ({ id }) =>
            recordingsOf(id).map((recording) => (
              <a key={recording.id} class="with-icon" href={`/recordings/${recording.id}`}>
                {say('recordings.play')} {recording.durationMs !== undefined && duration(recording.durationMs)}
              </a>
            )),
        },
      ]}
    />
  );
}

function Cases({ found: { value, ...rest } }: { found: Loaded<Found> }) {
  return (
    <List
      found={{ value: value && { items: value.cases }, ...rest }}
      caption={say('cases.title')}
      icon="cases"
      none={say('cases.none')}
      columns={[
        {
          title: say('case.title'),
          main: true,
          cell: ({ citizens, id, title }) => (
            <>
              <a href={`/cases/${id}`}>{title}</a>
              <small>{citizens.map(({ name }) => name).join(', ')}</small>
            </>
          ),
        },
        { title: say('case.code'), cell: ({ code }) => <span class="code">{code}</span> },
        { title: say('case.registered-on'), cell: ({ registeredAt }) => date(registeredAt) },
        {
          title: say('filter.state'),
          cell: ({ state }) => <Badge tone={caseTone[state]}>{say(`case.${state}`)}</Badge>,
        },
      ]}
    />
  );
}

function Entries({ found: { value, ...rest } }: { found: Loaded<{ items: Entry[] }> }) {
  return (
    <List
      found={{ value: value && { items: value.items.map((entry) => ({ ...entry, id: String(entry.seq) })) }, ...rest }}
      caption={say('log.title')}
      icon="shield"
      none={say('search.no-entries')}
      columns={[
        {
          title: say('log.what'),
          main: true,
          cell: (entry) => (
            <>
              {sentenceOfEvent(entry)}
              <small class="code">{entry.event}</small>
            </>
          ),
        },
        {
          title: say('log.time'),
          cell: ({ time }) => (
            <span class="number">
              {date(time)} {timeToSecond(time)}
            </span>
          ),
        },
        {
          title: say('session.what'),
          cell: ({ sessionId }) =>
            sessionId === undefined || sessionId === '' ? (
              ''
            ) : (
              <a href={`/sessions/${sessionId}`}>{say('session.what')}</a>
            ),
        },
      ]}
    />
  );
}
