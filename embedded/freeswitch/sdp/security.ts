import { randomBytes } from 'node:crypto';
import { type SrtpSuite, srtpKeyBytes } from '../rtp/srtp.ts';

/* SDES: keys of SRTP in `a=crypto` lines (RFC 4568; AES-GCM by RFC 7714, clause 14). */

/** What one line offers or answers. */
export interface CryptoLine {
  tag: number;
  suite: SrtpSuite;
  /** Master key and salt. */
  key: Buffer;
}

/** A `crypto` attribute as sdp-transform reads it. */
interface Attribute {
  id: number;
  suite: string;
  config: string;
  sessionConfig?: string | undefined;
}

/** Our own keys in one call, one a suite; the same key stays through later offers. */
export class OwnKeys {
  private readonly keys = new Map<SrtpSuite, Buffer>();
  private others: OwnKeys | undefined;

  /** Those of the call's pictures: no key protects two streams. */
  get pictures(): OwnKeys {
    this.others ??= new OwnKeys();
    return this.others;
  }

  of(suite: SrtpSuite): Buffer {
    let key = this.keys.get(suite);
    if (key === undefined) {
      const { key: keyBytes, salt } = srtpKeyBytes[suite];
      key = randomBytes(keyBytes + salt);
      this.keys.set(suite, key);
    }
    return key;
  }
}

/** Suites that we offer, the best first. */
export const offeredSuites: SrtpSuite[] = ['AEAD_AES_128_GCM', 'AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'];

/** The first line that we can take: a suite we know, one key, no master key identifier, nothing left unprotected. */
export function usableCrypto(attributes: readonly Attribute[] | undefined): CryptoLine | undefined {
  for (const { id, suite: name, config, sessionConfig } of Array.isArray(attributes) ? attributes : []) {
    const suite = offeredSuites.find((known) => known === name);
    if (suite === undefined || !Number.isInteger(id) || id < 0 || id > 999_999_999) continue;
    if (/UN(ENCRYPTED|AUTHENTICATED)_/.test(sessionConfig ?? '')) continue;
    const inline = /^inline:([A-Za-z0-9+/=]{1,128})((?:\|[^|;]*)*)$/.exec(config);
    if (inline === null || /\|\d+:\d+/.test(inline[2] ?? '')) continue;
    const key = Buffer.from(inline[1] ?? '', 'base64');
    const wanted = srtpKeyBytes[suite];
    if (key.length === wanted.key + wanted.salt) return { tag: id, suite, key };
  }
  return undefined;
}

/** The line for a suite with our key. */
export function cryptoLine(tag: number, suite: SrtpSuite, key: Buffer): string {
  return `a=crypto:${tag} ${suite} inline:${key.toString('base64')}`;
}
