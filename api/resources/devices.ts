import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { isUpToDate } from '../../provisioning/server/device-files.ts';
import { deviceState, proof, testCall } from '../../store/schema/devices.ts';
import { id } from '../../store/schema/names.ts';
import { type Endpoint, endpoint } from '../../store/schema/places.ts';
import { byId, listOf } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { registrationView } from '../views.ts';

const fileView = z.object({
  /** What the device calls it. */
  file: z.string(),
  /** SHA-256 of what it should have, of what it was last given, and since when it has that. */
  version: z.string(),
  given: z.string().optional(),
  givenAt: z.date().optional(),
  upToDate: z.boolean(),
});

const deviceView = z.object({
  endpointId: id,
  model: z.string(),
  mac: z.string(),
  serial: z.string().optional(),
  /** Absent: there is no template for this model. */
  vendor: z.string().optional(),
  delivery: z.enum(['fetch', 'xapi']).optional(),
  /** Its settings fit together; else it is given nothing and keeps what it has. */
  fits: z.boolean(),
  files: z.array(fileView),
  /** It has what it should. */
  upToDate: z.boolean(),
  /** Settings that no file carries: to be set on the device itself. */
  notCarried: z.array(z.string()),
  ...deviceState.pick({
    lastAskedAt: true,
    lastAskedFrom: true,
    lastFile: true,
    userAgent: true,
    firmware: true,
    provenAt: true,
    lastProof: true,
    elsewhere: true,
    lastRefusedAt: true,
    lastRefusedFrom: true,
    networks: true,
    refusals: true,
  }).shape,
  provenBy: proof.optional(),
  keyMadeAt: z.date().optional(),
  /** Where it is registered from. */
  registrations: z.array(registrationView),
  lastTest: testCall.optional(),
});

const revealView = z.object({
  /** Address with the key in it, to be entered into the device or a vendor's redirect service. */
  url: z.string(),
  /** The same by user and password. */
  loginUrl: z.string(),
  username: z.string(),
  password: z.string(),
  adminPassword: z.string(),
});

/** The hardware behind an endpoint: what it was given, what it runs, its key, and a call that tries it. */
export function devices(services: Services): Route[] {
  const { audit, clock, gateway, provisioning, store } = services;

  const hardware = async (endpointId: string): Promise<Endpoint & { device: NonNullable<Endpoint['device']> }> => {
    const found = await store.endpoints.get(endpointId);
    if (found?.device === undefined) throw new Fault('not-found', 'not-found');
    return { ...found, device: found.device };
  };

  const view = async (endpointId: string): Promise<z.output<typeof deviceView>> => {
    const found = await hardware(endpointId);
    const [set, state, registrations, lastTest] = await Promise.all([
      provisioning.files.of(found).catch((error: unknown) => {
        services.logger.warn({ err: error, endpointId }, 'the settings of a device do not fit together');
        return null;
      }),
      provisioning.states.get(endpointId),
      store.registrations.find({ endpointId, expiresAt: { $gt: clock.now() } }),
      store.testCalls.first({ endpointId }, { sort: { startedAt: -1 } }),
    ]);
    const secrets = await store.deviceSecrets.get(endpointId);
    const given = state?.given ?? [];
    const { mac, model, serial } = found.device;
    return {
      networks: [],
      refusals: 0,
      ...state,
      endpointId,
      model,
      mac,
      serial,
      fits: set !== null,
      vendor: set?.template.vendor,
      delivery: set?.template.delivery,
      files: (set?.files ?? []).map(({ paths, version }) => {
        const has = given.find(({ file }) => file === paths[0]);
        return {
          file: paths[0] ?? '',
          version,
          given: has?.version,
          givenAt: has?.at,
          upToDate: has?.version === version,
        };
      }),
      upToDate: isUpToDate(set?.files ?? [], given),
      notCarried: set?.notCarried ?? [],
      keyMadeAt: secrets?.keyMadeAt,
      registrations,
      lastTest,
    };
  };

  return [
    route({
      method: 'GET',
      path: '/endpoints/:id/device',
      tag: 'endpoints',
      access: 'operator',
      summary: 'Show what a device was given and should have, when it last asked, what it runs, where it is registered',
      params: byId,
      answer: deviceView,
      handle: ({ params }) => view(params.id),
    }),
    route({
      method: 'POST',
      path: '/endpoints/:id/device/key',
      tag: 'endpoints',
      access: 'admin',
      summary: 'Give a device another key; the old one fetches the file with the new one for some hours, or no more',
      params: byId,
      body: z.strictObject({ graceHours: z.number().int().min(0).max(720).default(72) }),
      answer: deviceView,
      handle: async (exchange) => {
        const { params, body } = exchange;
        await hardware(params.id);
        await provisioning.keys.renew(params.id, body.graceHours * 3600_000);
        await audit.changed(exchange, { what: 'device-key', id: params.id, action: 'renew', after: body });
        return view(params.id);
      },
    }),
    route({
      method: 'POST',
      path: '/endpoints/:id/device/reveal',
      tag: 'endpoints',
      access: 'admin',
      summary: 'Show the secrets of one device, to set it by hand; that somebody looked is logged',
      params: byId,
      answer: revealView,
      handle: async (exchange) => {
        const { device } = await hardware(exchange.params.id);
        const { adminPassword, key } = await provisioning.keys.of(exchange.params.id);
        await audit.changed(exchange, { what: 'device-secrets', id: exchange.params.id, action: 'reveal' });
        const [base] = services.provisioningUrls();
        return {
          url: provisioning.files.urlOf(key),
          loginUrl: `${base}a/`,
          username: device.mac,
          password: key,
          adminPassword,
        };
      },
    }),
    route({
      method: 'POST',
      path: '/endpoints/:id/device/networks',
      tag: 'endpoints',
      access: 'admin',
      summary: 'Say that a device is in a network where its key was used',
      params: byId,
      body: z.strictObject({ network: z.union([z.cidrv4(), z.cidrv6()]) }),
      answer: deviceView,
      handle: async (exchange) => {
        const { params, body } = exchange;
        await hardware(params.id);
        await provisioning.states.trust(params.id, body.network);
        await audit.changed(exchange, { what: 'device-network', id: params.id, action: 'trust', after: body });
        return view(params.id);
      },
    }),
    route({
      method: 'POST',
      path: '/endpoints/:id/test-call',
      tag: 'endpoints',
      access: 'operator',
      summary: 'Call a device, greet it, return its sound and measure both ways; the result comes into the record',
      params: byId,
      answer: testCall,
      status: 202,
      idempotent: true,
      handle: async ({ actor, params }) => {
        if ((await store.endpoints.get(params.id)) === undefined) throw new Fault('not-found', 'not-found');
        return gateway.testCall(params.id, actor);
      },
    }),
    route({
      method: 'GET',
      path: '/endpoints/:id/test-calls',
      tag: 'endpoints',
      access: 'operator',
      summary: 'List the test calls of a device, the latest first',
      params: z.object({ id: endpoint.shape.id }),
      answer: listOf(testCall),
      handle: async ({ params }) => {
        const items = await store.testCalls.find({ endpointId: params.id }, { sort: { startedAt: -1 } });
        return { items, total: items.length };
      },
    }),
  ];
}
