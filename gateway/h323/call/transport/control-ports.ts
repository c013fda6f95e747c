import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** A port on which one H.245 connection is awaited. */
export interface ControlPort {
  port: number;
  close(): void;
}

/** The ports of H.245 connections (`H245_PORT_MIN`–`H245_PORT_MAX`; 0: any free one), handed out in turn. */
export class ControlPorts {
  private next: number;
  private readonly host: string;
  private readonly min: number;
  private readonly max: number;

  constructor(host: string, min: number, max: number) {
    this.host = host;
    this.min = min;
    this.max = Math.max(min, max);
    this.next = min;
  }

  /**
   * Listens; every connection is handed to `take`, which keeps it or destroys it.
   * @throws when no port of the range is free.
   */
  async listen(take: (socket: Socket) => void): Promise<ControlPort> {
    const tries = this.min === 0 ? 1 : Math.min(this.max - this.min + 1, 200);
    let failure: unknown;
    for (let attempt = 0; attempt < tries; attempt++) {
      const port = this.min === 0 ? 0 : this.next;
      if (this.min !== 0) this.next = this.next >= this.max ? this.min : this.next + 1;
      const server = createServer({ noDelay: true }, take);
      // Both sides connect at most once; whoever else knocks is turned away by `take`.
      server.maxConnections = 4;
      try {
        server.listen({ host: this.host, port, backlog: 4 });
        await once(server, 'listening');
      } catch (error) {
        failure = error;
        continue;
      }
      server.on('error', () => server.close());
      const address = server.address();
      return {
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () => server.close(),
      };
    }
    throw failure ?? new Error('no port for H.245');
  }
}
