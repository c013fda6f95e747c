import { Cases } from './cases/cases.ts';
import { PlanBook } from './planning/plan-book.ts';
import { bulk } from './resources/bulk.ts';
import { bundles } from './resources/bundles.ts';
import { calendar } from './resources/calendar.ts';
import { cases } from './resources/cases.ts';
import { deviceSync } from './resources/device-sync.ts';
import { devices } from './resources/devices.ts';
import { dialPlan } from './resources/dial-plan.ts';
import { discovered } from './resources/discovered.ts';
import { files } from './resources/files.ts';
import { firmware } from './resources/firmware.ts';
import { incidents } from './resources/incidents.ts';
import { labels } from './resources/labels.ts';
import { legs } from './resources/legs.ts';
import { sessionLog } from './resources/log.ts';
import { machineRoutes } from './resources/machine.ts';
import { networkCheck } from './resources/network-check.ts';
import { notices } from './resources/notices.ts';
import { places } from './resources/places.ts';
import { sessionPlans } from './resources/plans.ts';
import { provisioning } from './resources/provisioning.ts';
import { provisioningAccess } from './resources/provisioning-access.ts';
import { recordings } from './resources/recordings.ts';
import { rehearsals } from './resources/rehearsals.ts';
import { reports } from './resources/reports.ts';
import { search } from './resources/search.ts';
import { sessions } from './resources/sessions.ts';
import { system } from './resources/system.ts';
import { timeline } from './resources/timeline.ts';
import { upkeep } from './resources/upkeep.ts';
import { users } from './resources/users.ts';
import type { Route } from './route.ts';
import type { Services } from './services.ts';

/** Every operation of the API. */
export function routes(services: Services): Route[] {
  const plans = new PlanBook(services, new Cases(services));
  const all: Route[] = [
    ...users(services),
    // Before the single device, whose identifier could be called so.
    ...bulk(services),
    ...labels(services),
    ...places(services),
    ...dialPlan(services),
    ...provisioning(services),
    ...provisioningAccess(services),
    ...firmware(services),
    ...devices(services),
    ...deviceSync(services),
    ...networkCheck(services),
    ...discovered(services),
    ...cases(services),
    ...notices(services),
    ...files(services),
    ...sessions(services, plans),
    ...sessionPlans(services, plans),
    ...calendar(services),
    ...bundles(services),
    ...search(services),
    ...timeline(services),
    ...rehearsals(services),
    ...reports(services),
    ...legs(services),
    ...recordings(services),
    ...sessionLog(services),
    ...incidents(services),
    ...machineRoutes(services),
    ...upkeep(services),
    ...system(services, () => all),
  ];
  return all;
}
