import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { modelNamed } from '../../provisioning/catalogue.ts';
import { contactWindow, deviceOverrides } from '../../store/schema/devices.ts';
import { id } from '../../store/schema/names.ts';
import { byId, listOf } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { turnOf } from './crud.ts';
import { checkedOverrides } from './hardware.ts';
import { mustExist } from './references.ts';

const windowIn = z
  .strictObject({
    endpointId: id.optional(),
    siteId: id.optional(),
    minutes: z.number().int().min(1).max(1440).default(30),
    /** First contacts that are let in. */
    most: z.number().int().min(1).max(1000).default(1),
  })
  .refine(({ endpointId, siteId }) => (endpointId === undefined) !== (siteId === undefined), { path: ['endpointId'] });

const layer = z.object({ scope: deviceOverrides.shape.scope, of: z.string().min(1).max(64) });
const blockView = z.object({ source: z.string(), since: z.date(), until: z.date() });
const keptDays = 7;

/** Contact windows, settings of models and sites, blocked sources. */
export function provisioningAccess(services: Services): Route[] {
  const { audit, clock, ids, provisioning, pushMemory, store } = services;
  const tag = 'provisioning';
  /** The devices of a model or site take their new settings by themselves. */
  const told = async (scope: 'model' | 'site', of: string): Promise<void> => {
    const whose = scope === 'site' ? { siteId: of, device: { $exists: true } } : { 'device.model': of };
    const devices = await store.endpoints.find({ ...whose, enabled: true });
    await pushMemory.changed(devices.map(({ id }) => id));
  };
  return [
    route({
      method: 'GET',
      path: '/provisioning/windows',
      tag,
      access: 'operator',
      summary: 'List the contact windows of the last days, who came through, and which are open',
      answer: listOf(contactWindow),
      handle: async () => {
        const items = await store.contactWindows.find({}, { sort: { closesAt: -1 } });
        return { items, total: items.length };
      },
    }),
    route({
      method: 'POST',
      path: '/provisioning/windows',
      tag,
      access: 'admin',
      summary: 'Let a device, or the new devices of a site, in by their MAC address for some minutes',
      body: windowIn,
      answer: contactWindow,
      status: 201,
      handle: async (exchange) => {
        const { endpointId, minutes, most, siteId } = exchange.body;
        if (siteId !== undefined) await mustExist(store.sites, siteId, 'siteId');
        if (endpointId !== undefined) {
          const { device } = await mustExist(store.endpoints, endpointId, 'endpointId');
          if (device === undefined) throw new Fault('invalid', 'device-needed', { field: 'endpointId' });
        }
        const now = clock.now().getTime();
        await store.contactWindows.removeAll({ closesAt: { $lt: new Date(now - keptDays * 86_400_000) } });
        const whose = endpointId === undefined ? { siteId } : { endpointId };
        const closesAt = new Date(now + minutes * 60_000);
        const kept = await store.contactWindows.insert({ id: ids(), ...whose, closesAt, most, used: [] });
        await audit.changed(exchange, { what: 'contact-window', id: kept.id, action: 'open', after: kept });
        return kept;
      },
    }),
    route({
      method: 'DELETE',
      path: '/provisioning/windows/:id',
      tag,
      access: 'admin',
      summary: 'Close a contact window',
      params: byId,
      handle: async (exchange) => {
        const before = await store.contactWindows.get(exchange.params.id);
        if (before === undefined) throw new Fault('not-found', 'not-found');
        exchange.ifMatch(before);
        const after = await store.contactWindows.update(before.id, { closesAt: clock.now() });
        await audit.changed(exchange, { what: 'contact-window', id: before.id, action: 'close', before, after });
      },
    }),
    route({
      method: 'GET',
      path: '/provisioning/overrides',
      tag,
      access: 'viewer',
      summary: 'List what is set otherwise for all devices of a model or of a site',
      answer: listOf(deviceOverrides),
      handle: async () => {
        const items = await store.deviceOverrides.find({}, { sort: { scope: 1, of: 1 } });
        return { items, total: items.length };
      },
    }),
    route({
      method: 'PUT',
      path: '/provisioning/overrides/:scope/:of',
      tag,
      access: 'admin',
      summary: 'Set settings otherwise for all devices of a model (its name) or of a site (its identifier)',
      params: layer,
      body: z.strictObject({ overrides: z.record(z.string().max(64), z.unknown()) }),
      answer: deviceOverrides,
      handle: (exchange) =>
        turnOf(store.deviceOverrides)(async () => {
          const { scope } = exchange.params;
          if (scope === 'site') await mustExist(store.sites, exchange.params.of, 'of');
          const of = scope === 'model' ? modelNamed(exchange.params.of)?.model.name : exchange.params.of;
          if (of === undefined)
            throw new Fault('invalid', 'model-unknown', { field: 'of', values: { model: exchange.params.of } });
          const overrides = { ...checkedOverrides(exchange.body.overrides, 'overrides') };
          const before = await store.deviceOverrides.first({ scope, of });
          exchange.ifMatch(before);
          const kept =
            before === undefined
              ? await store.deviceOverrides.insert({ id: ids(), scope, of, overrides })
              : await store.deviceOverrides.update(before.id, { overrides });
          if (kept === undefined) throw new Fault('not-found', 'not-found');
          await audit.changed(exchange, {
            what: 'device-overrides',
            id: kept.id,
            action: before === undefined ? 'create' : 'change',
            ...(before === undefined ? {} : { before }),
            after: kept,
          });
          await told(scope, of);
          return kept;
        }),
    }),
    route({
      method: 'DELETE',
      path: '/provisioning/overrides/:scope/:of',
      tag,
      access: 'admin',
      summary: 'Set all devices of a model or site as their template has it',
      params: layer,
      handle: (exchange) =>
        turnOf(store.deviceOverrides)(async () => {
          const before = await store.deviceOverrides.first({ ...exchange.params });
          if (before === undefined) throw new Fault('not-found', 'not-found');
          exchange.ifMatch(before);
          await store.deviceOverrides.remove(before.id);
          await audit.changed(exchange, { what: 'device-overrides', id: before.id, action: 'remove', before });
          await told(before.scope, before.of);
        }),
    }),
    route({
      method: 'GET',
      path: '/provisioning/blocks',
      tag,
      access: 'operator',
      summary: 'List addresses that are not heard because too much was refused to them',
      answer: listOf(blockView),
      handle: async () => {
        const items = provisioning.blocks.list(clock.now());
        return { items, total: items.length };
      },
    }),
    route({
      method: 'POST',
      path: '/provisioning/blocks/lift',
      tag,
      access: 'admin',
      summary: 'Hear an address again',
      body: z.strictObject({ source: z.string().min(1).max(64) }),
      handle: async (exchange) => {
        const { source } = exchange.body;
        if (!provisioning.blocks.lift(source)) throw new Fault('not-found', 'not-found');
        await audit.changed(exchange, { what: 'provisioning-block', id: source, action: 'lift' });
      },
    }),
  ];
}
