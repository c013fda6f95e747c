import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { Refusal } from '../client/http.ts';
import { say } from '../words/words.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';
import { sentenceOf } from './toast.tsx';

/** A form's values and what the API found wrong with them. */
export interface FormState<T> {
  value: T;
  set(change: Partial<T>): void;
  /** What is wrong with a field, by its dotted path in the API. */
  wrong(field: string): string | undefined;
  fail(error: unknown): void;
  clear(): void;
  failure: unknown;
}

export function useForm<T extends object>(initial: T): FormState<T> {
  const value = useSignal(initial);
  const failure = useSignal<unknown>(undefined);
  return {
    value: value.value,
    set: (change) => {
      value.value = { ...value.peek(), ...change };
    },
    wrong: (field) => {
      const error = failure.value;
      return error instanceof Refusal && error.field === field ? error.message : undefined;
    },
    fail: (error) => {
      failure.value = error;
    },
    clear: () => {
      failure.value = undefined;
    },
    failure: failure.value,
  };
}

/** A form: sent by Enter or its button; what goes wrong is told above the buttons, and where it belongs. */
export function Form<T extends object>({
  form,
  onSend,
  send,
  sendKind = 'primary',
  onCancel,
  children,
}: {
  form: FormState<T>;
  onSend: () => Promise<unknown>;
  send: string;
  sendKind?: 'primary' | 'danger';
  onCancel?: () => void;
  children: ComponentChildren;
}) {
  const busy = useSignal(false);
  /** Label of the field at fault, as the person sees it. */
  const where = useSignal('');
  const element = useRef<HTMLFormElement>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    form.clear();
    try {
      await onSend();
    } catch (error) {
      where.value = '';
      form.fail(error);
      // To the field at fault, so that keyboard and screen reader are where the work is.
      requestAnimationFrame(() => {
        const wrong = element.current?.querySelector<HTMLInputElement>('[aria-invalid]');
        where.value = wrong?.labels?.[0]?.firstChild?.textContent ?? '';
        wrong?.focus();
      });
    } finally {
      busy.value = false;
    }
  };
  return (
    <form ref={element} class="form" noValidate onSubmit={(event) => void submit(event)}>
      {children}
      {form.failure !== undefined && (
        <Notice kind="bad">
          {where.value === '' ? sentenceOf(form.failure) : `${where.value}: ${sentenceOf(form.failure)}`}
        </Notice>
      )}
      <div class="form-actions">
        <Button type="submit" kind={sendKind} busy={busy.value}>
          {send}
        </Button>
        {onCancel !== undefined && (
          <Button kind="quiet" onClick={onCancel}>
            {say('action.cancel')}
          </Button>
        )}
      </div>
    </form>
  );
}

/** Fields that belong together, under a heading. */
export function Group({ title, children }: { title?: string; children: ComponentChildren }) {
  return (
    <fieldset class="group">
      {title !== undefined && <legend>{title}</legend>}
      <div class="fields">{children}</div>
    </fieldset>
  );
}
