import type { Proof } from '../../store/schema/devices.ts';
import type { Asked } from './asked.ts';
import type { WindowAnswer } from './windows.ts';

/* Who may have a device's files. Pure: what is known of a request goes in, the decision comes out. */

/** What a request showed, and what the store knows of it. */
export interface Facts {
  asked: Pick<Asked, 'way' | 'mac'>;
  /** The device that the key in the path, or user and password, belong to. */
  keyOf?: Known | undefined;
  /** MAC address of a certificate that a vendor's authority vouches for. */
  certificateMac?: string | undefined;
  /** The device whose MAC address the certificate or the path names. */
  named?: Known | undefined;
  /** What the contact windows say of the device that the path names. */
  window: WindowAnswer;
  /** Network that it asks from, those that it asked from before, and what is to be done elsewhere. */
  network: string;
  elsewhere: 'allow' | 'warn' | 'confirm';
  /** Too many refusals of late came from there. */
  blocked: boolean;
}

interface Known {
  id: string;
  mac: string;
  networks: readonly string[];
}

export type Refusal =
  | 'unknown-key'
  | 'wrong-password'
  | 'key-of-another'
  | 'certificate-of-another'
  | 'unknown-device'
  | 'no-proof'
  | 'window-another-address'
  | 'window-full'
  | 'other-network'
  | 'blocked';

export type Decision =
  /** `elsewhere`: the key is used in a network where the device never was. */
  | { given: true; deviceId: string; proof: Proof; elsewhere: boolean }
  | { given: false; why: Refusal; deviceId?: string };

/** Decides; a refusal's reason is for the log alone: all of them are answered alike. */
export function judge(facts: Facts): Decision {
  const { asked, blocked, keyOf } = facts;
  if (asked.way === 'open') return judgeOpen(facts);
  // Nobody guesses a key of 256 bits: who has one is heard even where others behind the same address were refused.
  if (keyOf === undefined)
    return { given: false, why: blocked ? 'blocked' : asked.way === 'key' ? 'unknown-key' : 'wrong-password' };
  if (asked.mac !== undefined && asked.mac !== keyOf.mac)
    return { given: false, why: 'key-of-another', deviceId: keyOf.id };
  const proof = asked.way === 'key' ? 'key' : 'password';
  const elsewhere = keyOf.networks.length > 0 && !keyOf.networks.includes(facts.network);
  if (elsewhere && facts.elsewhere === 'confirm') return { given: false, why: 'other-network', deviceId: keyOf.id };
  return { given: true, deviceId: keyOf.id, proof, elsewhere: elsewhere && facts.elsewhere === 'warn' };
}

function judgeOpen({ asked, blocked, certificateMac, named, window }: Facts): Decision {
  const about = named === undefined ? {} : { deviceId: named.id };
  if (certificateMac !== undefined) {
    if (asked.mac !== undefined && asked.mac !== certificateMac)
      return { given: false, why: 'certificate-of-another', ...about };
    if (named === undefined) return { given: false, why: 'unknown-device' };
    return { given: true, deviceId: named.id, proof: 'certificate', elsewhere: false };
  }
  if (blocked) return { given: false, why: 'blocked', ...about };
  if (named === undefined) return { given: false, why: 'unknown-device' };
  switch (window) {
    case 'enters':
    case 'again':
      return { given: true, deviceId: named.id, proof: 'window', elsewhere: false };
    case 'another-address':
      return { given: false, why: 'window-another-address', ...about };
    case 'full':
      return { given: false, why: 'window-full', ...about };
    default:
      return { given: false, why: 'no-proof', ...about };
  }
}
