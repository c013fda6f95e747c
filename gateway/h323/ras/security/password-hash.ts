import { createHash, timingSafeEqual } from 'node:crypto';
import { type AliasAddress, ClearToken, type CryptoH323Token } from '../../h225/index.ts';
import { encode } from '../../per/index.ts';
import { aliasText } from '../alias.ts';
import { md5 } from './identifiers.ts';

/*
 * Password hash of H.225.0 (`cryptoEPPwdHash`): MD5 over the PER encoding of a ClearToken (PwdCertToken) that holds the
 * time, the password and the sender's alias. The token proves the password, not the rest of the message.
 */

type PasswordHash = NonNullable<Extract<CryptoH323Token, { cryptoEPPwdHash: unknown }>['cryptoEPPwdHash']>;

/** The hash; `undefined` where alias or password do not fit into a ClearToken. */
function hashOf(alias: string, password: string, timeStamp: number): Buffer | undefined {
  try {
    const token = encode(ClearToken, { tokenOID: '0.0', timeStamp, password, generalID: alias });
    return createHash('md5').update(token).digest();
  } catch {
    return undefined;
  }
}

/**
 * A token that proves a password.
 * @param timeS seconds since 1970, UTC
 * @throws RangeError when alias or password is longer than 127 characters
 */
export function passwordHashToken(alias: AliasAddress, password: string, timeS: number): CryptoH323Token {
  // The deployed stacks count a terminating NUL in both strings; the Recommendation is silent about it.
  const hash = hashOf(`${aliasText(alias) ?? ''}\0`, `${password}\0`, timeS);
  if (hash === undefined) throw new RangeError('alias or password does not fit into a token');
  return {
    cryptoEPPwdHash: {
      alias,
      timeStamp: timeS,
      token: { algorithmOID: md5, paramS: {}, hash: { bytes: hash, length: 128 } },
    },
  };
}

/** The password hash of a message, if it has one of MD5. */
export function findPasswordHash(tokens: readonly CryptoH323Token[] | undefined): PasswordHash | undefined {
  const found = tokens?.find(({ cryptoEPPwdHash }) => cryptoEPPwdHash?.token.algorithmOID === md5);
  return found?.cryptoEPPwdHash;
}

/** Whether a token was made with this password; with and without the terminating NULs. Takes the same time either way. */
export function passwordHashFits(token: PasswordHash, password: string): boolean {
  const { bytes, length } = token.token.hash;
  if (length !== 128) return false;
  const alias = aliasText(token.alias) ?? '';
  const counted = hashOf(`${alias}\0`, `${password}\0`, token.timeStamp);
  const plain = hashOf(alias, password, token.timeStamp);
  const fits = [counted, plain].map((hash) => hash !== undefined && timingSafeEqual(hash, bytes));
  return fits.includes(true);
}
