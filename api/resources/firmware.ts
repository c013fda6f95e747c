import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { listOf } from '../fields.ts';
import { receiveUpload } from '../files/receive.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/i);
const fileName = z.string().min(1).max(160);

const firmwareView = z.object({
  name: z.string(),
  /** Bytes. */
  size: z.number(),
  sha256: z.string(),
  /** What SHA256SUMS says. */
  expected: z.string().optional(),
  state: z.enum(['good', 'altered', 'unlisted', 'missing']),
  /** Path below the server's address. */
  path: z.string(),
});

/** Firmware files that devices may fetch. */
export function firmware({ audit, config, ids, provisioning }: Services): Route[] {
  const tag = 'provisioning';
  const folder = provisioning.firmware;
  const pathOf = (name: string): string => `firmware/${encodeURIComponent(name)}`;
  return [
    route({
      method: 'GET',
      path: '/provisioning/firmware',
      tag,
      access: 'operator',
      summary: 'Read every firmware file through and tell which are what SHA256SUMS says; only those are handed out',
      answer: listOf(firmwareView),
      handle: async () => {
        const items = (await folder.check()).map((file) => ({ ...file, path: pathOf(file.name) }));
        return { items, total: items.length };
      },
    }),
    route({
      method: 'POST',
      path: '/provisioning/firmware',
      tag,
      access: 'admin',
      summary: 'Keep a firmware file; with the hash that the vendor publishes, only when it is that file',
      query: z.strictObject({
        sha256: sha256.optional().describe('SHA-256 in hexadecimal, as the vendor publishes it'),
      }),
      upload: true,
      answer: firmwareView,
      status: 201,
      handle: async (exchange) => {
        const waiting = await folder.waitingPath(ids());
        try {
          const file = await receiveUpload(exchange.context, waiting, config.firmwareMaxMb * 1024 * 1024);
          const published = exchange.query.sha256?.toLowerCase();
          if (published !== undefined && published !== file.sha256)
            throw new Fault('invalid', 'firmware.hash', { field: 'sha256', values: { sha256: file.sha256 } });
          await folder.keep(file.name, waiting, file.sha256);
          const kept = { name: file.name, size: file.bytes, sha256: file.sha256 };
          await audit.changed(exchange, { what: 'firmware', id: file.name, action: 'create', after: kept });
          return { ...kept, expected: file.sha256, state: 'good' as const, path: pathOf(file.name) };
        } finally {
          await rm(waiting, { force: true });
        }
      },
    }),
    route({
      method: 'DELETE',
      path: '/provisioning/firmware/:name',
      tag,
      access: 'admin',
      summary: 'Remove a firmware file, and its line in SHA256SUMS',
      params: z.object({ name: fileName }),
      handle: async (exchange) => {
        const { name } = exchange.params;
        const before = (await folder.check()).find((file) => file.name === name);
        exchange.ifMatch(before);
        if (before === undefined || !(await folder.remove(name))) throw new Fault('not-found', 'not-found');
        await audit.changed(exchange, { what: 'firmware', id: name, action: 'remove', before });
      },
    }),
  ];
}
