import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { Button } from '../../parts/button.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/page.tsx';
import { say } from '../../words/words.ts';
import type { Participant } from './draft.ts';

const kinds = ['endpoint', 'uplink', 'phone'] as const;
const icons = { endpoint: 'devices', uplink: 'site', phone: 'lines' } as const;

/** Whom the session calls, or expects: devices, far rooms, telephones. */
export function Participants({
  items,
  wrong,
  onChange,
}: {
  items: Participant[];
  wrong: (field: string) => string | undefined;
  onChange: (items: Participant[]) => void;
}) {
  const devices = useData('GET /endpoints', { query: { enabled: 'true', limit: 200 } }, ['change:endpoint']);
  const sites = useData('GET /sites', { query: { limit: 200 } }, ['change:site']);
  const adding = useSignal({ kind: 'endpoint' as Participant['kind'], target: '', name: '' });
  const { kind, target, name } = adding.value;
  const set = (change: Partial<typeof adding.value>): void => {
    adding.value = { ...adding.value, ...change };
  };
  const nameOf = (one: Participant): string => {
    if (one.kind === 'endpoint') return devices.value?.items.find(({ id }) => id === one.endpointId)?.name ?? '…';
    if (one.kind === 'uplink') return sites.value?.items.find(({ id }) => id === one.siteId)?.name ?? '…';
    return one.name === undefined ? one.number : `${one.name} (${one.number})`;
  };
  const add = (): void => {
    const text = target.replace(kind === 'phone' ? /[ .]/g : /^$/, '');
    if (text === '') return;
    const made: Participant =
      kind === 'endpoint'
        ? { kind, endpointId: text, dialOut: true }
        : kind === 'uplink'
          ? { kind, siteId: text, dialOut: true }
          : { kind, number: text, dialOut: false, ...(name.trim() === '' ? {} : { name: name.trim() }) };
    onChange([...items, made]);
    set({ target: '', name: '' });
  };
  const choices =
    kind === 'endpoint'
      ? (devices.value?.items ?? [])
      : (sites.value?.items ?? []).filter(({ uplink }) => uplink !== undefined);
  return (
    <Panel title={say('session.participants')}>
      {items.length > 0 && (
        <ul class="builder">
          {items.map((one, place) => (
            <li key={`${one.kind} ${nameOf(one)}`}>
              <Icon name={icons[one.kind]} />
              <div>
                <b>{nameOf(one)}</b>
                <p class="soft">{say(one.dialOut === true ? 'session.is-called' : 'session.calls-in')}</p>
                {wrong(`participants.${place}.${one.kind === 'uplink' ? 'siteId' : 'endpointId'}`)}
              </div>
              <div class="row-actions">
                <Button
                  small
                  pressed={one.dialOut === true}
                  onClick={() =>
                    onChange(
                      items.map((other, at) => (at === place ? { ...one, dialOut: one.dialOut !== true } : other)),
                    )
                  }
                >
                  {say('session.dial-out')}
                </Button>
                <Button
                  small
                  iconOnly
                  kind="danger"
                  icon="remove"
                  onClick={() => onChange(items.filter((_other, at) => at !== place))}
                >
                  {say('remove.of', { name: nameOf(one) })}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      <div class="adder">
        <SelectField
          label={say('call.whom')}
          value={kind}
          onInput={(value) => set({ kind: value as Participant['kind'], target: '' })}
          choices={kinds.map((value) => ({ value, label: say(`call.${value}`) }))}
        />
        {kind === 'phone' ? (
          <>
            <TextField
              label={say('call.number')}
              inputMode="tel"
              value={target}
              onInput={(text) => set({ target: text })}
            />
            <TextField label={say('call.name')} value={name} onInput={(text) => set({ name: text })} />
          </>
        ) : (
          <SelectField
            label={say(`call.${kind}`)}
            empty={say('field.choose')}
            value={target}
            onInput={(text) => set({ target: text })}
            choices={choices.map((one) => ({ value: one.id, label: one.name }))}
          />
        )}
        <Button icon="add" disabled={target === ''} onClick={add}>
          {say('session.add-participant')}
        </Button>
      </div>
    </Panel>
  );
}
