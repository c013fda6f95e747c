import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { z } from 'zod';

/*
 * A back-up is a ZIP file: `manifest.json` first, `store/NAME.ndjson` for each collection (Extended JSON, a document a
 * line), `data/…` for files of the data folder, and, when asked for, `keys.sealed`: the keys under a passphrase.
 */

export const manifestName = 'manifest.json';
export const sealedName = 'keys.sealed';
export const sumsName = 'sums.json';

export const backupManifest = z.object({
  format: z.literal('diemcau-backup-1'),
  madeAt: z.string(),
  keys: z.boolean(),
  /** Everything is of one moment. Older back-ups do not say so. */
  oneMoment: z.boolean().default(false),
  /** How far the session log had come then. */
  logEntries: z.number().int().optional(),
});
/** Path → bytes and SHA-256 of what went out; the last file of all. */
export const sumsSchema = z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() }));
export type Sums = z.output<typeof sumsSchema>;

/** Folders of the data folder that are files of ours; the store has its own way, anchors theirs, keys go under a passphrase. */
export const folders = ['recordings', 'files', 'firmware', 'provisioning'] as const;
/** Of the keys folder only what everybody may have. */
export const publicKeys = /\.(pub|cert)\.pem$/;
/** Collections that mean nothing elsewhere, or are made anew: planned jobs of a running process, the log's index of words. */
export const leftOut = new Set(['plannedWork', 'logWords']);

// RFC 7914; 64 MB of work for one guess.
const work = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
const mark = Buffer.from('diemcau-keys-1\n');

/** Seals keys under a passphrase: scrypt (RFC 7914), AES-256-GCM. */
export function sealKeys(keys: Record<string, string>, passphrase: string): Buffer {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase.normalize('NFC'), salt, 32, work), nonce);
  const text = Buffer.concat([cipher.update(JSON.stringify(keys), 'utf8'), cipher.final()]);
  return Buffer.concat([mark, salt, nonce, cipher.getAuthTag(), text]);
}

/** @throws when the passphrase is another, or the file was changed. */
export function openKeys(sealed: Buffer, passphrase: string): Record<string, string> {
  const at = mark.length;
  if (!sealed.subarray(0, at).equals(mark) || sealed.length < at + 44) throw new Error('these are no sealed keys');
  const key = scryptSync(passphrase.normalize('NFC'), sealed.subarray(at, at + 16), 32, work);
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(at + 16, at + 28));
  decipher.setAuthTag(sealed.subarray(at + 28, at + 44));
  const text = Buffer.concat([decipher.update(sealed.subarray(at + 44)), decipher.final()]).toString('utf8');
  return z.record(z.string(), z.string()).parse(JSON.parse(text));
}
