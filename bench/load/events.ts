import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Reachable } from './engine.ts';

/** A client of the engine's event socket: commands, and the custom events of a subclass. */
export interface Events {
  api(command: string): Promise<string>;
  told: (event: Record<string, string>, atMs: number) => void;
  close(): void;
}

export async function openEvents(engine: Reachable, subclass: string): Promise<Events> {
  const socket: Socket = connect({ host: engine.esl.host, port: engine.esl.port, noDelay: true });
  const waiting: ((body: string) => void)[] = [];
  const events: Events = {
    told: () => {},
    api: (command) => {
      socket.write(`api ${command}\n\n`);
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
    close: () => socket.destroy(),
  };
  let pending = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (data: Buffer) => {
    pending = Buffer.concat([pending, data]);
    for (let end = pending.indexOf('\n\n'); end >= 0; end = pending.indexOf('\n\n')) {
      const head = pending.toString('utf8', 0, end);
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      if (pending.length < end + 2 + length) return;
      const body = pending.toString('utf8', end + 2, end + 2 + length);
      pending = pending.subarray(end + 2 + length);
      if (head.includes('text/event-json')) events.told(JSON.parse(body) as Record<string, string>, performance.now());
      else if (head.includes('api/response')) waiting.shift()?.(body);
    }
  });
  socket.write(`auth ${engine.esl.secret}\n\nevent json CUSTOM ${subclass}\n\n`);
  await once(socket, 'data');
  return events;
}
