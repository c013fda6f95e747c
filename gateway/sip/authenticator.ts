import { timingSafeEqual } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Clock } from '../../platform/clock.ts';
import { challenge, digestResponse, NonceBook, parseAnswer } from '../../platform/digest.ts';
import type { Logger } from '../../platform/log.ts';
import { RateLimit } from '../../platform/rate-limit.ts';
import type { Seal } from '../../platform/seal.ts';
import type { Endpoint } from '../../store/schema/places.ts';
import type { Store } from '../../store/store.ts';
import type { SipRequest, SipResponse } from './drachtio.ts';
import { identityOf } from './identity.ts';

export const realm = 'diemcau';

/** Wrong answers from one source, and for one name, within five minutes; then nothing is checked any more. */
const triesPerSource = 30;
const triesPerName = 10;
const triesWindowMs = 5 * 60_000;

export interface AuthenticatorParts {
  store: Store;
  seal: Seal;
  clock: Clock;
  logger: Logger;
}

/**
 * Finds out which device sends a request (RFC 3261, clause 22). Unknown names and wrong passwords are answered alike,
 * and cost the same time.
 */
export class Authenticator extends EventEmitter<{
  /** A REGISTER in a name that no device has. */
  stranger: [stranger: { source: string; name: string; userAgent: string | undefined }];
}> {
  private readonly parts: AuthenticatorParts;
  private readonly nonces = new NonceBook();
  private readonly bySource = new RateLimit(triesPerSource, triesWindowMs);
  private readonly byName = new RateLimit(triesPerName, triesWindowMs);
  refused = 0;

  constructor(parts: AuthenticatorParts) {
    super();
    this.parts = parts;
  }

  /** The device that proved itself; else the request is answered (401, or 403 after too many tries) and gone. */
  async prove(request: SipRequest, response: SipResponse): Promise<Endpoint | undefined> {
    const { clock, logger, store } = this.parts;
    const now = clock.now().getTime();
    const source = request.source_address;
    const answer = parseAnswer(request.get('Authorization') ?? request.get('Proxy-Authorization'));
    if (this.bySource.over(source, now)) {
      this.refused++;
      response.send(403);
      return undefined;
    }
    if (answer === undefined) {
      await this.challenge(request, response, false);
      return undefined;
    }
    const state = answer.realm === realm ? this.nonces.judge(answer.nonce, answer.nc, now) : 'foreign';
    if (state === 'stale') {
      await this.challenge(request, response, true);
      return undefined;
    }
    const endpoint =
      state === 'good' ? await store.endpoints.first({ username: answer.username, kind: 'sip' }) : undefined;
    const blocked = this.byName.over(answer.username, now);
    const secret = endpoint?.secret === undefined ? undefined : this.parts.seal.open(endpoint.secret);
    const expected = Buffer.from(digestResponse(answer, request.method, secret ?? 'nobody'));
    const given = Buffer.from(answer.response);
    const right = expected.length === given.length && timingSafeEqual(expected, given);
    const weaker = endpoint?.digest === 'SHA-256' && answer.algorithm !== 'SHA-256';
    if (right && secret !== undefined && endpoint?.enabled === true && !blocked && !weaker) {
      this.byName.forget(answer.username);
      return endpoint;
    }
    this.refused++;
    this.bySource.take(source, now);
    this.byName.take(answer.username, now);
    logger.warn({ source, username: answer.username, method: request.method, state }, 'SIP log-in refused');
    await this.challenge(request, response, false);
    return undefined;
  }

  /** Asks for the digest that the device is set to; who it says it is decides, and nothing but that. */
  private async challenge(request: SipRequest, response: SipResponse, stale: boolean): Promise<void> {
    const { clock, store } = this.parts;
    const { number: user } = identityOf(request.get(request.method === 'REGISTER' ? 'To' : 'From'));
    const claimed =
      user === ''
        ? undefined
        : await store.endpoints.first({ kind: 'sip', $or: [{ username: user }, { number: user }] });
    if (claimed === undefined && request.method === 'REGISTER')
      this.emit('stranger', { source: request.source_address, name: user, userAgent: request.get('User-Agent') });
    const nonce = this.nonces.make(clock.now().getTime());
    response.send(401, {
      headers: { 'WWW-Authenticate': challenge(realm, nonce, claimed?.digest ?? 'MD5', stale) },
    });
  }
}
