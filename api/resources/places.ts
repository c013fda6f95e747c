import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import type { Seal } from '../../platform/seal.ts';
import { dialString, id } from '../../store/schema/names.ts';
import { type Endpoint, endpoint, type Site, site, type Trunk, trunk, uplink } from '../../store/schema/places.ts';
import { flag, listing, listOf, page, sortBy } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { endpointView, registrationView, siteView, trunkView, withoutSecret } from '../views.ts';
import { crud, type Resource } from './crud.ts';
import { judgeDevice, withAccount } from './hardware.ts';
import { ruleUses, sessionUses } from './references.ts';
import { type Taken, takenIn } from './taken.ts';

/** A password as it is sent; kept sealed, which takes room. */
const secretIn = z.string().min(1).max(100);
const own = { id: true, createdAt: true, updatedAt: true } as const;

const uplinkIn = uplink.omit({ secret: true }).extend({ secret: secretIn.nullable().optional() }).strict();
const siteIn = site.omit({ ...own, uplink: true }).extend({ uplink: uplinkIn.optional() });
const endpointIn = endpoint.omit({ ...own, secret: true }).extend({ secret: secretIn.optional() });
const trunkIn = trunk.omit({ ...own, secret: true }).extend({ secret: secretIn.optional() });

/** Seals a secret that was sent; `undefined` (sent as null) removes it. */
function sealSecret(seal: Pick<Seal, 'seal'>, sent: Record<string, unknown>): Record<string, unknown> {
  return typeof sent.secret === 'string' ? { ...sent, secret: seal.seal(sent.secret) } : sent;
}

/** Sites, devices, lines, and who is registered. */
export function places(services: Services): Route[] {
  const { store, seal } = services;

  const sites = crud<Site>(services, {
    what: 'site',
    path: '/sites',
    tag: 'sites',
    collection: store.sites,
    schema: site,
    create: siteIn,
    view: siteView,
    query: z.strictObject({
      ...page,
      sort: sortBy('name', 'kind', 'createdAt', 'updatedAt'),
      kind: site.shape.kind.unwrap().optional(),
    }),
    read: 'viewer',
    write: 'admin',
    toView: ({ uplink: line, ...rest }) => (line === undefined ? rest : { ...rest, uplink: withoutSecret(line) }),
    filter: (query) => equal(query, ['kind']),
    toStored: async (sent, before) => {
      if (sent.uplink === undefined) return sent;
      const line = sent.uplink as z.output<typeof uplinkIn>;
      const { secret, ...rest } = line;
      // A line changed without its secret keeps the one it has; null takes it away.
      const kept = secret === undefined ? before?.uplink?.secret : secret === null ? undefined : seal.seal(secret);
      return { ...sent, uplink: { ...rest, ...(kept === undefined ? {} : { secret: kept }) } };
    },
    judge: async ({ uplink: line }) => {
      if (line?.gatekeeper === undefined) return;
      if (line.protocol !== 'h323') throw new Fault('invalid', 'gatekeeper-needs-h323', { field: 'uplink.gatekeeper' });
      if (line.username === undefined) {
        throw new Fault('invalid', 'gatekeeper-needs-username', { field: 'uplink.username' });
      }
    },
    judgeRemoval: async ({ id: siteId }) => {
      const device = await store.endpoints.first({ siteId });
      if (device !== undefined) throw new Fault('conflict', 'in-use', { values: { user: device.name } });
      await ruleUses(store, 'siteId', siteId);
      await sessionUses(store, 'siteId', siteId);
    },
  });

  const endpoints = crud<Endpoint>(services, endpointResource(services));

  const trunks = crud<Trunk>(services, {
    what: 'trunk',
    path: '/trunks',
    tag: 'trunks',
    collection: store.trunks,
    schema: trunk,
    create: trunkIn,
    view: trunkView,
    query: z.strictObject({ ...page, sort: sortBy('name', 'createdAt', 'updatedAt'), enabled: flag.optional() }),
    read: 'viewer',
    write: 'admin',
    toView: withoutSecret,
    filter: (query) => equal(query, ['enabled']),
    toStored: async (sent) => sealSecret(seal, sent),
    judge: async (line) => {
      for (const [place, address] of line.addresses.entries()) {
        if (!isAddressRange(address)) {
          throw new Fault('invalid', 'address-invalid', { field: `addresses.${place}`, values: { address } });
        }
      }
      if (line.register && line.username === undefined) {
        throw new Fault('invalid', 'register-needs-username', { field: 'username' });
      }
    },
    judgeRemoval: async ({ id: trunkId }) => {
      await ruleUses(store, 'trunkId', trunkId);
      await sessionUses(store, 'trunkId', trunkId);
    },
  });

  const registrations = route({
    method: 'GET',
    path: '/registrations',
    tag: 'registrations',
    access: 'viewer',
    summary: 'List the contacts of registered devices',
    query: z.strictObject({ ...page, sort: sortBy('expiresAt', 'createdAt'), endpointId: id.optional() }),
    answer: listOf(registrationView),
    handle: async ({ query }) => {
      const filter = { expiresAt: { $gt: services.clock.now() }, ...equal(query, ['endpointId']) };
      const [items, total] = await Promise.all([
        store.registrations.find(filter, listing(query)),
        store.registrations.count(filter),
      ]);
      return { items, total };
    },
  });

  return [...sites, ...endpoints, ...trunks, registrations];
}

