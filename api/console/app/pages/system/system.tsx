import { useEffect } from 'preact/hooks';
import { useData } from '../../client/data.ts';
import { user } from '../../client/http.ts';
import { LinkButton } from '../../parts/button.tsx';
import { Waiting } from '../../parts/notice.tsx';
import { Facts, PageHead, Panel } from '../../parts/page.tsx';
import { number } from '../../words/format.ts';
import { say } from '../../words/words.ts';
import { mayAs } from '../pages.ts';
import { VerifyLog } from '../recordings/recordings.tsx';
import { Engines } from './engines.tsx';
import { Machine } from './machine.tsx';
import { SystemTabs } from './tabs.tsx';

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
      {details === undefined ? (
        <Waiting error={health.error} reload={health.reload} />
      ) : (
        <Engines details={details} onChange={health.reload} />
      )}
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
