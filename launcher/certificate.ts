import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';

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
  const folder = join(dataDir, 'keys');
  const files = { cert: join(folder, 'tls.cert.pem'), key: join(folder, 'tls.key.pem') };
  if (usable(files, host)) return files;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
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
  writeFileSync(files.key, made.private, { mode: 0o600 });
  writeFileSync(files.cert, made.cert, { mode: 0o644 });
  return files;
}

function usable({ cert, key }: CertificateFiles, host: string): boolean {
  if (!existsSync(cert) || !existsSync(key)) return false;
  const present = new X509Certificate(readFileSync(cert));
  const own = present.issuer === present.subject;
  if (!own) return true;
  const named = isIP(host) === 0 ? present.checkHost(host) : present.checkIP(host);
  return named !== undefined && Date.parse(present.validTo) - Date.now() > renewBeforeMs;
}
