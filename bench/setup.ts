import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Product } from '../test/peers/product.ts';

/*
 * SIP calls set up and torn down through to a room: INVITE from a known device, routed, given media, mixed in, then BYE.
 * Rates grow until a call fails or takes too long; then twice that is offered, to see what happens over the limit.
 * `npm run bench -- setup [highest rate]`.
 */

const highest = Number(process.argv[2] ?? 400);
const secondsEach = 5;
const callLastsMs = 300;
const sources = 8;
const room = '5000';

interface Call {
  startedAt: number;
  answered(status: number, text: string): void;
  socket: Socket;
}

interface Figures {
  rate: number;
  offered: number;
  answered: number;
  refused: number;
  /** Neither answered nor refused within 4 s. */
  lost: number;
  setupMs: { p50: number; p95: number; p99: number };
  tearDownMs: { p50: number; p95: number; p99: number };
  refusalMs: { p50: number; p99: number };
  retryAfter: boolean;
  /** Processor time of the whole product, of one core, %. */
  cpu: Record<string, number>;
}

const product = await Product.start({ environment: { LOG_LEVEL: 'error' } });
const [engineHost = '', enginePort = ''] = product.sip.split(':');
const network = engineHost.split('.').slice(0, 3).join('.');
const hosts = Array.from(
  { length: sources },
  (_, at) => `${network}.${((Number(engineHost.split('.')[3]) + at + 1) % 250) + 2}`,
);
for (const [at, host] of hosts.entries())
  await product.post('/endpoints', { name: `Caller ${at}`, kind: 'sip-address', address: `sip:bench@${host}` });
const session = await product.post<{ id: string }>('/sessions', { title: 'Bench', room, record: false });
await product.post(`/sessions/${session.id}/start`);

const waiting = new Map<string, Call>();
const sockets = await Promise.all(
  hosts.map(async (host) => {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
    socket.bind(0, host);
    await once(socket, 'listening');
    socket.on('message', (data) => take(data.toString('latin1'), socket));
    return socket;
  }),
);
let serial = 0;

function take(text: string, socket: Socket): void {
  const id = /^Call-ID: *(\S+)/im.exec(text)?.[1] ?? '';
  if (!text.startsWith('SIP/2.0')) {
    // A BYE of the product's own, or an OPTIONS: agreed to.
    const head = text.match(/^(?:Via|From|To|Call-ID|CSeq):.*$/gim) ?? [];
    socket.send(`SIP/2.0 200 OK\r\n${head.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`, Number(enginePort), engineHost);
    return;
  }
  const status = Number(text.slice(8, 11));
  if (status >= 200) waiting.get(id)?.answered(status, text);
}

function message(method: string, id: string, cseq: number, socket: Socket, to: string, body = ''): string {
  const { address, port } = socket.address();
  return [
    `${method} sip:${room}@${product.sip} SIP/2.0`,
    `Via: SIP/2.0/UDP ${address}:${port};rport;branch=z9hG4bK${id}${method === 'ACK' ? 'A' : ''}${cseq}`,
    `From: <sip:bench@${address}>;tag=${id}`,
    `To: ${to}`,
    `Call-ID: ${id}`,
    `CSeq: ${cseq} ${method}`,
    `Contact: <sip:bench@${address}:${port}>`,
    'Max-Forwards: 70',
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

/** Sends and waits for the final response; `undefined` when none comes in 4 s. UDP on loopback loses under load: sent again. */
function ask(id: string, socket: Socket, text: string): Promise<{ status: number; text: string } | undefined> {
  return new Promise((resolve) => {
    const send = (): void => socket.send(text, Number(enginePort), engineHost);
    const again = setInterval(send, 500);
    const settle = (outcome: { status: number; text: string } | undefined): void => {
      clearInterval(again);
      clearTimeout(late);
      waiting.delete(id);
      resolve(outcome);
    };
    const late = setTimeout(() => settle(undefined), 4_000);
    waiting.set(id, {
      socket,
      startedAt: performance.now(),
      answered: (status, answer) => settle({ status, text: answer }),
    });
    send();
  });
}

interface Outcome {
  kind: 'answered' | 'refused' | 'lost';
  setupMs: number;
  tearDownMs?: number;
  retryAfter?: boolean;
}

async function call(): Promise<Outcome> {
  const id = `b${process.pid}n${serial++}`;
  const socket = sockets[serial % sources] as Socket;
  const { address } = socket.address();
  const sdp = `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio 9000 RTP/AVP 8\r\n`;
  const startedAt = performance.now();
  const answer = await ask(id, socket, message('INVITE', id, 1, socket, `<sip:${room}@${product.sip}>`, sdp));
  const setupMs = performance.now() - startedAt;
  if (answer === undefined) return { kind: 'lost', setupMs };
  const to = /^To: *(.*)$/im.exec(answer.text)?.[1] ?? '';
  const ack = message('ACK', id, 1, socket, to);
  if (answer.status >= 300) {
    socket.send(ack.replace(`${id}A1`, `${id}1`), Number(enginePort), engineHost);
    const retryAfter = /^Retry-After: *\d+/im.test(answer.text);
    return { kind: answer.status === 503 ? 'refused' : 'lost', setupMs, retryAfter };
  }
  socket.send(ack, Number(enginePort), engineHost);
  await pause(callLastsMs);
  const endingAt = performance.now();
  const bye = await ask(id, socket, message('BYE', id, 2, socket, to));
  return bye?.status === 200
    ? { kind: 'answered', setupMs, tearDownMs: performance.now() - endingAt }
    : { kind: 'lost', setupMs };
}

const percentile = (sorted: number[], part: number): number =>
  Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0) * 10) / 10;
