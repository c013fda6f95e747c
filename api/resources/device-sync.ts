import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { modelNamed } from '../../provisioning/catalogue.ts';
import { syncResults } from '../../provisioning/push/outcome.ts';
import type { SyncRun } from '../../provisioning/push/runs.ts';
import { id } from '../../store/schema/names.ts';
import { byId } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { mustExist } from './references.ts';

const result = z.enum(syncResults);

const outcome = z.object({
  endpointId: z.string(),
  name: z.string(),
  way: z.enum(['sip', 'xapi', 'none']),
  result,
  contacts: z.array(
    z.object({ contact: z.string(), event: z.string(), status: z.number().int(), reason: z.string(), result }),
  ),
  settings: z.array(
    z.object({
      path: z.string(),
      result: z.enum(['applied', 'refused', 'differs']),
      reason: z.string().optional(),
    }),
  ),
});

const runView = z.object({
  id,
  startedAt: z.date(),
  endedAt: z.date().optional(),
  total: z.number().int().min(0),
  done: z.number().int().min(0),
  /** How many came out how. */
  results: z.record(z.string(), z.number().int()),
  outcomes: z.array(outcome),
});

const which = z
  .strictObject({ siteId: id.optional(), model: z.string().min(1).max(64).optional() })
  .refine((asked) => asked.siteId !== undefined || asked.model !== undefined, { path: ['siteId'] });

/** More than the largest province has of one model. */
const mostAtOnce = 10_000;

/** Telling devices to take their settings now. */
export function deviceSync(services: Services): Route[] {
  const { audit, provisioning, pushMemory, seal, store, push, syncRuns } = services;
  const shown = (run: SyncRun) => {
    const results: Record<string, number> = {};
    for (const one of run.outcomes) results[one.result] = (results[one.result] ?? 0) + 1;
    return { ...run, done: run.outcomes.length, results };
  };
  const found = async (endpointId: string) => {
    const endpoint = await store.endpoints.get(endpointId);
    if (endpoint === undefined) throw new Fault('not-found', 'endpoint.unknown');
    return endpoint;
  };
  return [
    route({
      method: 'PUT',
      path: '/endpoints/:id/device/admin-password',
      tag: 'provisioning',
      access: 'admin',
      summary: 'Give the password of the device’s own administrator, where it was set on the device (room codecs)',
      params: byId,
      body: z.strictObject({ password: z.string().min(1).max(100) }),
      // A password is never read.
      stateless: true,
      handle: async (exchange) => {
        const { id: endpointId } = await found(exchange.params.id);
        // Makes its other secrets where it has none yet.
        await provisioning.keys.of(endpointId);
        await store.deviceSecrets.update(endpointId, { adminPassword: seal.seal(exchange.body.password) });
        await audit.changed(exchange, { what: 'device', id: endpointId, action: 'admin-password' });
      },
    }),
    route({
      method: 'DELETE',
      path: '/endpoints/:id/device/certificate',
      tag: 'provisioning',
      access: 'admin',
      summary:
        'Forget the certificate that the device showed first: it was replaced, or set back to the factory’s state',
      params: byId,
      // Whether one is known is part of the device’s state, which changes with each of its requests.
      stateless: true,
      handle: async (exchange) => {
        const { id: endpointId } = await found(exchange.params.id);
        await pushMemory.forgetCertificate(endpointId);
        await audit.changed(exchange, { what: 'device', id: endpointId, action: 'forget-certificate' });
      },
    }),
    route({
      method: 'POST',
      path: '/endpoints/:id/device/sync',
      tag: 'provisioning',
      access: 'operator',
      summary: 'Tell a device to take its settings now, and say what it answered',
      params: byId,
      answer: outcome,
      handle: async ({ params, actor }) => push.sync(await found(params.id), actor),
    }),
    route({
      method: 'POST',
      path: '/provisioning/sync',
      tag: 'provisioning',
      access: 'admin',
      summary: 'Tell all devices of a site, of a model, or of a model at a site; goes on in the background',
      body: which,
      answer: runView,
      status: 202,
      idempotent: true,
      handle: async (exchange) => {
        const { actor, body } = exchange;
        const { model, siteId } = body;
        if (siteId !== undefined) await mustExist(store.sites, siteId, 'siteId');
        const filter = {
          enabled: true,
          ...(siteId === undefined ? {} : { siteId }),
          ...(model === undefined ? {} : { 'device.model': modelNamed(model)?.model.name ?? model }),
        };
        const run = shown(syncRuns.begin(await store.endpoints.find(filter, { limit: mostAtOnce }), actor));
        await audit.changed(exchange, { what: 'device-sync', id: run.id, action: 'begin', after: body });
        return run;
      },
    }),
    route({
      method: 'GET',
      path: '/provisioning/sync/:id',
      tag: 'provisioning',
      access: 'operator',
      summary: 'Show how far telling many devices has come, and what each answered',
      params: byId,
      answer: runView,
      handle: async ({ params }) => {
        const run = syncRuns.get(params.id);
        if (run === undefined) throw new Fault('not-found', 'not-found');
        return shown(run);
      },
    }),
  ];
}
