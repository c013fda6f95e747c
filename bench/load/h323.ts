import { pino } from 'pino';
import type { CallDialog } from '../../gateway/call.ts';
import { type H323Parts, H323Signalling } from '../../gateway/h323/signalling.ts';
import { systemClock } from '../../platform/clock.ts';
import { randomIds } from '../../platform/ids.ts';
import { sealWith } from '../../platform/seal.ts';
import type { Endpoint } from '../../store/schema/places.ts';

/* H.323 calls by our own call signalling, without media. */

const limits = { calls: 10_000, callsPerSource: 1_000_000, connectionsPerSource: 10_000 };

/** G.711 and telephone events at an address. */
export function description(host: string): string {
  return `v=0\r\no=- 1 1 IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n`;
}

/** Our call signalling with peers that it knows by address. */
export async function side(host: string, port: number, peers: Record<string, string>): Promise<H323Signalling> {
  const stamps = { createdAt: new Date(), updatedAt: new Date() };
  const endpoints = Object.entries(peers).map(
    ([name, address]): Endpoint => ({
      id: name,
      name,
      address,
      kind: 'h323-address',
      digest: 'MD5',
      srtp: 'off',
      maxContacts: 1,
      enabled: true,
      ...stamps,
    }),
  );
  const store = {
    endpoints: { find: async () => endpoints, get: async (id: string) => endpoints.find((one) => one.id === id) },
    sites: { find: async () => [], get: async () => undefined },
    registrations: {},
  } as unknown as H323Parts['store'];
  const signalling = new H323Signalling({
    config: { h323Host: host, h323Port: port, rasPort: 0, publicHost: host, h245PortMin: 0, h245PortMax: 0 },
    store,
    seal: sealWith(Buffer.alloc(32)),
    clock: systemClock,
    newId: randomIds,
    logger: pino({ level: 'warn' }),
    limits,
  });
  await signalling.start();
  return signalling;
}

const share = (sorted: number[], part: number): number =>
  Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0) * 100) / 100;
export const percentiles = (values: number[]) => {
  const sorted = values.sort((a, b) => a - b);
  return { p50: share(sorted, 0.5), p95: share(sorted, 0.95), p99: share(sorted, 0.99), most: share(sorted, 1) };
};

/** Calls a second at a steady rate, or as many as `atOnce` callers make; latencies of each in ms. */
export async function load(
  signalling: H323Signalling,
  endpointId: string,
  {
    host,
    forMs,
    atOnce,
    perSecond,
    lastingMs = 0,
  }: { host: string; forMs: number; atOnce: number; perSecond?: number; lastingMs?: number },
) {
  const took: number[] = [];
  let failed = 0;
  const call = async (): Promise<void> => {
    const from = performance.now();
    let dialog: CallDialog | undefined;
    try {
      const caller = { number: '801', name: 'bench' };
      const options = { offer: description(host), caller, ringTimeoutMs: 8_000 };
      dialog = await signalling.place({ kind: 'endpoint', endpointId }, options);
      took.push(performance.now() - from);
      if (lastingMs > 0) await new Promise((resolve) => setTimeout(resolve, lastingMs));
    } catch {
      failed++;
    }
    await dialog?.end();
  };
  const began = performance.now();
  if (perSecond === undefined) {
    const one = async (): Promise<void> => {
      while (performance.now() - began < forMs) await call();
    };
    await Promise.all(Array.from({ length: atOnce }, one));
  } else {
    const running = new Set<Promise<void>>();
    let started = 0;
    while (performance.now() - began < forMs) {
      for (const due = ((performance.now() - began) / 1000) * perSecond; started < due; started++) {
        if (running.size >= atOnce) continue;
        const one: Promise<void> = call().finally(() => running.delete(one));
        running.add(one);
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(running);
  }
  return { took, failed, elapsedMs: performance.now() - began };
}
