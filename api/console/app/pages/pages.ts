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
  { path: '/live/:id', title: 'live.title', under: '/', load: () => import('./live/live.tsx') },
  {
    path: '/sessions',
    title: 'sessions.title',
    menu: { icon: 'sessions', group: 'work' },
    load: () => import('./sessions/sessions.tsx'),
  },
  {
    path: '/sessions/new',
    title: 'session.plan',
    under: '/sessions',
    role: 'operator',
    load: () => import('./sessions/edit.tsx'),
  },
  { path: '/sessions/:id', title: 'session.what', under: '/sessions', load: () => import('./sessions/session.tsx') },
  {
    path: '/sessions/:id/edit',
    title: 'session.change',
    under: '/sessions',
    role: 'operator',
    load: () => import('./sessions/edit.tsx'),
  },
  {
    path: '/cases',
    title: 'cases.title',
    menu: { icon: 'cases', group: 'work' },
    load: () => import('./cases/cases.tsx'),
  },
  {
    path: '/cases/new',
    title: 'case.register',
    under: '/cases',
    role: 'operator',
    load: () => import('./cases/edit.tsx'),
  },
  { path: '/cases/:id', title: 'case.what', under: '/cases', load: () => import('./cases/case.tsx') },
  {
    path: '/cases/:id/edit',
    title: 'case.change',
    under: '/cases',
    role: 'operator',
    load: () => import('./cases/edit.tsx'),
  },
  {
    path: '/recordings',
    title: 'recordings.title',
    menu: { icon: 'recordings', group: 'work' },
    load: () => import('./recordings/recordings.tsx'),
  },
  {
    path: '/recordings/:id',
    title: 'recordings.play',
    under: '/recordings',
    load: () => import('./recordings/recording.tsx'),
  },
  {
    path: '/reports',
    title: 'reports.title',
    menu: { icon: 'reports', group: 'work' },
    load: () => import('./reports/reports.tsx'),
  },
  {
    path: '/search',
    title: 'search.title',
    menu: { icon: 'search', group: 'work' },
    load: () => import('./search/search.tsx'),
  },
  {
    path: '/devices',
    title: 'devices.title',
    menu: { icon: 'devices', group: 'house' },
    load: () => import('./devices/devices.tsx'),
  },
  {
    path: '/devices/setup',
    title: 'setup.title',
    under: '/devices',
    role: 'operator',
    load: () => import('./devices/setup/setup.tsx'),
  },
  {
    path: '/devices/settings/:scope/:of',
    title: 'settings.title',
    under: '/devices',
    role: 'admin',
    load: () => import('./devices/settings/settings.tsx'),
  },
  {
    path: '/lines',
    title: 'lines.title',
    menu: { icon: 'lines', group: 'house' },
    load: () => import('./lines/lines.tsx'),
  },
  {
    path: '/plan',
    title: 'plan.title',
    menu: { icon: 'plan', group: 'house' },
    load: () => import('./plan/plan.tsx'),
  },
  {
    path: '/users',
    title: 'users.title',
    menu: { icon: 'users', group: 'house' },
    role: 'admin',
    load: () => import('./users/users.tsx'),
  },
  {
    path: '/system',
    title: 'system.title',
    menu: { icon: 'system', group: 'house' },
    load: () => import('./system/system.tsx'),
  },
  {
    path: '/system/log',
    title: 'log.title',
    under: '/system',
    role: 'operator',
    load: () => import('./system/log.tsx'),
  },
  { path: '/account', title: 'account.title', load: () => import('./account/account.tsx') },
  {
    path: '/system/keeping',
    title: 'keep.title',
    under: '/system',
    role: 'operator',
    load: () => import('./system/keeping.tsx'),
  },
  {
    path: '/system/backups',
    title: 'backups.title',
    under: '/system',
    role: 'admin',
    load: () => import('./system/backups.tsx'),
  },
  {
    path: '/system/office',
    title: 'office.title',
    under: '/system',
    role: 'admin',
    load: () => import('./system/office.tsx'),
  },
  {
    path: '/system/network',
    title: 'network.title',
    under: '/system',
    role: 'admin',
    load: () => import('./system/network.tsx'),
  },
  {
    path: '/users/tokens',
    title: 'tokens.title',
    under: '/users',
    role: 'admin',
    load: () => import('./users/tokens.tsx'),
  },
];

const ranks: Record<User['role'], number> = { viewer: 1, operator: 2, admin: 3 };

/** Whether somebody of this role may do what asks for at least another. */
export const mayAs = (role: User['role'], least: User['role'] = 'viewer'): boolean => ranks[role] >= ranks[least];
