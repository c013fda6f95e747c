import { Button } from '../../../parts/button.tsx';
import { SelectField, TextArea, TextField } from '../../../parts/field.tsx';
import { say, sayOf } from '../../../words/words.ts';
import type { Key, Setting, Value } from './draft.ts';
import { settingTitle, valueText } from './words.ts';

interface Control {
  setting: Setting;
  value: Value;
  error: string | undefined;
  onInput: (value: Value) => void;
}

/** The control that fits what a setting takes. */
export function SettingField({ setting, value, error, onInput }: Control) {
  const label = settingTitle(setting.name);
  const hint = sayOf('setting-hint', setting.name, '') || undefined;
  switch (setting.kind) {
    case 'choice':
      return (
        <SelectField
          label={label}
          hint={hint}
          error={error}
          value={String(value)}
          onInput={onInput}
          choices={(setting.choices ?? []).map((one) => ({ value: one, label: valueText(setting.name, one) }))}
        />
      );
    case 'number':
      return (
        <TextField
          label={label}
          hint={[hint, rangeOf(setting)].filter(Boolean).join(' ') || undefined}
          error={error}
          type="number"
          inputMode="numeric"
          value={String(value)}
          onInput={(text) => onInput(Number(text))}
        />
      );
    case 'order':
      return <OrderField setting={setting} value={value} error={error} onInput={onInput} />;
    case 'lines':
      return (
        <TextArea
          label={label}
          hint={hint}
          error={error}
          value={(value as string[]).join('\n')}
          onInput={(text) => onInput(text.split('\n').map((line) => line.trim()))}
        />
      );
    case 'keys':
      return <KeysField setting={setting} value={value} error={error} onInput={onInput} />;
    default:
      return <TextField label={label} hint={hint} error={error} value={String(value)} onInput={onInput} />;
  }
}

function rangeOf({ least, most, step }: Setting): string {
  if (least === undefined || most === undefined) return '';
  return step === undefined
    ? say('settings.range', { least, most })
    : say('settings.range-step', { least, most, step });
}

/** Several of a set, most wanted first. */
function OrderField({ setting, value, error, onInput }: Control) {
  const chosen = value as string[];
  const left = (setting.choices ?? []).filter((one) => !chosen.includes(one));
  const move = (from: number, to: number): void => {
    const next = [...chosen];
    const [one = ''] = next.splice(from, 1);
    next.splice(to, 0, one);
    onInput(next);
  };
  return (
    <fieldset class="group">
      <legend>{settingTitle(setting.name)}</legend>
      <p class="hint">{sayOf('setting-hint', setting.name, '')}</p>
      <ol class="order-list">
        {chosen.map((one, place) => (
          <li key={one}>
            <span class="code">{one}</span>
            <Button small iconOnly icon="up" disabled={place === 0} onClick={() => move(place, place - 1)}>
              {say('settings.up', { name: one })}
            </Button>
            <Button
              small
              iconOnly
              icon="down"
              disabled={place === chosen.length - 1}
              onClick={() => move(place, place + 1)}
            >
              {say('settings.down', { name: one })}
            </Button>
            <Button
              small
              iconOnly
              kind="danger"
              icon="remove"
              disabled={chosen.length === 1}
              onClick={() => onInput(chosen.filter((each) => each !== one))}
            >
              {say('remove.of', { name: one })}
            </Button>
          </li>
        ))}
      </ol>
      {left.length > 0 && (
        <div class="row-actions">
          {left.map((one) => (
            <Button key={one} small icon="add" onClick={() => onInput([...chosen, one])}>
              {one}
            </Button>
          ))}
        </div>
      )}
      {error !== undefined && <p class="field-error">{error}</p>}
    </fieldset>
  );
}

/** Keys that dial: their place, what stands beside them, whom they call. */
function KeysField({ setting, value, error, onInput }: Control) {
  const keys = value as Key[];
  const change = (place: number, to: Partial<Key>): void =>
    onInput(keys.map((one, at) => (at === place ? { ...one, ...to } : one)));
  const next = Math.max(0, ...keys.map(({ key }) => key)) + 1;
  return (
    <fieldset class="group">
      <legend>{settingTitle(setting.name)}</legend>
      <p class="hint">{sayOf('setting-hint', setting.name, '')}</p>
      {keys.map((one, place) => (
        <div class="fields key-row" key={place}>
          <TextField
            label={say('settings.key-place')}
            type="number"
            inputMode="numeric"
            value={String(one.key)}
            onInput={(text) => change(place, { key: Number(text) })}
          />
          <TextField
            label={say('settings.key-label')}
            value={one.label}
            onInput={(label) => change(place, { label })}
          />
          <TextField label={say('devices.number')} value={one.number} onInput={(number) => change(place, { number })} />
          <Button iconOnly kind="danger" icon="remove" onClick={() => onInput(keys.filter((_one, at) => at !== place))}>
            {say('remove.of', { name: one.label })}
          </Button>
        </div>
      ))}
      <div class="row-actions">
        <Button small icon="add" onClick={() => onInput([...keys, { key: next, label: '', number: '' }])}>
          {say('settings.key-add')}
        </Button>
      </div>
      {error !== undefined && <p class="field-error">{error}</p>}
    </fieldset>
  );
}
