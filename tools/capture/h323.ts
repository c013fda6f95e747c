import {
  decodeFastStart,
  decodeRas,
  decodeSignalling,
  encodeFastStart,
  encodeRas,
  encodeSignalling,
  fastStartOf,
  type SignallingMessage,
  TpktError,
  TpktReader,
  tunnelOf,
} from '../../gateway/h323/h225/index.ts';
import { decodeH245, encodeH245 } from '../../gateway/h323/h245/index.ts';
import { errorText } from '../../platform/error-text.ts';
import type { CapturedPacket } from './file.ts';
import { address6, type Segment, segmentOf } from './packet.ts';
import { type Delivery, TcpStream } from './tcp-stream.ts';

export type Protocol = 'h225' | 'h245' | 'ras';

/** A message found in a capture, or what stood in the place of one. */
export interface Found {
  /** The packet that completed it. */
  frame: number;
  protocol: Protocol;
  from: string;
  to: string;
  /** How H.245 came when it had no connection of its own: in an H.225.0 message. */
  carried?: 'tunnelled' | 'fastStart';
  bytes: Uint8Array;
  message?: unknown;
  /** Whether our encoder gives the same octets back. */
  roundTrip?: boolean;
  /** Why there is no message. */
  error?: string;
}

interface Direction {
  stream: TcpStream;
  tpkt: TpktReader;
  from: string;
  to: string;
  /** Unknown until the first octets show it; `other` is left alone from then on. */
  protocol: 'unknown' | 'h225' | 'h245' | 'other';
}

const defaultRasPorts = [1718, 1719];

/**
 * Finds the H.323 messages of a capture, in order. H.225.0 is recognised on any TCP port; H.245 connections are known by
 * the `h245Address` that announced them, or by what stands in them; RAS by its ports, those told and those announced.
 */
export class H323Finder {
  readonly #directions = new Map<string, Direction>();
  readonly #h245Addresses = new Set<string>();
  readonly #rasAddresses = new Set<string>();
  readonly #rasPorts: ReadonlySet<number>;

  constructor(rasPorts: readonly number[] = []) {
    this.#rasPorts = new Set([...defaultRasPorts, ...rasPorts]);
  }

  /** What a packet completes. */
  push(packet: CapturedPacket): Found[] {
    const segment = segmentOf(packet);
    if (segment === undefined) return [];
    return segment.transport === 'udp' ? this.#datagram(segment) : this.#segment(segment);
  }

  /** What can still be said once the capture has ended. */
  end(): Found[] {
    return [...this.#directions.values()].flatMap((direction) => [
      ...direction.stream.skip().flatMap((delivery) => this.#deliver(direction, delivery)),
      ...unfinished(direction),
    ]);
  }

  #datagram({ frame, from, to, payload }: Segment): Found[] {
    const isRas = [from, to].some(
      (address) => this.#rasAddresses.has(address) || this.#rasPorts.has(Number(/\d+$/.exec(address)?.[0])),
    );
    // Empty datagrams and single octets only keep a way through a firewall open (H.460.18).
    return isRas && payload.length > 1 ? this.#read('ras', { frame, from, to }, payload) : [];
  }

  #segment(segment: Segment): Found[] {
    const key = `${segment.from}>${segment.to}`;
    let direction = this.#directions.get(key);
    const found: Found[] = [];
    if (direction === undefined || segment.syn) {
      if (direction !== undefined) found.push(...unfinished(direction));
      const { from, to } = segment;
      direction = { stream: new TcpStream(), tpkt: new TpktReader(), from, to, protocol: 'unknown' };
      this.#directions.set(key, direction);
    }
    for (const delivery of direction.stream.push(segment)) found.push(...this.#deliver(direction, delivery));
    return found;
  }

  #deliver(direction: Direction, delivery: Delivery): Found[] {
    if (direction.protocol === 'other') return [];
    const where = { frame: delivery.frame, from: direction.from, to: direction.to };
    if ('missing' in delivery) {
      direction.tpkt = new TpktReader();
      return fault(direction, where, `${delivery.missing} octets of the connection are not in the capture`);
    }
    try {
      return direction.tpkt.push(delivery.octets).flatMap((packet) => this.#packet(direction, where, packet));
    } catch (error) {
      if (!(error instanceof TpktError)) throw error;
      // The stream cannot be followed from here; the next segment may begin with a packet again.
      direction.tpkt = new TpktReader();
      if (direction.protocol !== 'unknown') return fault(direction, where, `no TPKT: ${error.message}`);
      direction.protocol = 'other';
      return [];
    }
  }

  #packet(direction: Direction, where: Where, packet: Uint8Array): Found[] {
    if (direction.protocol === 'unknown') direction.protocol = this.#recognise(where, packet);
    return direction.protocol === 'h225' || direction.protocol === 'h245'
      ? this.#read(direction.protocol, where, packet)
      : [];
  }

  #recognise({ from, to }: Where, packet: Uint8Array): Direction['protocol'] {
    if (this.#h245Addresses.has(from) || this.#h245Addresses.has(to)) return 'h245';
    if (packet[0] === 0x08 && packet[1] <= 2) return 'h225';
    const trial = readMessage('h245', packet);
    return 'message' in trial && trial.roundTrip ? 'h245' : 'other';
  }

  #read(protocol: Protocol, where: Where, bytes: Uint8Array): Found[] {
    const found: Found = { ...where, protocol, bytes, ...readMessage(protocol, bytes) };
    this.#learn(found.message);
    const inside = protocol === 'h225' && found.message !== undefined ? carriedIn(found) : [];
    return [found, ...inside];
  }

  /** Remembers the addresses that a message announces, wherever they stand in it. */
  #learn(value: unknown, name = ''): void {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
    if (name === 'h245Address') add(this.#h245Addresses, value);
    else if (name === 'rasAddress' || name === 'replyAddress') add(this.#rasAddresses, value);
    for (const [key, inner] of Object.entries(value)) this.#learn(inner, Array.isArray(value) ? name : key);
  }
}

