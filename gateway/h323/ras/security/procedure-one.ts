import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type CryptoH323Token, encodeRas, type RasMessage } from '../../h225/index.ts';
import { bodyOf } from '../message.ts';
import { type ProcedureOids, procedureVersions } from './identifiers.ts';

/*
 * H.235.1, procedure I: HMAC-SHA1-96 over the whole encoded message, the hash itself counted as zeros. It proves the
 * password and that nobody changed the message. The key is SHA1 of the password.
 */

const hashOctets = 12;

/** What the hashed token says besides the hash. */
export interface ProcedureToken {
  oids: ProcedureOids;
  timeStamp: number;
  random: number;
  /** The receiver's identifier. */
  generalId: string | undefined;
  /** The sender's: an alias in the first message, the endpoint identifier afterwards. */
  sendersId: string | undefined;
  hash: Uint8Array;
}

/** Who signs for whom, and when (seconds since 1970, UTC). */
export interface Signature {
  password: string;
  sendersId: string;
  /** The receiver's identifier, where it is known. */
  generalId: string | undefined;
  timeS: number;
  random: number;
  oids: ProcedureOids;
}

const keyOf = (password: string): Buffer => createHash('sha1').update(password, 'utf8').digest();

/** Encodes a message with the token that signs it. @throws PerError */
export function encodeSigned(message: RasMessage, signature: Signature): Uint8Array {
  const body = bodyOf(message);
  if (body === undefined) return encodeRas(message);
  const { generalId, oids, password, random, sendersId, timeS } = signature;
  const place = randomBytes(hashOctets);
  const token: CryptoH323Token = {
    nestedcryptoToken: {
      cryptoHashedToken: {
        tokenOID: oids.whole,
        hashedVals: {
          tokenOID: oids.clearToken,
          timeStamp: timeS,
          random,
          ...(generalId === undefined ? {} : { generalID: generalId }),
          sendersID: sendersId,
        },
        token: { algorithmOID: oids.hmac, paramS: {}, hash: { bytes: place, length: hashOctets * 8 } },
      },
    },
  };
  const previous = body.cryptoTokens ?? [];
  body.cryptoTokens = [...previous, token];
  try {
    const bytes = Buffer.from(encodeRas(message));
    const at = bytes.indexOf(place);
    bytes.fill(0, at, at + hashOctets);
    createHmac('sha1', keyOf(password)).update(bytes).digest().copy(bytes, at, 0, hashOctets);
    return bytes;
  } finally {
    // A message that is sent again is signed anew.
    if (previous.length === 0) delete body.cryptoTokens;
    else body.cryptoTokens = previous;
  }
}

/** The token of procedure I in a message, if it has one. */
export function findProcedureToken(tokens: readonly CryptoH323Token[] | undefined): ProcedureToken | undefined {
  for (const { nestedcryptoToken } of tokens ?? []) {
    const hashed = nestedcryptoToken?.cryptoHashedToken;
    const oids = procedureVersions.find(({ whole }) => whole === hashed?.tokenOID);
    if (hashed === undefined || oids === undefined || hashed.token.algorithmOID !== oids.hmac) continue;
    const { generalID, random, sendersID, timeStamp } = hashed.hashedVals;
    const { bytes, length } = hashed.token.hash;
    if (timeStamp === undefined || random === undefined || length !== hashOctets * 8) continue;
    return {
      oids,
      timeStamp,
      random,
      generalId: withoutNul(generalID),
      sendersId: withoutNul(sendersID),
      hash: bytes,
    };
  }
  return undefined;
}

/** Whether the message, as it came, was signed with this password. */
export function signatureFits(message: Uint8Array, token: ProcedureToken, password: string): boolean {
  const bytes = Buffer.from(message);
  const at = bytes.indexOf(token.hash);
  if (at < 0 || bytes.indexOf(token.hash, at + 1) >= 0) return false;
  bytes.fill(0, at, at + hashOctets);
  const expected = createHmac('sha1', keyOf(password)).update(bytes).digest().subarray(0, hashOctets);
  return timingSafeEqual(expected, token.hash);
}

const withoutNul = (text: string | undefined): string | undefined => text?.replace(/\0+$/, '');
