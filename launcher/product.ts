import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { consoleFolder } from '../api/console/built.ts';
import { consolePages } from '../api/console/serve.ts';
import { type Api, ensureFirstAdmin, startApi } from '../api/server.ts';
import { MediaEngines } from '../freeswitch/media/engines.ts';
import { openGateway } from '../gateway/compose.ts';
import { defaultPlan } from '../gateway/dialplan/default-plan.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { SipSignalling } from '../gateway/sip/signalling.ts';
import { systemClock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import { randomIds } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import { openSeal } from '../platform/seal.ts';
import { archiveJobs } from '../store/archive/jobs.ts';
import { IncidentBook } from '../store/incident-book.ts';
import { openLogWords } from '../store/log-words/log-words.ts';
import { startPlannedWork } from '../store/planned-work.ts';
import { keepDays } from '../store/reports/days.ts';
import { openSessionLog, type SessionLog } from '../store/session-log.ts';
import { openStore, type Store } from '../store/store.ts';
import { archiveWork, watchSpace } from './archive.ts';
import { type CertificateFiles, certificateDesk, ensureCertificate } from './certificate.ts';
import { openDevices } from './devices.ts';
import { engineDesk } from './engine-desk.ts';
import { type Engines, startEngines } from './engines.ts';
import { buildH323, type H323Side } from './h323.ts';
import { tellLines } from './lines.ts';
import { type FileServer, openFileServer } from './provisioning.ts';

/** The product as it runs. */
export interface Product {
  /** Ports really taken, as in DATA_DIR/ports.json. */
  ports: Record<string, number>;
  /** The first admin's password, when it was made just now. */
  firstPassword: string | undefined;
  /** Says good-bye to the calls, closes recordings and log, ends the engines. Safe to call twice. */
  close(): Promise<void>;
}

const system = { kind: 'system' } as const;
const clock = systemClock;
const newId = randomIds;

/** Starts everything, from the engines up; what was started is ended again when something does not come up. */
export async function startProduct(config: Config, logger: Logger): Promise<Product> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o750 });
  const closers: (() => Promise<unknown> | unknown)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        logger.error({ err: error }, 'a part could not be closed properly');
      }
    }
  };
  try {
    const tls = await ensureCertificate(config.dataDir, config.publicHost);
    const engines = await startEngines(config, logger, tls);
    closers.push(() => engines.stopStore());
    const store = await openStore(engines.addresses.mongodbUrl, clock);
    closers.push(() => store.close());
    const log = await openSessionLog(store.connection, clock, { dataDir: config.dataDir });
    closers.push(() => log.close());
    log.on('altered', (seq) => logger.error({ seq }, 'the session log was altered'));
    closers.push(() => engines.stopCalls());
    const firstPassword = await furnish(store, config);
    const house = await openHouse(config, logger, store, log, { engines, tls }, closers);
    const { api, fileServer, gateway, h323, sip } = house;
    await log.append({ event: 'product.started', actor: system });
    closers.push(() => log.append({ event: 'product.stopping', actor: system }));
    const ports = {
      ...sipPorts(sip.listening),
      h323: h323.signalling.ports.h323,
      ras: h323.gatekeeper.port,
      http: api.ports.http,
      https: api.ports.https,
      provisioning: fileServer.ports.http,
      provisioningTls: fileServer.ports.https,
    };
    savePorts(config.dataDir, ports);
    logger.info({ ports, health: gateway.health() }, 'ready');
    return { ports, firstPassword, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** What a fresh store needs: the first plan and the first admin. */
async function furnish(store: Store, config: Config): Promise<string | undefined> {
  if ((await store.users.count()) === 0 && (await store.dialRules.count()) === 0)
    for (const rule of defaultPlan) await store.dialRules.insert({ id: newId(), ...rule });
  return ensureFirstAdmin(store, config);
}

/** Signalling, media, gateway, planned work, API: each closes before what it stands on. */
async function openHouse(
  config: Config,
  logger: Logger,
  store: Store,
  log: SessionLog,
  { engines, tls }: { engines: Engines; tls: CertificateFiles },
  closers: (() => Promise<unknown> | unknown)[],
): Promise<{ api: Api; fileServer: FileServer; gateway: Gateway; h323: H323Side; sip: SipSignalling }> {
  const { addresses } = engines;
  const seal = await openSeal(config.dataDir);
  const { publicHost } = config;
  const { callsPerSource } = config;
  const sip = new SipSignalling({
    ...{ servers: addresses.drachtio, store, seal, clock, newId, logger, publicHost, callsPerSource },
  });
  await sip.start();
  const media = new MediaEngines(
    addresses.freeswitch,
    () => sip.connections[0],
    logger,
    addresses.freeswitch.every(({ host }) => isLoopback(host)) ? '127.0.0.1' : publicHost,
  );
  await media.start();
  const h323 = buildH323({
    config,
    store,
    seal,
    clock,
    newId,
    logger,
    mayDial: async ({ called, endpointId, siteId }) => {
      const device = {
        ...(endpointId === undefined ? {} : { endpointId }),
        ...(siteId === undefined ? {} : { siteId }),
      };
      const { rule } = await gateway.explain({ protocol: 'h323', called, ...device });
      return rule !== undefined && rule.destination.kind !== 'reject';
    },
  });
  const space = await watchSpace(config);
  closers.push(() => space.stop());
  const gateway = await openGateway({
    config,
    space,
    store,
    log,
    media,
    signallings: [sip, h323.signalling],
    clock,
    newId,
    logger,
    lines: () => ({
      sip: { up: sip.up },
      h323: { up: h323.signalling.up && h323.gatekeeper.up },
      trunks: sip.trunkStates(),
      gatekeepers: h323.clients.states(),
    }),
  });
  const incidents = new IncidentBook({ store, clock, newId, logger });
  gateway.on('incident', (incident) => incidents.note(incident));
  closers.push(() => incidents.settled());
  closers.push(() => gateway.close());
  tellLines({ gateway, log, logger, media, sip, h323 });
  closers.push(() => h323.close());
  await h323.start();
  const taken = sipPorts(sip.listening);
  const reached = { ...config, sipPort: taken.sip ?? config.sipPort, sipsPort: taken.sips ?? config.sipsPort };
  const surroundings = { ...reached, rasPort: h323.gatekeeper.port };
  const fileServer = await openFileServer({ config, surroundings, store, log, seal, clock, logger, tls, gateway });
  closers.push(() => fileServer.close());
  const url = fileServer.url;
  const { provisioning } = fileServer;
  const devices = await openDevices({
    ...{ config, store, log, logger, clock, newId, sip, h323, provisioning, url },
    certificates: fileServer.believesCertificates,
  });
  closers.push(() => devices.close());
  devices.sightings.on('discovered', (count) => gateway.emit('discovered', { count }));
  const logWords = await openLogWords(store.connection, log);
  const archive = archiveWork({ config, store, log, clock, logger, gateway });
  const planned = await startPlannedWork({
    store,
    log,
    clock,
    logger,
    actions: {
      openSession: (sessionId) => gateway.openSession(sessionId, system),
      rehearse: (sessionId, plannedId) => gateway.rehearse(sessionId, system, plannedId),
    },
    jobs: [
      ...archiveJobs(archive, {
        retentionDays: config.retentionDays,
        checkEveryMs: config.archiveCheckHours * 3_600_000,
      }),
      { name: 'keep-day-sums', everyMs: 3_600_000, run: (job) => keepDays({ store, log, clock }, job) },
      { name: 'index-log', everyMs: 30_000, run: (job) => logWords.catchUp(job) },
      { name: 'tell-due-devices', everyMs: 10_000, run: () => devices.tellDue() },
    ],
  });
  closers.push(() => planned.close());
  gateway.on('recording', ({ nextAt, percent, state }) => {
    if (state === 'finishing' && percent === 0 && nextAt === undefined) planned.wake('finish-recordings');
    if (state === 'closed') planned.wake('copy-recordings');
  });
  const desk = engineDesk(config, engines);
  const api = await startApi({
    config: reached,
    tls,
    archive,
    store,
    log,
    logWords,
    gateway,
    seal,
    push: devices.push,
    syncRuns: devices.syncRuns,
    pushMemory: devices.memory,
    provisioning,
    provisioningUrls: () => [fileServer.url()],
    engines: desk,
    certificates: certificateDesk(config.dataDir, publicHost, async () => {
      await Promise.all([fileServer.renewCertificate(), api.renewCertificate()]);
      if (engines.standing('drachtio')?.state === 'running') await desk.restart('sip');
    }),
    clock,
    ids: newId,
    logger,
    pages: consolePages(consoleFolder),
  });
  closers.push(() => api.close());
  return { api, fileServer, gateway, h323, sip };
}

const isLoopback = (host: string): boolean => /^(127\.|localhost$|::1$)/.test(host);

/** The ports that devices reach, by the names of the settings: of the first SIP server, ours or a configured one. */
function sipPorts(listening: string[]): Record<string, number> {
  const portOf = (transport: string): number | undefined => {
    const address = listening.find((one) => one.startsWith(`${transport}/`));
    return address === undefined ? undefined : Number(/:(\d+)$/.exec(address)?.[1]);
  };
  const sip = portOf('udp') ?? portOf('tcp');
  const sips = portOf('tls');
  return { ...(sip === undefined ? {} : { sip }), ...(sips === undefined ? {} : { sips }) };
}

function savePorts(dataDir: string, ports: Record<string, number>): void {
  const path = join(dataDir, 'ports.json');
  writeFileSync(`${path}.new`, `${JSON.stringify(ports, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}
