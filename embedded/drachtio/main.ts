import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { pino } from 'pino';
import { ControlConnection } from './control/connection.ts';
import { SipAgent } from './core/agent.ts';
import { settings } from './settings.ts';
import { defaultLimits } from './sip/parse.ts';
import { Transport } from './transport/transport.ts';

/* A SIP server behind drachtio's control protocol: a program of its own. See README.md. */

const logger = pino({ level: settings.logLevel, name: 'drachtio' }, pino.destination({ dest: 2, sync: true }));

const transport = new Transport({
  host: settings.sipHost,
  port: settings.sipPort,
  ...(settings.tls === undefined ? {} : { tls: settings.tls }),
  ...(settings.publicHost === undefined ? {} : { publicHost: settings.publicHost }),
  limits: { ...defaultLimits, bodyBytes: settings.longestBody },
  maxStreams: settings.maxStreams,
  streamIdleMs: 30 * 60_000,
});
await transport.listen();

/** One line a second tells of unreadable messages, however many come. */
let unreadable = 0;
transport.on('malformed', (arrival, reason) => {
  unreadable++;
  if (unreadable > 1) return;
  setTimeout(() => {
    if (unreadable > 1) logger.warn({ count: unreadable - 1 }, 'more unreadable messages within a second');
    unreadable = 0;
  }, 1_000).unref();
  logger.warn({ peer: `${arrival.transport}/${arrival.host}:${arrival.port}`, reason }, 'unreadable message');
});

const agent = new SipAgent(
  transport,
  {
    dialogs: settings.maxDialogs,
    callsPerSecond: settings.maxCallsPerSecond,
    transactions: settings.maxTransactions,
  },
  logger,
);
const programs = new Set<Socket>();
const control = createServer((socket) => {
  programs.add(socket);
  socket.on('close', () => programs.delete(socket));
  new ControlConnection(socket, { agent, transport, secret: settings.controlSecret, logger });
});
control.listen({ host: settings.controlHost, port: settings.controlPort });
await once(control, 'listening');

const ports = {
  control: (control.address() as AddressInfo).port,
  sip: transport.port,
  ...(transport.tlsPort === undefined ? {} : { sips: transport.tlsPort }),
};
process.stdout.write(`${JSON.stringify({ event: 'ready', ports })}\n`);

let ending = false;
function end(): void {
  if (ending) return;
  ending = true;
  control.close();
  for (const socket of programs) socket.destroy();
  // What the programs left behind is ended by now; give the BYEs a moment to leave.
  setTimeout(() => {
    void transport.close().then(() => process.exit(0));
  }, 100);
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
if (settings.exitWithParent) process.stdin.on('end', end).on('error', end).resume();