type Where = Pick<Found, 'frame' | 'from' | 'to'>;

function fault(direction: Direction, where: Where, error: string): Found[] {
  const { protocol } = direction;
  return protocol === 'h225' || protocol === 'h245' ? [{ ...where, protocol, bytes: new Uint8Array(0), error }] : [];
}

function unfinished(direction: Direction): Found[] {
  const where = { frame: 0, from: direction.from, to: direction.to };
  const { pending } = direction.tpkt;
  return pending === 0 ? [] : fault(direction, where, `ends within a packet, ${pending} octets of it are there`);
}

type Outcome = { message: unknown; roundTrip: boolean } | { error: string };

function readMessage(protocol: Protocol, bytes: Uint8Array): Outcome {
  if (protocol === 'ras') return read(bytes, decodeRas, encodeRas);
  return protocol === 'h225' ? read(bytes, decodeSignalling, encodeSignalling) : read(bytes, decodeH245, encodeH245);
}

function read<T>(bytes: Uint8Array, decode: (bytes: Uint8Array) => T, encode: (message: T) => Uint8Array): Outcome {
  let message: T;
  try {
    message = decode(bytes);
  } catch (error) {
    return { error: errorText(error) };
  }
  try {
    return { message, roundTrip: Buffer.compare(encode(message), bytes) === 0 };
  } catch {
    return { message, roundTrip: false };
  }
}

/** The H.245 within an H.225.0 message. */
function carriedIn({ frame, from, to, message }: Found): Found[] {
  const { userInformation } = message as SignallingMessage;
  if (userInformation === undefined) return [];
  const where = { frame, from, to, protocol: 'h245' } as const;
  const channels = (fastStartOf(userInformation) ?? []).map((bytes): Found => {
    const outcome = read(
      bytes,
      (octets) => ({ openLogicalChannel: decodeFastStart([octets])[0]! }),
      ({ openLogicalChannel }) => encodeFastStart([openLogicalChannel])[0]!,
    );
    return { ...where, carried: 'fastStart', bytes, ...outcome };
  });
  const tunnelled = tunnelOf(userInformation).map(
    (bytes): Found => ({ ...where, carried: 'tunnelled', bytes, ...readMessage('h245', bytes) }),
  );
  return [...channels, ...tunnelled];
}

/** A transport address in the form of the capture's. */
function add(addresses: Set<string>, value: object): void {
  const { ipAddress, ip6Address } = value as {
    ipAddress?: { ip: Uint8Array; port: number };
    ip6Address?: { ip: Uint8Array; port: number };
  };
  if (ipAddress?.ip instanceof Uint8Array) addresses.add(`${ipAddress.ip.join('.')}:${ipAddress.port}`);
  if (ip6Address?.ip instanceof Uint8Array) addresses.add(`[${address6(ip6Address.ip)}]:${ip6Address.port}`);
}
