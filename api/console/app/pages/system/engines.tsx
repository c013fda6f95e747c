import { useData } from '../../client/data.ts';
import { type Answer, ask, type Item, user } from '../../client/http.ts';
import { Button } from '../../parts/button.tsx';
import { confirm } from '../../parts/confirm.tsx';
import { Badge, Panel } from '../../parts/page.tsx';
import { toast } from '../../parts/toast.tsx';
import { dateTime, number } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';

type Engine = Item<'GET /system/engines'>;
type Details = NonNullable<Answer<'GET /health'>['details']>;

const parts = ['sip', 'h323', 'media', 'store'] as const;

/** What the product is made of: whether each part works, since when, and starting one again. */
export function Engines({ details, onChange }: { details: Details; onChange: () => void }) {
  const role = user.value?.role ?? 'viewer';
  const found = useData('GET /system/engines', mayAs(role, 'operator') ? {} : undefined, ['event:engine', 'incident']);
  const reload = (): void => {
    found.reload();
    onChange();
  };
  return (
    <Panel title={say('system.engines')}>
      <ul class="cards">
        {parts.map((part) => {
          const engine = found.value?.items.find(({ name }) => name === part);
          const { up } = details[part];
          return (
            <li key={part} class="card" data-engine={part}>
              <header>
                <h3>{say(`part.${part}`)}</h3>
                <Badge tone={up ? 'good' : 'bad'}>{up ? say('part.up') : say('part.down')}</Badge>
              </header>
              <p class="soft">{say(`part.about.${part}`)}</p>
              {engine !== undefined && <Standing engine={engine} />}
              {engine?.ours === true && mayAs(role, 'admin') && (
                <div class="row-actions">
                  <Button small icon="refresh" onClick={() => restart(engine, details.calls, reload)}>
                    {say('engine.restart')}
                  </Button>
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

function Standing({ engine: { addresses, ends = 0, lastEnd, ours, since } }: { engine: Engine }) {
  if (!ours) return <p class="soft">{say('engine.elsewhere', { addresses: addresses.join(', ') })}</p>;
  return (
    <p class="soft">
      {since !== undefined && say('engine.since', { at: dateTime(since) })}
      {ends > 0 &&
        lastEnd !== undefined &&
        ` ${say('engine.ended', { count: number(ends), at: dateTime(lastEnd.at), reason: lastEnd.reason })}`}
    </p>
  );
}

function restart({ name }: Engine, calls: number, reload: () => void): void {
  const part = say(`part.${name}`);
  confirm({
    title: say('engine.restart-title', { part }),
    text: say(calls > 0 ? 'engine.restart-calls' : 'engine.restart-text', { part, calls: number(calls) }),
    deed: say('engine.restart'),
    danger: calls > 0,
    act: async () => {
      await ask('POST /system/engines/{name}/restart', { path: { name }, body: { force: calls > 0 } });
      toast(say('engine.restarted', { part }));
      reload();
    },
  });
}
