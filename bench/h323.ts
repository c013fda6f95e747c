import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { Asterisk } from '../test/peers/asterisk.ts';
import { Product } from '../test/peers/product.ts';
import { description, load, percentiles, side } from './load/h323.ts';

/*
 * H.323 call set-up with fast start, tunnelled H.245: SETUP until channels stand on both sides, then the call is cleared.
 * Our call signalling takes calls from our own in another process, then from and to Asterisk; then the whole product takes
 * them through to a room. Media is not sent.
 * `npm run bench -- h323 [seconds]`.
 */

const seconds = Number(process.argv[2] ?? 10);
const callerHost = '127.0.7.1';
const calleeHost = '127.0.7.2';
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

/** Our side against our side: the callee's processor time gives calls a core. */
async function againstOurselves() {
  const { child, port } = await startCallee(0, callerHost);
  const signalling = await side(callerHost, 0, { callee: `${calleeHost}:${port}` });
  await load(signalling, 'callee', { host: callerHost, forMs: 3_000, atOnce: 8 });
  const before = await ask(child);
  const own = process.cpuUsage();
  const full = await load(signalling, 'callee', { host: callerHost, forMs: seconds * 1_000, atOnce: 16 });
  const used = process.cpuUsage(own);
  const after = await ask(child);
  const calls = after.answered - before.answered;
  const perCore = calls / ((after.cpuMs - before.cpuMs) / 1000);
  const callerPerCore = full.took.length / ((used.user + used.system) / 1e6);
  const steady = await load(signalling, 'callee', { host: callerHost, forMs: 5_000, atOnce: 500, perSecond: 200 });
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
    const to = await load(signalling, 'asterisk', { host: callerHost, forMs: 10_000, atOnce: 20, perSecond: 10 });
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

/** Through to a room of the product, media engine and log included: rates grow until a call fails or takes 100 ms. */
async function throughToRoom() {
  const product = await Product.start({ environment: { LOG_LEVEL: 'error', CALLS_PER_SOURCE: '1000' } });
  const signalling = await side(callerHost, 0, { room: `5000@${product.host}:${product.ports.h323}` });
  try {
    await product.post('/endpoints', { name: 'Caller', kind: 'h323-address', address: callerHost });
    const session = await product.post<{ id: string }>('/sessions', { title: 'Bench', room: '5000', record: false });
    await product.post(`/sessions/${session.id}/start`);
    const steps = [];
    for (const rate of [25, 25, 50, 75, 100, 125, 150, 200, 250, 300]) {
      const { took, failed } = await load(signalling, 'room', {
        ...{ host: callerHost, forMs: 5_000, atOnce: 500 },
        ...{ perSecond: rate, lastingMs: 300 },
      });
      const calls = took.length;
      const setupMs = percentiles(took);
      steps.push({ rate, calls, failed, setupMs });
      console.log(JSON.stringify({ throughToRoom: steps.at(-1) }));
      if (failed > 0 || (setupMs.p99 >= 100 && steps.length > 1)) break;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return steps.filter(({ failed, setupMs }) => failed === 0 && setupMs.p99 < 100).at(-1);
  } finally {
    await signalling.close();
    await product.stop();
  }
}

if (process.argv[2] === 'callee') await callee();
else {
  const ourselves = await againstOurselves();
  const asterisk = await againstAsterisk().catch((error: unknown) => ({ skipped: String(error) }));
  const room = await throughToRoom();
  console.log(
    JSON.stringify({
      name: 'h323',
      value: ourselves.perCore,
      unit: 'calls a second and core, taken with fast start and tunnelled H.245',
      ourselves,
      asterisk,
      throughToRoom: room,
      machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${readFileSync('/proc/loadavg', 'utf8').slice(0, 4)}`,
      how: 'SETUP until channels stand on both sides, then cleared; caller in another process; by processor time of the callee',
    }),
  );
  process.exit(0);
}