/** Devices of offices, as the API makes and changes them. */
export function endpointResource(
  { provisioning, pushMemory, seal, store }: Services,
  taken: Taken = takenIn(store),
): Resource<Endpoint> {
  return {
    what: 'endpoint',
    path: '/endpoints',
    tag: 'endpoints',
    collection: store.endpoints,
    schema: endpoint,
    create: endpointIn,
    view: endpointView,
    query: z.strictObject({
      ...page,
      sort: sortBy('name', 'number', 'kind', 'createdAt', 'updatedAt'),
      siteId: id.optional(),
      kind: endpoint.shape.kind.optional(),
      number: dialString.optional(),
      enabled: flag.optional(),
    }),
    read: 'viewer',
    write: 'admin',
    toView: withoutSecret,
    filter: (query) => equal(query, ['siteId', 'kind', 'number', 'enabled']),
    toStored: async (sent, before) => sealSecret(seal, withAccount(sent, before)),
    judge: async (device) => {
      await judgeDevice(taken, device);
      const registers = device.kind === 'sip' || device.kind === 'h323';
      if (registers && device.username === undefined)
        throw new Fault('invalid', 'username-needed', { field: 'username' });
      if (!registers && device.address === undefined)
        throw new Fault('invalid', 'address-needed', { field: 'address' });
      if (device.kind === 'h323') judgeGatekeeperDevice(device);
      if (device.siteId !== undefined && !(await taken.siteExists(device.siteId)))
        throw new Fault('invalid', 'unknown-reference', { field: 'siteId' });
      const { id: except, number, username } = device;
      if (username !== undefined && (await taken.owner('username', username, except)) !== undefined)
        throw new Fault('conflict', 'username-taken', { field: 'username', values: { username } });
      const owner = number === undefined ? undefined : await taken.owner('number', number, except);
      if (owner !== undefined)
        throw new Fault('conflict', 'number-taken', { field: 'number', values: { number: number ?? '', owner } });
    },
    judgeRemoval: async ({ id: endpointId }) => {
      await ruleUses(store, 'endpointId', endpointId);
      await sessionUses(store, 'endpointId', endpointId);
    },
    removed: async ({ id: endpointId }) => {
      await Promise.all([
        provisioning.keys.forget(endpointId),
        store.deviceStates.remove(endpointId),
        store.testCalls.removeAll({ endpointId }),
        store.registrations.removeAll({ endpointId }),
      ]);
    },
    changed: async (device, before) => {
      // Who may not register any more, or must with another password, is not called at the old contact.
      const renewed = before !== undefined && (before.secret !== device.secret || before.username !== device.username);
      if (device.enabled && device.device !== undefined && renewed) await pushMemory.accountChanged(before);
      if (!device.enabled || renewed) await store.registrations.removeAll({ endpointId: device.id });
      if (device.enabled && device.device !== undefined && before !== undefined) await pushMemory.changed([device.id]);
    },
  };
}

/** A password that nobody has to type. */
export const newPassword = (): string => randomBytes(24).toString('base64url');

/** A device that registers with the gatekeeper proves itself by a password, or by where it is, or both. */
function judgeGatekeeperDevice({ address, secret }: Endpoint): void {
  if (address !== undefined && !isAddressRange(address)) {
    throw new Fault('invalid', 'address-invalid', { field: 'address', values: { address } });
  }
  if (address === undefined && secret === undefined) {
    throw new Fault('invalid', 'secret-or-address-needed', { field: 'secret' });
  }
}

/** The fields of a query that are given, as a filter. */
export function equal(query: object, names: string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).filter(([name, value]) => names.includes(name) && value !== undefined),
  );
}

/** An IP address, or a range of them in CIDR form. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
