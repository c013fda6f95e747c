import { user } from '../../client/http.ts';
import { Tabs } from '../../parts/page.tsx';
import { say, type WordKey } from '../../words/words.ts';
import { mayAs } from '../pages.ts';

const places: { text: WordKey; href: string; role: 'operator' | 'admin' }[] = [
  { text: 'system.state', href: '/system', role: 'operator' },
  { text: 'keep.tab', href: '/system/keeping', role: 'operator' },
  { text: 'backups.title', href: '/system/backups', role: 'admin' },
  { text: 'office.tab', href: '/system/office', role: 'admin' },
  { text: 'network.title', href: '/system/network', role: 'admin' },
  { text: 'log.title', href: '/system/log', role: 'operator' },
];

/** The pages about the product itself, as far as this person may see them. */
export function SystemTabs({ current }: { current: string }) {
  const role = user.value?.role ?? 'viewer';
  const items = places.filter((place) => mayAs(role, place.role));
  if (items.length === 0) return null;
  return (
    <Tabs
      label={say('system.title')}
      items={items.map(({ href, text }) => ({ href, text: say(text), current: href === current }))}
    />
  );
}
