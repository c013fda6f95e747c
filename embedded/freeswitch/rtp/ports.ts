import { createSocket, type Socket, type SocketOptions } from 'node:dgram';
import { once } from 'node:events';

/** A pair of sockets: RTP on an even port, RTCP on the next (RFC 3550, clause 11). */
export interface PortPair {
  rtp: Socket;
  rtcp: Socket;
  port: number;
}

/** No pair of ports is free in the range. */
export class NoPortError extends Error {}

/** Hands out pairs of ports from a range, going round so that a port rests before it is used again. */
export class PortRange {
  private next: number;
  private readonly host: string;
  private readonly first: number;
  private readonly last: number;
  private readonly used = new Set<number>();

  constructor(host: string, first: number, last: number) {
    this.host = host;
    this.first = first + (first % 2);
    this.last = last;
    // Not always the same start: a packet of an earlier run's call must not hit a new one.
    const pairs = Math.max(1, Math.floor((this.last - this.first) / 2));
    this.next = this.first + 2 * Math.floor(Math.random() * pairs);
  }

  /** @throws NoPortError */
  async take(): Promise<PortPair> {
    const pairs = Math.floor((this.last + 1 - this.first) / 2);
    for (let attempt = 0; attempt < pairs; attempt++) {
      const port = this.next;
      this.next = port + 3 > this.last ? this.first : port + 2;
      if (this.used.has(port)) continue;
      this.used.add(port);
      try {
        const rtp = await bind(this.host, port);
        try {
          return { rtp, rtcp: await bind(this.host, port + 1), port };
        } catch {
          rtp.close();
        }
      } catch {
        // Somebody else has it.
      }
      this.used.delete(port);
    }
    throw new NoPortError('no RTP port is free');
  }

  give(pair: PortPair): void {
    this.used.delete(pair.port);
    pair.rtp.close();
    pair.rtcp.close();
  }
}

async function bind(host: string, port: number): Promise<Socket> {
  const family = host.includes(':') ? 6 : 4;
  // Addresses come from SDP and from packets, never names: nothing is to be looked up, least of all for each packet.
  const lookup: SocketOptions['lookup'] = (address, _options, done) => done(null, address, family);
  const socket = createSocket({ type: `udp${family}`, recvBufferSize: 1 << 17, lookup });
  try {
    // With that look-up it listens before `bind` returns.
    const listening = once(socket, 'listening');
    socket.bind({ address: host, port, exclusive: true });
    await listening;
  } catch (error) {
    socket.close();
    throw error;
  }
  socket.on('error', () => {});
  return socket;
}
