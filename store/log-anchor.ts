import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { Head } from './chain.ts';

/*
 * Anchors: signed notes, outside the store, of how far the session log had come. Whoever can only write the store can
 * neither cut off the log's end nor chain it anew without an anchor telling. One file a day, holding the day's last
 * head, signed with Ed25519 (RFC 8032); the public key alone is enough to check.
 */

const anchorSchema = z.object({
  seq: z.number().int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  time: z.string(),
  signature: z.string(),
});

/** A signed head of the log. */
type Anchor = z.output<typeof anchorSchema>;

const anchorsIn = (dataDir: string): string => join(dataDir, 'log-anchors');
const privateKeyIn = (dataDir: string): string => join(dataDir, 'keys', 'log-anchor.key.pem');
const publicKeyIn = (dataDir: string): string => join(dataDir, 'keys', 'log-anchor.pub.pem');

const signed = (anchor: Omit<Anchor, 'signature'>): Buffer =>
  Buffer.from(canonicalize({ seq: anchor.seq, hash: anchor.hash, time: anchor.time }) ?? '');

/** Writes anchors below a data folder; makes the key pair when there is none. */
export class AnchorWriter {
  private readonly folder: string;
  private readonly key: KeyObject;
  /** Distinguishes files of a day on which the log was found altered: the earlier anchors stay as evidence. */
  private suffix = '';

  constructor(dataDir: string) {
    this.folder = anchorsIn(dataDir);
    mkdirSync(this.folder, { recursive: true });
    this.key = signingKey(dataDir);
  }

  /** From now on leaves the anchors alone that are there. */
  keepEarlier(now: Date): void {
    this.suffix = `-${now.getTime()}`;
  }

  /** Replaces the day's anchor. @throws when the disk refuses. */
  write(head: Head, now: Date): void {
    const note = { seq: head.seq, hash: head.hash, time: now.toISOString() };
    const anchor: Anchor = { ...note, signature: sign(null, signed(note), this.key).toString('base64') };
    const file = join(this.folder, `${note.time.slice(0, 10)}${this.suffix}.json`);
    writeFileSync(`${file}.new`, `${JSON.stringify(anchor)}\n`, { mode: 0o640, flush: true });
    renameSync(`${file}.new`, file);
  }
}

/** What signs in the log's name, and the key that anybody may check it with; made when there is none. */
export function logSigner(dataDir: string): { sign(content: Buffer): string; publicKey: string } {
  const key = signingKey(dataDir);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return { sign: (content) => sign(null, content, key).toString('base64'), publicKey };
}

function signingKey(dataDir: string): KeyObject {
  const file = privateKeyIn(dataDir);
  if (existsSync(file)) return createPrivateKey(readFileSync(file));
  mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  writeFileSync(publicKeyIn(dataDir), publicKey.export({ type: 'spki', format: 'pem' }), { mode: 0o644 });
  return privateKey;
}

/** What the anchors below a data folder say. */
export interface AnchorsRead {
  /** Well-signed anchors, the earliest first. */
  anchors: Anchor[];
  /** Files that cannot be read or whose signature is wrong. */
  bad: string[];
  /** The log once wrote anchors here. */
  expected: boolean;
}

/** Reads and checks every anchor. A data folder without a key was never written to by a log. */
export function readAnchors(dataDir: string): AnchorsRead {
  const keyFile = [publicKeyIn(dataDir), privateKeyIn(dataDir)].find((file) => existsSync(file));
  const folder = anchorsIn(dataDir);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
  if (keyFile === undefined) return { anchors: [], bad: files, expected: files.length > 0 };
  const key = createPublicKey(readFileSync(keyFile));
  const anchors: Anchor[] = [];
  const bad: string[] = [];
  for (const file of files.sort()) {
    const anchor = readAnchor(join(folder, file), key);
    if (anchor === undefined) bad.push(file);
    else anchors.push(anchor);
  }
  return { anchors: anchors.sort((a, b) => a.seq - b.seq), bad, expected: true };
}

function readAnchor(file: string, key: KeyObject): Anchor | undefined {
  try {
    const anchor = anchorSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return verify(null, signed(anchor), key, Buffer.from(anchor.signature, 'base64')) ? anchor : undefined;
  } catch {
    return undefined;
  }
}
