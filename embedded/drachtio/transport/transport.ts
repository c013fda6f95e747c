import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, isIPv6, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { bracketHost } from '../sip/address.ts';
import { responseTo, type SipMessage, serialize } from '../sip/message.ts';
import { type ParseLimits, parseDatagram, SipParseError, StreamFramer } from '../sip/parse.ts';
import { localAddressFor } from './route.ts';

/* Sockets: UDP, TCP and TLS on one host (RFC 3261, clause 18). Knows bytes, messages and addresses, no transactions. */

export type TransportName = 'udp' | 'tcp' | 'tls';

/** A place on the network. */
export interface Peer {
  transport: TransportName;
  host: string;
  port: number;
}

/** Where a message came from, and where it reached us. */
export interface Arrival extends Peer {
  local: { host: string; port: number };
}

interface TransportEvents {
  message: [message: SipMessage, arrival: Arrival];
  /** A stream that carried transactions went away. */
  closed: [peer: Peer];
  /** Something unreadable came; told once a source and second. */
  malformed: [arrival: Arrival, reason: string];
}

export interface TransportOptions {
  host: string;
  port: number;
  tls?: { port: number; cert: string; key: string };
  /** Shown to peers beyond loopback when bound to every address. */
  publicHost?: string;
  limits: ParseLimits;
  /** Streams open at once. */
  maxStreams: number;
  /** A stream that says nothing this long is closed, in ms. */
  streamIdleMs: number;
}

const connectTimeoutMs = 5_000;

export class Transport extends EventEmitter<TransportEvents> {
  private readonly options: TransportOptions;
  private udp: UdpSocket | undefined;
  private readonly servers: Server[] = [];
  private readonly streams = new Map<string, Socket>();
  private readonly connecting = new Map<string, Promise<Socket>>();
  port = 0;
  tlsPort: number | undefined;

  constructor(options: TransportOptions) {
    super();
    this.options = options;
  }

  /** Binds UDP and TCP on the same port, and TLS where it is asked for. @throws when a port is taken. */
  async listen(): Promise<void> {
    if (this.options.port === 0) this.udp = await this.listenAnywhere();
    else {
      // Whoever has the stream has the port: the datagram socket of all addresses alone would not see another copy of us,
      // as it leaves room on the port for those who listen to one group (RFC 3261, clause 18.1.1: sip.mcast.net).
      await this.listenStream('tcp', this.options.port);
      this.udp = await this.bind(this.options.port, this.options.host === '0.0.0.0');
      this.port = this.options.port;
    }
    this.udp.setRecvBufferSize(1 << 21);
    this.udp.on('message', (data, source) => this.datagram(data, source.address, source.port));
    this.udp.on('error', () => {});
    if (this.options.tls !== undefined) this.tlsPort = await this.listenStream('tls', this.options.tls.port);
  }

  private async listenAnywhere(): Promise<UdpSocket> {
    for (let attempt = 1; ; attempt++) {
      const udp = await this.bind(0, false);
      try {
        this.port = udp.address().port;
        await this.listenStream('tcp', this.port);
        return udp;
      } catch (error) {
        udp.close();
        if (attempt === 20) throw error;
      }
    }
  }

  private async bind(port: number, reuseAddr: boolean): Promise<UdpSocket> {
    const udp = createSocket({ type: isIPv6(this.options.host) ? 'udp6' : 'udp4', reuseAddr });
    try {
      udp.bind({ address: this.options.host, port, exclusive: true });
      await once(udp, 'listening');
      return udp;
    } catch (error) {
      udp.close();
      throw error;
    }
  }

  /** The address that we show to a peer, with the port of the transport. */
  localFor(peer: Peer): { host: string; port: number } {
    const { host, publicHost } = this.options;
    const port = peer.transport === 'tls' ? (this.tlsPort ?? this.port) : this.port;
    if (host !== '0.0.0.0' && host !== '::') return { host, port };
    const loopback = peer.host.startsWith('127.') || peer.host === '::1';
    return { host: loopback || publicHost === undefined ? localAddressFor(peer.host) : publicHost, port };
  }

  /** Addresses on which we listen, as drachtio tells them: `udp/127.0.0.1:5060`. */
  listeningOn(): string[] {
    const { host } = this.localFor({ transport: 'udp', host: '203.0.113.1', port: 5060 });
    const shown = bracketHost(host);
    const list = [`tcp/${shown}:${this.port}`, `udp/${shown}:${this.port}`];
    return this.tlsPort === undefined ? list : [...list, `tls/${shown}:${this.tlsPort}`];
  }

  /** Whether a stream to this peer is open (an answer may go back on it). */
  hasStream(peer: Peer): boolean {
    return this.streams.has(key(peer));
  }

