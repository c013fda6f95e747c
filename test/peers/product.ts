import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, on, once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiClient } from '../../tools/api-client.ts';
import { ownAddress } from './address.ts';
import { LiveEventFollower, type LoggedEntry } from './live-events.ts';
import { childrenOf, commandOf, residentKiB } from './processes.ts';

const startWithinMs = 40_000;
/** Its log comes by a pipe, behind what its peers have seen of it by then. */
const saysWithinMs = 10_000;
const password = 'a password for tests';

export type EngineName = 'drachtio' | 'freeswitch' | 'mongod';

export interface ProductOptions {
  /** Address that devices reach: SIP, RTP, H.323. One of its own when absent. */
  host?: string;
  environment?: Record<string, string>;
  /** Done with its data folder before it starts for the first time. */
  prepare?: (dataDir: string) => void;
}

/** The whole product as users run it, as a child process on ports and a data folder of its own, and a client of its API. */
export class Product {
  /** The admin's. */
  static readonly password = password;
  readonly host: string;
  readonly dataDir: string;
  ports: Record<string, number> = {};
  events: LiveEventFollower = undefined as never;
  /** Last lines of its log. */
  readonly lines: string[] = [];
  private readonly spoken = new EventEmitter();
  private readonly environment: Record<string, string>;
  private child: ChildProcess | undefined;
  private api = new ApiClient('');

  private constructor({ environment = {}, host = givenHost() ?? ownAddress() }: ProductOptions) {
    this.host = host;
    this.dataDir = mkdtempSync(join(tmpdir(), 'diemcau-product-'));
    this.environment = environment;
  }

  static async start(options: ProductOptions = {}): Promise<Product> {
    const product = new Product(options);
    options.prepare?.(product.dataDir);
    await product.launch();
    return product;
  }

