import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/*
 * Passwords are kept as scrypt (RFC 7914): memory-hard, and part of Node.js, so that no native package has to be built on
 * a commune's machine. Kept form: `scrypt$N$r$p$salt$hash`, so that costs can grow later.
 */

const cost = { N: 2 ** 15, r: 8, p: 1 };
const hashBytes = 32;
const memoryFactor = 256;

/** Hashing takes 32 MiB each: a flood of log-ins waits instead of filling the memory. */
const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer, { N, r, p }: typeof cost): Promise<Buffer> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await new Promise((resolve, reject) => {
      scrypt(password.normalize('NFC'), salt, hashBytes, { N, r, p, maxmem: memoryFactor * N * r }, (error, key) =>
        error === null ? resolve(key) : reject(error),
      );
    });
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

/** Hashes a password for keeping. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, cost);
  return `scrypt$${cost.N}$${cost.r}$${cost.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** A hash that no password fits; checking it takes as long as checking a real one. */
const nobody = `scrypt$${cost.N}$${cost.r}$${cost.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Whether the password fits the kept hash. Without a hash it takes as long and says no. */
export async function passwordFits(password: string, kept: string | undefined): Promise<boolean> {
  const [scheme, N, r, p, salt = '', hash = ''] = (kept ?? nobody).split('$');
  if (scheme !== 'scrypt') return false;
  const wanted = Buffer.from(hash, 'base64url');
  const found = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
  return wanted.length === found.length && timingSafeEqual(wanted, found) && kept !== undefined;
}
