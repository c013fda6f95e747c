import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiClient } from '../api-client.ts';

const startWithinMs = 40_000;

/** An entry of the session log, as the API tells it. */
export interface ToldEntry {
  time: string;
  event: string;
  sessionId?: string;
  legId?: string;
  detail: Record<string, unknown>;
  cause?: { text: string };
}

/** The product as a child process, on free ports and a data folder of the demonstration's own, used through its API. */
export class DemoProduct {
  /** `host:port` where terminals send SIP. */
  readonly sip: string;
  private readonly child: ChildProcess;
  private readonly api: ApiClient;

  private constructor(child: ChildProcess, sip: string, api: ApiClient) {
    this.child = child;
    this.sip = sip;
    this.api = api;
  }

  /** @throws when it does not come up. */
  static async start(dataDir: string, host: string, password: string): Promise<DemoProduct> {
    const free = ['HTTP', 'SIP', 'SIPS', 'H323', 'RAS', 'PROVISIONING', 'PROVISIONING_TLS'].map((name) => [
      `${name}_PORT`,
      '0',
    ]);
    const child = spawn(process.execPath, ['--import', 'tsx', 'start.ts'], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        ...Object.fromEntries(free),
        DATA_DIR: dataDir,
        PUBLIC_HOST: host,
        SIP_HOST: host,
        H323_HOST: host,
        HTTP_HOST: '127.0.0.1',
        PROVISIONING_HOST: host,
        ADMIN_PASSWORD: password,
        LOG_FORMAT: 'json',
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    });
    const file = join(dataDir, 'ports.json');
    for (const until = performance.now() + startWithinMs; !existsSync(file); await pause(50)) {
      if (child.exitCode !== null || performance.now() > until) throw new Error('the product does not start');
    }
    const ports = JSON.parse(readFileSync(file, 'utf8')) as { sip: number; http: number };
    const api = new ApiClient(`http://127.0.0.1:${ports.http}/api/v1`);
    await api.logIn('admin', password);
    return new DemoProduct(child, `${host}:${ports.sip}`, api);
  }

  /** One request to the API. @throws with its answer when it refuses. */
  ask<T = unknown>(method: string, path: string, body?: object): Promise<T> {
    return this.api.ask<T>(method, path, body);
  }

  /** Hands on each entry of the session log as it is written, until the product ends. */
  async follow(tell: (entry: ToldEntry) => void): Promise<void> {
    const response = await fetch(`${this.api.url}/events`, { headers: this.api.bearer });
    void (async () => {
      let rest = '';
      const decoder = new TextDecoder();
      for await (const piece of response.body ?? []) {
        rest += decoder.decode(piece as Uint8Array, { stream: true });
        const blocks = rest.split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (/^event: log$/m.test(block) && data !== undefined) tell(JSON.parse(data) as ToldEntry);
        }
      }
    })().catch(() => {});
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
  }
}
