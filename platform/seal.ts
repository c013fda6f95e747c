import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Secrets as the store keeps them: sealed with a key that is not in the store. */
export interface Seal {
  seal(plain: string): string;
  /** @throws when the text was not sealed with this key. */
  open(sealed: string): string;
}

const mark = 's1.';

/** A seal with a given 32-byte key (AES-256-GCM; `s1.` + base64url of nonce, tag and text). */
export function sealWith(key: Buffer): Seal {
  return {
    seal: (plain) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return mark + Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
    },
    open: (sealed) => {
      const data = Buffer.from(sealed.slice(mark.length), 'base64url');
      if (!sealed.startsWith(mark) || data.length < 28) throw new Error('not a sealed secret');
      const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, 12));
      decipher.setAuthTag(data.subarray(12, 28));
      return Buffer.concat([decipher.update(data.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}

/** The seal of an installation: its key lies in DATA_DIR/keys, readable by the product alone, made when missing. */
export async function openSeal(dataDir: string): Promise<Seal> {
  const folder = join(dataDir, 'keys');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'seal.key');
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(randomBytes(32));
    await file.sync();
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = await readFile(path);
  if (key.length !== 32) throw new Error(`${path} is not a key of 32 bytes`);
  return sealWith(key);
}
