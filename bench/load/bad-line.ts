import type { RemoteInfo } from 'node:dgram';
import { socketOf } from './socket.ts';

/** What a line does to packets: loses some of 100, takes so many ms, holds each back by chance up to so many more. */
export interface Flaws {
  lossPercent: number;
  jitterMs: number;
  delayMs?: number;
}

export interface BadLine {
  /** Leads packets to a port of the engine; answers the port to send to instead. */
  aim(enginePort: number): number;
  close(): void;
}

/** A line between one caller and its port at the engine. */
export async function badLine(
  flaws: { up?: Flaws; down?: Flaws },
  random: () => number = Math.random,
): Promise<BadLine> {
  const near = await socketOf(1 << 22);
  const far = await socketOf(1 << 22);
  let engine = 0;
  let caller: RemoteInfo | undefined;
  let closed = false;
  const pass = (one: Flaws | undefined, data: Buffer, send: (data: Buffer) => void): void => {
    if (one === undefined) {
      send(data);
      return;
    }
    if (random() * 100 < one.lossPercent) return;
    const { delayMs = 0, jitterMs } = one;
    if (delayMs + jitterMs === 0) send(data);
    else setTimeout(() => closed || send(data), delayMs + random() * jitterMs);
  };
  near.on('message', (data, source) => {
    caller = source;
    pass(flaws.up, data, (kept) => far.send(kept, engine, '127.0.0.1'));
  });
  far.on('message', (data) =>
    pass(flaws.down, data, (kept) => {
      if (caller !== undefined) near.send(kept, caller.port, caller.address);
    }),
  );
  return {
    aim: (enginePort) => {
      engine = enginePort;
      return near.address().port;
    },
    close: () => {
      closed = true;
      near.close();
      far.close();
    },
  };
}
