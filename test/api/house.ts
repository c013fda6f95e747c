import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { ExtraPages } from '../../api/app.ts';
import { type Api, ensureFirstAdmin, startApi } from '../../api/server.ts';
import type { EngineDesk, EngineView } from '../../api/upkeep/engines.ts';
import { DialPlan } from '../../gateway/dialplan/plan.ts';
import type { DialDecision, DialQuestion, Gateway, GatewayEvents, GatewayHealth } from '../../gateway/gateway.ts';
import { certificateDesk, ensureCertificate } from '../../launcher/certificate.ts';
import { systemClock } from '../../platform/clock.ts';
import { Fault } from '../../platform/fault.ts';
import { randomIds } from '../../platform/ids.ts';
import { openSeal } from '../../platform/seal.ts';
import { PushMemory } from '../../provisioning/push/memory.ts';
import { DevicePush, type Notify } from '../../provisioning/push/push.ts';
import { SyncRuns } from '../../provisioning/push/runs.ts';
import { openProvisioning, type Provisioning } from '../../provisioning/server/provisioning.ts';
import { type LogWords, openLogWords } from '../../store/log-words/log-words.ts';
import type { Role } from '../../store/schema/account.ts';
import type { TestCall } from '../../store/schema/devices.ts';
import type { Actor } from '../../store/schema/log.ts';
import type { Rehearsal } from '../../store/schema/rehearsal.ts';
import type { Floor, Layout, LegRecord, Participant, Session } from '../../store/schema/session.ts';
import { openSessionLog, type SessionLog } from '../../store/session-log.ts';
import { openStore, type Store } from '../../store/store.ts';
import { startMongod } from '../store/mongod.ts';

/** The gateway's contract over the store, without calls: opens and ends sessions, makes legs, remembers what was asked. */
class PlainGateway extends EventEmitter<GatewayEvents> implements Gateway {
  readonly asked: string[] = [];
  waiting: LegRecord[] = [];
  readonly qualities = new Map<string, NonNullable<ReturnType<Gateway['quality']>>>();
  private readonly store: Store;

  constructor(store: Store) {
    super();
    this.store = store;
  }

  async openSession(sessionId: string, _actor: Actor): Promise<Session> {
    return this.change(sessionId, { state: 'open', startedAt: new Date() });
  }
  async endSession(sessionId: string): Promise<Session> {
    return this.change(sessionId, { state: 'ended', endedAt: new Date() });
  }
  setLocked(sessionId: string, locked: boolean): Promise<Session> {
    return this.change(sessionId, { locked });
  }
  setRecording(sessionId: string, on: boolean): Promise<Session> {
    this.asked.push(`record ${on}`);
    return this.change(sessionId, { record: on });
  }
  async announce(_sessionId: string, what: string): Promise<void> {
    this.asked.push(`announce ${what}`);
  }
  setLayout(sessionId: string, layout: Layout): Promise<Session> {
    this.asked.push(`layout ${layout}`);
    return this.change(sessionId, { layout });
  }
  setFloor(sessionId: string, floor: Floor): Promise<Session> {
    this.asked.push(`floor ${floor.kind}`);
    return this.change(sessionId, { floor });
  }
  async callOut(sessionId: string, who: Participant): Promise<LegRecord> {
    this.asked.push(`call ${who.kind}`);
    const leg = await this.store.legs.insert({
      id: randomIds(),
      sessionId,
      protocol: 'sip',
      direction: 'out',
      name: who.kind,
      number: who.kind === 'phone' ? who.number : '',
      state: 'calling',
      muted: false,
      floor: false,
      alarms: [],
    });
    this.emit('leg', leg);
    return leg;
  }
  testCall(endpointId: string): Promise<TestCall> {
    this.asked.push('test call');
    return this.store.testCalls.insert({ id: randomIds(), endpointId, state: 'calling', startedAt: new Date() });
  }
  async muteLeg(_sessionId: string, legId: string, muted: boolean): Promise<LegRecord> {
    return this.changeLeg(legId, { muted });
  }
  async admitLeg(sessionId: string, legId: string): Promise<LegRecord> {
    const caller = this.waiting.find((leg) => leg.id === legId);
    this.waiting = this.waiting.filter((leg) => leg !== caller);
    if (caller !== undefined) return this.store.legs.insert({ ...caller, sessionId, state: 'joined' });
    return this.changeLeg(legId, { state: 'joined' });
  }
  async removeLeg(_sessionId: string, legId: string): Promise<void> {
    await this.changeLeg(legId, { state: 'ended' });
  }
  async sendDigits(_sessionId: string, _legId: string, digits: string): Promise<void> {
    this.asked.push(`digits ${digits}`);
  }
  async rehearse(sessionId: string, actor: Actor, plannedId?: string): Promise<Rehearsal> {
    this.asked.push('rehearse');
    const begun = { id: plannedId ?? randomIds(), sessionId, state: 'running' as const, startedAt: new Date() };
    return this.store.rehearsals.insert({ ...begun, trigger: 'hand', by: actor.name, results: [], failures: 0 });
  }
  quality(legId: string): ReturnType<Gateway['quality']> {
    return this.qualities.get(legId);
  }
  readonly sounds = new Map<string, ReturnType<Gateway['sound']>>();
  /** Sessions whose levels somebody watches, once for each who does. */
  readonly watched: string[] = [];
  sound(legId: string): ReturnType<Gateway['sound']> {
    return this.sounds.get(legId) ?? { speaking: false };
  }
  watchLevels(sessionId: string): () => void {
    this.watched.push(sessionId);
    return () => this.watched.splice(this.watched.indexOf(sessionId), 1);
  }
  async legsKept(): Promise<void> {}

