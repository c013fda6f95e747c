import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { errorText } from '../../platform/error-text.ts';
import type { Logger } from '../../platform/log.ts';
import type { Face } from './faces.ts';

/** Where devices that were just unpacked ask (IANA: sip.mcast.net), on SIP's own port, whatever port our SIP has. */
export const plugAndPlayGroup = '224.0.1.75';
export const plugAndPlayPort = 5060;

export interface GroupParts {
  /** The interfaces to be a member on, as they are now. */
  faces: () => readonly Face[];
  heard: (data: Buffer, from: { address: string; port: number }) => void;
  logger: Logger;
  /** How often interfaces are looked at, ms. */
  lookEveryMs?: number;
}

/**
 * The machine's ear in the group. The socket is bound to the group's own address: what is sent to an address of the
 * machine goes to the SIP server as ever, be it on the same port or on another. Interfaces come, go and change their
 * addresses: membership follows within seconds.
 */
export class Group {
  private readonly parts: GroupParts;
  private socket: Socket | undefined;
  private members: Face[] = [];
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private closed = false;
  private lastFault = '';

  constructor(parts: GroupParts) {
    this.parts = parts;
  }

  /** Joins, and keeps it joined. */
  async open(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look());
    }, this.parts.lookEveryMs ?? 3_000);
    this.timer.unref();
  }

  /** Names of the interfaces that it is a member on. */
  get joined(): readonly string[] {
    return this.members.map(({ name }) => name);
  }

  /** Sends from the port that was asked. */
  send(data: Buffer, to: { address: string; port: number }): void {
    this.socket?.send(data, to.port, to.address, () => {});
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.looking;
    this.socket?.close();
    this.socket = undefined;
  }

  private async look(): Promise<void> {
    if (this.closed) return;
    // The group is joined once for each interface, by its first address.
    const wanted = [...new Map([...this.parts.faces()].reverse().map((face) => [face.name, face])).values()].reverse();
    if (same(wanted, this.members) && this.socket !== undefined && wanted.every(({ address }) => this.holds(address)))
      return;
    const { logger } = this.parts;
    this.socket?.close();
    this.socket = undefined;
    this.members = [];
    if (wanted.length === 0) return;
    try {
      this.socket = await this.bound();
      this.members = wanted.filter((face) => this.join(face));
      logger.info({ interfaces: this.joined }, 'plug-and-play: devices are listened for');
      this.lastFault = '';
    } catch (error) {
      const reason = errorText(error);
      if (reason !== this.lastFault)
        logger.error(
          { reason },
          `plug-and-play: UDP port ${plugAndPlayPort} of all addresses is held by another program; SIP servers must listen on single addresses`,
        );
      this.lastFault = reason;
    }
  }

  private async bound(): Promise<Socket> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    try {
      socket.bind({ address: plugAndPlayGroup, port: plugAndPlayPort, exclusive: true });
      await once(socket, 'listening');
    } catch (error) {
      socket.close();
      throw error;
    }
    socket.on('message', (data, { address, port }) => this.parts.heard(data, { address, port }));
    socket.on('error', () => {});
    socket.unref();
    return socket;
  }

  private join({ address, name }: Face): boolean {
    try {
      this.socket?.addMembership(plugAndPlayGroup, address);
      return true;
    } catch (error) {
      if (isHeld(error)) return true;
      this.parts.logger.warn({ interface: name, reason: errorText(error) }, 'plug-and-play: the group was not joined');
      return false;
    }
  }

  /** Whether membership is still there: an interface that was made anew under the same name has lost it. */
  private holds(address: string): boolean {
    try {
      this.socket?.addMembership(plugAndPlayGroup, address);
      return false;
    } catch (error) {
      return isHeld(error);
    }
  }
}

/** What Linux says when a socket is a member already. */
const isHeld = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

const same = (some: readonly Face[], others: readonly Face[]): boolean =>
  JSON.stringify(some) === JSON.stringify(others);
