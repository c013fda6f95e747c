import type { Words } from '../words.ts';
import { advice } from './advice.ts';
import { cases } from './cases.ts';
import { common } from './common.ts';
import { devices } from './devices.ts';
import { lines } from './lines.ts';
import { live } from './live.ts';
import { log } from './log.ts';
import { office } from './office.ts';
import { plan } from './plan.ts';
import { recordings } from './recordings.ts';
import { rehearsal } from './rehearsal.ts';
import { reports } from './reports.ts';
import { sessions } from './sessions.ts';
import { settings } from './settings.ts';
import { users } from './users.ts';

/** What the console says in English. */
export const en: Words = {
  ...common,
  ...users,
  ...sessions,
  ...live,
  ...office,
  ...advice,
  ...cases,
  ...devices,
  ...lines,
  ...plan,
  ...recordings,
  ...log,
  ...settings,
  ...rehearsal,
  ...reports,
};
