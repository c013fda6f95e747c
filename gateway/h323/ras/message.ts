import type { CryptoH323Token, RasMessage, VendorIdentifier } from '../h225/index.ts';

/* What all RAS messages share (H.225.0, clause 7). */

/** Our version of H.225.0: v6, which has all that we use. */
export const protocolIdentifier = '0.0.8.2250.0.6';

type KeyOf<T> = T extends unknown ? keyof T : never;
/** Name of a RAS message, as H.225.0 spells it. */
export type RasKind = Exclude<KeyOf<RasMessage>, 'unknownChoice' | 'admissionConfirmSequence'>;

/** What a message of a name holds. */
export type BodyOf<K extends RasKind> = NonNullable<Extract<RasMessage, Record<K, unknown>>[K]>;

/** Fields that nearly every message has. */
interface Body {
  requestSeqNum: number;
  cryptoTokens?: CryptoH323Token[];
}

/** A message by its name; `undefined` for one that later versions brought. */
export function kindOf(message: RasMessage): RasKind | undefined {
  const kind = Object.keys(message)[0];
  return kind === undefined || kind === 'unknownChoice' || kind === 'admissionConfirmSequence'
    ? undefined
    : (kind as RasKind);
}

export function bodyOf(message: RasMessage): Body | undefined {
  const kind = kindOf(message);
  return kind === undefined ? undefined : (message as unknown as Record<string, Body>)[kind];
}

/** The answers that end each request. */
const answers: Partial<Record<RasKind, readonly RasKind[]>> = {
  gatekeeperRequest: ['gatekeeperConfirm', 'gatekeeperReject'],
  registrationRequest: ['registrationConfirm', 'registrationReject'],
  unregistrationRequest: ['unregistrationConfirm', 'unregistrationReject'],
  admissionRequest: ['admissionConfirm', 'admissionReject'],
  bandwidthRequest: ['bandwidthConfirm', 'bandwidthReject'],
  disengageRequest: ['disengageConfirm', 'disengageReject'],
  locationRequest: ['locationConfirm', 'locationReject'],
  infoRequest: ['infoRequestResponse'],
  serviceControlIndication: ['serviceControlResponse'],
};

export function answersTo(request: RasKind): readonly RasKind[] {
  return answers[request] ?? [];
}

const answerKinds = new Set<RasKind>([
  ...Object.values(answers)
    .flat()
    .filter((kind) => kind !== 'infoRequestResponse'),
  'unknownMessageResponse',
  'requestInProgress',
  'resourcesAvailableConfirm',
  'infoRequestAck',
  'infoRequestNak',
]);

/** Whether a message answers one of ours; an IRR may also come by itself. */
export function isAnswer(kind: RasKind): boolean {
  return answerKinds.has(kind);
}

/** Version of H.225.0 that a peer speaks (`0.0.8.2250.0.N` → N), 0 when it is something else. */
export function versionOf(identifier: string): number {
  return Number(/^0\.0\.8\.2250\.0\.(\d{1,3})$/.exec(identifier)?.[1] ?? 0);
}

/** A vendor's product and version as text. */
export function productText(vendor: VendorIdentifier | undefined): string {
  const text = (octets: Uint8Array | undefined): string =>
    Buffer.from(octets ?? [])
      .toString('utf8')
      .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '')
      .trim();
  return [text(vendor?.productId), text(vendor?.versionId)]
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, 256);
}

/** We have no T.35 manufacturer code; Viet Nam's country code (T.35, annex A) says where the product is from. */
export const ourVendor: VendorIdentifier = {
  vendor: { t35CountryCode: 0xbc, t35Extension: 0, manufacturerCode: 0 },
  productId: Buffer.from('diemcau'),
};
