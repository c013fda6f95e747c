import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import Koa, { type Context } from 'koa';
import parseRange from 'range-parser';
import { refuseBroken } from '../../platform/broken-request.ts';
import type { Logger } from '../../platform/log.ts';
import { RateLimit } from '../../platform/rate-limit.ts';
import { VendorAuthorities } from '../access/authorities.ts';
import { certificateMac } from '../access/certificate.ts';
import { plainAddress, sourceOf } from '../access/network.ts';
import type { DeskAnswer, ProvisioningDesk } from './desk.ts';
import { watchReader } from './slow-reader.ts';

export interface ServerOptions {
  host: string;
  port: number;
  tlsPort: number;
  /** PEM files of the HTTPS server. */
  tls: { cert: string; key: string };
  /** Folder of PEM files of the authorities that vouch for vendors' device certificates. */
  authorities: string;
  desk: ProvisioningDesk;
  logger: Logger;
  /** Until the headers must be there; what a reader must take, and the authorities, are looked at so often. ms. */
  patience?: { headersMs: number; readerMs: number; authoritiesMs?: number };
}

export interface ProvisioningServer {
  /** Ports really taken. */
  ports: { http: number; https: number };
  /** Reads certificate and key again; who connects from now on gets them. */
  renewCertificate(): Promise<void>;
  /** Whether an authority vouches for devices' own certificates. */
  believesCertificates(): boolean;
  close(): Promise<void>;
}

/** Refusals all take so long: how long looking took tells nothing. */
const refusalMs = 60;
const patient = { headersMs: 10_000, readerMs: 10_000 };
const requestTimeoutMs = 15_000;
const silenceMs = 30_000;
const largestHeaders = 8_192;
const mostConnections = 1_000;
const mostConnectionsOfOne = 64;
/** Requests of one source in ten minutes, of whatever kind: a commune's devices behind one address need a tenth. */
const mostRequests = 6_000;
const requestsWindowMs = 600_000;
const retryAfterS = 600;

