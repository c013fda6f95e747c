import { useData } from '../../client/data.ts';
import { ask } from '../../client/http.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/page.tsx';
import { adviceOf } from '../../words/advice.ts';
import { dateTime, number } from '../../words/format.ts';
import { language, say } from '../../words/words.ts';

/** What went wrong while nobody looked, and what to do about each, until somebody says that they saw it. */
export function UnseenIncidents() {
  const found = useData('GET /incidents', { query: { seen: 'false', limit: 20 } }, ['incident', 'change:incident']);
  if (found.value === undefined || found.value.total === 0) return null;
  const { items, total } = found.value;
  return (
    <Panel
      title={say('unseen.title', { count: number(total) })}
      tone="care"
      actions={
        items.length > 1 && (
          <Button
            small
            icon="ok"
            onClick={async () => {
              for (const { id } of items) await ask('POST /incidents/{id}/seen', { path: { id } });
            }}
          >
            {say(items.length === total ? 'unseen.all-seen' : 'unseen.these-seen', { count: number(items.length) })}
          </Button>
        )
      }
    >
      <ul class="happened">
        {items.map((one) => {
          const advice = adviceOf({ code: one.code, values: one.values as Record<string, string | number> });
          return (
            <li key={one.id}>
              <time>{dateTime(one.lastAt)}</time>
              <b>
                <Icon name="warning" size={20} />
                {one.text[language.value]}
                {one.count > 1 && ` (${say('unseen.times', { count: number(one.count) })})`}
              </b>
              {advice !== '' && <p class="advice">{advice}</p>}
              <div class="row-actions">
                {one.sessionId !== undefined && <a href={`/sessions/${one.sessionId}`}>{say('unseen.session')}</a>}
                <Button small icon="ok" onClick={() => ask('POST /incidents/{id}/seen', { path: { id: one.id } })}>
                  {say('unseen.seen')}
                </Button>
              </div>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
