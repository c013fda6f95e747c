import { z } from 'zod';

/*
 * What a session's bundle says of itself. The signature (Ed25519, RFC 8032) is over the bytes of the manifest behind a
 * prefix of its own, so that no anchor of the log and no bundle can pass for one another.
 */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const manifestSchema = z.object({
  format: z.literal('diemcau-bundle-1'),
  madeAt: z.string(),
  /** Log-in name of who exported it. */
  madeBy: z.string(),
  session: z.object({
    id: z.string(),
    title: z.string(),
    state: z.string(),
    plannedStart: z.string().optional(),
    startedAt: z.string().optional(),
    endedAt: z.string().optional(),
  }),
  /** Every file of the bundle but manifest and signature. */
  files: z.array(z.object({ path: z.string(), bytes: z.number().int().min(0), sha256 })),
  /** Recordings, and the hash that the log took of each when it was closed; those without a file are gone by rule. */
  recordings: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      state: z.string(),
      path: z.string().optional(),
      sha256: sha256.optional(),
    }),
  ),
  log: z.object({
    entries: z.number().int(),
    first: z.number().int().optional(),
    last: z.number().int().optional(),
    /** How far the whole log had come, and its last hash. */
    head: z.object({ seq: z.number().int(), hash: sha256 }).optional(),
  }),
});
export type Manifest = z.output<typeof manifestSchema>;

export const names = {
  manifest: 'manifest.json',
  signature: 'manifest.sig',
  key: 'log-anchor.pub.pem',
  log: 'log.ndjson',
  notes: { vi: 'DOC-TRUOC.txt', en: 'READ-ME.txt' },
} as const;

export const signedContent = (manifest: Buffer): Buffer => Buffer.concat([Buffer.from('diemcau-bundle-1\n'), manifest]);
