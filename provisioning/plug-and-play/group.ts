import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Where devices that were just unpacked ask (IANA: sip.mcast.net); the port is SIP's own. */
export const plugAndPlayGroup = '224.0.1.75';
export const plugAndPlayPort = 5060;

/** Addresses and networks (CIDR) of interfaces by name; what has no IPv4 address is left out. */
export function networksOf(
  names: readonly string[],
  all: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): { name: string; address: string; cidr: string }[] {
  return names.flatMap((name) =>
    (all[name] ?? [])
      .filter(({ address, cidr }) => isIPv4(address) && cidr !== null)
      .map(({ address, cidr }) => ({ name, address, cidr: cidr ?? address })),
  );
}

/**
 * Makes the machine a member of the group on these interfaces, so that what is sent there reaches the SIP server, which
 * listens on the port for all of the machine's addresses (Linux delivers to it, IP_MULTICAST_ALL). The socket itself
 * takes nothing. @throws when an interface cannot join.
 */
export async function joinGroup(addresses: readonly string[]): Promise<Socket> {
  const socket = createSocket('udp4');
  try {
    socket.bind(0);
    await once(socket, 'listening');
    for (const address of addresses) socket.addMembership(plugAndPlayGroup, address);
  } catch (error) {
    socket.close();
    throw error;
  }
  socket.on('error', () => {});
  socket.unref();
  return socket;
}
