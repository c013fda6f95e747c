import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { unknownDevice } from '../../store/schema/devices.ts';
import { dialString, id } from '../../store/schema/names.ts';
import { endpoint } from '../../store/schema/places.ts';
import { flag, listing, listOf, page, sortBy } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { endpointView, withoutSecret } from '../views.ts';
import { maker } from './crud.ts';
import { endpointResource, newPassword } from './places.ts';

const { shape } = endpoint;
const adoptIn = z.strictObject({
  name: shape.name,
  siteId: id.optional(),
  number: dialString.optional(),
  /** What the device says of itself stands when these are absent. */
  model: z.string().trim().min(1).max(64).optional(),
  mac: z
    .string()
    .regex(/^([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$/i)
    .transform((text) => text.replace(/[:-]/g, '').toLowerCase())
    .optional(),
  /** The name that it registers in; its own, or made from its MAC address when absent. */
  username: z.string().trim().min(1).max(128).optional(),
  /** Made, long, when absent. */
  secret: z.string().min(1).max(100).optional(),
});

/** Devices that speak on the network and are not known yet. */
export function discovered(services: Services): Route[] {
  const { audit, store } = services;
  const make = maker(services, endpointResource(services));
  const found = async (wanted: string) => {
    const device = await store.unknownDevices.get(wanted);
    if (device === undefined) throw new Fault('not-found', 'not-found');
    return device;
  };
  return [
    route({
      method: 'GET',
      path: '/discovered',
      tag: 'discovered',
      access: 'operator',
      summary: 'List devices that were seen on the network and are not known: by whom, how, how often',
      query: z.strictObject({
        ...page,
        sort: sortBy('lastAt', 'createdAt', 'count', 'source', 'seen').default('-lastAt'),
        seen: unknownDevice.shape.seen.optional(),
        dismissed: flag.default(false),
      }),
      answer: listOf(unknownDevice),
      handle: async ({ query }) => {
        const { dismissed, seen } = query;
        const filter = { dismissed: dismissed ? true : { $ne: true }, ...(seen === undefined ? {} : { seen }) };
        const [items, total] = await Promise.all([
          store.unknownDevices.find(filter, listing(query)),
          store.unknownDevices.count(filter),
        ]);
        return { items, total };
      },
    }),
    route({
      method: 'POST',
      path: '/discovered/:id/adopt',
      tag: 'discovered',
      access: 'admin',
      summary: 'Enter a discovered device as an endpoint, with the model and MAC address that it told',
      params: z.object({ id: unknownDevice.shape.id }),
      body: adoptIn,
      answer: endpointView,
      status: 201,
      tagged: true,
      handle: async (exchange) => {
        const device = await found(exchange.params.id);
        const { body } = exchange;
        const model = body.model ?? device.model;
        const mac = body.mac ?? device.mac;
        const h323 = device.seen === 'rrq';
        const told = device.seen === 'register' || h323 ? device.name?.split(',')[0]?.trim() : undefined;
        const username = body.username ?? (told === '' ? undefined : told) ?? mac;
        const endpoint = await make(exchange, {
          name: body.name,
          kind: h323 ? 'h323' : 'sip',
          ...(body.siteId === undefined ? {} : { siteId: body.siteId }),
          ...(body.number === undefined ? {} : { number: body.number }),
          ...(username === undefined ? {} : { username }),
          // A codec that registers with our gatekeeper proves itself by where it is, unless a password is given.
          ...(h323 && body.secret === undefined
            ? { address: device.source }
            : { secret: body.secret ?? newPassword() }),
          ...(model === undefined || mac === undefined ? {} : { device: { model, mac } }),
        });
        await store.unknownDevices.removeAll(
          mac === undefined ? { id: device.id } : { $or: [{ _id: device.id }, { mac }] },
        );
        return withoutSecret(endpoint);
      },
    }),
    route({
      method: 'DELETE',
      path: '/discovered/:id',
      tag: 'discovered',
      access: 'operator',
      summary: 'Dismiss a discovered device: it is not shown any more, however often it is seen',
      params: z.object({ id: unknownDevice.shape.id }),
      handle: async (exchange) => {
        const device = await found(exchange.params.id);
        exchange.ifMatch(device);
        await store.unknownDevices.update(device.id, { dismissed: true });
        await audit.changed(exchange, { what: 'discovered', id: device.id, action: 'remove', before: device });
      },
    }),
  ];
}
