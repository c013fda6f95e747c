import { createHash, createPublicKey, verify } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { errorText } from '../../platform/error-text.ts';
import { entryHash } from '../chain.ts';
import { entriesOf } from '../zip-entries.ts';
import { type Manifest, manifestSchema, names, signedContent } from './manifest.ts';

/** What is wrong with a bundle: each names a sentence of the catalogues (`bundle.…`). */
export interface BundleFault {
  code:
    | 'unreadable'
    | 'signature'
    | 'file-missing'
    | 'file-changed'
    | 'file-added'
    | 'recording-changed'
    | 'entry-changed'
    | 'entries-missing';
  what: string;
}

export interface BundleVerdict {
  manifest: Manifest | undefined;
  /** SHA-256 of the public key (SPKI, DER): to be compared with the one that the office published. */
  keyFingerprint: string | undefined;
  files: number;
  entries: number;
  faults: BundleFault[];
}

const mostManifestBytes = 16 * 1024 * 1024;
const mostEntryBytes = 1024 * 1024;

/**
 * Reads a bundle whole and holds it against its signature. `publicKey` (PEM) is the office's, known from elsewhere; without
 * it the bundle's own is used, which shows that it is whole, and whose it is only by its fingerprint.
 */
export async function verifyBundle(file: string, publicKey?: string): Promise<BundleVerdict> {
  const faults: BundleFault[] = [];
  const fault = (code: BundleFault['code'], what: string): void => {
    faults.push({ code, what });
  };
  const verdict: BundleVerdict = { manifest: undefined, keyFingerprint: undefined, files: 0, entries: 0, faults };
  const hashes = new Map<string, { bytes: number; sha256: string }>();
  const small = new Map<string, Buffer>();
  let log: { entries: number; wrong: string[] } = { entries: 0, wrong: [] };
  try {
    for await (const { name, open } of entriesOf(file)) {
      if (hashes.has(name)) fault('file-added', name);
      const stream = await open();
      const hash = createHash('sha256');
      let bytes = 0;
      const keep: Buffer[] | undefined = isSmall(name) ? [] : undefined;
      stream.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        hash.update(chunk);
        if (bytes <= mostManifestBytes) keep?.push(chunk);
      });
      if (name === names.log) log = await readLog(stream);
      else await new Promise<void>((resolve, reject) => stream.on('end', resolve).on('error', reject));
      hashes.set(name, { bytes, sha256: hash.digest('hex') });
      if (keep !== undefined) small.set(name, Buffer.concat(keep));
    }
  } catch (error) {
    fault('unreadable', errorText(error));
    return verdict;
  }
  const content = small.get(names.manifest);
  const manifest = parsed(content);
  if (content === undefined || manifest === undefined) {
    fault('unreadable', names.manifest);
    return verdict;
  }
  const pem = publicKey ?? small.get(names.key)?.toString('utf8') ?? '';
  const signature = Buffer.from(small.get(names.signature)?.toString('utf8').trim() ?? '', 'base64');
  verdict.keyFingerprint = signedBy(pem, content, signature);
  if (verdict.keyFingerprint === undefined) fault('signature', names.signature);
  verdict.manifest = manifest;
  verdict.files = manifest.files.length;
  verdict.entries = log.entries;

  const listed = new Set<string>([names.manifest, names.signature]);
  for (const { path, bytes, sha256 } of manifest.files) {
    listed.add(path);
    const there = hashes.get(path);
    if (there === undefined) fault('file-missing', path);
    else if (there.sha256 !== sha256 || there.bytes !== bytes) fault('file-changed', path);
  }
  for (const name of hashes.keys()) if (!listed.has(name)) fault('file-added', name);
  // The hash that was taken when the recording was closed, not the one of the day of export.
  for (const { path, sha256 } of manifest.recordings) {
    const there = path === undefined ? undefined : hashes.get(path);
    if (there !== undefined && there.sha256 !== sha256) fault('recording-changed', path ?? '');
  }
  for (const seq of log.wrong) fault('entry-changed', seq);
  if (log.entries !== manifest.log.entries) fault('entries-missing', `${log.entries}/${manifest.log.entries}`);
  return verdict;
}

const isSmall = (name: string): boolean => name === names.manifest || name === names.signature || name === names.key;

function parsed(content: Buffer | undefined): Manifest | undefined {
  try {
    return manifestSchema.parse(JSON.parse(content?.toString('utf8') ?? ''));
  } catch {
    return undefined;
  }
}

function signedBy(pem: string, manifest: Buffer, signature: Buffer): string | undefined {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType !== 'ed25519' || !verify(null, signedContent(manifest), key, signature)) return undefined;
    return createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('hex');
  } catch {
    return undefined;
  }
}

/** Every entry carries the hash over itself: what was changed shows, also within a signed file. */
async function readLog(stream: Readable): Promise<{ entries: number; wrong: string[] }> {
  let entries = 0;
  let last = 0;
  const wrong: string[] = [];
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line === '') continue;
    entries += 1;
    const seq = /"seq":(\d+)/.exec(line.slice(-200))?.[1] ?? String(entries);
    try {
      if (line.length > mostEntryBytes) throw new Error('too long');
      const entry = JSON.parse(line) as Parameters<typeof entryHash>[0];
      const inOrder = typeof entry.seq === 'number' && entry.seq > last;
      if (!inOrder || entry.hash !== entryHash(entry)) wrong.push(seq);
      last = Number(entry.seq);
    } catch {
      wrong.push(seq);
    }
  }
  return { entries, wrong };
}
