import type { ComponentType } from 'preact';
import type { User } from '../client/http.ts';
import type { IconName } from '../parts/icon.tsx';
import type { WordKey } from '../words/words.ts';

/** A page of the console: everything the menu, the router and the tests need to know of it. */
export interface Page {
  /** Path, with `:name` for what changes. */
  path: string;
  title: WordKey;
  /** Its place in the menu; pages that are reached from others have none. */
  menu?: { icon: IconName; group: 'work' | 'house' };
  /** The menu's page that this one belongs to. */
  under?: string;
  /** The least role that may see it. */
  role?: User['role'];
  load(): Promise<{ default: ComponentType<{ params: Record<string, string> }> }>;
}

/** Every page; the first whose path fits is shown. */
export const pages: readonly Page[] = [
  {
    path: '/',
    title: 'today.title',
    menu: { icon: 'today', group: 'work' },
    load: () => import('./today/today.tsx'),
  },
  {
    path: '/live/:id',
    title: 'live.title',
    under: '/',
    load: () => import('./live/live.tsx'),
  },
];

const ranks: Record<User['role'], number> = { viewer: 1, operator: 2, admin: 3 };

/** Whether somebody of this role may do what asks for at least another. */
export const mayAs = (role: User['role'], least: User['role'] = 'viewer'): boolean => ranks[role] >= ranks[least];
