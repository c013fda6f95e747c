import type { Store } from '../../store/store.ts';
import type { PushMemory } from './memory.ts';
import type { DevicePush } from './push.ts';

const system = { kind: 'system' } as const;

const atOnce = 16;

/** Tells the devices again that could not be reached before and are due. */
export async function tellDueDevices(
  store: Pick<Store, 'endpoints'>,
  memory: PushMemory,
  push: DevicePush,
): Promise<void> {
  const waiting = await memory.due();
  const worker = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const endpoint = await store.endpoints.get(id);
      if (endpoint === undefined || !endpoint.enabled) await memory.forget(id);
      else await push.sync(endpoint, system);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, worker));
}
