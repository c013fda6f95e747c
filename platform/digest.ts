import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/* HTTP digest, as devices and SIP use it (RFC 7616; RFC 3261, clause 22; RFC 8760): challenges, and the judgement of answers. */

export type DigestAlgorithm = 'MD5' | 'SHA-256';

export interface DigestAnswer {
  username: string;
  realm: string;
  nonce: string;
  uri: string;
  response: string;
  algorithm: DigestAlgorithm;
  qop: string | undefined;
  nc: string | undefined;
  cnonce: string | undefined;
}

/** Reads an Authorization header; `undefined` when it is no usable digest. */
export function parseAnswer(header: string | undefined): DigestAnswer | undefined {
  const match = /^\s*Digest\s+(.*)$/is.exec(header ?? '');
  if (match === null || (header ?? '').length > 4096) return undefined;
  const fields = new Map<string, string>();
  for (const part of (match[1] ?? '').matchAll(/([A-Za-z0-9_-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^",\s]+))/g)) {
    fields.set((part[1] ?? '').toLowerCase(), (part[2] ?? part[3] ?? '').replace(/\\(.)/g, '$1'));
  }
  const algorithm = (fields.get('algorithm') ?? 'MD5').toUpperCase();
  const answer = {
    username: fields.get('username') ?? '',
    realm: fields.get('realm') ?? '',
    nonce: fields.get('nonce') ?? '',
    uri: fields.get('uri') ?? '',
    response: (fields.get('response') ?? '').toLowerCase(),
    qop: fields.get('qop')?.toLowerCase(),
    nc: fields.get('nc'),
    cnonce: fields.get('cnonce'),
  };
  if (algorithm !== 'MD5' && algorithm !== 'SHA-256') return undefined;
  if (answer.username === '' || answer.nonce === '' || answer.response === '') return undefined;
  return { ...answer, algorithm };
}

const hash = (algorithm: DigestAlgorithm, text: string): string =>
  createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(text, 'utf8')
    .digest('hex');

/** The response that a secret gives (RFC 7616, clause 3.4.1). */
export function digestResponse(answer: Omit<DigestAnswer, 'response'>, method: string, secret: string): string {
  const { algorithm, cnonce, nc, nonce, qop, realm, uri, username } = answer;
  const first = hash(algorithm, `${username}:${realm}:${secret}`);
  const second = hash(algorithm, `${method}:${uri}`);
  const middle = qop === undefined ? nonce : `${nonce}:${nc}:${cnonce}:${qop}`;
  return hash(algorithm, `${first}:${middle}:${second}`);
}

export type NonceState = 'good' | 'stale' | 'foreign' | 'replayed';

const nonceLifeMs = 5 * 60_000;
const mostNonces = 50_000;

/** Nonces that carry their own time and proof, and a memory of which counts were used. */
export class NonceBook {
  private readonly key = randomBytes(32);
  private readonly counts = new Map<string, { highest: number; atMs: number }>();

  make(nowMs: number): string {
    const body = `${nowMs.toString(36)}.${randomBytes(9).toString('base64url')}`;
    return `${body}.${this.proof(body)}`;
  }

  /** Judges a nonce and its count, and remembers the count. */
  judge(nonce: string, count: string | undefined, nowMs: number): NonceState {
    const [time = '', salt = '', proof = ''] = nonce.split('.');
    const given = Buffer.from(proof);
    const wanted = Buffer.from(this.proof(`${time}.${salt}`));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return 'foreign';
    const madeAt = Number.parseInt(time, 36);
    if (!(nowMs - madeAt < nonceLifeMs)) return 'stale';
    if (count === undefined) return 'good';
    const number = Number.parseInt(count, 16);
    const before = this.counts.get(nonce);
    if (!(number > (before?.highest ?? 0))) return 'replayed';
    if (this.counts.size >= mostNonces) this.sweep(nowMs);
    this.counts.set(nonce, { highest: number, atMs: madeAt });
    return 'good';
  }

  private proof(body: string): string {
    return createHmac('sha256', this.key).update(body).digest('base64url').slice(0, 22);
  }

  private sweep(nowMs: number): void {
    for (const [nonce, { atMs }] of this.counts) if (nowMs - atMs >= nonceLifeMs) this.counts.delete(nonce);
    // Still full: everybody is asked again rather than memory growing.
    if (this.counts.size >= mostNonces) this.counts.clear();
  }
}

/** WWW-Authenticate's value that asks for one algorithm (RFC 8760, clause 2.4). */
export function challenge(realm: string, nonce: string, algorithm: DigestAlgorithm, stale: boolean): string {
  const again = stale ? ', stale=true' : '';
  return `Digest realm="${realm}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${again}`;
}
