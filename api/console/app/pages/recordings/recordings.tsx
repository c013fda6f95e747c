import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { ask, type Item, user } from '../../client/http.ts';
import { Button } from '../../parts/button.tsx';
import { DayField, SelectField, TextField } from '../../parts/field.tsx';
import { List } from '../../parts/list.tsx';
import { nothing } from '../../parts/none.tsx';
import { Badge, PageHead, Panel, type Tone } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { queryOf, setQuery } from '../../shell/route.ts';
import { bytes, date, dateTime, duration, readDateTime } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';

export type Recording = Item<'GET /recordings'>;

export const recordingTone: Record<Recording['state'], Tone> = {
  recording: 'live',
  paused: 'care',
  finishing: 'info',
  closed: 'good',
  failed: 'bad',
  deleted: 'plain',
};
const limit = 25;

/** The recordings of rooms, newest first. */
export default function Recordings() {
  const offset = Number(queryOf('offset') || 0);
  const [q, from, to, siteId] = [queryOf('q'), queryOf('from'), queryOf('to'), queryOf('siteId')];
  const written = useSignal({ q, from: from === '' ? '' : date(from), to: to === '' ? '' : date(to) });
  const found = useData(
    'GET /recordings',
    {
      query: {
        kind: 'room',
        limit,
        offset,
        ...(q === '' ? {} : { q }),
        ...(siteId === '' ? {} : { siteId }),
        ...(from === '' ? {} : { from }),
        ...(to === '' ? {} : { to }),
      },
    },
    ['recording'],
  );
  const sites = useData('GET /sites', { query: { limit: 200, sort: 'name' } }, ['change:site']);
  const search = (): void => {
    const begin = readDateTime(written.value.from, '00:00');
    const end = readDateTime(written.value.to, '23:59');
    setQuery({ q: written.value.q.trim() || undefined, from: begin, to: end, offset: undefined });
  };
  return (
    <>
      <PageHead
        title={say('recordings.title')}
        about={say('recordings.about')}
        actions={mayAs(user.value?.role ?? 'viewer', 'operator') && <VerifyLog />}
      />
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
          onInput={(id) => setQuery({ siteId: id === '' ? undefined : id, offset: undefined })}
          choices={(sites.value?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Button type="submit" icon="search">
          {say('filter.search')}
        </Button>
      </form>
      <Panel title={say('recordings.list')}>
        <List
          found={found}
          caption={say('recordings.list')}
          icon="recordings"
          {...nothing({
            sought: { q, from, to, siteId },
            none: say('recordings.none-such'),
            first: say('recordings.none'),
            next: say('recordings.first-next'),
            clear: () => {
              written.value = { q: '', from: '', to: '' };
              setQuery({ q: undefined, from: undefined, to: undefined, siteId: undefined, offset: undefined });
            },
          })}
          limit={limit}
          columns={[
            {
              title: say('recordings.session'),
              main: true,
              cell: ({ id, sessionTitle }) => (
                <a href={`/recordings/${id}`}>{sessionTitle ?? say('recordings.untitled')}</a>
              ),
            },
            {
              title: say('recordings.begun'),
              cell: ({ startedAt }) => <span class="number">{dateTime(startedAt)}</span>,
            },
            {
              title: say('recordings.length'),
              right: true,
              cell: ({ durationMs }) => (durationMs === undefined ? '–' : duration(durationMs)),
            },
            { title: say('recordings.size'), right: true, cell: (one) => bytes(one.bytes) },
            {
              title: say('recordings.state'),
              cell: ({ state }) => <Badge tone={recordingTone[state]}>{say(`recording.${state}`)}</Badge>,
            },
          ]}
        />
      </Panel>
    </>
  );
}

/** One click: was anything in the log altered? */
export function VerifyLog() {
  return (
    <Button
      icon="shield"
      onClick={async () => {
        const { sound, checked, fault } = await ask('POST /log/verify', { body: {} });
        if (sound) toast(say('verify.log-sound', { count: checked }));
        else toast(say('verify.log-altered', { text: fault?.text ?? '' }), 'bad');
      }}
    >
      {say('verify.log')}
    </Button>
  );
}
