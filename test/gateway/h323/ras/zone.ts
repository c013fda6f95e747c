import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { DeviceGatekeeper, type GatekeeperParts } from '../../../../gateway/h323/ras/index.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { randomIds } from '../../../../platform/ids.ts';
import { openSeal, type Seal } from '../../../../platform/seal.ts';
import type { Endpoint } from '../../../../store/schema/places.ts';
import { openStore, type Store } from '../../../../store/store.ts';
import { startMongod } from '../../../store/mongod.ts';
import { Terminal } from './terminal.ts';

export const logger = pino({ level: process.env.LOG_LEVEL ?? 'silent' });

/** A zone of a test: the store, a gatekeeper over it, and terminals. */
export class Zone {
  readonly store: Store;
  readonly seal: Seal;
  readonly host: string;
  gatekeeper: DeviceGatekeeper;
  /** What the gatekeeper told, in order. */
  readonly told: string[] = [];
  /** Numbers that lead somewhere. */
  readonly dialable = new Set<string>();
  private readonly change: Partial<GatekeeperParts>;
  private readonly ends: (() => unknown)[];
  private readonly terminals: Terminal[] = [];

  private constructor(
    store: Store,
    seal: Seal,
    host: string,
    change: Partial<GatekeeperParts>,
    ends: (() => unknown)[],
  ) {
    this.store = store;
    this.seal = seal;
    this.host = host;
    this.change = change;
    this.ends = ends;
    this.gatekeeper = this.make();
  }

  static async open(host: string, change: Partial<GatekeeperParts> = {}): Promise<Zone> {
    const folder = mkdtempSync(join(tmpdir(), 'diemcau-zone-'));
    const mongod = await startMongod(folder);
    const store = await openStore(mongod.url, systemClock);
    const seal = await openSeal(folder);
    const ends = [() => rmSync(folder, { recursive: true, force: true }), () => mongod.stop(), () => store.close()];
    const zone = new Zone(store, seal, host, change, ends);
    await zone.gatekeeper.start();
    return zone;
  }

  /** The gatekeeper goes, and another comes in its place. */
  async restart(): Promise<void> {
    await this.gatekeeper.close();
    this.gatekeeper = this.make();
    await this.gatekeeper.start();
  }

  device(username: string, number: string, change: Partial<Endpoint> = {}): Promise<Endpoint> {
    const { secret, ...rest } = change;
    return this.store.endpoints.insert({
      id: randomIds(),
      name: `Codec ${username}`,
      kind: 'h323',
      username,
      number,
      digest: 'MD5',
      srtp: 'off',
      maxContacts: 5,
      enabled: true,
      ...(secret === undefined ? {} : { secret: this.seal.seal(secret) }),
      ...rest,
    });
  }

  async terminal(host: string): Promise<Terminal> {
    const terminal = await Terminal.open(host, { host: this.host, port: this.gatekeeper.port });
    this.terminals.push(terminal);
    return terminal;
  }

  /** Everything that the gatekeeper sent to terminals. */
  datagrams(): Uint8Array[] {
    return this.terminals.flatMap(({ received }) => received.map(({ bytes }) => bytes));
  }

  async close(): Promise<void> {
    for (const terminal of this.terminals) terminal.close();
    await this.gatekeeper.close();
    for (const end of this.ends.reverse()) await end();
  }

  private make(): DeviceGatekeeper {
    const gatekeeper = new DeviceGatekeeper({
      store: this.store,
      seal: this.seal,
      clock: systemClock,
      newId: randomIds,
      logger,
      host: this.host,
      port: 0,
      publicHost: this.host,
      signallingPort: () => 1720,
      mayDial: ({ called }) => Promise.resolve(this.dialable.has(called)),
      pace: 0.05,
      ...this.change,
    });
    gatekeeper.on('registration', ({ contact, registered }) => this.told.push(`${registered ? '+' : '-'} ${contact}`));
    gatekeeper.on('refused', ({ to }) => this.told.push(`refused ${to}`));
    gatekeeper.on('disengaged', ({ callKey }) => this.told.push(`disengaged ${callKey}`));
    return gatekeeper;
  }
}
