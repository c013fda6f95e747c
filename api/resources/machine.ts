import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { arch, freemem, loadavg, release, totalmem, type, uptime } from 'node:os';
import { z } from 'zod';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { certificateView, viewOf } from '../upkeep/certificates.ts';

const machine = z.object({
  versions: z.object({ product: z.string(), node: z.string(), os: z.string() }),
  /** Since the product and the machine run, seconds. */
  productUptimeS: z.number(),
  machineUptimeS: z.number(),
  /** Where data and recordings lie. */
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number() }),
  memory: z.object({ freeBytes: z.number(), totalBytes: z.number() }),
  /** Processes that want a core, over the last minute. */
  load: z.number(),
  certificate: certificateView.optional(),
  publicHost: z.string(),
});

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What the product runs on: versions, disk, memory, certificate. */
export function machineRoutes({ certificates, config }: Services): Route[] {
  return [
    route({
      method: 'GET',
      path: '/system',
      tag: 'system',
      access: 'operator',
      summary: 'Tell what the product runs on: versions, disk, memory, certificate',
      answer: machine,
      handle: async () => {
        const { bavail, blocks, bsize } = await statfs(config.dataDir);
        const present = await certificates.read();
        return {
          versions: { product: version, node: process.version, os: `${type()} ${release()} ${arch()}` },
          productUptimeS: process.uptime(),
          machineUptimeS: uptime(),
          disk: { freeBytes: bavail * bsize, totalBytes: blocks * bsize },
          memory: { freeBytes: freemem(), totalBytes: totalmem() },
          load: loadavg()[0] ?? 0,
          certificate: present === undefined ? undefined : viewOf(present, config.publicHost),
          publicHost: config.publicHost,
        };
      },
    }),
  ];
}
