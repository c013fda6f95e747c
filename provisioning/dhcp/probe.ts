import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { merged, type Offer, offerOf } from './offer.ts';
import { clientPort, messageTypes, type Question, readAnswer, serverPort, writeQuestion } from './packet.ts';

/** What devices of the makers call themselves (option 60): servers may answer each otherwise. */
const vendorClasses = ['', 'yealink', 'Grandstream', 'Polycom', 'snom', 'Cisco'] as const;
const askAgainMs = [0, 700, 1_500] as const;
const listenMs = 3_000;
/** Answers taken in one look: a flood of them tells nothing more. */
const mostAnswers = 200;

/** Why the network could not be asked. */
export class DhcpUnavailable extends Error {
  readonly code: 'dhcp.no-permission' | 'dhcp.port-taken' | 'dhcp.no-interface';
  constructor(code: DhcpUnavailable['code']) {
    super(code);
    this.code = code;
  }
}

/** An interface of this machine that a network is behind. */
export interface NetworkInterface {
  name: string;
  address: string;
  broadcast: string;
  /** Six octets. */
  hardware: Uint8Array;
}

/** The interfaces with an IPv4 network behind them: the one that is named, else all but the loopback. */
export function interfacesOf(
  only?: string,
  all: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): NetworkInterface[] {
  return Object.entries(all).flatMap(([name, list]) =>
    (list ?? [])
      .filter(({ address, internal }) => (only === undefined ? !internal : name === only) && isIPv4(address))
      .map(({ address, mac, netmask }) => ({
        name,
        address,
        broadcast: broadcastOf(address, netmask),
        hardware: Uint8Array.from(mac.split(':').map((pair) => Number.parseInt(pair, 16))),
      })),
  );
}

function broadcastOf(address: string, netmask: string): string {
  const mask = netmask.split('.').map(Number);
  return address
    .split('.')
    .map((part, place) => (Number(part) & (mask[place] ?? 255)) | (~(mask[place] ?? 255) & 255))
    .join('.');
}

/**
 * Asks the DHCP servers behind an interface what they offer: INFORM for this machine's own address in the name of several
 * vendors, and DISCOVER as a new device would, with a made-up hardware address; nothing is requested, so no lease is
 * taken. Needs port 68. @throws DhcpUnavailable
 */
export async function askNetwork(network: NetworkInterface): Promise<Offer[]> {
  const informing = await open(network.address);
  let discovering: Socket | undefined;
  try {
    discovering = await open('0.0.0.0');
    const stranger = Uint8Array.from([0x02, ...randomBytes(5)]);
    const found = await Promise.all([
      ...vendorClasses.map((vendorClass) =>
        ask(informing, network, vendorClass, {
          type: 'inform',
          hardware: network.hardware,
          address: network.address,
        }),
      ),
      ask(discovering, network, '', { type: 'discover', hardware: stranger }),
    ]);
    return merged(found.flat());
  } finally {
    informing.close();
    discovering?.close();
  }
}

async function ask(
  socket: Socket,
  { broadcast }: NetworkInterface,
  vendorClass: string,
  question: Omit<Question, 'transaction' | 'vendorClass'>,
): Promise<Offer[]> {
  const transaction = randomBytes(4).readUInt32BE(0);
  const packet = writeQuestion({ ...question, transaction, ...(vendorClass === '' ? {} : { vendorClass }) });
  const wanted = question.type === 'discover' ? messageTypes.offer : messageTypes.ack;
  const offers: Offer[] = [];
  const take = (data: Buffer, from: { address: string; port: number }): void => {
    const answer = readAnswer(data);
    if (answer?.transaction !== transaction || answer.type !== wanted || offers.length >= mostAnswers) return;
    offers.push(offerOf(answer, from.address, vendorClass));
  };
  socket.on('message', take);
  const timers = askAgainMs.map((ms) =>
    // Nobody behind the interface, or a network that just went down, is an empty answer and no fault of ours.
    setTimeout(() => offers.length === 0 && socket.send(packet, serverPort, broadcast, () => {}), ms),
  );
  await new Promise((resolve) => setTimeout(resolve, listenMs));
  for (const timer of timers) clearTimeout(timer);
  socket.off('message', take);
  return offers;
}

async function open(address: string): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.setMaxListeners(20);
  try {
    socket.bind(clientPort, address);
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    const { code } = error as NodeJS.ErrnoException;
    throw new DhcpUnavailable(code === 'EACCES' ? 'dhcp.no-permission' : 'dhcp.port-taken');
  }
  socket.on('error', () => {});
  socket.setBroadcast(true);
  return socket;
}