  lobby(): LegRecord[] {
    return this.waiting;
  }
  explain(question: DialQuestion): Promise<DialDecision> {
    return new DialPlan(this.store, systemClock).decide(question);
  }
  calls = 0;
  health(): GatewayHealth {
    const up = { up: true };
    return { sip: up, h323: up, media: up, trunks: [], calls: this.calls, rooms: 0 };
  }
  async close(): Promise<void> {}

  private async change(id: string, change: Partial<Session>): Promise<Session> {
    const session = await this.store.sessions.update(id, change);
    if (session === undefined) throw new Fault('not-found', 'not-found');
    this.emit('session', session);
    return session;
  }
  private async changeLeg(id: string, change: Partial<LegRecord>): Promise<LegRecord> {
    const leg = await this.store.legs.update(id, change);
    if (leg === undefined) throw new Fault('not-found', 'not-found');
    this.emit('leg', leg);
    return leg;
  }
}

/** Engines that only remember what was asked of them. */
class PlainEngines implements EngineDesk {
  readonly asked: string[] = [];
  list(): EngineView[] {
    const since = new Date();
    return [
      { name: 'sip', ours: true, addresses: [], state: 'running', since, ends: this.asked.length },
      { name: 'media', ours: true, addresses: [], state: 'waiting', since, ends: 1 },
      { name: 'store', ours: false, addresses: ['10.0.0.5:27017'] },
    ];
  }
  async restart(name: string): Promise<void> {
    this.asked.push(name);
  }
}

/** A clock that a test can put forward. */
class TestClock {
  aheadMs = 0;
  now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }
}

export interface House {
  api: Api;
  url: string;
  store: Store;
  log: SessionLog;
  logWords: LogWords;
  gateway: PlainGateway;
  engines: PlainEngines;
  provisioning: Provisioning;
  clock: TestClock;
  dataDir: string;
  storePid: number | undefined;
  storeUrl: string;
  /** Tokens of an admin, an operator and a viewer. */
  tokens: Record<Role, string>;
  /** A request with a token (the admin's when not said otherwise). */
  ask(method: string, path: string, body?: unknown, options?: Ask): Promise<Answer>;
  close(): Promise<void>;
}
export interface Ask {
  token?: string;
  headers?: Record<string, string>;
}
export interface Answer {
  status: number;
  headers: Headers;
  // What came back is compared field by field; its shape is checked against OpenAPI.
  body: Record<string, unknown>;
  text: string;
  bytes: Buffer;
}