  /** Sends a message. @throws when the peer cannot be reached. */
  async send(data: Buffer, peer: Peer): Promise<void> {
    if (peer.transport === 'udp') {
      const udp = this.udp;
      if (udp === undefined) throw new Error('transport closed');
      await new Promise<void>((resolve, reject) =>
        udp.send(data, peer.port, peer.host, (error) => (error === null ? resolve() : reject(error))),
      );
      return;
    }
    const stream = this.streams.get(key(peer)) ?? (await this.open(peer));
    if (stream.destroyed) throw new Error('connection closed');
    // A peer that does not read must not fill our memory.
    if (stream.writableLength > 1 << 20) {
      stream.destroy();
      throw new Error('peer does not read');
    }
    stream.write(data);
  }

  async close(): Promise<void> {
    for (const stream of this.streams.values()) stream.destroy();
    for (const server of this.servers) server.close();
    this.udp?.close();
    this.udp = undefined;
  }

  private async listenStream(transport: 'tcp' | 'tls', port: number): Promise<number> {
    const accept = (socket: Socket): void => {
      const peer: Peer = { transport, host: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 };
      if (this.streams.size >= this.options.maxStreams) socket.destroy();
      else this.adopt(socket, peer);
    };
    const { tls } = this.options;
    const server =
      transport === 'tls' && tls !== undefined
        ? createTlsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key), minVersion: 'TLSv1.2' }, accept)
        : createServer(accept);
    server.on('tlsClientError', () => {});
    server.listen({ host: this.options.host, port, exclusive: true });
    await once(server, 'listening');
    this.servers.push(server);
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  private open(peer: Peer): Promise<Socket> {
    const name = key(peer);
    const running = this.connecting.get(name);
    if (running !== undefined) return running;
    const attempt = new Promise<Socket>((resolve, reject) => {
      const bound =
        this.options.host === '0.0.0.0' || this.options.host === '::' ? {} : { localAddress: this.options.host };
      const target = { host: peer.host, port: peer.port, ...bound };
      const socket = peer.transport === 'tls' ? connectTls({ ...target, rejectUnauthorized: false }) : connect(target);
      const late = setTimeout(() => socket.destroy(new Error('connection timed out')), connectTimeoutMs);
      socket.once('error', reject);
      socket.once(peer.transport === 'tls' ? 'secureConnect' : 'connect', () => {
        clearTimeout(late);
        this.adopt(socket, peer);
        resolve(socket);
      });
      socket.once('close', () => clearTimeout(late));
    }).finally(() => this.connecting.delete(name));
    this.connecting.set(name, attempt);
    return attempt;
  }

  private adopt(socket: Socket, peer: Peer): void {
    const name = key(peer);
    this.streams.set(name, socket);
    socket.setNoDelay(true);
    socket.setTimeout(this.options.streamIdleMs, () => socket.destroy());
    const local = { host: plainAddress(socket.localAddress ?? ''), port: socket.localPort ?? 0 };
    const framer = new StreamFramer(
      (message) => this.emit('message', message, { ...peer, local }),
      () => socket.write('\r\n'),
      this.options.limits,
    );
    socket.on('data', (data) => {
      try {
        framer.push(data);
      } catch (error) {
        this.refuse(error, { ...peer, local });
        // Nothing more is read of a stream that cannot be followed; the answer still gets its moment to leave.
        socket.removeAllListeners('data').resume().end();
        setTimeout(() => socket.destroy(), 1_000).unref();
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.streams.get(name) === socket) this.streams.delete(name);
      this.emit('closed', peer);
    });
  }

  private datagram(data: Buffer, host: string, port: number): void {
    // Keep-alives: empty datagrams, CRLF, or a zero byte (RFC 5626; seen from room codecs).
    if (data.length <= 4 && /^[\r\n\0]*$/.test(data.toString('latin1'))) return;
    const peer: Peer = { transport: 'udp', host, port };
    const arrival: Arrival = { ...peer, local: this.localFor(peer) };
    try {
      this.emit('message', parseDatagram(data, this.options.limits), arrival);
    } catch (error) {
      this.refuse(error, arrival);
    }
  }

  /** Answers what can be answered of an unreadable request, and tells about it. */
  private refuse(error: unknown, arrival: Arrival): void {
    if (!(error instanceof SipParseError)) throw error;
    this.emit('malformed', arrival, error.message);
    const parsed = (error as SipParseError & { parsed?: SipMessage }).parsed;
    if (parsed?.kind !== 'request' || parsed.method === 'ACK') return;
    const answer = responseTo(parsed, error.status, [], 'malformed');
    answer.reason = error.message;
    this.send(serialize(answer), arrival).catch(() => {});
  }
}

function key(peer: Peer): string {
  return `${peer.transport}/${peer.host}/${peer.port}`;
}

/** IPv4 addresses on a dual-stack socket come as `::ffff:a.b.c.d`. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
