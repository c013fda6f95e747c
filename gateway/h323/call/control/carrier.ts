import { connect, type Socket } from 'node:net';
import type { HostPort } from '../../ras/interface.ts';
import { isSmaller } from '../media/address.ts';
import type { ControlPort, ControlPorts } from '../transport/control-ports.ts';
import { PacketLink } from '../transport/packet-link.ts';

/** What the carrier tells the call. */
export interface CarrierUser {
  /** An H.245 message came on the connection. */
  receive(bytes: Uint8Array): void;
  /** Messages wait that have to travel in call signalling. */
  carry(): void;
  /** There is a way now, or another way than before: what was sent on an earlier one may be lost. */
  established(again: boolean): void;
  /** The H.245 connection is gone, or never came about; `gracefully` when the far side closed it in order. */
  lost(gracefully: boolean, text: string): void;
}

const connectTimeoutMs = 5_000;

/** How H.245 messages travel: in call signalling (tunnelled), or on a connection of their own (H.323, clause 8.2). */
export class ControlCarrier {
  /** Whether we would tunnel; `false` from when the far side said that it does not. */
  tunnelling: boolean;
  /** The far side said that it tunnels. */
  private agreed = false;
  private waiting: Uint8Array[] = [];
  private flushing = false;
  private link: PacketLink | undefined;
  private listener: ControlPort | undefined;
  private listening: Promise<void> | undefined;
  /** Our own attempt at a connection. */
  private dialling: Socket | undefined;
  private dialled: HostPort | undefined;
  private used = false;
  private over = false;
  private readonly ports: ControlPorts;
  private readonly ownHost: string;
  private readonly localAddress: string | undefined;
  private readonly accepts: (host: string) => boolean;
  private readonly user: CarrierUser;

  /** @param accepts whether an H.245 connection from this address may be the far side's. */
  constructor(
    options: {
      tunnelling: boolean;
      ports: ControlPorts;
      ownHost: string;
      localAddress: string | undefined;
      accepts: (host: string) => boolean;
    },
    user: CarrierUser,
  ) {
    this.tunnelling = options.tunnelling;
    this.ports = options.ports;
    this.ownHost = options.ownHost;
    this.localAddress = options.localAddress;
    this.accepts = options.accepts;
    this.user = user;
  }

  get state(): 'none' | 'tunnel' | 'connection' {
    if (this.link !== undefined) return 'connection';
    return this.tunnelling && this.agreed ? 'tunnel' : 'none';
  }

  /** Where we take a connection, while we wait for one. */
  get address(): HostPort | undefined {
    return this.listener === undefined ? undefined : { host: this.ownHost, port: this.listener.port };
  }

  /** A port is open for the far side's connection, or being opened. */
  get awaits(): boolean {
    return this.listening !== undefined;
  }

  /** What the far side said about tunnelling. */
  farTunnels(far: boolean): void {
    if (!this.tunnelling || this.state === 'connection') return;
    if (far) {
      if (this.agreed) return;
      this.agreed = true;
      this.establish();
    } else {
      // Once refused it stays so for the call (H.323, clause 8.2.1).
      this.tunnelling = false;
      this.agreed = false;
    }
  }

  send(bytes: Uint8Array): void {
    if (this.over) return;
    if (this.link !== undefined) {
      this.link.send(bytes);
      return;
    }
    this.waiting.push(bytes);
    this.flush();
  }

  /** What waits for call signalling to take it along. */
  take(): Uint8Array[] {
    if (this.link !== undefined || this.waiting.length === 0) return [];
    this.used = true;
    return this.waiting.splice(0);
  }

  /** Awaits a connection; once is enough. @throws when no port is free. */
  async listen(): Promise<void> {
    if (this.link !== undefined || this.over) return;
    this.listening ??= this.ports
      .listen((socket) => this.accept(socket))
      .then((listener) => {
        if (this.over) listener.close();
        else this.listener = listener;
      });
    await this.listening;
  }

  /** Connects to where the far side takes a connection; nothing when there is one, or an attempt runs. */
  connect(to: HostPort): void {
    if (this.over || this.link !== undefined || this.dialling !== undefined) return;
    const { localAddress } = this;
    const socket = connect({ ...to, noDelay: true, ...(localAddress === undefined ? {} : { localAddress }) });
    this.dialling = socket;
    this.dialled = to;
    socket.setTimeout(connectTimeoutMs, () => socket.destroy(new Error('H.245 connection: no answer')));
    socket.once('error', (error) => this.failed(socket, error.message));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('error');
      this.dialling = undefined;
      if (this.over) socket.destroy();
      else this.use(socket);
    });
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    this.listener?.close();
    this.dialling?.destroy();
    this.link?.close();
    this.link = undefined;
  }

  private flush(): void {
    if (this.flushing || this.state !== 'tunnel') return;
    this.flushing = true;
    // What one message brings about travels in one message.
    queueMicrotask(() => {
      this.flushing = false;
      if (!this.over && this.waiting.length > 0 && this.state === 'tunnel') this.user.carry();
    });
  }

  private accept(socket: Socket): void {
    const host = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const own = this.address;
    if (this.over || !this.accepts(host)) {
      socket.destroy();
      return;
    }
    // Both opened one: the side with the smaller address gives up its own (H.323, clause 8.2.3).
    if (this.link !== undefined || this.dialling !== undefined) {
      if (own === undefined || this.dialled === undefined || !isSmaller(own, this.dialled)) {
        socket.destroy();
        return;
      }
      this.dialling?.destroy();
      this.dialling = undefined;
      const before = this.link;
      this.link = undefined;
      before?.close();
    }
    this.use(socket);
  }

  private use(socket: Socket): void {
    const link = new PacketLink(socket);
    this.link = link;
    link.on('packet', (packet) => {
      if (this.link === link) this.user.receive(packet);
    });
    link.on('closed', (gracefully, text) => {
      if (this.link !== link) return;
      this.link = undefined;
      this.user.lost(gracefully, text);
    });
    this.establish();
  }

  private establish(): void {
    const again = this.used && this.link !== undefined;
    this.used = true;
    if (this.link === undefined) this.flush();
    else for (const bytes of this.waiting.splice(0)) this.link.send(bytes);
    this.user.established(again);
  }

  private failed(socket: Socket, text: string): void {
    if (this.dialling !== socket) return;
    this.dialling = undefined;
    if (!this.over && this.link === undefined) this.user.lost(false, text);
  }
}
