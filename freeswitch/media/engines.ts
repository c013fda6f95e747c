import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { errorText } from '../../platform/error-text.ts';
import type { Logger } from '../../platform/log.ts';
import { FsmrfMediaConference } from './conference.ts';
import { FsmrfMediaEndpoint } from './endpoint.ts';
import { type FsmrfConference, type FsmrfServer, hangUp, letGo, newMrf, sendAtOnce } from './library.ts';
import {
  type ConferenceOptions,
  type Media,
  type MediaConference,
  type MediaEndpoint,
  MediaError,
  type OfferedProtection,
} from './media.ts';
import { probeEngine } from './probe.ts';
import { openedProfile } from './secure-offer.ts';
import { within } from './within.ts';

export interface MediaAddress {
  host: string;
  port: number;
  secret: string;
}

const firstRetryMs = 200;
const longestRetryMs = 5_000;
const watchMs = 500;
/** How often legs are measured at an engine that does not tell by itself. */
const measureMs = 5_000;
const connectTimeoutMs = 5_000;
/** Callers do not wait longer for an endpoint: then they are refused, or another engine takes them. */
const endpointTimeoutMs = 4_000;

interface Engine {
  address: MediaAddress;
  server: FsmrfServer | undefined;
  up: boolean;
  retryMs: number;
}

/**
 * The media engines: the first that is connected takes all calls (a room cannot be spread over two), the others stand by;
 * each is connected again when it was lost.
 */
export class MediaEngines extends EventEmitter<{ up: []; down: [reason: string] }> implements Media {
  private readonly engines: Engine[];
  private readonly sipConnection: () => unknown;
  private readonly logger: Logger;
  private readonly listenAddress: string;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly endpoints = new Set<FsmrfMediaEndpoint>();
  private readonly measuring: NodeJS.Timeout;
  private closed = false;

  constructor(addresses: MediaAddress[], sipConnection: () => unknown, logger: Logger, listenAddress = '127.0.0.1') {
    super();
    this.engines = addresses.map((address) => ({
      address,
      server: undefined,
      up: false,
      retryMs: firstRetryMs,
    }));
    this.sipConnection = sipConnection;
    this.logger = logger;
    this.listenAddress = listenAddress;
    this.measuring = setInterval(() => {
      // An engine that is slow to tell, or gone: the next look will be right.
      for (const endpoint of this.endpoints) endpoint.measure().catch(() => {});
    }, measureMs).unref();
  }

  get connected(): boolean {
    return this.engines.some((engine) => engine.up);
  }

  /** Connects; engines that are not there yet are tried again. @throws MediaError when none is reached. */
  async start(): Promise<void> {
    const tries = this.engines.map((engine) =>
      this.connect(engine).catch((error: unknown) => {
        this.again(engine);
        throw error;
      }),
    );
    await Promise.any(tries).catch((error: unknown) => {
      const cause = error instanceof AggregateError ? error.errors[0] : error;
      throw new MediaError(`no media engine is reached: ${errorText(cause)}`);
    });
  }

  async createEndpoint(remoteSdp?: string, srtp: OfferedProtection = 'off'): Promise<MediaEndpoint> {
    const server = this.first();
    const made = await within(
      'endpoint',
      // The library throws at once, not by its promise, for what it does not take.
      (async () =>
        server.createEndpoint(remoteSdp === undefined ? offering(srtp) : { remoteSdp: openedProfile(remoteSdp) }))(),
      endpointTimeoutMs,
      (late) => void hangUp(late).catch(() => {}),
    );
    const endpoint = new FsmrfMediaEndpoint(made, remoteSdp);
    this.endpoints.add(endpoint);
    void endpoint.over.then(() => this.endpoints.delete(endpoint));
    return endpoint;
  }

  async createConference(name: string, options: ConferenceOptions = {}): Promise<MediaConference> {
    const server = this.first();
    const profile =
      options.rateHz === 8000 ? { profile: 'narrow8k' } : options.composed === true ? { profile: 'composed' } : {};
    const make = (called: string): Promise<FsmrfConference> =>
      within(
        `conference ${called}`,
        server.createConference(called, { ...profile }),
        endpointTimeoutMs,
        (late) => void hangUp(late.endpoint).catch(() => {}),
      );
    const made = await make(name).catch((error: unknown) => {
      // A room of that name still ends, or a gateway that died left it behind.
      if (!(error instanceof MediaError) || !error.message.endsWith('conference exists')) throw error;
      return make(`${name}-${randomBytes(4).toString('hex')}`);
    });
    return new FsmrfMediaConference(made);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.measuring);
    for (const timer of this.timers) clearTimeout(timer);
    for (const engine of this.engines) {
      if (engine.server !== undefined) letGo(engine.server);
    }
  }

  private first(): FsmrfServer {
    const server = this.engines.find((engine) => engine.up)?.server;
    if (server === undefined) throw new MediaError('no media engine is connected');
    return server;
  }

  private async connect(engine: Engine): Promise<void> {
    const { host, port, secret } = engine.address;
    await probeEngine(engine.address);
    const mrf = newMrf(this.sipConnection());
    const connecting = mrf.connect({ address: host, port, secret, listenAddress: this.listenAddress });
    const server = await within('connect', connecting, connectTimeoutMs, letGo);
    if (this.closed) {
      letGo(server);
      return;
    }
    sendAtOnce(server);
    engine.server = server;
    engine.up = true;
    engine.retryMs = firstRetryMs;
    this.logger.info({ engine: `${host}:${port}` }, 'media engine connected');
    this.emit('up');
    this.watch(engine, server);
  }

  /** The library tells little of a lost connection: ask it. */
  private watch(engine: Engine, server: FsmrfServer): void {
    const lost = (reason: string): void => {
      if (!engine.up || engine.server !== server) return;
      engine.up = false;
      this.logger.error({ engine: `${engine.address.host}:${engine.address.port}`, reason }, 'media engine lost');
      this.emit('down', reason);
      letGo(server);
      this.again(engine);
    };
    server.on('error', (error: Error) => lost(error.message));
    server.conn.on('esl::end', () => lost('connection closed'));
    const look = (): void => {
      if (this.closed || engine.server !== server || !engine.up) return;
      if (!server.connected()) lost('connection closed');
      else this.later(watchMs, look);
    };
    this.later(watchMs, look);
  }

  private again(engine: Engine): void {
    if (this.closed) return;
    this.later(engine.retryMs, () => {
      this.connect(engine).catch(() => {
        engine.retryMs = Math.min(engine.retryMs * 2, longestRetryMs);
        this.again(engine);
      });
    });
  }

  private later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (!this.closed) action();
    }, ms);
    timer.unref();
    this.timers.add(timer);
  }
}

/** The header by which the engine's own offer is asked to be protected (drachtio-fsmrf's name; `preferred` is ours). */
function offering(srtp: OfferedProtection): { headers?: Record<string, string> } {
  if (srtp === 'off') return {};
  return { headers: { 'X-Secure-RTP': srtp === 'required' ? 'true' : 'preferred' } };
}