  /** Where devices send SIP: `host:port`. */
  get sip(): string {
    return `${this.host}:${this.ports.sip}`;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.http}/api/v1`;
  }

  /** Starts it (again) on the same data folder and SIP port, and logs in. */
  async launch(): Promise<void> {
    rmSync(join(this.dataDir, 'ports.json'), { force: true });
    const child = spawn(process.execPath, ['--import', 'tsx', 'start.ts'], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        ...configuredEngines(),
        DATA_DIR: this.dataDir,
        PUBLIC_HOST: this.host,
        SIP_HOST: this.host,
        H323_HOST: this.host,
        HTTP_HOST: '127.0.0.1',
        HTTP_PORT: '0',
        PROVISIONING_HOST: this.host,
        PROVISIONING_PORT: '0',
        PROVISIONING_TLS_PORT: '0',
        SIP_PORT: String(this.ports.sip ?? 0),
        SIPS_PORT: String(this.ports.sips ?? 0),
        H323_PORT: '0',
        RAS_PORT: '0',
        ADMIN_PASSWORD: password,
        LOG_FORMAT: 'json',
        LOG_LEVEL: 'info',
        ...this.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.hear(line));
    const portsFile = join(this.dataDir, 'ports.json');
    const until = performance.now() + startWithinMs;
    while (!existsSync(portsFile)) {
      if (child.exitCode !== null || performance.now() > until)
        throw new Error(`the product did not start:\n${this.lines.slice(-40).join('\n')}`);
      await pause(50);
    }
    this.ports = JSON.parse(readFileSync(portsFile, 'utf8')) as Record<string, number>;
    this.api = new ApiClient(this.url);
    await this.api.logIn('admin', password);
    this.events?.close();
    this.events = await LiveEventFollower.open(`${this.url}/events`, this.api.token);
  }

  /** Follows live events besides its own; `query` as the API takes it. */
  follow(query: string): Promise<LiveEventFollower> {
    return LiveEventFollower.open(`${this.url}/events${query}`, this.api.token);
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** The lines of its log with all of these words in them, as soon as there are that many. */
  async said(count: number, ...words: string[]): Promise<string[]> {
    const signal = AbortSignal.timeout(saysWithinMs);
    const spoken = on(this.spoken, 'line', { signal });
    for (;;) {
      const found = this.lines.filter((line) => words.every((word) => line.includes(word)));
      if (found.length >= count) return found;
      await spoken.next();
    }
  }

  private hear(line: string): void {
    this.lines.push(line);
    if (this.lines.length > 2_000) this.lines.splice(0, 1_000);
    this.spoken.emit('line', line);
  }

  /** Process ids of the engines that it started, by name. */
  engines(): Map<EngineName, number> {
    const found = new Map<EngineName, number>();
    for (const pid of childrenOf(this.pid)) {
      const name = /embedded\/(\w+)\/main\.ts/.exec(commandOf(pid))?.[1];
      if (name !== undefined) found.set(name as EngineName, pid);
    }
    return found;
  }

  /** Process ids of the media engine's studios, which compose and film. */
  studios(): number[] {
    const engine = this.engines().get('freeswitch');
    return engine === undefined ? [] : childrenOf(engine).filter((pid) => /studio\/main\.ts/.test(commandOf(pid)));
  }

  /** Resident memory of the launcher and each engine, KiB. */
  resident(): Record<string, number> {
    const sizes: Record<string, number> = { gateway: residentKiB(this.pid) };
    for (const [name, pid] of this.engines()) sizes[name] = residentKiB(pid);
    return sizes;
  }

  /** Ends it with SIGTERM; resolves to its exit code and how long it took, in ms. */
  async end(): Promise<{ code: number | null; ms: number }> {
    const { child } = this;
    this.events?.close();
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return { code: null, ms: 0 };
    const startedAt = performance.now();
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    return { code: child.exitCode, ms: performance.now() - startedAt };
  }

  /** Kills the launcher and all engines at once, as a power cut does. */
  async crash(): Promise<void> {
    this.events.close();
    const { child } = this;
    const gone = child === undefined ? undefined : once(child, 'exit');
    for (const pid of [this.pid, ...this.engines().values()]) process.kill(pid, 'SIGKILL');
    await gone;
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    await this.end();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Runs `verify-log` on its data: exit code and what it said. */
  verifyLog(): Promise<{ code: number | null; said: string }> {
    return this.tool('verify-log');
  }

  /** Runs a tool on its data: exit code and what it said. */
  async tool(name: string): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, ['--import', 'tsx', `tools/${name}.ts`], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        ...configuredEngines(),
        DATA_DIR: this.dataDir,
        ...this.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        said += data;
      });
    await once(child, 'close');
    return { code: child.exitCode, said };
  }

  /** Where its documents are, for one who tampers with them. */
  get storeAddress(): string {
    return process.env.MONGODB_URL ?? readFileSync(join(this.dataDir, 'keys', 'store.url'), 'utf8').trim();
  }

  get<T>(path: string): Promise<T> {
    return this.api.ask<T>('GET', path);
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.api.ask<T>('POST', path, body);
  }

  patch<T>(path: string, body: object): Promise<T> {
    return this.api.ask<T>('PATCH', path, body);
  }

  put<T>(path: string, body: object): Promise<T> {
    return this.api.ask<T>('PUT', path, body);
  }

  async remove(path: string): Promise<void> {
    await this.api.ask('DELETE', path);
  }

  /** A file of the API, whole or a part of it. */
  async download(path: string, range?: string): Promise<{ status: number; bytes: Buffer; headers: Headers }> {
    const headers = { ...this.api.bearer, ...(range === undefined ? {} : { Range: range }) };
    const response = await fetch(this.url + path, { headers });
    return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers };
  }

  /** The session log, oldest first; of one session when named. */
  async log(sessionId?: string): Promise<LoggedEntry[]> {
    const path = sessionId === undefined ? '/log' : `/sessions/${sessionId}/log`;
    const { items } = await this.get<{ items: LoggedEntry[] }>(`${path}?order=oldest&limit=500`);
    return items;
  }
}

/** Where a SIP server that the environment names is reached: its engines have no address of the test's choice. */
function givenHost(): string | undefined {
  return process.env.DRACHTIO_HOST?.split(',')[0];
}

/** Real engines named for the whole run of tests are handed on. */
function configuredEngines(): Record<string, string> {
  const names = /^(DRACHTIO|FREESWITCH)_(HOST|PORT|SECRET)$|^MONGODB_URL$/;
  const given = Object.entries(process.env).filter(([name, value]) => names.test(name) && value !== undefined);
  return Object.fromEntries(given) as Record<string, string>;
}
