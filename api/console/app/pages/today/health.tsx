import { useEffect } from 'preact/hooks';
import { useData } from '../../client/data.ts';
import { Icon } from '../../parts/icon.tsx';
import { number } from '../../words/format.ts';
import { say } from '../../words/words.ts';

/** What is not told by an event is looked at anew this often, ms. */
const lookEveryMs = 15_000;

/** At a glance: is everything in order, how many call now, which devices are there. */
export function Health() {
  const health = useData('GET /health', {}, [
    'incident',
    'session',
    'leg',
    'event:engine',
    'event:trunk',
    'event:gatekeeper',
  ]);
  const devices = useData('GET /endpoints', { query: { enabled: 'true', limit: 1 } }, ['change:endpoint']);
  const registrations = useData('GET /registrations', { query: { limit: 200 } }, ['registration']);
  useEffect(() => {
    const timer = setInterval(health.reload, lookEveryMs);
    return () => clearInterval(timer);
  }, []);
  const details = health.value?.details;
  const there = new Set((registrations.value?.items ?? []).map(({ endpointId }) => endpointId)).size;
  const good = health.value?.status === 'ok';
  const faults =
    details === undefined
      ? []
      : [
          ...(['sip', 'h323', 'media', 'store'] as const)
            .filter((part) => !details[part].up)
            .map((part) => say(`part.${part}`)),
          ...details.trunks
            .filter(({ state }) => state === 'refused' || state === 'unreachable')
            .map(() => say('part.trunk')),
          ...(details.gatekeepers ?? [])
            .filter(({ state }) => state === 'refused' || state === 'unreachable')
            .map(() => say('part.gatekeeper')),
        ];
  return (
    <div class="stats">
      <a href="/system" class={`stat stat-word ${good && faults.length === 0 ? 'stat-good' : 'stat-bad'}`}>
        <span>{say('health.title')}</span>
        <b>{health.value === undefined ? '…' : faults.length === 0 && good ? say('health.ok') : say('health.fault')}</b>
        <Icon name={good && faults.length === 0 ? 'ok' : 'warning'} />
        {faults.length > 0 && <small>{[...new Set(faults)].join(', ')}</small>}
      </a>
      <div class="stat">
        <span>{say('health.calls')}</span>
        <b>{number(details?.calls ?? 0)}</b>
        <Icon name="call" />
      </div>
      <a href="/devices" class="stat">
        <span>{say('health.devices')}</span>
        <b>
          {number(there)} / {number(devices.value?.total ?? 0)}
        </b>
        <Icon name="devices" />
      </a>
    </div>
  );
}
