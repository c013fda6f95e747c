import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { date, readDateTime, time } from '../words/format.ts';
import { say } from '../words/words.ts';
import { Icon } from './icon.tsx';

/* Fields of forms: a label that stays, a hint below it, and what is wrong told beside the field itself. */

interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  required?: boolean;
  wide?: boolean;
}

interface Ids {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
  required: boolean;
}

/** Label, hint and error around one control. */
function Field({
  label,
  hint,
  error,
  required = false,
  wide = false,
  children,
}: FieldProps & { children: (ids: Ids) => ComponentChildren }) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(Boolean);
  return (
    <div class={`field${wide ? ' field-wide' : ''}${error === undefined ? '' : ' field-wrong'}`}>
      <label for={id}>
        {label}
        {required && <span class="required">{` (${say('field.required')})`}</span>}
      </label>
      {children({
        id,
        'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
        'aria-invalid': error === undefined ? undefined : true,
        required,
      })}
      {error !== undefined && (
        <p class="field-error" id={`${id}-error`}>
          <Icon name="warning" size={18} /> {error}
        </p>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

type Text = FieldProps & {
  value: string;
  onInput: (value: string) => void;
  type?: 'text' | 'password' | 'search' | 'number' | 'tel';
  autocomplete?: string;
  placeholder?: string;
  inputMode?: 'numeric' | 'text' | 'tel';
  disabled?: boolean;
};

export function TextField({
  value,
  onInput,
  type = 'text',
  autocomplete = 'off',
  placeholder,
  inputMode,
  disabled,
  ...field
}: Text) {
  return (
    <Field {...field}>
      {(ids) => (
        <input
          {...ids}
          type={type as 'text'}
          value={value}
          autocomplete={autocomplete}
          placeholder={placeholder}
          inputMode={inputMode}
          disabled={disabled}
          spellcheck={false}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function TextArea({
  value,
  onInput,
  rows = 4,
  ...field
}: FieldProps & { value: string; onInput: (value: string) => void; rows?: number }) {
  return (
    <Field {...field} wide={field.wide ?? true}>
      {(ids) => <textarea {...ids} rows={rows} value={value} onInput={(event) => onInput(event.currentTarget.value)} />}
    </Field>
  );
}

export interface Choice {
  value: string;
  label: string;
}

export function SelectField({
  value,
  onInput,
  choices,
  empty,
  ...field
}: FieldProps & { value: string; onInput: (value: string) => void; choices: readonly Choice[]; empty?: string }) {
  return (
    <Field {...field}>
      {(ids) => (
        <select {...ids} value={value} onChange={(event) => onInput(event.currentTarget.value)}>
          {empty !== undefined && <option value="">{empty}</option>}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value} selected={choice.value === value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField({
  label,
  hint,
  value,
  onInput,
}: {
  label: string;
  hint?: string;
  value: boolean;
  onInput: (value: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="check">
      <input
        id={id}
        type="checkbox"
        checked={value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onInput(event.currentTarget.checked)}
      />
      <div>
        <label for={id}>{label}</label>
        {hint !== undefined && (
          <p class="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

/** A day and a time as people here write them, kept as text until both are whole. */
export interface DateTimeText {
  day: string;
  clock: string;
}

export const dateTimeText = (moment: string | undefined): DateTimeText =>
  moment === undefined ? { day: '', clock: '' } : { day: date(moment), clock: time(moment) };

/** The moment, nothing when both are empty, or `false` when what is written is no date and time. */
export function momentOf({ day, clock }: DateTimeText): string | undefined | false {
  if (day.trim() === '' && clock.trim() === '') return undefined;
  return readDateTime(day, clock) ?? false;
}

/** A day written dd/mm/yyyy, with a calendar to pick it from. */
export function DayField({
  value,
  onInput,
  ...field
}: FieldProps & { value: string; onInput: (value: string) => void }) {
  const picker = useRef<HTMLInputElement>(null);
  const [d, m, y] = value.split('/');
  return (
    <Field {...field}>
      {(ids) => (
        <div class="with-button">
          <input
            {...ids}
            type="text"
            inputMode="numeric"
            placeholder={say('field.day-form')}
            value={value}
            autocomplete="off"
            onInput={(event) => onInput(event.currentTarget.value)}
          />
          <button
            type="button"
            class="button button-secondary button-icon"
            aria-label={say('field.pick-day', { field: field.label })}
            onClick={() => picker.current?.showPicker()}
          >
            <Icon name="today" />
          </button>
          <input
            ref={picker}
            type="date"
            class="picker"
            tabIndex={-1}
            aria-hidden="true"
            value={y === undefined ? '' : `${y}-${m}-${d}`}
            onChange={(event) => {
              const picked = event.currentTarget.value;
              if (picked !== '') onInput(date(`${picked}T12:00:00Z`));
            }}
          />
        </div>
      )}
    </Field>
  );
}

export function DateTimeField({
  label,
  value,
  onInput,
  error,
  hint,
}: FieldProps & { value: DateTimeText; onInput: (value: DateTimeText) => void }) {
  return (
    <div class="date-time">
      <DayField
        label={label}
        value={value.day}
        error={error}
        hint={hint}
        onInput={(day) => onInput({ ...value, day })}
      />
      <TextField
        label={say('field.clock')}
        placeholder={say('field.clock-form')}
        inputMode="numeric"
        value={value.clock}
        onInput={(clock) => onInput({ ...value, clock })}
      />
    </div>
  );
}
