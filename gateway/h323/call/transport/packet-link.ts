import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { errorText } from '../../../../platform/error-text.ts';
import { frameTpkt, TpktReader } from '../../h225/index.ts';
import type { HostPort } from '../../ras/interface.ts';

interface PacketLinkEvents {
  packet: [packet: Uint8Array];
  /** No more comes and nothing more can be sent. `gracefully`: the far side closed it in order. Once. */
  closed: [gracefully: boolean, text: string];
}

/** Octets of a packet; a TerminalCapabilitySet of a video codec has some 4,000. */
const longestPacket = 32_768;
/** Octets that may wait for a far side that does not read. */
const mostUnsent = 262_144;
/** The kernel asks a silent far side whether it lives, ms. */
const keepAliveMs = 30_000;

/** Packets over TCP: the call signalling connection and the H.245 connection are both of this kind (TPKT, RFC 1006). */
export class PacketLink extends EventEmitter<PacketLinkEvents> {
  readonly far: HostPort;
  readonly local: HostPort;
  private readonly socket: Socket;
  private readonly reader = new TpktReader(longestPacket);
  private over = false;

  /** Takes a connected socket. */
  constructor(socket: Socket) {
    super();
    this.socket = socket;
    this.far = { host: plainHost(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 };
    this.local = { host: plainHost(socket.localAddress ?? ''), port: socket.localPort ?? 0 };
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    socket.on('data', (data) => this.take(data));
    socket.on('end', () => this.finish(true, 'closed by the far side'));
    socket.on('error', (error) => this.finish(false, error.message));
    socket.on('close', () => this.finish(false, 'connection lost'));
  }

  get closed(): boolean {
    return this.over;
  }

  send(packet: Uint8Array): void {
    if (this.over) return;
    // Answers to one message are several: they go out together.
    if (this.socket.writableCorked === 0) {
      this.socket.cork();
      process.nextTick(() => this.socket.uncork());
    }
    this.socket.write(frameTpkt(packet));
    if (this.socket.writableLength > mostUnsent) this.abort('the far side does not read');
  }

  /** Closes after what was sent has gone out. */
  close(): void {
    if (this.over) return;
    this.over = true;
    this.socket.end();
    // Whoever does not close its side as well is not waited for.
    this.socket.setTimeout(2_000, () => this.socket.destroy());
    this.socket.resume();
  }

  /** Closes at once. */
  abort(text: string): void {
    this.finish(false, text);
  }

  private take(data: Buffer): void {
    if (this.over) return;
    try {
      for (const packet of this.reader.push(data)) {
        this.emit('packet', packet);
        if (this.over) return;
      }
    } catch (error) {
      this.finish(false, errorText(error));
    }
  }

  private finish(gracefully: boolean, text: string): void {
    if (this.over) return;
    this.over = true;
    this.socket.uncork();
    this.socket.destroy();
    this.emit('closed', gracefully, text);
  }
}

/** IPv4 addresses that came over an IPv6 socket, without their prefix. */
function plainHost(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
