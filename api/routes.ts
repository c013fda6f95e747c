import { deviceSync } from './resources/device-sync.ts';
import { dialPlan } from './resources/dial-plan.ts';
import { legs } from './resources/legs.ts';
import { sessionLog } from './resources/log.ts';
import { networkCheck } from './resources/network-check.ts';
import { places } from './resources/places.ts';
import { provisioning } from './resources/provisioning.ts';
import { recordings } from './resources/recordings.ts';
import { sessions } from './resources/sessions.ts';
import { system } from './resources/system.ts';
import { users } from './resources/users.ts';
import type { Route } from './route.ts';
import type { Services } from './services.ts';

/** Every operation of the API. */
export function routes(services: Services): Route[] {
  const all: Route[] = [
    ...users(services),
    ...places(services),
    ...dialPlan(services),
    ...provisioning(services),
    ...deviceSync(services),
    ...networkCheck(services),
    ...sessions(services),
    ...legs(services),
    ...recordings(services),
    ...sessionLog(services),
    ...system(services, () => all),
  ];
  return all;
}
