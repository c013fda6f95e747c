import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import type { Seal } from '../../platform/seal.ts';
import type { DeviceSecrets } from '../../store/schema/devices.ts';
import type { Store } from '../../store/store.ts';

/** Characters that a person can read off a sheet and key into any device: no 0/O, 1/l/I. */
const readable = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const passwordLength = 24;

/** A password that nobody chose: 24 characters, 139 bits. */
export const makePassword = (): string =>
  Array.from({ length: passwordLength }, () => readable[randomInt(readable.length)]).join('');

/** A key for a device's addresses: 256 bits, safe in a URL (RFC 4648, clause 5). */
const makeKey = (): string => randomBytes(32).toString('base64url');

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A device's secrets, opened. */
export interface OpenSecrets {
  key: string;
  adminPassword: string;
}

/** Makes, finds and renews what single devices prove themselves by. */
export class DeviceKeys {
  private readonly parts: { store: Pick<Store, 'deviceSecrets'>; seal: Seal; clock: Clock };

  constructor(parts: { store: Pick<Store, 'deviceSecrets'>; seal: Seal; clock: Clock }) {
    this.parts = parts;
  }

  /** A device's secrets, made when it has none yet. */
  async of(endpointId: string): Promise<OpenSecrets> {
    const { seal } = this.parts;
    const kept = (await this.parts.store.deviceSecrets.get(endpointId)) ?? (await this.make(endpointId));
    return { key: seal.open(kept.key), adminPassword: seal.open(kept.adminPassword) };
  }

  /** The endpoint that a key belongs to, or belonged to until lately. */
  async ownerOf(key: string): Promise<string | undefined> {
    const hash = hashOf(key);
    const { clock, store } = this.parts;
    const found =
      (await store.deviceSecrets.first({ keyHash: hash })) ??
      (await store.deviceSecrets.first({ formerKeyHash: hash, formerKeyUntil: { $gt: clock.now() } }));
    return found?.id;
  }

  /** Gives a device another key. The old one still fetches the file with the new one for `graceMs`; 0: not any more. */
  async renew(endpointId: string, graceMs: number): Promise<void> {
    const { clock, seal, store } = this.parts;
    const before = await store.deviceSecrets.get(endpointId);
    if (before === undefined) {
      await this.make(endpointId);
      return;
    }
    const key = makeKey();
    const former = graceMs > 0;
    await store.deviceSecrets.update(endpointId, {
      key: seal.seal(key),
      keyHash: hashOf(key),
      keyMadeAt: clock.now(),
      formerKeyHash: former ? before.keyHash : undefined,
      formerKeyUntil: former ? new Date(clock.now().getTime() + graceMs) : undefined,
    });
  }

  async forget(endpointId: string): Promise<void> {
    await this.parts.store.deviceSecrets.remove(endpointId);
  }

  private async make(endpointId: string): Promise<DeviceSecrets> {
    const { clock, seal, store } = this.parts;
    const key = makeKey();
    try {
      return await store.deviceSecrets.insert({
        id: endpointId,
        adminPassword: seal.seal(makePassword()),
        key: seal.seal(key),
        keyHash: hashOf(key),
        keyMadeAt: clock.now(),
      });
    } catch (error) {
      // Somebody else made them at the same moment.
      const kept = await store.deviceSecrets.get(endpointId);
      if (kept === undefined) throw error;
      return kept;
    }
  }
}
