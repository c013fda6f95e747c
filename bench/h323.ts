import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { pino } from 'pino';
import type { CallDialog } from '../gateway/call.ts';
import { type H323Parts, H323Signalling } from '../gateway/h323/signalling.ts';
import { systemClock } from '../platform/clock.ts';
import { randomIds } from '../platform/ids.ts';
import { sealWith } from '../platform/seal.ts';
import type { Endpoint } from '../store/schema/places.ts';
import { Asterisk } from '../test/peers/asterisk.ts';

/*
 * H.323 call set-up with fast start, tunnelled H.245: SETUP until channels stand on both sides, then the call is cleared.
 * Our call signalling takes calls from our own in another process, then from and to Asterisk. Media is not sent.
 * `npm run bench -- h323 [seconds]`.
 */

const seconds = Number(process.argv[2] ?? 10);
const callerHost = '127.0.7.1';
const calleeHost = '127.0.7.2';
const limits = { calls: 10_000, callsPerSource: 1_000_000, connectionsPerSource: 10_000 };

function description(host: string): string {
  return `v=0\r\no=- 1 1 IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n`;
}

/** Our call signalling with peers that it knows by address. */
async function side(host: string, port: number, peers: Record<string, string>): Promise<H323Signalling> {
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

/** Answers every call; tells how many it answered and the processor time that it took, in ms. */
async function callee(): Promise<void> {
  const [port = '0', ...peers] = process.argv.slice(3);
  const signalling = await side(
    calleeHost,
    Number(port),
    Object.fromEntries(peers.map((host, at) => [`p${at}`, host])),
  );
  let answered = 0;
  const took: number[] = [];
  signalling.on('call', (call) => {
    const from = performance.now();
    call.answer(description(calleeHost)).then(
      () => {
        answered++;
        took.push(performance.now() - from);
      },
      () => {},
    );
  });
  process.on('message', () => {
    const { system, user } = process.cpuUsage();
    process.send?.({ answered, cpuMs: (system + user) / 1000, took: took.splice(0) });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ port: signalling.ports.h323 });
}

interface Report {
  answered: number;
  cpuMs: number;
  took: number[];
}

async function ask(child: ChildProcess): Promise<Report> {
  child.send('report');
  const [report] = await once(child, 'message');
  return report as Report;
}

async function startCallee(port: number, ...peers: string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(new URL(import.meta.url).pathname, ['callee', String(port), ...peers], {
    execArgv: ['--import', 'tsx'],
  });
  const [{ port: taken }] = (await once(child, 'message')) as [{ port: number }];
  return { child, port: taken };
}

const share = (sorted: number[], part: number): number =>
  Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0) * 100) / 100;
const percentiles = (values: number[]) => {
  const sorted = values.sort((a, b) => a - b);
  return { p50: share(sorted, 0.5), p95: share(sorted, 0.95), p99: share(sorted, 0.99), most: share(sorted, 1) };
};

/** Calls a second at a steady rate, or as many as `atOnce` callers make; latencies of each in ms. */
async function load(
  signalling: H323Signalling,
  endpointId: string,
  { atOnce, forMs, perSecond }: { forMs: number; atOnce: number; perSecond?: number },
) {
  const took: number[] = [];
  let failed = 0;
  const call = async (): Promise<void> => {
    const from = performance.now();
    let dialog: CallDialog | undefined;
    try {
      const caller = { number: '801', name: 'bench' };
      const options = { offer: description(callerHost), caller, ringTimeoutMs: 8_000 };
      dialog = await signalling.place({ kind: 'endpoint', endpointId }, options);
      took.push(performance.now() - from);
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

/** Our side against our side: the callee's processor time gives calls a core. */
async function againstOurselves() {
  const { child, port } = await startCallee(0, callerHost);
  const signalling = await side(callerHost, 0, { callee: `${calleeHost}:${port}` });
  await load(signalling, 'callee', { forMs: 3_000, atOnce: 8 });
  const before = await ask(child);
  const own = process.cpuUsage();
  const full = await load(signalling, 'callee', { forMs: seconds * 1_000, atOnce: 16 });
  const used = process.cpuUsage(own);
  const after = await ask(child);
  const calls = after.answered - before.answered;
  const perCore = calls / ((after.cpuMs - before.cpuMs) / 1000);
  const callerPerCore = full.took.length / ((used.user + used.system) / 1e6);
  const steady = await load(signalling, 'callee', { forMs: 5_000, atOnce: 500, perSecond: 200 });
  await signalling.close();
  child.disconnect();
  return {
    perCore: Math.round(perCore),
    callerPerCore: Math.round(callerPerCore),
    reached: Math.round((full.took.length * 1000) / full.elapsedMs),
    failed: full.failed + steady.failed,
    setupMs: percentiles(full.took),
    setupMsAt200: percentiles(steady.took),
  };
}

/** Asterisk takes our calls, then makes calls to us: what it can, not what we can. */
async function againstAsterisk() {
  const port = 1720;
  const asterisk = await Asterisk.start({
    peers: { caller: { address: callerHost }, callee: { address: calleeHost } },
  });
  const { child } = await startCallee(port, asterisk.address);
  const signalling = await side(callerHost, port, { asterisk: `600@${asterisk.address}` });
  try {
    const to = await load(signalling, 'asterisk', { forMs: 10_000, atOnce: 20, perSecond: 10 });
    await ask(child);
    for (let call = 0; call < 60; call++) {
      asterisk.call('9000', { peer: 'callee', does: 'wait', timeoutMs: 8_000 });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const from = await ask(child);
    return {
      asCallee: { calls: to.took.length, failed: to.failed, setupMs: percentiles(to.took) },
      asCaller: { calls: from.took.length, answerMs: percentiles(from.took) },
    };
  } finally {
    await signalling.close();
    child.disconnect();
    await asterisk.stop();
  }
}

if (process.argv[2] === 'callee') await callee();
else {
  const ourselves = await againstOurselves();
  const asterisk = await againstAsterisk().catch((error: unknown) => ({ skipped: String(error) }));
  console.log(
    JSON.stringify({
      name: 'h323',
      value: ourselves.perCore,
      unit: 'calls a second and core, taken with fast start and tunnelled H.245',
      ourselves,
      asterisk,
      machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${readFileSync('/proc/loadavg', 'utf8').slice(0, 4)}`,
      how: 'SETUP until channels stand on both sides, then cleared; caller in another process; by processor time of the callee',
    }),
  );
  process.exit(0);
}
