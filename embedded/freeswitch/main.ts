import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { pino } from 'pino';
import { EslConnection } from './esl/connection.ts';
import { settings } from './settings.ts';
import { UserAgent } from './sip/user-agent.ts';
import { Switch } from './switch.ts';

/* A media engine behind SIP and the event socket: a program of its own. See README.md. */

const heartbeatMs = 20_000;
const logger = pino({ level: settings.logLevel, name: 'freeswitch' }, pino.destination({ dest: 2, sync: true }));
if (settings.recordingsFolder !== undefined) mkdirSync(settings.recordingsFolder, { recursive: true, mode: 0o750 });

const engine = new Switch(settings);
const agent = new UserAgent(settings.sipHost, { invited: (call) => engine.invited(call) });
await agent.listen(settings.sipPort);
engine.sipAddress = agent.address;
let unreadable = 0;
agent.on('unreadable', (peer) => {
  if (unreadable++ % 1_000 === 0) logger.warn({ peer }, 'unreadable SIP message');
});

const clients = new Set<Socket>();
const server = createServer((socket) => {
  clients.add(socket);
  socket.on('close', () => clients.delete(socket));
  new EslConnection(socket, engine, { kind: 'inbound', secret: settings.eslSecret }, logger);
});
server.listen({ host: settings.eslHost, port: settings.eslPort });
await once(server, 'listening');

// A call asks for its program: connect to it, as the `socket` application does.
engine.on('socket', (channel, address) => {
  const match = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(address.trim());
  if (match === null) {
    engine.end(channel, { name: 'INVALID_PROFILE', q850: 16 });
    return;
  }
  const socket = connect({ host: match[1], port: Number(match[2]), noDelay: true });
  clients.add(socket);
  socket.on('close', () => clients.delete(socket));
  new EslConnection(socket, engine, { kind: 'outbound', channel }, logger);
});

let cpuBefore = process.cpuUsage();
const heartbeat = setInterval(() => {
  const memory = process.memoryUsage().rss;
  engine.publish('HEARTBEAT', undefined, {
    'Event-Info': 'System Ready',
    'FreeSWITCH-Version': '1.10.0-diemcau',
    'Uptime-msec': String(Date.now() - engine.startedAt),
    'Session-Count': String(engine.channels.size),
    'Max-Sessions': String(settings.maxSessions),
    'Session-Per-Sec': '1000',
    'Session-Since-Startup': String(engine.sessionsSoFar),
    'Idle-CPU': idlePercent().toFixed(6),
    'Process-RSS': String(memory),
    'Beats-Skipped': String(engine.beat.skipped),
  });
}, heartbeatMs);

engine.beat.start();
const ports = { sip: agent.port, esl: (server.address() as AddressInfo).port };
process.stdout.write(`${JSON.stringify({ event: 'ready', ports })}\n`);

/** Share of the last heartbeat in which this process left its core idle. */
function idlePercent(): number {
  const used = process.cpuUsage(cpuBefore);
  cpuBefore = process.cpuUsage();
  return Math.max(0, 100 - (used.user + used.system) / 10 / heartbeatMs);
}

let ending = false;
function end(): void {
  if (ending) return;
  ending = true;
  clearInterval(heartbeat);
  engine.close();
  server.close();
  // A moment for the BYEs and the last events.
  setTimeout(() => {
    for (const socket of clients) socket.destroy();
    agent.close();
    process.exit(0);
  }, 150);
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
if (settings.exitWithParent) process.stdin.on('end', end).on('error', end).resume();
