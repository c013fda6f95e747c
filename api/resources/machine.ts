import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { freemem, loadavg, totalmem, uptime } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

const machine = z.object({
  versions: z.object({ product: z.string(), node: z.string() }),
  /** Since the product and the machine run, seconds. */
  productUptimeS: z.number(),
  machineUptimeS: z.number(),
  /** Where data and recordings lie. */
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number() }),
  memory: z.object({ freeBytes: z.number(), totalBytes: z.number() }),
  /** Processes that want a core, over the last minute. */
  load: z.number(),
  certificate: z
    .object({ subject: z.string(), issuer: z.string(), validFrom: z.date(), validTo: z.date(), sha256: z.string() })
    .optional(),
  publicHost: z.string(),
});

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What the product runs on: versions, disk, memory, certificate. */
export function machineRoutes({ config }: Services): Route[] {
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
        return {
          versions: { product: version, node: process.version },
          productUptimeS: process.uptime(),
          machineUptimeS: uptime(),
          disk: { freeBytes: bavail * bsize, totalBytes: blocks * bsize },
          memory: { freeBytes: freemem(), totalBytes: totalmem() },
          load: loadavg()[0] ?? 0,
          certificate: await certificateOf(join(config.dataDir, 'keys', 'tls.cert.pem')),
          publicHost: config.publicHost,
        };
      },
    }),
  ];
}

/** The certificate that devices and browsers see; nothing where none was made. */
async function certificateOf(file: string): Promise<z.output<typeof machine>['certificate']> {
  let pem: Buffer;
  try {
    pem = await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { fingerprint256, issuer, subject, validFrom, validTo } = new X509Certificate(pem);
  const plain = (name: string): string => name.replace(/\s*\n\s*/g, ', ');
  return {
    subject: plain(subject),
    issuer: plain(issuer),
    validFrom: new Date(validFrom),
    validTo: new Date(validTo),
    sha256: fingerprint256,
  };
}