export const adminPassword = 'mat-khau-quan-tri';

/** The API over the real store, on a free port. */
export async function openHouse(options: { pages?: ExtraPages; apiRequestsPerMinute?: number } = {}): Promise<House> {
  const { apiRequestsPerMinute = 100_000 } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'diemcau-api-'));
  const mongod = await startMongod(join(dataDir, 'store'));
  const clock = new TestClock();
  const store = await openStore(mongod.url, clock);
  const log = await openSessionLog(store.connection, clock, { dataDir });
  const logWords = await openLogWords(store.connection, log);
  const gateway = new PlainGateway(store);
  await ensureFirstAdmin(store, { adminPassword });
  const logger = pino({ level: process.env.LOG_LEVEL ?? 'silent' });
  // No device is registered here: nobody could answer.
  const notify: Notify = async () => [];
  const seal = await openSeal(dataDir);
  const provisioning = await openProvisioning({
    dataDir,
    store,
    log,
    seal,
    clock,
    logger,
    surroundings: () => ({ publicHost: '192.0.2.10', sipPort: 5060, sipsPort: 5061, rasPort: 1719 }),
    baseUrl: () => 'http://192.0.2.10:8081/',
    elsewhere: 'warn',
    mostRefusals: 60,
  });
  const memory = new PushMemory(store, clock);
  const engines = new PlainEngines();
  const tls = await ensureCertificate(dataDir, '192.0.2.10');
  const push = new DevicePush({ log, logger, notify, memory });
  const api = await startApi({
    config: {
      httpHost: '127.0.0.1',
      httpPort: 0,
      httpsPort: 0,
      dataDir,
      publicHost: '192.0.2.10',
      sipPort: 5060,
      sipsPort: 5061,
      rasPort: 1719,
      uploadMaxMb: 1,
      firmwareMaxMb: 1,
      apiRequestsPerMinute,
      apiBodyMaxKb: 256,
      loginTries: 5,
      archiveCheckHours: 168,
    },
    store,
    ...(options.pages === undefined ? {} : { pages: options.pages }),
    log,
    logWords,
    gateway,
    archive: {
      store,
      log,
      clock,
      logger: pino({ level: 'silent' }),
      folder: join(dataDir, 'recordings'),
      archiveDir: undefined,
      changed: (recording) => gateway.emit('recording', recording),
      incident: (code, { sessionId }, values) => gateway.emit('incident', { code, sessionId, values }),
    },
    seal,
    provisioning,
    push,
    pushMemory: memory,
    syncRuns: new SyncRuns(push, { clock, newId: randomIds, logger }),
    provisioningUrls: () => ['http://192.0.2.10:8081/'],
    engines,
    certificates: certificateDesk(dataDir, '192.0.2.10', () => api.renewCertificate()),
    tls,
    clock,
    ids: randomIds,
    logger,
  });
  const url = `http://127.0.0.1:${api.ports.http}/api/v1`;
  const ask = async (method: string, path: string, body?: unknown, options: Ask = {}): Promise<Answer> => {
    const token = options.token ?? tokens.admin;
    const form = body instanceof FormData;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString('utf8');
    const json = response.headers.get('content-type')?.startsWith('application/json') === true && text !== '';
    return { status: response.status, headers: response.headers, bytes, text, body: json ? JSON.parse(text) : {} };
  };
  const tokens: Record<Role, string> = { admin: '', operator: '', viewer: '' };
  const logIn = async (username: string, password: string) =>
    String((await ask('POST', '/login', { username, password }, { token: '' })).body.token);
  tokens.admin = await logIn('admin', adminPassword);
  for (const role of ['operator', 'viewer'] as const) {
    await ask('POST', '/users', { username: role, name: role, role, password: `${role}-password` });
    tokens[role] = await logIn(role, `${role}-password`);
  }
  return {
    api,
    url,
    store,
    log,
    logWords,
    gateway,
    engines,
    provisioning,
    clock,
    dataDir,
    storePid: mongod.pid,
    storeUrl: mongod.url,
    tokens,
    ask,
    close: async () => {
      await api.close();
      await log.close();
      await store.close();
      await mongod.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
