import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Gateway } from '../gateway/gateway.ts';
import { refuseBroken } from '../platform/broken-request.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import type { Seal } from '../platform/seal.ts';
import type { PushMemory } from '../provisioning/push/memory.ts';
import type { DevicePush } from '../provisioning/push/push.ts';
import type { SyncRuns } from '../provisioning/push/runs.ts';
import type { Provisioning } from '../provisioning/server/provisioning.ts';
import type { ArchiveWork } from '../store/archive/work.ts';
import type { LogWords } from '../store/log-words/log-words.ts';
import type { SessionLog } from '../store/session-log.ts';
import type { Store } from '../store/store.ts';
import { Accounts } from './accounts/accounts.ts';
import { buildApp, type ExtraPages } from './app.ts';
import { Audit } from './audit.ts';
import { LiveEvents } from './live-events.ts';
import { Metrics } from './metrics.ts';
import { routes } from './routes.ts';
import type { Services } from './services.ts';

export { ensureFirstAdmin } from './accounts/accounts.ts';

export interface ApiOptions {
  /** Its SIP ports are those really taken. */
  config: Services['config'] & Pick<Config, 'httpHost' | 'httpPort' | 'httpsPort' | 'loginTries'>;
  /** PEM files for HTTPS. */
  tls: { cert: string; key: string };
  store: Store;
  log: SessionLog;
  logWords: LogWords;
  gateway: Gateway;
  archive: ArchiveWork;
  seal: Pick<Seal, 'seal'>;
  push: DevicePush;
  syncRuns: SyncRuns;
  pushMemory: PushMemory;
  provisioning: Provisioning;
  provisioningUrls: Services['provisioningUrls'];
  engines: Services['engines'];
  certificates: Services['certificates'];
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  /** Serves what is not below `/api/` (the console). */
  pages?: ExtraPages;
}

export interface Api {
  /** Ports really taken. */
  ports: { http: number; https: number };
  /** Reads certificate and key again; who connects from now on gets them. */
  renewCertificate(): Promise<void>;
  /** Takes no new request, ends live streams, waits up to 2 s for running ones. */
  close(): Promise<void>;
}

const requestTimeoutMs = 30_000;
const headersTimeoutMs = 10_000;
const keepAliveMs = 5_000;
const mostConnections = 1_000;
/** Requests under way get so long; connections on which nothing was ever asked are not told apart from them by Node. */
const closeWaitMs = 500;

/** Starts the HTTP and HTTPS servers with the API. @throws when a port cannot be taken. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { store, clock, ids, log, gateway } = options;
  const events = new LiveEvents(gateway, log);
  const services: Services = {
    ...options,
    accounts: new Accounts(store, clock, ids, options.config.loginTries),
    audit: new Audit(log),
    events,
    metrics: new Metrics(gateway, log),
  };
  const app = buildApp(services, routes(services), options.pages);
  const { config, logger, tls } = options;
  const limits = { requestTimeout: requestTimeoutMs, headersTimeout: headersTimeoutMs };
  const credentials = async () => {
    const [cert, key] = await Promise.all([readFile(tls.cert), readFile(tls.key)]);
    return { cert, key };
  };
  const callback = app.callback() as RequestListener;
  const plain = createServer(limits, callback);
  const secure = createTlsServer(
    { ...limits, ...(await credentials()), handshakeTimeout: headersTimeoutMs, minVersion: 'TLSv1.2' },
    callback,
  );
  const servers = [plain, secure];
  for (const server of servers) {
    server.keepAliveTimeout = keepAliveMs;
    server.maxConnections = mostConnections;
    server.on('clientError', refuseBroken);
  }
  try {
    await listen(plain, config.httpPort, config.httpHost);
    await listen(secure, config.httpsPort, config.httpHost);
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  const ports = { http: portOf(plain), https: portOf(secure) };
  logger.info({ ports }, 'API listens');
  return {
    ports,
    renewCertificate: async () => secure.setSecureContext(await credentials()),
    close: async () => {
      events.close();
      await Promise.all(servers.map(ended));
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function ended(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A stream of live events leaves its connection idle only when its end is read: look again and again.
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const late = setTimeout(() => server.closeAllConnections(), closeWaitMs);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