const spread = (times: number[]): { p50: number; p95: number; p99: number } => {
  const sorted = times.sort((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), p99: percentile(sorted, 0.99) };
};

/** Processor time so far of the launcher and each engine, ms (100 ticks a second). */
function used(): Record<string, number> {
  const of = (pid: number): number => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  };
  return {
    gateway: of(product.pid),
    ...Object.fromEntries([...product.engines()].map(([name, pid]) => [name, of(pid)])),
  };
}

async function offer(rate: number): Promise<Figures> {
  const before = used();
  const beganAt = performance.now();
  const calls: Promise<Outcome>[] = [];
  while (calls.length < rate * secondsEach) {
    for (const due = (performance.now() - beganAt) * (rate / 1_000); calls.length < due; ) calls.push(call());
    await pause(2);
  }
  const outcomes = await Promise.all(calls);
  const seconds = (performance.now() - beganAt) / 1_000;
  const after = used();
  const of = (kind: Outcome['kind']): Outcome[] => outcomes.filter((one) => one.kind === kind);
  const refusals = spread(of('refused').map(({ setupMs }) => setupMs));
  return {
    rate,
    offered: outcomes.length,
    answered: of('answered').length,
    refused: of('refused').length,
    lost: of('lost').length,
    setupMs: spread(of('answered').map(({ setupMs }) => setupMs)),
    tearDownMs: spread(of('answered').map(({ tearDownMs = 0 }) => tearDownMs)),
    refusalMs: { p50: refusals.p50, p99: refusals.p99 },
    retryAfter: of('refused').every(({ retryAfter }) => retryAfter === true),
    cpu: Object.fromEntries(
      Object.entries(after).map(([name, ms]) => [name, Math.round((ms - (before[name] ?? 0)) / seconds / 10)]),
    ),
  };
}

const good = ({ answered, offered, setupMs }: Figures): boolean => answered === offered && setupMs.p99 < 100;
await offer(20);
const steps: Figures[] = [];
for (const rate of [25, 50, 75, 100, 150, 200, 250, 300, 400].filter((one) => one <= highest)) {
  const figures = await offer(rate);
  steps.push(figures);
  console.log(JSON.stringify(figures));
  if (!good(figures)) break;
  await pause(500);
}
const best = steps.filter(good).at(-1);
const over = await offer(Math.min(800, 2 * (best?.rate ?? 50)));
console.log(JSON.stringify({ over }));
for (const socket of sockets) socket.close();
await product.stop();
console.log(
  JSON.stringify({
    name: 'setup',
    value: best?.rate ?? 0,
    unit: 'calls/s',
    what: `highest rate at which every call got through to a room and p99 of its set-up stayed under 100 ms (${secondsEach} s each)`,
    setupMs: best?.setupMs,
    tearDownMs: best?.tearDownMs,
    cpuPercent: best?.cpu,
    overTheLimit: over,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.version,
  }),
);
process.exit(0);
