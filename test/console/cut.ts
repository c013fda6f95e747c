import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to a server that a test can cut and mend, as a network does. */
export interface Line {
  port: number;
  /** What was asked through it: each request's first line and Last-Event-ID. */
  requests: string[];
  cut(): void;
  mend(): void;
  close(): void;
}

export async function openLine(to: number): Promise<Line> {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  let broken = false;
  const server = createServer((near) => {
    if (broken) {
      near.destroy();
      return;
    }
    const far = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    near.on('data', (data) => {
      for (const [head] of data.toString('latin1').matchAll(/^(GET|POST|PUT|PATCH|DELETE) [\s\S]*?\r\n\r\n/gm)) {
        const resumed = /last-event-id: *(\S+)/i.exec(head)?.[1];
        requests.push([head.split('\r\n')[0], resumed].filter((part) => part !== undefined).join(' '));
      }
    });
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    cut: () => {
      broken = true;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => {
      broken = false;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
