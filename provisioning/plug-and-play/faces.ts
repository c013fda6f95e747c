import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { addressFits } from '../../platform/address-list.ts';

/** An interface that devices are answered on, with one address of it. */
export interface Face {
  name: string;
  address: string;
  /** Its network, CIDR. */
  cidr: string;
}

/** Name for all interfaces but the machine's own. */
export const everyInterface = 'all';

/** The addresses of interfaces by name as they are now; what has no IPv4 address is left out. */
export function facesOf(
  names: readonly string[],
  all: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): Face[] {
  const wanted = names.includes(everyInterface) ? Object.keys(all) : [...new Set(names)];
  return wanted.flatMap((name) =>
    (all[name] ?? [])
      .filter(({ address, cidr, internal }) => isIPv4(address) && cidr !== null && (!internal || names.includes(name)))
      .map(({ address, cidr }) => ({ name, address, cidr: cidr ?? address })),
  );
}

/** The face in whose network an address is: from there it is answered. */
export const faceFor = (source: string, faces: readonly Face[]): Face | undefined =>
  faces.find(({ cidr }) => addressFits(source, [cidr]));
