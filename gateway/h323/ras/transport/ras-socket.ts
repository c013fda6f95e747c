import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { isIPv6 } from 'node:net';
import { decodeRas, type RasMessage } from '../../h225/index.ts';
import { PerError } from '../../per/index.ts';
import { plainHost } from '../address.ts';
import type { HostPort } from '../interface.ts';

/** Where gatekeepers are discovered (H.225.0, clause 7.2). */
export const discoveryGroup = '224.0.1.41';
export const discoveryPort = 1718;

/** A message as it came. */
export interface Arrival {
  message: RasMessage;
  bytes: Uint8Array;
  from: HostPort;
  /** Sent to the discovery group, not to us alone. */
  multicast: boolean;
}

interface RasSocketEvents {
  message: [arrival: Arrival];
  /** What came is no RAS message. */
  broken: [arrival: { bytes: Uint8Array; from: HostPort; multicast: boolean; why: string }];
  /** The socket failed. */
  error: [error: Error];
}

/** RAS over UDP: one socket for what is sent and answered, and one more that listens to the discovery group. */
export class RasSocket extends EventEmitter<RasSocketEvents> {
  private main: Socket | undefined;
  private group: Socket | undefined;

  get port(): number {
    return this.main?.address().port ?? 0;
  }

  get open(): boolean {
    return this.main !== undefined;
  }

  /** @param port 0: any free one. @throws when it cannot be had */
  async bind(host: string, port: number): Promise<void> {
    const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' });
    await bound(socket, { address: host, port });
    this.listen(socket, false);
    this.main = socket;
  }

  /** Joins the discovery group on the interface of `host`. @throws when the machine cannot */
  async joinDiscovery(host: string): Promise<void> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    // Bound to the group itself: what is sent to this machine alone does not come here.
    await bound(socket, { address: discoveryGroup, port: discoveryPort });
    try {
      socket.addMembership(discoveryGroup, host === '0.0.0.0' ? undefined : host);
    } catch (error) {
      socket.close();
      throw error;
    }
    this.listen(socket, true);
    this.group = socket;
  }

  /** Sends; what cannot be sent is as good as lost on the way. */
  send(bytes: Uint8Array, to: HostPort): void {
    this.main?.send(bytes, to.port, to.host, () => {});
  }

  async close(): Promise<void> {
    const sockets = [this.main, this.group].filter((socket) => socket !== undefined);
    this.main = undefined;
    this.group = undefined;
    await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  }

  private listen(socket: Socket, multicast: boolean): void {
    socket.on('error', (error) => this.emit('error', error));
    socket.on('message', (bytes, { address, port }) => {
      const from = { host: plainHost(address), port };
      if (port === 0) return;
      let message: RasMessage;
      try {
        message = decodeRas(bytes);
      } catch (error) {
        if (!(error instanceof PerError)) throw error;
        this.emit('broken', { bytes, from, multicast, why: error.message });
        return;
      }
      this.emit('message', { message, bytes, from, multicast });
    });
  }
}

async function bound(socket: Socket, options: { address: string; port: number }): Promise<void> {
  const listening = once(socket, 'listening');
  socket.bind(options);
  try {
    await listening;
  } catch (error) {
    socket.close();
    throw error;
  }
}
