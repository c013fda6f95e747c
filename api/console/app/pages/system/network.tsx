import { useSignal } from '@preact/signals';
import { type Answer, ask } from '../../client/http.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Empty } from '../../parts/notice.tsx';
import { PageHead, Panel } from '../../parts/page.tsx';
import { say } from '../../words/words.ts';
import { SystemTabs } from './tabs.tsx';

type Network = Answer<'POST /provisioning/network-check'>['networks'][number];
type Level = Network['findings'][number]['level'];

const icons = { good: 'ok', hint: 'info', fault: 'warning' } as const;
const order: Record<Level, number> = { fault: 0, hint: 1, good: 2 };

/** What the office's network offers to devices, and what has to be put on its router for them to find their settings. */
export default function NetworkPage() {
  const networks = useSignal<Network[] | undefined>(undefined);
  return (
    <>
      <PageHead
        title={say('network.title')}
        about={say('network.about')}
        actions={
          <Button
            kind="primary"
            icon="search"
            onClick={async () => {
              networks.value = (await ask('POST /provisioning/network-check', { body: {} })).networks;
            }}
          >
            {say('network.check')}
          </Button>
        }
      />
      <SystemTabs current="/system/network" />
      <div aria-live="polite">
        {networks.value === undefined ? (
          <Panel title={say('network.result')}>
            <Empty icon="search" title={say('network.not-yet')} />
          </Panel>
        ) : networks.value.length === 0 ? (
          <Panel title={say('network.result')}>
            <Empty icon="lines" title={say('network.none')} />
          </Panel>
        ) : (
          networks.value.map((network) => <Found key={network.name} network={network} />)
        )}
      </div>
    </>
  );
}

function Found({ network: { address, findings, name, settings } }: { network: Network }) {
  const faulty = findings.some(({ level }) => level === 'fault');
  const sorted = [...findings].sort((one, other) => order[one.level] - order[other.level]);
  return (
    <Panel title={`${name} · ${address}`} tone={faulty ? 'care' : 'plain'}>
      <ul class="findings">
        {sorted.map(({ code, level, text }) => (
          <li key={code} class={`finding-${level}`}>
            <Icon name={icons[level]} />
            <span>{text}</span>
          </li>
        ))}
      </ul>
      {settings.length > 0 && (
        <details>
          <summary>{say('network.settings')}</summary>
          {settings.map(({ lines, system }) => (
            <section key={system}>
              <h3>{system}</h3>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard */}
              <pre class="preview" tabIndex={0}>
                {lines.join('\n')}
              </pre>
            </section>
          ))}
        </details>
      )}
    </Panel>
  );
}