/** Starts the servers that devices fetch their files from. @throws when a port cannot be taken. */
export async function startProvisioningServer(options: ServerOptions): Promise<ProvisioningServer> {
  const app = buildApp(options, (options.patience ?? patient).readerMs);
  const callback = app.callback();
  const { headersMs } = options.patience ?? patient;
  const limits = {
    maxHeaderSize: largestHeaders,
    headersTimeout: headersMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: headersMs / 5,
    keepAliveTimeout: 5_000,
  };
  const authorities = new VendorAuthorities(options.authorities, options.logger);
  await authorities.look();
  const credentials = async () => {
    const [cert, key] = await Promise.all([readFile(options.tls.cert), readFile(options.tls.key)]);
    const ca = [...authorities.certificates];
    return { cert, key, ...(ca.length === 0 ? {} : { ca }) };
  };
  const plain = createServer(limits, callback as RequestListener);
  const secure = createTlsServer(
    {
      ...limits,
      ...(await credentials()),
      requestCert: authorities.certificates.length > 0,
      rejectUnauthorized: false,
      handshakeTimeout: headersMs,
    },
    callback as RequestListener,
  );
  const renewCredentials = async (): Promise<void> => {
    secure.setSecureContext(await credentials());
    // Only asked for where somebody could vouch for it: some devices stumble over the mere question.
    Object.assign(secure, { requestCert: authorities.certificates.length > 0 });
  };
  const servers = [plain, secure];
  for (const server of servers) guard(server);
  try {
    await listen(plain, options.port, options.host);
    await listen(secure, options.tlsPort, options.host);
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  const ports = { http: portOf(plain), https: portOf(secure) };
  options.logger.info({ ports, authorities: authorities.certificates.length }, 'provisioning listens');
  authorities.watch(async () => {
    await renewCredentials();
    options.logger.info({ authorities: authorities.certificates.length }, "the vendors' authorities changed");
  }, options.patience?.authoritiesMs);
  return {
    ports,
    renewCertificate: renewCredentials,
    believesCertificates: () => authorities.certificates.length > 0,
    close: async () => {
      authorities.close();
      await Promise.all(
        servers.map((server) => {
          const closed = new Promise<void>((resolve) => server.close(() => resolve()));
          server.closeAllConnections();
          return closed;
        }),
      );
    },
  };
}

function buildApp({ desk, logger }: ServerOptions, readerMs: number): Koa {
  const app = new Koa();
  app.on('error', (error: NodeJS.ErrnoException) => {
    // A path may hold a key: the message alone is told.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ECONNRESET')
      logger.warn({ reason: error.message }, 'a device could not be answered');
  });
  const requests = new RateLimit(mostRequests, requestsWindowMs);
  app.use(async (context) => {
    const startedAt = performance.now();
    context.set({ 'Cache-Control': 'private, no-cache', 'X-Content-Type-Options': 'nosniff' });
    // Nothing that a device sends beyond its request is read.
    if (context.req.headers['content-length'] !== undefined || context.req.headers['transfer-encoding'] !== undefined)
      context.set('Connection', 'close');
    const address = plainAddress(context.req.socket.remoteAddress);
    if (!requests.take(sourceOf(address), Date.now())) return tooMany(context);
    if (context.method !== 'GET' && context.method !== 'HEAD') {
      context.set('Allow', 'GET, HEAD');
      return bare(context, 405);
    }
    const answer = await desk.answer({
      method: context.method,
      target: context.req.url ?? '/',
      address,
      userAgent: context.get('User-Agent').slice(0, 500),
      authorization: context.req.headers.authorization,
      certificateMac: vouchedMac(context.req),
    });
    if (answer.kind === 'refused') await untilElapsed(startedAt, refusalMs);
    return send(context, answer, { logger, readerMs });
  });
  return app;
}

interface Sending {
  logger: Logger;
  readerMs: number;
}

async function send(context: Context, answer: DeskAnswer, sending: Sending): Promise<void> {
  switch (answer.kind) {
    case 'file': {
      context.set('ETag', `"${answer.version}"`);
      context.lastModified = answer.since;
      context.status = 200;
      context.type = answer.mediaType;
      context.body = answer.text;
      if (context.fresh) context.status = 304;
      return;
    }
    case 'firmware':
      return sendFirmware(context, answer, sending);
    case 'absent':
      return bare(context, 404);
    case 'unavailable':
      context.set('Retry-After', '60');
      return bare(context, 503);
    case 'refused':
      if (answer.tooMany) return tooMany(context);
      if (answer.challenges.length === 0) return bare(context, 404);
      context.set('WWW-Authenticate', answer.challenges);
      return bare(context, 401);
  }
}

async function sendFirmware(
  context: Context,
  file: Extract<DeskAnswer, { kind: 'firmware' }>,
  { logger, readerMs }: Sending,
): Promise<void> {
  const { handle, sha256, size } = file;
  context.status = 200;
  context.type = 'application/octet-stream';
  context.set({ ETag: `"${sha256}"`, 'Accept-Ranges': 'bytes' });
  let [start, end] = [0, size - 1];
  const asked = context.get('Range');
  const ifRange = context.get('If-Range');
  // RFC 9110, clause 13.1.5: another file than the one it began with is sent whole.
  const ranges = asked === '' || (ifRange !== '' && ifRange !== `"${sha256}"`) ? undefined : parseRange(size, asked);
  if (ranges === -1) {
    context.set('Content-Range', `bytes */${size}`);
    await handle.close();
    return bare(context, 416);
  }
  const only = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined;
  if (only !== undefined) {
    ({ start, end } = only);
    context.status = 206;
    context.set('Content-Range', `bytes ${start}-${end}/${size}`);
  }
  if (context.fresh && only === undefined) context.status = 304;
  if (context.method === 'HEAD' || context.status === 304 || size === 0) {
    await handle.close();
    if (context.status !== 304) context.length = end - start + 1;
    else context.body = null;
    return;
  }
  context.length = end - start + 1;
  const stream = handle.createReadStream({ start, end });
  const address = plainAddress(context.req.socket.remoteAddress);
  watchReader(context.req.socket, stream, readerMs, () => logger.warn({ address }, 'a device read too slowly'));
  context.body = stream;
}

function bare(context: Context, status: number): void {
  context.status = status;
  context.type = 'text/plain';
  context.body = '';
}

function tooMany(context: Context): void {
  context.set({ 'Retry-After': String(retryAfterS), Connection: 'close' });
  bare(context, 429);
}

/** The MAC address of a certificate that an authority in the folder vouches for. */
function vouchedMac(request: IncomingMessage): string | undefined {
  const socket = request.socket as Partial<TLSSocket>;
  if (socket.encrypted !== true || socket.authorized !== true) return undefined;
  return certificateMac(socket.getPeerCertificate?.());
}

async function untilElapsed(startedAt: number, ms: number): Promise<void> {
  const left = startedAt + ms - performance.now();
  // Where the store itself took longer, the wait is rounded up to the next whole step.
  const wait = left > 0 ? left : ms + (left % ms);
  await new Promise((resolve) => setTimeout(resolve, wait));
}

/** What the HTTP parser itself and the sockets allow. */
function guard(server: Server): void {
  server.maxConnections = mostConnections;
  server.maxRequestsPerSocket = 100;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const source = sourceOf(plainAddress(socket.remoteAddress));
    const count = (open.get(source) ?? 0) + 1;
    open.set(source, count);
    socket.once('close', () => {
      const left = (open.get(source) ?? 1) - 1;
      if (left === 0) open.delete(source);
      else open.set(source, left);
    });
    socket.setTimeout(silenceMs, () => socket.destroy());
    if (count > mostConnectionsOfOne) socket.destroy();
  });
  server.on('clientError', refuseBroken);
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

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
