import type { ComponentChildren } from 'preact';
import { say } from '../words/words.ts';
import { Button } from './button.tsx';
import type { IconName } from './icon.tsx';
import { Empty } from './notice.tsx';

/** The same where there is no list around it. */
export function Nothing({ icon, none, help }: { icon: IconName; none: string; help: ComponentChildren }) {
  return (
    <Empty icon={icon} title={none}>
      {help}
    </Empty>
  );
}

/**
 * What a list says when it is empty: that nothing fits what was sought, with a way back to all; or that there is nothing
 * yet, and what to do then.
 */
export function nothing({
  sought,
  none,
  first,
  next,
  clear,
}: {
  /** What narrows the list, by its name; empty where it does not. */
  sought: Record<string, string>;
  none: string;
  first: string;
  next: string;
  /** Shows all again. */
  clear: () => void;
}) {
  if (Object.values(sought).every((value) => value === '')) {
    return { none: first, help: <p>{next}</p> };
  }
  return {
    none,
    help: (
      <Button small icon="refresh" onClick={clear}>
        {say('filter.clear')}
      </Button>
    ),
  };
}
