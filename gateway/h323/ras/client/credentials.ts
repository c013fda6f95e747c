import { type AuthenticationMechanism, encodeRas, type RasMessage } from '../../h225/index.ts';
import { toAlias } from '../alias.ts';
import { bodyOf, kindOf } from '../message.ts';
import { hmacSha1, md5, procedureVersions } from '../security/identifiers.ts';
import { passwordHashToken } from '../security/password-hash.ts';
import { encodeSigned, findProcedureToken, signatureFits } from '../security/procedure-one.ts';

/** How we prove ourselves: what the gatekeeper chose in its GCF, or both ways where it chose nothing. */
export type Method = 'password-hash' | 'procedure-one' | 'both' | 'none';

export interface Account {
  username: string;
  password: string | undefined;
}

/** Our log-in at a far gatekeeper: signs what we send, and judges what it sends. */
export class Credentials {
  private readonly account: Account;
  private readonly nowS: () => number;
  private random = Math.floor(Math.random() * 0x3fff_ffff) + 1;
  private method: Method;
  /** The gatekeeper signed once: from then on it must. */
  private gatekeeperSigns = false;
  gatekeeperId: string | undefined;
  endpointId: string | undefined;

  constructor(account: Account, nowS: () => number) {
    this.account = account;
    this.nowS = nowS;
    this.method = account.password === undefined ? 'none' : 'both';
  }

  /** What the GRQ offers. */
  offer(): { authenticationCapability?: AuthenticationMechanism[]; algorithmOIDs?: string[] } {
    if (this.account.password === undefined) return {};
    return { authenticationCapability: [{ pwdHash: null }], algorithmOIDs: [hmacSha1, md5] };
  }

  /** What the GCF chose. */
  choose(algorithmOID: string | undefined): void {
    this.gatekeeperSigns = false;
    this.endpointId = undefined;
    if (this.account.password === undefined) return;
    this.method = algorithmOID === hmacSha1 ? 'procedure-one' : algorithmOID === md5 ? 'password-hash' : 'both';
  }

  /** @throws PerError, RangeError when alias or password are too long */
  encode(message: RasMessage): Uint8Array {
    const { password, username } = this.account;
    const body = bodyOf(message);
    if (password === undefined || body === undefined || message.gatekeeperRequest !== undefined)
      return encodeRas(message);
    const timeS = this.nowS();
    body.cryptoTokens = this.method === 'procedure-one' ? [] : [passwordHashToken(toAlias(username), password, timeS)];
    if (this.method === 'password-hash') return encodeRas(message);
    this.random = (this.random % 0x7fff_fffe) + 1;
    if (body.cryptoTokens.length === 0) delete body.cryptoTokens;
    return encodeSigned(message, {
      password,
      timeS,
      random: this.random,
      generalId: this.gatekeeperId,
      sendersId: this.endpointId ?? username,
      oids: procedureVersions[0]!,
    });
  }

  /**
   * Whether a message is the gatekeeper's. One that signed must go on so, but for refusals: those come unsigned when it
   * does not know us.
   */
  isGenuine(message: RasMessage, bytes: Uint8Array): boolean {
    const { password } = this.account;
    if (password === undefined || this.method === 'password-hash' || this.method === 'none') return true;
    const token = findProcedureToken(bodyOf(message)?.cryptoTokens);
    if (token !== undefined) {
      const fits = signatureFits(bytes, token, password);
      this.gatekeeperSigns ||= fits;
      return fits;
    }
    return !this.gatekeeperSigns || mayBeUnsigned.test(kindOf(message) ?? '');
  }
}

const mayBeUnsigned = /Reject$|^gatekeeperConfirm$|^requestInProgress$|^unknownMessageResponse$/;
