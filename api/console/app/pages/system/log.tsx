import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { Empty, Waiting } from '../../parts/notice.tsx';
import { PageHead, Panel } from '../../parts/page.tsx';
import { Table } from '../../parts/table.tsx';
import { queryOf, setQuery } from '../../shell/route.ts';
import { dateTime, number, timeToSecond } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { sentenceOfEvent } from '../recordings/marks.ts';
import { VerifyLog } from '../recordings/recordings.tsx';
import { SystemTabs } from './tabs.tsx';

const limit = 50;

/** The log of everything, newest first; each entry carries the hash of the one before. */
export default function Log() {
  /** Where each page shown so far began, for the way back. */
  const places = useSignal<(number | undefined)[]>([undefined]);
  const beforeSeq = places.value.at(-1);
  const q = queryOf('q');
  const words = useSignal(q);
  const page = useData('GET /log', {
    query: { limit, ...(q === '' ? {} : { q }), ...(beforeSeq === undefined ? {} : { beforeSeq }) },
  });
  return (
    <>
      <PageHead title={say('log.title')} about={say('log.about')} actions={<VerifyLog />} />
      <SystemTabs current="/system/log" />
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          places.value = [undefined];
          setQuery({ q: words.value.trim() || undefined });
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
        <Button type="submit" icon="search">
          {say('filter.search')}
        </Button>
      </form>
      <Panel
        title={say('log.entries')}
        actions={
          <Button small icon="refresh" onClick={page.reload}>
            {say('log.reload')}
          </Button>
        }
      >
        {page.value === undefined ? (
          <Waiting error={page.error} reload={page.reload} />
        ) : page.value.items.length === 0 ? (
          <Empty icon="shield" title={say('log.none')} />
        ) : (
          <>
            <Table
              caption={say('log.entries')}
              items={page.value.items}
              keyOf={({ seq }) => String(seq)}
              columns={[
                { title: say('log.seq'), right: true, cell: ({ seq }) => number(seq) },
                {
                  title: say('log.time'),
                  cell: ({ time }) => (
                    <span class="number">
                      {dateTime(time).slice(0, 10)} {timeToSecond(time)}
                    </span>
                  ),
                },
                {
                  title: say('log.what'),
                  main: true,
                  cell: (entry) => (
                    <>
                      {sentenceOfEvent(entry)}
                      <small class="code">{changeOf(entry.event, entry.detail)}</small>
                    </>
                  ),
                },
                { title: say('log.who'), cell: ({ actor }) => actor.name ?? say(`actor.${actor.kind}`) },
              ]}
            />
            <nav class="pager" aria-label={say('pager.title')}>
              <Button
                icon="back"
                disabled={places.value.length === 1}
                onClick={() => {
                  places.value = places.value.slice(0, -1);
                }}
              >
                {say('log.newer')}
              </Button>
              <Button
                icon="forward"
                disabled={page.value.next === undefined}
                onClick={() => {
                  places.value = [...places.value, page.value?.next];
                }}
              >
                {say('log.older')}
              </Button>
            </nav>
          </>
        )}
      </Panel>
    </>
  );
}

/** What was changed, in the log's own words. */
function changeOf(event: string, detail: Record<string, unknown>): string {
  if (event !== 'api.change') return event;
  return [event, detail.what, detail.action].map(String).join(' · ');
}
