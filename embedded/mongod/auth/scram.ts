import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

/* The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding. */

const iterations = 15_000;

const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const hash = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** What is kept of a password. */
export interface Verifier {
  readonly user: string;
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

export function makeVerifier(user: string, password: string): Verifier {
  const salt = randomBytes(28);
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
  return { user, salt, storedKey: hash(hmac(salted, 'Client Key')), serverKey: hmac(salted, 'Server Key') };
}

/** An exchange after the client's first message. */
export interface Conversation {
  readonly nonce: string;
  readonly bare: string;
  readonly serverFirst: string;
  readonly known: boolean;
  proven: boolean;
}

/** Answers client-first. Undefined: not readable. An unknown user is answered alike and fails at the end. */
export function begin(verifier: Verifier, message: string): Conversation | undefined {
  const match = /^[ny],(?:a=[^,]*)?,(n=([^,]*),r=([\x21-\x2b\x2d-\x7e]{8,256})(?:,.*)?)$/.exec(message);
  if (match === null) return undefined;
  const user = match[2]!.replaceAll('=2C', ',').replaceAll('=3D', '=');
  const nonce = `${match[3]}${randomBytes(24).toString('base64')}`;
  const serverFirst = `r=${nonce},s=${verifier.salt.toString('base64')},i=${iterations}`;
  return { nonce, bare: match[1]!, serverFirst, known: user === verifier.user, proven: false };
}

/** Answers client-final with server-final; undefined: the proof is wrong. */
export function finish(verifier: Verifier, conversation: Conversation, message: string): string | undefined {
  const match = /^(c=[^,]*,r=([^,]*)),p=([A-Za-z0-9+/=]+)$/.exec(message);
  if (match === null || match[2] !== conversation.nonce) return undefined;
  const proof = Buffer.from(match[3]!, 'base64');
  const authMessage = `${conversation.bare},${conversation.serverFirst},${match[1]}`;
  const signature = hmac(verifier.storedKey, authMessage);
  if (proof.length !== signature.length) return undefined;
  const clientKey = proof.map((byte, at) => byte ^ signature[at]!);
  if (!timingSafeEqual(hash(clientKey), verifier.storedKey) || !conversation.known) return undefined;
  return `v=${hmac(verifier.serverKey, authMessage).toString('base64')}`;
}
