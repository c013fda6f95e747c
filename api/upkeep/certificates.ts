import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';

/* The certificate that devices and browsers see: how it is shown, and which pair may take its place. */

export const certificateView = z.object({
  subject: z.string(),
  issuer: z.string(),
  /** Signed by itself: devices and browsers do not trust it unless they are told to. */
  own: z.boolean(),
  /** Names and addresses that it is good for. */
  names: z.array(z.string()),
  validFrom: z.date(),
  validTo: z.date(),
  /** Whether it names the address under which the product is reached. */
  fitsHost: z.boolean(),
  sha256: z.string(),
});
export type CertificateView = z.output<typeof certificateView>;

export interface PemPair {
  /** The certificate, then those of the authorities between it and the root, PEM. */
  cert: string;
  /** Its private key, PEM, not under a passphrase. */
  key: string;
}

export interface CertificateDesk {
  /** The present certificate, PEM; nothing where none was made. */
  read(): Promise<string | undefined>;
  /** Puts a pair into use: HTTPS at once, SIP over TLS by starting its engine again. */
  replace(pair: PemPair): Promise<void>;
  /** Makes a new one that is signed by itself, and puts it into use. */
  renew(): Promise<void>;
}

const plain = (name: string): string => name.replace(/\s*\n\s*/g, ', ');

export function viewOf(pem: string, host: string): CertificateView {
  const certificate = new X509Certificate(pem);
  const { fingerprint256, issuer, subject, subjectAltName = '', validFrom, validTo } = certificate;
  return {
    subject: plain(subject),
    issuer: plain(issuer),
    own: issuer === subject,
    names: subjectAltName
      .split(', ')
      .map((name) => name.replace(/^(DNS|IP Address):/, ''))
      .filter((name) => name !== ''),
    validFrom: new Date(validFrom),
    validTo: new Date(validTo),
    fitsHost: (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined,
    sha256: fingerprint256,
  };
}

/** @throws Fault `certificate.…` when the pair cannot be used at this time. */
export function judgePair({ cert, key }: PemPair, now: Date): void {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    throw new Fault('invalid', 'certificate.unreadable', { field: 'cert' });
  }
  let secret: KeyObject;
  try {
    secret = createPrivateKey(key);
  } catch {
    throw new Fault('invalid', 'certificate.key-unreadable', { field: 'key' });
  }
  if (!certificate.checkPrivateKey(secret)) throw new Fault('invalid', 'certificate.key-of-another', { field: 'key' });
  if (new Date(certificate.validTo) <= now) throw new Fault('invalid', 'certificate.over', { field: 'cert' });
  if (new Date(certificate.validFrom) > now) throw new Fault('invalid', 'certificate.not-yet', { field: 'cert' });
}
