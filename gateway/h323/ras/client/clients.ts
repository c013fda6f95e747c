import { EventEmitter } from 'node:events';
import type { Seal } from '../../../../platform/seal.ts';
import type { Site } from '../../../../store/schema/places.ts';
import type { Store } from '../../../../store/store.ts';
import type { ClientState, GatekeeperClient, GatekeeperClients, HostPort } from '../interface.ts';
import { type ClientAccount, type ClientParts, FarGatekeeperClient } from './client.ts';

export interface ClientsParts extends ClientParts {
  store: Store;
  seal: Seal;
}

const reviewMs = 3_000;

interface Running {
  client: FarGatekeeperClient;
  sites: Set<string>;
}

/**
 * Follows the uplinks in the store that name a gatekeeper. Sites with the same account at the same gatekeeper share one
 * registration: the province's gatekeeper knows us once, however many rooms are called through it.
 */
export class FarGatekeepers
  extends EventEmitter<{ state: [siteId: string, state: ClientState, text: string] }>
  implements GatekeeperClients
{
  private readonly parts: ClientsParts;
  private readonly running = new Map<string, Running>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(parts: ClientsParts) {
    super();
    this.parts = parts;
  }

  async start(): Promise<void> {
    await this.review();
    this.timer = setInterval(() => {
      this.review().catch((error: unknown) => {
        this.parts.logger.error({ err: error }, 'uplinks with gatekeepers cannot be followed');
      });
    }, reviewMs);
    this.timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    const entries = [...this.running.values()];
    this.running.clear();
    await Promise.all(entries.map(({ client }) => client.close()));
  }

  of(siteId: string): GatekeeperClient | undefined {
    return [...this.running.values()].find(({ sites }) => sites.has(siteId))?.client;
  }

  bySource(source: HostPort): GatekeeperClient | undefined {
    return [...this.running.values()].find(({ client }) => client.isSource(source))?.client;
  }

  states(): { siteId: string; state: ClientState; text: string }[] {
    return [...this.running.values()].flatMap(({ client, sites }) =>
      [...sites].map((siteId) => ({ siteId, state: client.state, text: client.text })),
    );
  }

  /** Looks what the administrator changed; once at a time. */
  review(): Promise<void> {
    this.looking = this.looking.then(() => this.look());
    const now = this.looking;
    this.looking = now.catch(() => {});
    return now;
  }

  private async look(): Promise<void> {
    const sites = await this.parts.store.sites.find({ 'uplink.gatekeeper': { $exists: true } });
    const wanted = new Map<string, { account: ClientAccount; sites: Set<string> }>();
    for (const site of sites) {
      const account = this.accountOf(site);
      if (account === undefined) continue;
      const key = JSON.stringify(account);
      const entry = wanted.get(key) ?? { account, sites: new Set<string>() };
      entry.sites.add(site.id);
      wanted.set(key, entry);
    }
    for (const [key, entry] of [...this.running]) {
      const now = wanted.get(key);
      if (now !== undefined) {
        entry.sites = now.sites;
        continue;
      }
      this.running.delete(key);
      await entry.client.close();
    }
    for (const [key, { account, sites: ids }] of wanted) {
      if (!this.running.has(key)) await this.open(key, account, ids);
    }
  }

  private async open(key: string, account: ClientAccount, sites: Set<string>): Promise<void> {
    const [siteId = ''] = sites;
    const client = new FarGatekeeperClient(siteId, account, this.parts);
    const entry: Running = { client, sites };
    this.running.set(key, entry);
    client.on('state', (state, text) => {
      for (const id of entry.sites) this.emit('state', id, state, text);
    });
    try {
      await client.start();
    } catch (error) {
      this.running.delete(key);
      await client.close();
      throw error;
    }
  }

  private accountOf({ id, uplink }: Site): ClientAccount | undefined {
    if (uplink?.protocol !== 'h323' || uplink.gatekeeper === undefined || uplink.username === undefined)
      return undefined;
    const { aliases, host, identifier, port } = uplink.gatekeeper;
    let password: string | undefined;
    try {
      password = uplink.secret === undefined ? undefined : this.parts.seal.open(uplink.secret);
    } catch (error) {
      this.parts.logger.error({ err: error, siteId: id }, 'the password of an uplink cannot be unsealed');
      return undefined;
    }
    return { host, port, identifier, username: uplink.username, aliases, password };
  }
}
