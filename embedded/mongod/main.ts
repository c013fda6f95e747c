import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { pino } from 'pino';
import { makeVerifier } from './auth/scram.ts';
import { Commands } from './commands/commands.ts';
import { Cursors } from './commands/cursors.ts';
import { removeExpired } from './expiry.ts';
import { settings } from './settings.ts';
import { SharedSnapshots } from './storage/sharedSnapshots.ts';
import { Store } from './storage/store.ts';
import { Connection } from './wire/connection.ts';

/* A document store behind MongoDB's wire protocol: a program of its own. See README.md. */

const logger = pino({ level: settings.logLevel, name: 'mongod' }, pino.destination({ dest: 2, sync: true }));
const store = new Store(settings.dataDir);
const cursors = new Cursors({ max: settings.maxCursors, idleMs: settings.cursorTimeoutMs });
const snapshots = new SharedSnapshots(store, { max: settings.maxCursors, idleMs: settings.cursorTimeoutMs });
const { account } = settings;
const verifier = account === undefined ? undefined : makeVerifier(account.user, account.password);
const commands = new Commands({ store, cursors, snapshots, verifier, startedAt: Date.now() });

const clients = new Set<Socket>();
let lastConnection = 0;
const server = createServer((socket) => {
  if (clients.size >= settings.maxConnections) {
    socket.destroy();
    return;
  }
  clients.add(socket);
  socket.on('close', () => clients.delete(socket));
  new Connection(socket, commands, logger, ++lastConnection);
});
server.listen({ host: settings.host, port: settings.port });
await once(server, 'listening');

let expiring = false;
const expiry = setInterval(() => {
  cursors.sweep();
  snapshots.sweep();
  if (expiring) return;
  expiring = true;
  removeExpired(store, new Date())
    .then((removed) => {
      if (removed > 0) logger.debug({ removed }, 'expired documents removed');
    })
    .catch((error: unknown) => logger.error({ err: error }, 'removing expired documents failed'))
    .finally(() => {
      expiring = false;
    });
}, settings.ttlIntervalMs);

process.stdout.write(
  `${JSON.stringify({ event: 'ready', ports: { mongod: (server.address() as AddressInfo).port } })}\n`,
);

let ending = false;
function end(): void {
  if (ending) return;
  ending = true;
  clearInterval(expiry);
  server.close();
  for (const socket of clients) socket.destroy();
  cursors.sweep(true);
  snapshots.sweep(true);
  void store.close().then(() => process.exit(0));
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
if (settings.exitWithParent) process.stdin.on('end', end).on('error', end).resume();
