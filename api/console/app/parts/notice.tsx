import type { ComponentChildren } from 'preact';
import type { Refusal } from '../client/http.ts';
import { say } from '../words/words.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import { sentenceOf } from './toast.tsx';

const icons = { good: 'ok', bad: 'warning', care: 'warning', info: 'info' } as const;

/** A sentence that has to be seen. */
export function Notice({
  kind,
  children,
  action,
}: {
  kind: keyof typeof icons;
  children: ComponentChildren;
  action?: ComponentChildren;
}) {
  return (
    <div class={`notice notice-${kind}`} role={kind === 'bad' ? 'alert' : undefined}>
      <Icon name={icons[kind]} />
      <div>{children}</div>
      {action}
    </div>
  );
}

/** Nothing there, and what to do about it. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={icon} size={34} />
      </span>
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** While something is loaded for the first time, or why it cannot be. */
export function Waiting({ error, reload }: { error: Refusal | undefined; reload?: () => void }) {
  if (error === undefined) {
    return (
      <p class="waiting" aria-live="polite">
        <span class="spinner" aria-hidden="true" /> {say('loading')}
      </p>
    );
  }
  return (
    <Notice
      kind="bad"
      action={
        reload === undefined ? undefined : (
          <Button small icon="refresh" onClick={reload}>
            {say('action.again')}
          </Button>
        )
      }
    >
      {sentenceOf(error)}
    </Notice>
  );
}
