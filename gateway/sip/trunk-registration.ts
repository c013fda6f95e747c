import { EventEmitter } from 'node:events';
import type { Trunk } from '../../store/schema/places.ts';
import type { AuthenticatorParts } from './authenticator.ts';
import { defaultExpiresS } from './contact.ts';
import type { SipResponse, SipServer } from './drachtio.ts';
import { hostOfUri } from './inbound.ts';

export type TrunkState = 'none' | 'registered' | 'refused' | 'unreachable';

const firstRetryMs = 5_000;
const longestRetryMs = 5 * 60_000;
const reviewMs = 5_000;

interface Running {
  trunk: Trunk;
  state: TrunkState;
  text: string;
  timer: NodeJS.Timeout | undefined;
  retryMs: number;
  stopped: boolean;
}

/** Registers with telephone operators as a client (RFC 3261, clause 10.2), and keeps it up. */
export class TrunkRegistrations extends EventEmitter<{ state: [trunkId: string, state: TrunkState, text: string] }> {
  private readonly parts: AuthenticatorParts;
  private readonly server: () => SipServer;
  private readonly running = new Map<string, Running>();
  private review: NodeJS.Timeout | undefined;

  constructor(parts: AuthenticatorParts, server: () => SipServer) {
    super();
    this.parts = parts;
    this.server = server;
  }

  /** Follows the trunks in the store. */
  async start(): Promise<void> {
    await this.look();
    this.review = setInterval(() => void this.look().catch(() => {}), reviewMs);
    this.review.unref();
  }

  states(): { trunkId: string; state: TrunkState; text: string }[] {
    return [...this.running.values()].map(({ state, text, trunk }) => ({ trunkId: trunk.id, state, text }));
  }

  /** Takes the registrations back. */
  async close(): Promise<void> {
    clearInterval(this.review);
    await Promise.all([...this.running.values()].map((entry) => this.stop(entry)));
  }

  private async look(): Promise<void> {
    const wanted = new Map(
      (await this.parts.store.trunks.find({ enabled: true, register: true })).map((trunk) => [trunk.id, trunk]),
    );
    for (const [id, entry] of this.running) {
      const now = wanted.get(id);
      if (now !== undefined && now.updatedAt.getTime() === entry.trunk.updatedAt.getTime()) continue;
      await this.stop(entry);
      this.running.delete(id);
    }
    for (const [id, trunk] of wanted) {
      if (this.running.has(id)) continue;
      const entry: Running = {
        trunk,
        state: 'none',
        text: '',
        timer: undefined,
        retryMs: firstRetryMs,
        stopped: false,
      };
      this.running.set(id, entry);
      void this.refresh(entry);
    }
  }

  private async refresh(entry: Running): Promise<void> {
    if (entry.stopped) return;
    const outcome = await this.register(entry.trunk, defaultExpiresS);
    if (entry.stopped) return;
    let nextMs: number;
    if (outcome.status >= 200 && outcome.status < 300) {
      this.tell(entry, 'registered', '');
      entry.retryMs = firstRetryMs;
      nextMs = Math.max(30, outcome.expiresS * 0.8) * 1000;
    } else {
      const reached = outcome.status !== 408 && outcome.status !== 503 && outcome.status !== 0;
      this.tell(entry, reached ? 'refused' : 'unreachable', `${outcome.status} ${outcome.reason}`);
      nextMs = entry.retryMs;
      entry.retryMs = Math.min(entry.retryMs * 2, longestRetryMs);
    }
    entry.timer = setTimeout(() => void this.refresh(entry), nextMs);
    entry.timer.unref();
  }

  private register(trunk: Trunk, expiresS: number): Promise<{ status: number; reason: string; expiresS: number }> {
    const domain = trunk.domain ?? hostOfUri(trunk.host);
    const user = encodeURIComponent(trunk.username ?? 'diemcau');
    const transport = trunk.transport === 'udp' ? '' : `;transport=${trunk.transport}`;
    const address = `<sip:${user}@${domain}>`;
    const auth =
      trunk.username === undefined || trunk.secret === undefined
        ? {}
        : { auth: { username: trunk.username, password: this.parts.seal.open(trunk.secret) } };
    return new Promise((resolve) => {
      this.server().request(
        `sip:${domain}`,
        {
          method: 'REGISTER',
          proxy: `sip:${trunk.host}${transport}`,
          headers: {
            From: address,
            To: address,
            Contact: `<sip:${user}@localhost${transport}>`,
            Expires: String(expiresS),
          },
          ...auth,
        },
        (error, request) => {
          if (error !== null && error !== undefined) resolve({ status: 0, reason: String(error), expiresS: 0 });
          request?.on('response', (response: SipResponse) => {
            const granted =
              /;\s*expires\s*=\s*"?(\d+)/i.exec(response.get('Contact') ?? '')?.[1] ?? response.get('Expires');
            if (response.status >= 200)
              resolve({ status: response.status, reason: response.reason, expiresS: Number(granted ?? expiresS) });
          });
        },
      );
    });
  }

  private async stop(entry: Running): Promise<void> {
    entry.stopped = true;
    clearTimeout(entry.timer);
    if (entry.state !== 'registered') return;
    const patience = new Promise((resolve) => setTimeout(resolve, 1_000).unref());
    await Promise.race([this.register(entry.trunk, 0), patience]);
  }

  private tell(entry: Running, state: TrunkState, text: string): void {
    const changed = entry.state !== state || entry.text !== text;
    entry.state = state;
    entry.text = text;
    if (changed) this.emit('state', entry.trunk.id, state, text);
  }
}
