import { signal } from '@preact/signals';
import { Refusal } from '../client/http.ts';
import { say } from '../words/words.ts';
import { Icon } from './icon.tsx';

/* Short messages at the foot of the page: what was done, or why not. */

interface Toast {
  id: number;
  kind: 'good' | 'bad';
  text: string;
}

const toasts = signal<Toast[]>([]);
let last = 0;
/** Long enough to be read slowly, in ms; what went wrong stays until it is put away. */
const shownMs = 6_000;

export function toast(text: string, kind: Toast['kind'] = 'good'): void {
  last += 1;
  const id = last;
  toasts.value = [...toasts.value.slice(-3), { id, kind, text }];
  if (kind === 'good') setTimeout(() => putAway(id), shownMs);
}

/** The sentence of whatever went wrong. */
export const sentenceOf = (error: unknown): string =>
  error instanceof Refusal ? (error.code === 'unreachable' ? say('error.unreachable') : error.message) : String(error);

/** Away from a form a field has no label beside it: the API's own name of it tells which. */
export function toastError(error: unknown): void {
  const field = error instanceof Refusal && error.code === 'invalid' ? error.field : undefined;
  toast(field === undefined ? sentenceOf(error) : `${sentenceOf(error)} (${field})`, 'bad');
}

/** Another page is shown: what went wrong on the one before is no longer of use there. */
export function forgetFailures(): void {
  toasts.value = toasts.value.filter(({ kind }) => kind === 'good');
}

function putAway(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, kind, text }) => (
        <div key={id} class={`toast toast-${kind}`}>
          <Icon name={kind === 'good' ? 'ok' : 'warning'} />
          <span>{text}</span>
          <button type="button" class="icon-button" aria-label={say('action.close')} onClick={() => putAway(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
