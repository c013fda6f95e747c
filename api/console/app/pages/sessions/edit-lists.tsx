import { useSignal } from '@preact/signals';
import { useData } from '../../client/data.ts';
import { Button } from '../../parts/button.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/page.tsx';
import { say } from '../../words/words.ts';
import type { Person, Point } from './draft.ts';

/** The cases that are heard: only those that were accepted can be put on the list. */
export function CasesOf({ caseIds, onChange }: { caseIds: string[]; onChange: (ids: string[]) => void }) {
  const cases = useData('GET /cases', { query: { state: 'accepted,linked', limit: 200 } }, ['change:case']);
  const free = (cases.value?.items ?? []).filter(({ id, state }) => state === 'accepted' && !caseIds.includes(id));
  const chosen = useSignal('');
  return (
    <Panel title={say('session.cases')}>
      {caseIds.length > 0 && (
        <ul class="builder">
          {caseIds.map((id) => {
            const one = cases.value?.items.find((other) => other.id === id);
            const name = one === undefined ? '…' : `${one.code} · ${one.title}`;
            return (
              <li key={id}>
                <Icon name="cases" />
                <b>{name}</b>
                <Button
                  small
                  iconOnly
                  kind="danger"
                  icon="remove"
                  onClick={() => onChange(caseIds.filter((other) => other !== id))}
                >
                  {say('remove.of', { name })}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      {free.length === 0 && caseIds.length === 0 ? (
        <p class="soft">{say('session.no-cases')}</p>
      ) : (
        free.length > 0 && (
          <div class="adder">
            <SelectField
              label={say('session.accepted-case')}
              empty={say('field.choose')}
              value={chosen.value}
              onInput={(id) => {
                chosen.value = id;
              }}
              choices={free.map(({ id, code, title }) => ({ value: id, label: `${code} · ${title}` }))}
            />
            <Button
              icon="add"
              disabled={chosen.value === ''}
              onClick={() => {
                onChange([...caseIds, chosen.value]);
                chosen.value = '';
              }}
            >
              {say('session.add-case')}
            </Button>
          </div>
        )
      )}
    </Panel>
  );
}

/** People who take part. */
export function Attendees({ items, onChange }: { items: Person[]; onChange: (items: Person[]) => void }) {
  const change = (place: number, fields: Partial<Person>): void =>
    onChange(items.map((one, at) => (at === place ? { ...one, ...fields } : one)));
  return (
    <Panel title={say('session.attendees')}>
      <ul class="rows">
        {items.map((one, place) => (
          <li key={place}>
            <TextField label={say('person.name')} value={one.name} onInput={(name) => change(place, { name })} />
            <TextField
              label={say('person.position')}
              value={one.position ?? ''}
              onInput={(position) => change(place, { position })}
            />
            <TextField
              label={say('person.agency')}
              value={one.agency ?? ''}
              onInput={(agency) => change(place, { agency })}
            />
            <Button
              iconOnly
              kind="danger"
              icon="remove"
              onClick={() => onChange(items.filter((_other, at) => at !== place))}
            >
              {say('remove.of', { name: one.name })}
            </Button>
          </li>
        ))}
      </ul>
      <Button icon="add" onClick={() => onChange([...items, { name: '' }])}>
        {say('session.add-attendee')}
      </Button>
    </Panel>
  );
}

/** The running order: point after point, with the minutes of each. */
export function RunningOrder({ items, onChange }: { items: Point[]; onChange: (items: Point[]) => void }) {
  const change = (place: number, fields: Partial<Point>): void =>
    onChange(items.map((one, at) => (at === place ? { ...one, ...fields } : one)));
  const move = (place: number, by: number): void => {
    const next = [...items];
    const [one] = next.splice(place, 1);
    if (one !== undefined) next.splice(place + by, 0, one);
    onChange(next);
  };
  return (
    <Panel title={say('session.running-order')}>
      <ol class="rows">
        {items.map((one, place) => (
          <li key={place}>
            <TextField
              label={say('point.title', { place: place + 1 })}
              value={one.title}
              onInput={(title) => change(place, { title })}
            />
            <TextField
              label={say('point.minutes')}
              inputMode="numeric"
              value={one.minutes === undefined ? '' : String(one.minutes)}
              onInput={(text) => {
                const { minutes: _before, ...rest } = one;
                const next = Number(text) > 0 ? { ...rest, minutes: Math.round(Number(text)) } : rest;
                onChange(items.map((other, at) => (at === place ? next : other)));
              }}
            />
            <TextField
              label={say('point.speaker')}
              value={one.speaker ?? ''}
              onInput={(speaker) => change(place, { speaker })}
            />
            <div class="row-actions">
              <Button iconOnly icon="up" disabled={place === 0} onClick={() => move(place, -1)}>
                {say('point.up')}
              </Button>
              <Button iconOnly icon="down" disabled={place === items.length - 1} onClick={() => move(place, 1)}>
                {say('point.down')}
              </Button>
              <Button
                iconOnly
                kind="danger"
                icon="remove"
                onClick={() => onChange(items.filter((_other, at) => at !== place))}
              >
                {say('remove.of', { name: one.title })}
              </Button>
            </div>
          </li>
        ))}
      </ol>
      <Button icon="add" onClick={() => onChange([...items, { title: '' }])}>
        {say('session.add-point')}
      </Button>
    </Panel>
  );
}
