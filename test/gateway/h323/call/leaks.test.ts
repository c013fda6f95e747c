import { deepEqual, equal, ok } from 'node:assert/strict';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connectPair, offerOf, openHouse } from './house.ts';

/** Sockets, listeners and timers that keep the process alive. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Octets of live objects. */
function liveHeap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe('1,000 H.323 calls one after the other', () => {
  for (const tunnelling of [true, false]) {
    it(`leave nothing behind, ${tunnelling ? 'tunnelled' : 'with connections of their own for H.245'}`, async () => {
      const limits = { callsPerSource: 10_000 };
      const a = await openHouse('127.0.0.43', { tunnelling }, { limits });
      const b = await openHouse('127.0.0.44', { tunnelling }, { limits });
      try {
        const offers = { a: offerOf(a.host, 3_000), b: offerOf(b.host, 4_000) };
        const run = async (calls: number): Promise<void> => {
          for (let call = 0; call < calls; call++) {
            const { callee, caller } = await connectPair(a, b, offers);
            const [first, second] = call % 2 === 0 ? [caller, callee] : [callee, caller];
            const ended = once(second, 'ended');
            await first.end();
            await ended;
          }
        };
        await run(300);
        await settled(4);
        const [heap, before] = [liveHeap(), resources()];
        await run(500);
        await settled(before.TCPSocketWrap ?? 0);
        const after = resources();
        for (const kind of ['TCPSocketWrap', 'TCPServerWrap', 'Timeout']) {
          ok((after[kind] ?? 0) <= (before[kind] ?? 0), `${kind}: ${before[kind]} → ${after[kind]}`);
        }
        const growth = liveHeap() - heap;
        ok(growth < 1_500_000, `heap grew by ${growth} bytes`);
        equal(a.signalling.callCount + b.signalling.callCount, 0);
        deepEqual([a.lines, b.lines], [[], []]);
      } finally {
        await Promise.all([a.close(), b.close()]);
      }
    }).timeout(60_000);
  }
});

/** Sockets close a moment after their calls. */
async function settled(most: number): Promise<void> {
  for (let look = 0; look < 100 && (resources().TCPSocketWrap ?? 0) > most; look++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
