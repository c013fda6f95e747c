import type { Endpoint } from '../../store/schema/places.ts';
import type { Store } from '../../store/store.ts';

/** What one device alone may have. */
type Single = 'username' | 'number' | 'mac';

/** Who has what already, as a device is judged by. */
export interface Taken {
  siteExists(id: string): Promise<boolean>;
  /** Name of the device (or title of the session) that has it, but for the device itself. */
  owner(of: Single, value: string, except: string): Promise<string | undefined>;
}

const present = ['planned', 'open'];

/** As the store has it at each question. */
export function takenIn(store: Pick<Store, 'endpoints' | 'sites' | 'sessions'>): Taken {
  return {
    siteExists: async (id) => (await store.sites.get(id)) !== undefined,
    owner: async (of, value, except) => {
      const field = of === 'mac' ? 'device.mac' : of;
      const device = await store.endpoints.first({ [field]: value, id: { $ne: except } });
      if (device !== undefined || of !== 'number') return device?.name;
      return (await store.sessions.first({ room: value, state: { $in: present } }))?.title;
    },
  };
}

/** As the store has it now, for many questions one after the other; with the devices themselves. */
export async function takenNow(
  store: Pick<Store, 'endpoints' | 'sites' | 'sessions'>,
): Promise<Taken & { device(id: string): Endpoint | undefined }> {
  const [endpoints, sites, sessions] = await Promise.all([
    store.endpoints.find(),
    store.sites.find(),
    store.sessions.find({ state: { $in: present }, room: { $exists: true } }),
  ]);
  const siteIds = new Set(sites.map(({ id }) => id));
  const byId = new Map(endpoints.map((device) => [device.id, device]));
  const rooms = new Map(sessions.map(({ room, title }) => [room, title]));
  const by = (value: (device: Endpoint) => string | undefined): Map<string, Endpoint> =>
    new Map(endpoints.flatMap((device) => (value(device) === undefined ? [] : [[value(device) as string, device]])));
  const devices: Record<Single, Map<string, Endpoint>> = {
    username: by(({ username }) => username),
    number: by(({ number }) => number),
    mac: by(({ device }) => device?.mac),
  };
  return {
    device: (id) => byId.get(id),
    siteExists: async (id) => siteIds.has(id),
    owner: async (of, value, except) => {
      const device = devices[of].get(value);
      if (device !== undefined && device.id !== except) return device.name;
      return of === 'number' ? rooms.get(value) : undefined;
    },
  };
}
