import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { user } from '../../client/http.ts';
import { Button, LinkButton } from '../../parts/button.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { List } from '../../parts/list.tsx';
import { nothing } from '../../parts/none.tsx';
import { Badge, PageHead, Panel } from '../../parts/page.tsx';
import { queryOf, setQuery } from '../../shell/route.ts';
import { dateTime } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';
import { CalendarButton } from './calendar.tsx';
import { stateTone } from './state.ts';

const limit = 25;
const states = ['planned', 'open', 'ended', 'cancelled'] as const;

/** Every session: planned, running, over; found by words, with or without Vietnamese marks. */
export default function Sessions() {
  const mayAct = mayAs(user.value?.role ?? 'viewer', 'operator');
  const [q, state, offset] = [queryOf('q'), queryOf('state'), Number(queryOf('offset') || 0)];
  const words = useSignal(q);
  const found = useData(
    'GET /sessions',
    {
      query: {
        limit,
        offset,
        sort: '-plannedStart',
        ...(q === '' ? {} : { q }),
        ...(state === '' ? {} : { state: state as (typeof states)[number] }),
      },
    },
    ['session', 'change:session'],
  );
  return (
    <>
      <PageHead
        title={say('sessions.title')}
        about={say('sessions.about')}
        actions={
          <>
            <CalendarButton />
            {mayAct && (
              <LinkButton href="/sessions/new" kind="primary" icon="add">
                {say('session.plan')}
              </LinkButton>
            )}
          </>
        }
      />
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          setQuery({ q: words.value, offset: undefined });
        }}
      >
        <TextField
          label={say('filter.words')}
          type="search"
          value={words.value}
          onInput={(text) => {
            words.value = text;
          }}
        />
        <SelectField
          label={say('filter.state')}
          empty={say('filter.all')}
          value={state}
          onInput={(value) => setQuery({ state: value, offset: undefined })}
          choices={states.map((value) => ({ value, label: say(`state.${value}`) }))}
        />
        <Button type="submit" icon="search">
          {say('filter.search')}
        </Button>
      </form>
      <Panel title={say('sessions.list')}>
        <List
          found={found}
          caption={say('sessions.list')}
          icon="sessions"
          {...nothing({
            sought: { q, state },
            none: say('sessions.none'),
            first: say('sessions.first'),
            next: say('sessions.first-next'),
            clear: () => {
              words.value = '';
              setQuery({ q: undefined, state: undefined, offset: undefined });
            },
          })}
          limit={limit}
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
            { title: say('session.room'), cell: ({ room }) => <span class="code">{room}</span> },
            {
              title: say('filter.state'),
              cell: (one) => <Badge tone={stateTone[one.state]}>{say(`state.${one.state}`)}</Badge>,
            },
          ]}
        />
      </Panel>
    </>
  );
}
