import type { PeerCertificate } from 'node:tls';
import { macOf } from './asked.ts';

/**
 * The MAC address that a vendor's device certificate carries: in the subject's common name or serial number, or in a
 * subject alternative name, where vendors put it alone or among other text (`001565AABBCC`, `SEP001565AABBCC`,
 * `00:15:65:AA:BB:CC`); Cisco's SPA and multiplatform phones in the subject's `S` (provisioning guides, "CA Client Root
 * Certificate"), which is the surname to some tools and the state to others. Their `L` is a serial number that may look
 * like a MAC address and is not read. `undefined` when there is none, or more than one. Pure.
 */
export function certificateMac(certificate: Partial<PeerCertificate> | undefined): string | undefined {
  const subject = (certificate?.subject ?? {}) as unknown as Record<string, string | string[] | undefined>;
  const { CN, S, SN, ST, serialNumber } = subject;
  const texts = [CN, serialNumber, S, SN, ST, certificate?.subjectaltname].flat();
  const found = new Set(texts.map((text) => (text === undefined ? undefined : macOf(text))));
  found.delete(undefined);
  return found.size === 1 ? [...found][0] : undefined;
}
