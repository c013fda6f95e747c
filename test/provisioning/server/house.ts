import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type ClientRequest, type IncomingHttpHeaders, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectSecurely } from 'node:tls';
import { pino } from 'pino';
import { generate } from 'selfsigned';
import { randomIds } from '../../../platform/ids.ts';
import { openSeal, type Seal } from '../../../platform/seal.ts';
import type { DeskParts } from '../../../provisioning/server/desk.ts';
import { openProvisioning, type Provisioning } from '../../../provisioning/server/provisioning.ts';
import {
  type ProvisioningServer,
  type ServerOptions,
  startProvisioningServer,
} from '../../../provisioning/server/server.ts';
import type { Endpoint } from '../../../store/schema/places.ts';
import { openSessionLog, type SessionLog } from '../../../store/session-log.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { startMongod } from '../../store/mongod.ts';

/** What a device gets. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

export interface Fetch {
  method?: string;
  headers?: Record<string, string>;
  /** Address that it asks from. */
  from?: string;
  /** Over TLS, with this certificate or none. */
  tls?: { cert?: string; key?: string };
}

/** A certificate and its key, PEM. */
export interface Pair {
  cert: string;
  key: string;
}

export interface FileHouse {
  store: Store;
  log: SessionLog;
  provisioning: Provisioning;
  server: ProvisioningServer;
  seal: Seal;
  dataDir: string;
  /** Puts the clock forward, ms. */
  ahead(ms: number): void;
  incidents: { code: string; values: Record<string, string | number> }[];
  /** Everything that was logged, as text. */
  logged(): string;
  /** A vendor's authority; it is in the folder. */
  authority: Pair;
  /** Makes a device. */
  device(model: string, mac: string, more?: Partial<Endpoint>): Promise<Endpoint & { password: string }>;
  /** Path with the device's key. */
  keyed(device: Pick<Endpoint, 'id'>, file: string): Promise<string>;
  ask(path: string, how?: Fetch): Promise<Answer>;
  /** Writes bytes as they are, within TLS or not; answers what came until the server closed. */
  raw(text: string, secure?: boolean): Promise<string>;
  close(): Promise<void>;
}

