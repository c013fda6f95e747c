import { createHash, timingSafeEqual } from 'node:crypto';
import { challenge, digestResponse, NonceBook, parseAnswer } from '../../platform/digest.ts';
import { macOf } from './asked.ts';

/* User and password of a device over HTTP (RFC 7617, RFC 7616): the user is its MAC address, the password its key. */

const realm = 'diemcau';

/** What a request's Authorization header says; nothing is proven yet. */
export interface LogIn {
  mac: string;
  /** Whether the answer fits this password. */
  fits(password: string): boolean;
}

/** Reads log-ins, and remembers which digests were used: one that is sent again proves nothing (RFC 7616, clause 5.5). */
export class LogIns {
  private readonly nonces = new NonceBook();

  /** The challenges to send; digest first: the client takes the strongest that it knows (RFC 9110, clause 11.4). */
  challenges(nowMs: number): string[] {
    return [challenge(realm, this.nonces.make(nowMs), 'MD5', false), `Basic realm="${realm}", charset="UTF-8"`];
  }

  /** `undefined` when the header is none that we take, or a digest that was used before. */
  read(header: string | undefined, method: string, target: string, nowMs: number): LogIn | undefined {
    const basic = /^Basic\s+([A-Za-z0-9+/=]{1,400})\s*$/i.exec(header ?? '');
    if (basic !== null) {
      const [user = '', ...rest] = Buffer.from(basic[1] ?? '', 'base64')
        .toString('utf8')
        .split(':');
      const mac = macOf(user);
      return mac === undefined ? undefined : { mac, fits: (password) => equal(rest.join(':'), password) };
    }
    const answer = parseAnswer(header);
    if (answer === undefined || answer.realm !== realm || answer.uri !== target) return undefined;
    const mac = answer.nc === undefined ? undefined : macOf(answer.username);
    if (mac === undefined || this.nonces.judge(answer.nonce, answer.nc, nowMs) !== 'good') return undefined;
    return { mac, fits: (password) => equal(answer.response, digestResponse(answer, method, password)) };
  }
}

/** Compares in a time that tells nothing, also of texts of different length. */
function equal(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
