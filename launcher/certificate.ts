import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { generate } from 'selfsigned';
import type { CertificateDesk, PemPair } from '../api/upkeep/certificates.ts';

/** Paths of a certificate and its key, both PEM. */
export interface CertificateFiles {
  cert: string;
  key: string;
}

const lastsYears = 10;
const renewBeforeMs = 30 * 24 * 3600_000;

/**
 * The installation's own certificate for SIP over TLS and HTTPS, in DATA_DIR/keys; made for `host` (and loopback) when it
 * is missing, about to expire, or made for another host. An admin's own pair may lie there instead: it is left as it is.
 */
export async function ensureCertificate(dataDir: string, host: string): Promise<CertificateFiles> {
  const files = certificateFiles(dataDir);
  if (!usable(files, host)) write(files, await makeOwn(host));
  return files;
}

/** The certificate as the API shows and changes it; `inUse` is told when another pair lies there. */
export function certificateDesk(dataDir: string, host: string, inUse: () => Promise<void>): CertificateDesk {
  const files = certificateFiles(dataDir);
  const replace = async (pair: PemPair): Promise<void> => {
    write(files, pair);
    await inUse();
  };
  return {
    read: () =>
      readFile(files.cert, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      }),
    replace,
    renew: async () => replace(await makeOwn(host)),
  };
}

function certificateFiles(dataDir: string): CertificateFiles {
  const folder = join(dataDir, 'keys');
  return { cert: join(folder, 'tls.cert.pem'), key: join(folder, 'tls.key.pem') };
}

/** Each file is whole at any moment; the key first, so that no certificate is there without its own. */
function write(files: CertificateFiles, pair: PemPair): void {
  mkdirSync(dirname(files.key), { recursive: true, mode: 0o700 });
  for (const [name, mode] of [
    ['key', 0o600],
    ['cert', 0o644],
  ] as const) {
    writeFileSync(`${files[name]}.new`, pair[name], { mode });
    renameSync(`${files[name]}.new`, files[name]);
  }
}

async function makeOwn(host: string): Promise<PemPair> {
  const notAfterDate = new Date();
  notAfterDate.setFullYear(notAfterDate.getFullYear() + lastsYears);
  const names = [...new Set([host, '127.0.0.1', 'localhost'])];
  const made = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

function usable({ cert, key }: CertificateFiles, host: string): boolean {
  if (!existsSync(cert) || !existsSync(key)) return false;
  const present = new X509Certificate(readFileSync(cert));
  const own = present.issuer === present.subject;
  if (!own) return true;
  const named = isIP(host) === 0 ? present.checkHost(host) : present.checkIP(host);
  return named !== undefined && Date.parse(present.validTo) - Date.now() > renewBeforeMs;
}
