import { type Answer, addresses, subOptions, text } from './packet.ts';

/* What a DHCP server offers, in words that a person can compare with the router's page. Pure. */

/** What one server offers to devices. */
export interface Offer {
  /** Address of the server (option 54, else where the answer came from). */
  server: string;
  /** Vendor classes (option 60) that got exactly this; '' for a device that names none. */
  asked: string[];
  /** Where configuration is to be fetched: 66 (name), 67 (file), 150 (addresses), 160 (address), 43 (text or sub-options). */
  option66?: string;
  option67?: string;
  option150?: string[];
  option160?: string;
  option43?: string;
  /** Clock: 42 (servers), 2 (seconds east of UTC), 100 and 101 (RFC 4833). */
  option42?: string[];
  option2?: number;
  option100?: string;
  option101?: string;
  router?: string[];
  dns?: string[];
  domain?: string;
}

/** Puts an answer into words. `from`: address that it came from. */
export function offerOf({ options }: Answer, from: string, vendorClass: string): Offer {
  const given = <T>(name: string, value: T | undefined): Record<string, T> =>
    value === undefined ? {} : { [name]: value };
  const list = (code: number): string[] | undefined => {
    const value = options.get(code);
    return value === undefined ? undefined : addresses(value);
  };
  const offset = options.get(2);
  return {
    server: addresses(options.get(54))[0] ?? from,
    asked: [vendorClass],
    ...given('option66', text(options.get(66))),
    ...given('option67', text(options.get(67))),
    ...given('option150', list150(options.get(150))),
    ...given('option160', text(options.get(160))),
    ...given('option43', words43(options.get(43))),
    ...given('option42', list(42)),
    ...given('option2', offset?.length === 4 ? offset.readInt32BE(0) : undefined),
    ...given('option100', text(options.get(100))),
    ...given('option101', text(options.get(101))),
    ...given('router', list(3)),
    ...given('dns', list(6)),
    ...given('domain', text(options.get(15))),
  };
}

/** Cisco's list of addresses; some routers put an address as text. */
function list150(value: Buffer | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  const plain = text(value);
  if (plain !== undefined && /^[\w.:/-]{7,}$/.test(plain)) return [plain];
  return addresses(value);
}

/** Some vendors take option 43 as plain text, others as sub-options. */
function words43(value: Buffer | undefined): string | undefined {
  if (value === undefined) return undefined;
  const plain = text(value);
  if (plain !== undefined) return plain;
  const parts = subOptions(value);
  if (parts === undefined) return `0x${value.toString('hex')}`;
  return parts.map((part) => `${part.code}: ${text(part.value) ?? `0x${part.value.toString('hex')}`}`).join('; ');
}

/** Offers that say the same are one. */
export function merged(offers: readonly Offer[]): Offer[] {
  const found = new Map<string, Offer>();
  for (const offer of offers) {
    const { asked, ...said } = offer;
    const key = JSON.stringify(said);
    const before = found.get(key);
    if (before === undefined) found.set(key, { ...offer, asked: [...asked] });
    else before.asked = [...new Set([...before.asked, ...asked])];
  }
  return [...found.values()];
}
