import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/page.tsx';
import { adviceOf } from '../../words/advice.ts';
import { number, timeToSecond } from '../../words/format.ts';
import { language, say } from '../../words/words.ts';
import type { Happened } from './live-state.ts';

/** What went wrong while the session runs, and what to do about each. */
export function Incidents({ items }: { items: readonly Happened[] }) {
  return (
    <Panel title={say('incidents.title')} tone={items.length > 0 ? 'care' : 'plain'}>
      {items.length === 0 ? (
        <p class="soft">{say('incidents.none')}</p>
      ) : (
        <ul class="happened" aria-live="polite">
          {items.map((one) => {
            const advice = adviceOf(one);
            return (
              <li key={one.key}>
                <time>{timeToSecond(one.at)}</time>
                <b>
                  <Icon name="warning" size={20} />
                  {one.text[language.value]}
                  {one.count > 1 && ` (${say('unseen.times', { count: number(one.count) })})`}
                </b>
                {advice !== '' && <p class="advice">{advice}</p>}
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
