import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { models, templateOf } from '../../provisioning/catalogue.ts';
import { differences, entriesOf, knows, render, withoutSecrets } from '../../provisioning/render.ts';
import { type Overrides, overrides, settings } from '../../provisioning/settings.ts';
import { id } from '../../store/schema/names.ts';
import { check } from '../errors.ts';
import { listOf } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { mustExist } from './references.ts';

const previewIn = z.strictObject({
  endpointId: id,
  model: z.string().min(1).max(64),
  /** With or without separators between the pairs. */
  mac: z
    .string()
    .regex(/^([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$/i)
    .transform((text) => text.replace(/[:-]/g, '').toLowerCase()),
  /** The later counts: of all devices of the model, of the site, of this device. */
  overrides: z
    .strictObject({ model: overrides.optional(), site: overrides.optional(), device: overrides.optional() })
    .default({}),
});

const layers = ['model', 'site', 'device'] as const;

const previewOut = z.object({
  file: z.string(),
  mediaType: z.string(),
  text: z.string(),
  differences: z.array(z.object({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
});

/** The models that there are templates for, and what a device would be set to. */
export function provisioning({ store, config }: Services): Route[] {
  return [
    route({
      method: 'GET',
      path: '/provisioning/models',
      tag: 'provisioning',
      access: 'viewer',
      summary: 'List the models that can be configured',
      answer: listOf(z.object({ model: z.string(), vendor: z.string() })),
      handle: async () => ({ items: models.map(({ model, vendor }) => ({ model, vendor })), total: models.length }),
    }),
    route({
      method: 'POST',
      path: '/provisioning/preview',
      tag: 'provisioning',
      access: 'admin',
      summary: 'Show the file of a device, and what overrides change in it; passwords are hidden',
      body: previewIn,
      answer: previewOut,
      handle: async ({ body }) => {
        const template = templateOf(body.model);
        if (template === undefined)
          throw new Fault('invalid', 'model-unknown', { field: 'model', values: { model: body.model } });
        const device = await mustExist(store.endpoints, body.endpointId, 'endpointId');
        if (device.kind !== 'sip') throw new Fault('invalid', 'device-not-sip', { field: 'endpointId' });
        const own = {
          displayName: device.name,
          username: device.username,
          // The API never opens passwords: what stands here is hidden again before anybody sees it.
          password: 'hidden',
          srtp: device.srtp,
          transport: 'udp' as const,
          sipHost: config.publicHost,
        };
        const { model = {}, site = {}, device: single = {} } = body.overrides;
        const over = { ...model, ...site, ...single };
        const unknown = Object.keys(over).find((name) => !knows(template, name));
        if (unknown !== undefined) {
          throw new Fault('invalid', 'setting-unknown', {
            field: `overrides.${[...layers].reverse().find((layer) => unknown in (body.overrides[layer] ?? {}))}.${unknown}`,
            values: { setting: unknown, model: body.model },
          });
        }
        const asSet = (over: Overrides) => {
          const transport = over.transport ?? own.transport;
          const sipPort = transport === 'tls' ? config.sipsPort : config.sipPort;
          return withoutSecrets(entriesOf(template, check(settings, { ...own, sipPort, ...over })));
        };
        const [before, after] = [asSet({}), asSet(over)];
        const { name, mediaType, text } = render(template, body.mac, after);
        return { file: name, mediaType, text, differences: differences(before, after) };
      },
    }),
  ];
}
