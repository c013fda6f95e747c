import { useEffect } from 'preact/hooks';
import { useData } from '../../client/data.ts';
import { user } from '../../client/http.ts';
import { LinkButton } from '../../parts/button.tsx';
import { Waiting } from '../../parts/notice.tsx';
import { Badge, Facts, PageHead, Panel, Tabs } from '../../parts/page.tsx';
import { number } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';
import { VerifyLog } from '../recordings/recordings.tsx';
import { Machine } from './machine.tsx';

const lookEveryMs = 10_000;

/** The machine room: engines, disk, certificate, versions, back-up, log. */
export default function System() {
  const health = useData('GET /health', {}, ['incident', 'event:engine']);
  const operator = mayAs(user.value?.role ?? 'viewer', 'operator');
  useEffect(() => {
    const timer = setInterval(health.reload, lookEveryMs);
    return () => clearInterval(timer);
  }, []);
  const details = health.value?.details;
  return (
    <>
      <PageHead title={say('system.title')} about={say('system.about')} actions={operator && <VerifyLog />} />
      <SystemTabs current="/system" />
      <Panel title={say('system.engines')}>
        {details === undefined ? (
          <Waiting error={health.error} reload={health.reload} />
        ) : (
          <ul class="cards">
            {(['sip', 'h323', 'media', 'store'] as const).map((part) => (
              <li key={part} class="card">
                <header>
                  <h3>{say(`part.${part}`)}</h3>
                  <Badge tone={details[part].up ? 'good' : 'bad'}>
                    {details[part].up ? say('part.up') : say('part.down')}
                  </Badge>
                </header>
                <p class="soft">{say(`part.about.${part}`)}</p>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {details !== undefined && (
        <Panel title={say('system.now')}>
          <Facts
            items={[
              [say('health.calls'), number(details.calls)],
              [say('system.rooms'), number(details.rooms)],
              [say('system.followers'), number(details.followers)],
              [say('system.log-entries'), number(details.log.seq)],
              [say('system.log-waiting'), number(details.log.waiting)],
            ]}
          />
        </Panel>
      )}
      {operator && <Machine />}
      <Panel title={say('system.for-engineers')}>
        <div class="row-actions">
          <LinkButton href="/api/v1/docs" icon="info">
            {say('system.api')}
          </LinkButton>
          <LinkButton href="/api/v1/metrics" icon="reports">
            {say('system.metrics')}
          </LinkButton>
        </div>
      </Panel>
    </>
  );
}

export function SystemTabs({ current }: { current: string }) {
  if (!mayAs(user.value?.role ?? 'viewer', 'operator')) return null;
  const items = [
    { text: say('system.state'), href: '/system' },
    { text: say('log.title'), href: '/system/log' },
  ];
  return (
    <Tabs label={say('system.title')} items={items.map((item) => ({ ...item, current: item.href === current }))} />
  );
}
