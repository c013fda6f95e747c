import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { labelSheets } from '../../provisioning/labels/labels.ts';
import { id } from '../../store/schema/names.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

const most = 240;

/** Labels to stick on devices. */
export function labels({ store }: Services): Route[] {
  return [
    route({
      method: 'POST',
      path: '/endpoints/labels',
      tag: 'endpoints',
      access: 'operator',
      summary: 'Print labels: name, number, model, MAC address, and a QR code that leads to the device in the console',
      body: z.strictObject({
        /** These devices, in this order; else those of the site, or all. */
        ids: z.array(id).min(1).max(most).optional(),
        siteId: id.optional(),
        /** Labels of the first sheet that are used already. */
        skip: z.number().int().min(0).max(23).default(0),
      }),
      answer: { mediaType: 'application/pdf', description: 'A4 sheets of 3 × 8 labels' },
      handle: async ({ body, context, language }) => {
        const filter =
          body.ids !== undefined
            ? { id: { $in: body.ids } }
            : { ...(body.siteId === undefined ? {} : { siteId: body.siteId }) };
        const found = await store.endpoints.find(filter, { sort: { name: 1, _id: 1 }, limit: most + 1 });
        if (found.length === 0) throw new Fault('invalid', 'labels.none');
        if (found.length > most) throw new Fault('invalid', 'labels.too-many', { values: { most } });
        const place = (wanted: string): number => body.ids?.indexOf(wanted) ?? 0;
        const devices = found.sort((a, b) => place(a.id) - place(b.id));
        const sites = new Map((await store.sites.find()).map(({ id, name }) => [id, name]));
        const sheets = await labelSheets(
          devices.map(({ device, id, name, number, siteId }) => {
            const site = sites.get(siteId ?? '');
            return {
              name,
              link: `${context.origin}/devices?device=${id}`,
              ...(number === undefined ? {} : { number }),
              ...(site === undefined ? {} : { site }),
              ...(device === undefined ? {} : { model: device.model, mac: device.mac }),
            };
          }),
          language,
          body.skip,
        );
        context.set('Content-Disposition', 'attachment; filename="labels.pdf"');
        context.type = 'application/pdf';
        context.body = sheets;
      },
    }),
  ];
}
