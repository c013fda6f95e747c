import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** Nobody is on a line so slow; whoever reads slower holds a connection on purpose. */
const leastBytesPerS = 2_048;

/** Whether a reader took too little between two looks. Pure. */
export const isTooSlow = (bytes: number, ms: number): boolean => bytes < (leastBytesPerS * ms) / 1_000;

/** Ends a transfer whose reader takes less than 2 KiB a second, looked at every `lookEveryMs`. */
export function watchReader(socket: Socket, source: Readable, lookEveryMs: number, onSlow: () => void): void {
  let [before, at] = [socket.bytesWritten - socket.writableLength, performance.now()];
  const timer = setInterval(() => {
    const [taken, now] = [socket.bytesWritten - socket.writableLength, performance.now()];
    if (isTooSlow(taken - before, now - at)) {
      onSlow();
      socket.destroy();
    }
    [before, at] = [taken, now];
  }, lookEveryMs);
  timer.unref();
  source.once('close', () => clearInterval(timer));
  socket.once('close', () => clearInterval(timer));
}