/** The servers that devices fetch from, over a real store, on free ports. */
export async function openFileHouse(
  elsewhere: DeskParts['elsewhere'] = 'warn',
  patience: ServerOptions['patience'] = { headersMs: 1_000, readerMs: 500, authoritiesMs: 50 },
): Promise<FileHouse> {
  const dataDir = mkdtempSync(join(tmpdir(), 'diemcau-files-'));
  const mongod = await startMongod(join(dataDir, 'store'));
  let aheadMs = 0;
  const clock = { now: () => new Date(Date.now() + aheadMs) };
  const store = await openStore(mongod.url, clock);
  const log = await openSessionLog(store.connection, clock, { dataDir });
  const seal = await openSeal(dataDir);
  const lines: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  log.on('entry', (entry) => lines.push(JSON.stringify(entry)));
  const provisioning = await openProvisioning({
    dataDir,
    store,
    log,
    seal,
    clock,
    logger,
    surroundings: () => ({ publicHost: '127.0.0.1', sipPort: 5060, sipsPort: 5061, rasPort: 1719 }),
    baseUrl: () => `http://127.0.0.1:${server.ports.http}/`,
    elsewhere,
    mostRefusals: 60,
  });
  const incidents: FileHouse['incidents'] = [];
  provisioning.events.on('incident', (incident) => incidents.push(incident));
  const [authority, own] = [await certificate('Vendor CA'), await certificate('127.0.0.1')];
  writeFileSync(join(provisioning.authorities, 'vendor.pem'), authority.cert);
  const tls = { cert: join(dataDir, 'own.pem'), key: join(dataDir, 'own.key') };
  writeFileSync(tls.cert, own.cert);
  writeFileSync(tls.key, own.key);
  const server = await startProvisioningServer({
    host: '127.0.0.1',
    port: 0,
    tlsPort: 0,
    tls,
    authorities: provisioning.authorities,
    desk: provisioning.desk,
    logger,
    patience,
  });
  return {
    store,
    log,
    provisioning,
    server,
    seal,
    dataDir,
    ahead: (ms) => {
      aheadMs += ms;
    },
    incidents,
    logged: () => lines.join('\n'),
    authority,
    device: async (model, mac, more = {}) => {
      const password = `sip-secret-of-${mac}`;
      const endpoint = await store.endpoints.insert({
        id: randomIds(),
        name: `Device ${mac}`,
        kind: 'sip',
        number: mac,
        username: mac,
        secret: seal.seal(password),
        digest: 'MD5',
        srtp: 'off',
        maxContacts: 5,
        enabled: true,
        device: { model, mac, overrides: {} },
        ...more,
      });
      return { ...endpoint, password };
    },
    keyed: async ({ id }, file) => `/p/${(await provisioning.keys.of(id)).key}/${file}`,
    ask: (path, how = {}) => ask(server, path, how),
    raw: (text, secure = false) => raw(server, text, secure),
    close: async () => {
      await server.close();
      await provisioning.close();
      await log.close();
      await store.close();
      await mongod.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a certificate is to say besides its common name. */
export interface CertificateWishes {
  /** May sign others. By default what is called `… CA` and signs itself. */
  ca?: boolean;
  serialNumber?: string;
  /** More of its subject, by short names. */
  subject?: Record<string, string>;
  /** DNS names beside the subject. */
  alternatives?: string[];
  notBefore?: Date;
  notAfter?: Date;
}

/** A certificate, signed by an authority or by itself. */
export async function certificate(name: string, authority?: Pair, wishes: CertificateWishes = {}): Promise<Pair> {
  const { alternatives, notAfter, notBefore, serialNumber, subject = {} } = wishes;
  const made = await generate(
    [
      { name: 'commonName', value: name },
      // X.520, clause 6.2.9.
      ...(serialNumber === undefined ? [] : [{ shortName: '2.5.4.5', value: serialNumber }]),
      ...Object.entries(subject).map(([shortName, value]) => ({ shortName, value })),
    ],
    {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: wishes.ca ?? (authority === undefined && name.endsWith('CA')) },
        ...(alternatives === undefined
          ? []
          : [
              { name: 'subjectAltName' as const, altNames: alternatives.map((value) => ({ type: 2 as const, value })) },
            ]),
      ],
      ...(notBefore === undefined ? {} : { notBeforeDate: notBefore }),
      ...(notAfter === undefined ? {} : { notAfterDate: notAfter }),
      ...(authority === undefined ? {} : { ca: authority }),
    },
  );
  return { cert: made.cert, key: made.private };
}

function ask({ ports }: ProvisioningServer, path: string, how: Fetch): Promise<Answer> {
  const { from = '127.0.0.1', headers = {}, method = 'GET', tls } = how;
  const common = { host: '127.0.0.1', path, method, headers, localAddress: from, agent: false };
  return new Promise((resolve, reject) => {
    const request: ClientRequest =
      tls === undefined
        ? plainRequest({ ...common, port: ports.http })
        : tlsRequest({ ...common, ...tls, port: ports.https, rejectUnauthorized: false });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, text: body.toString('utf8') });
      });
    });
    request.end();
  });
}

/** A connection to the servers, within TLS or not. */
export function connectTo({ ports }: ProvisioningServer, secure: boolean, from = '127.0.0.1'): Socket {
  const to = { host: '127.0.0.1', localAddress: from };
  return secure
    ? connectSecurely({ ...to, port: ports.https, rejectUnauthorized: false } as ConnectionOptions)
    : connect({ ...to, port: ports.http });
}

function raw(server: ProvisioningServer, text: string, secure: boolean): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectTo(server, secure);
    socket.once(secure ? 'secureConnect' : 'connect', () => socket.write(text));
    let heard = '';
    socket.on('data', (data) => {
      heard += data.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
  });
}
