import type { Store } from '../../store/store.ts';
import type { PushMemory } from './memory.ts';
import type { DevicePush } from './push.ts';

const system = { kind: 'system' } as const;

/** Tells the devices again that could not be reached before and are due. */
export async function tellDueDevices(
  store: Pick<Store, 'endpoints'>,
  memory: PushMemory,
  push: DevicePush,
): Promise<void> {
  for (const id of await memory.due()) {
    const endpoint = await store.endpoints.get(id);
    if (endpoint === undefined || !endpoint.enabled) await memory.forget(id);
    else await push.sync(endpoint, system);
  }
}
