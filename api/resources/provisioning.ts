import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { modelNamed, models } from '../../provisioning/catalogue.ts';
import { settingsOf } from '../../provisioning/device.ts';
import { differences, entriesOf, withoutSecrets } from '../../provisioning/entries.ts';
import { inOrder, storedLayers } from '../../provisioning/layers.ts';
import { filesWith } from '../../provisioning/render.ts';
import { originOf, settingKinds, valueIn } from '../../provisioning/setting-list.ts';
import { deviceSettings, type Overrides, overrides } from '../../provisioning/settings.ts';
import { fill } from '../../provisioning/sheets/fill.ts';
import { sheetHtml, sheetPdf } from '../../provisioning/sheets/print.ts';
import { sheetFor, sheets } from '../../provisioning/sheets/sheets.ts';
import { shortfall } from '../../provisioning/shortfall.ts';
import { id } from '../../store/schema/names.ts';
import { check } from '../errors.ts';
import { listOf } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { mustExist } from './references.ts';

const previewIn = z.strictObject({
  endpointId: id,
  /** The endpoint's own when absent. */
  model: z.string().min(1).max(64).optional(),
  /** With or without separators between the pairs; the endpoint's own when absent. */
  mac: z
    .string()
    .regex(/^([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$/i)
    .transform((text) => text.replace(/[:-]/g, '').toLowerCase())
    .optional(),
  /**
   * What is to be set otherwise in the place of what is kept: of all devices of the model, of the site, of this device.
   * The later counts.
   */
  overrides: z
    .strictObject({ model: overrides.optional(), site: overrides.optional(), device: overrides.optional() })
    .default({}),
});

/** What of the gatekeeper may be set otherwise. */
const h323Names = overrides.shape.h323.unwrap().shape;

const layers = ['model', 'site', 'device'] as const;

const modelOut = z.object({
  model: z.string(),
  vendor: z.string(),
  template: z.string(),
  kind: z.enum(['phone', 'ata', 'codec']),
  protocols: z.array(z.enum(['sip', 'h323'])),
  delivery: z.enum(['fetch', 'xapi']),
  accounts: z.number(),
  speedDials: z.number(),
});

const settingOut = z.object({
  name: z.string(),
  kind: z.enum(['choice', 'number', 'text', 'order', 'lines', 'keys']),
  choices: z.array(z.string()).optional(),
  least: z.number().optional(),
  most: z.number().optional(),
  step: z.number().optional(),
  /** What the device is set to now. */
  value: z
    .union([z.string(), z.number(), z.array(z.string()), z.array(deviceSettings.shape.speedDials.unwrap().element)])
    .optional(),
  /** Whose word that is: the template's (and its own entry's), or what was set otherwise. */
  origin: z.enum(['template', 'model', 'site', 'device']).optional(),
  /** Whether the device's file can carry it as it is set now; absent where it is not set. */
  carried: z.boolean().optional(),
});

const sheetOut = z.object({
  model: z.string(),
  vendor: z.string(),
  sheet: z.string(),
  protocols: z.array(z.enum(['sip', 'h323'])),
  /** The document that the names on it come from. */
  source: z.string().optional(),
});

const sheetIn = z.strictObject({
  endpointId: id,
  model: z.string().min(1).max(64),
  /** Of this device, in the place of what is kept. */
  overrides: overrides.optional(),
});

const previewOut = z.object({
  files: z.array(z.object({ paths: z.array(z.string()), mediaType: z.string(), text: z.string() })),
  differences: z.array(z.object({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  /** Settings that the file cannot carry: to be set on the device itself. */
  notCarried: z.array(z.string()),
});

/** The models that there are templates for, and what a device would be set to. */
export function provisioning({ store, config, clock }: Services): Route[] {
  return [
    route({
      method: 'GET',
      path: '/provisioning/models',
      tag: 'provisioning',
      access: 'viewer',
      summary: 'List the models that can be configured',
      answer: listOf(modelOut),
      handle: async () => ({
        items: models.map(({ model, template }) => ({
          model: model.name,
          vendor: template.vendor,
          template: template.id,
          kind: template.kind,
          protocols: [...template.protocols],
          delivery: template.delivery,
          accounts: template.accounts.length,
          speedDials: template.keys.length,
        })),
        total: models.length,
      }),
    }),
    route({
      method: 'GET',
      path: '/provisioning/settings',
      tag: 'provisioning',
      access: 'operator',
      summary:
        'List what may be set otherwise and what can be written there; of one device, what it is set to and by whom',
      query: z.strictObject({ endpointId: id.optional() }),
      answer: listOf(settingOut),
      handle: async ({ query }) => {
        const total = settingKinds.length;
        if (query.endpointId === undefined) return { items: settingKinds.map((kind) => ({ ...kind })), total };
        const device = await mustExist(store.endpoints, query.endpointId, 'endpointId');
        const layers = await storedLayers(store, device);
        const hidden = device.kind === 'h323' && device.secret === undefined ? '' : 'hidden';
        const given = settingsOf(device, config, { password: hidden, layers: inOrder(layers) });
        const settings = check(deviceSettings, given);
        const template = modelNamed(device.device?.model ?? '')?.template;
        const lacking = template === undefined ? [] : shortfall(template, settings);
        const items = settingKinds.map((kind) => {
          const value = valueIn(settings, kind.name);
          if (value === undefined) return kind;
          const lacks = lacking.some((name) => name === kind.name || name.startsWith(`${kind.name}.`));
          return {
            ...kind,
            value: value as z.output<typeof settingOut>['value'],
            origin: originOf(layers, kind.name),
            ...(template === undefined ? {} : { carried: !lacks }),
          };
        });
        return { items, total };
      },
    }),
    route({
      method: 'POST',
      path: '/provisioning/preview',
      tag: 'provisioning',
      access: 'admin',
      summary: 'Show the files of a device, and what overrides would change in them; passwords are hidden',
      body: previewIn,
      answer: previewOut,
      handle: async ({ body }) => {
        const device = await mustExist(store.endpoints, body.endpointId, 'endpointId');
        const named = body.model ?? device.device?.model ?? '';
        const found = modelNamed(named);
        if (found === undefined)
          throw new Fault('invalid', 'model-unknown', { field: 'model', values: { model: named } });
        const { template, model } = found;
        const mac = body.mac ?? device.device?.mac;
        if (mac === undefined) throw new Fault('invalid', 'field-required', { field: 'mac', values: { field: 'mac' } });
        const protocol = device.kind === 'sip' || device.kind === 'h323' ? device.kind : undefined;
        if (protocol === undefined || !template.protocols.includes(protocol))
          throw new Fault('invalid', 'device-not-for-model', { field: 'endpointId', values: { model: model.name } });
        const asSet = (over: readonly Overrides[]) =>
          // The API never opens passwords: what stands here is hidden again before anybody sees it.
          check(deviceSettings, settingsOf(device, config, { password: 'hidden', layers: over }));
        const kept = await storedLayers(store, device, model.name);
        const [before, after] = [asSet(inOrder(kept)), asSet(inOrder({ ...kept, ...body.overrides }))];
        const notCarried = shortfall(template, after);
        const gatekeeper = after.h323 === undefined ? Object.keys(h323Names).map((name) => `h323.${name}`) : [];
        refuseUncarried(body.overrides, [...notCarried, ...gatekeeper], model.name);
        const [old, now] = [before, after].map((settings) => withoutSecrets(entriesOf(template, settings)));
        return {
          files: filesWith(template, now ?? [], { mac, model }),
          differences: differences(old ?? [], now ?? []),
          notCarried,
        };
      },
    }),
    route({
      method: 'GET',
      path: '/provisioning/sheets',
      tag: 'provisioning',
      access: 'viewer',
      summary: 'List the models that are set by hand, by a printed setting sheet',
      answer: listOf(sheetOut),
      handle: async () => {
        const items = sheets.flatMap((sheet) =>
          sheet.models.map((model) => ({
            model,
            vendor: sheet.vendor,
            sheet: sheet.id,
            protocols: [...sheet.protocols],
            ...(sheet.source === undefined ? {} : { source: sheet.source }),
          })),
        );
        return { items, total: items.length };
      },
    }),
    ...(['pdf', 'html'] as const).map((form) =>
      route({
        method: 'POST',
        path: `/provisioning/sheet.${form}`,
        tag: 'provisioning',
        access: 'admin',
        summary: `The setting sheet of a device as ${form.toUpperCase()}; passwords are left to be written by hand`,
        body: sheetIn,
        answer: { mediaType: form === 'pdf' ? 'application/pdf' : 'text/html', description: 'The sheet' },
        handle: async ({ body, language, context }) => {
          const found = sheetFor(body.model);
          if (found === undefined)
            throw new Fault('invalid', 'model-unknown', { field: 'model', values: { model: body.model } });
          const { sheet, model } = found;
          const device = await mustExist(store.endpoints, body.endpointId, 'endpointId');
          if (!sheet.protocols.some((protocol) => protocol === device.kind))
            throw new Fault('invalid', 'device-not-for-model', { field: 'endpointId', values: { model } });
          const given = { password: device.secret === undefined && device.kind === 'h323' ? '' : 'hidden' };
          const kept = await storedLayers(store, device, model);
          const all = inOrder({ ...kept, ...(body.overrides === undefined ? {} : { device: body.overrides }) });
          const settings = check(deviceSettings, settingsOf(device, config, { ...given, layers: all }));
          const printedOn = new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
            dateStyle: 'medium',
            timeZone: 'Asia/Ho_Chi_Minh',
          }).format(clock.now());
          const filled = fill(sheet, settings, { name: device.name, model, printedOn }, language);
          context.type = form === 'pdf' ? 'application/pdf' : 'text/html; charset=utf-8';
          context.set('Content-Disposition', `inline; filename="phieu-cai-dat.${form}"`);
          context.body = form === 'pdf' ? await sheetPdf(filled, language) : sheetHtml(filled, language);
        },
      }),
    ),
  ];
}

/** An override that the model's files cannot carry would seem to work and do nothing: refused by name. */
function refuseUncarried(given: z.output<typeof previewIn>['overrides'], notCarried: readonly string[], model: string) {
  for (const layer of layers) {
    const { account = {}, h323 = {}, ...others } = given[layer] ?? {};
    const names = [
      ...Object.keys(others),
      ...Object.keys(account).map((name) => `account.${name}`),
      ...Object.keys(h323).map((name) => `h323.${name}`),
    ];
    const setting = names.find((name) => notCarried.includes(name));
    if (setting !== undefined)
      throw new Fault('invalid', 'setting-unknown', {
        field: `overrides.${layer}.${setting}`,
        values: { setting, model },
      });
  }
}
