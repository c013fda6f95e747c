import { EventEmitter, once } from 'node:events';
import type { Clock } from '../../platform/clock.ts';
import type { IdSource } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import { RateLimit } from '../../platform/rate-limit.ts';
import type { Seal } from '../../platform/seal.ts';
import type { ContactPlace } from '../../store/schema/devices.ts';
import type { Srtp } from '../../store/schema/names.ts';
import type { Store } from '../../store/store.ts';
import type { CallDialog, CallSignalling, CallTarget, IncomingCall, PlaceOptions } from '../call.ts';
import { ClearError } from '../call.ts';
import type { NotifyAnswer, NotifyContent } from '../gateway.ts';
import { Authenticator } from './authenticator.ts';
import { newSipServer, type SipRequest, type SipResponse, type SipServer } from './drachtio.ts';
import { allow, CallerCheck, SipIncomingCall } from './inbound.ts';
import { DeviceNotifier } from './notifier.ts';
import { CallPlacer } from './outbound.ts';
import { Registrar } from './registrar.ts';
import { refuseSubscription } from './subscriptions.ts';
import { TrunkRegistrations, type TrunkState } from './trunk-registration.ts';

export interface SipParts {
  /** drachtio servers; calls out take turns. */
  servers: { host: string; port: number; secret: string }[];
  store: Store;
  seal: Seal;
  clock: Clock;
  newId: IdSource;
  logger: Logger;
  publicHost: string;
  /** New calls from one source address within ten seconds. */
  callsPerSource?: number;
  /** How long a device may take to answer a NOTIFY, ms. */
  notifyPatienceMs?: number;
}

interface SipSignallingEvents {
  call: [call: IncomingCall];
  registration: [change: { endpointId: string; registered: boolean; contact: string }];
  refused: [attempt: { source: string; to: string; userAgent: string | undefined }];
  /** Somebody registers whom no device is entered for. */
  stranger: [stranger: { source: string; name: string; userAgent: string | undefined }];
  trunk: [trunkId: string, state: TrunkState, text: string];
  up: [];
  down: [];
}

const callsWindowMs = 10_000;
const connectTimeoutMs = 10_000;

/** The SIP side of the gateway, over one or several drachtio servers. */
export class SipSignalling extends EventEmitter<SipSignallingEvents> implements CallSignalling {
  readonly protocol = 'sip' as const;
  readonly registrar: Registrar;
  private readonly parts: SipParts;
  private readonly servers: { server: SipServer; up: boolean; addresses: string[] }[] = [];
  private readonly authenticator: Authenticator;
  private readonly callers: CallerCheck;
  private readonly placer: CallPlacer;
  private readonly notifier: DeviceNotifier;
  private readonly trunks: TrunkRegistrations;
  private readonly newCalls: RateLimit;
  private readonly trunkCalls = new Map<string, number>();
  private turn = 0;
  private closing = false;

  constructor(parts: SipParts) {
    super();
    this.parts = parts;
    this.authenticator = new Authenticator(parts);
    this.registrar = new Registrar(parts, this.authenticator);
    this.callers = new CallerCheck(parts, this.authenticator);
    this.placer = new CallPlacer(
      parts,
      () => this.server(),
      (endpointId) => this.registrar.contacts(endpointId),
    );
    this.notifier = new DeviceNotifier(
      parts,
      () => this.server(),
      (endpointId) => this.registrar.contacts(endpointId),
    );
    this.trunks = new TrunkRegistrations(parts, () => this.server());
    this.newCalls = new RateLimit(parts.callsPerSource ?? 3_000, callsWindowMs);
    this.registrar.on('registration', (change) => this.emit('registration', change));
    this.registrar.on('refused', (attempt) => this.emit('refused', attempt));
    this.authenticator.on('stranger', (stranger) => this.emit('stranger', stranger));
    this.trunks.on('state', (trunkId, state, text) => this.emit('trunk', trunkId, state, text));
  }

  /** The connections' own handles, for the media client, which calls its engines through them. */
  get connections(): SipServer[] {
    return this.servers.map(({ server }) => server);
  }

  /** Where the servers listen for SIP, as they told: `udp/192.0.2.1:5060`. */
  get listening(): string[] {
    return this.servers.flatMap(({ addresses }) => addresses);
  }

  get up(): boolean {
    return this.servers.some((entry) => entry.up);
  }

  trunkStates(): { trunkId: string; state: TrunkState; text: string }[] {
    return this.trunks.states();
  }

  /** Connects. @throws when no server is reached within 10 s. */
  async start(): Promise<void> {
    await Promise.any(this.parts.servers.map((address) => this.connect(address)));
    await this.trunks.start();
  }

  async place(target: CallTarget, options: PlaceOptions): Promise<CallDialog> {
    if (this.closing) throw new ClearError({ sip: 503, q850: 41, text: 'closing down' });
    if (target.kind !== 'trunk') return this.placer.place(target, options);
    const release = await this.takeTrunkLine(target.trunkId);
    if (release === undefined) throw new ClearError({ sip: 503, q850: 34, text: 'all lines of the trunk are in use' });
    try {
      return this.held(await this.placer.place(target, options), release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Sends a device NOTIFY, to each contact what fits it; empty when it is nowhere to be found. */
  notify(endpointId: string, content: (contact: ContactPlace) => NotifyContent): Promise<NotifyAnswer[]> {
    return this.notifier.notify(endpointId, content);
  }

  async protection(target: CallTarget): Promise<Srtp> {
    const { store } = this.parts;
    if (target.kind === 'endpoint') return (await store.endpoints.get(target.endpointId))?.srtp ?? 'off';
    if (target.kind === 'trunk') return (await store.trunks.get(target.trunkId))?.srtp ?? 'off';
    return 'preferred';
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.trunks.close();
    for (const { server } of this.servers) server.disconnect();
  }

  private async connect(address: SipParts['servers'][number]): Promise<void> {
    const server = newSipServer();
    const entry = { server, up: false, addresses: [] as string[] };
    this.servers.push(entry);
    const name = `${address.host}:${address.port}`;
    server.on('error', (error: Error) => {
      if (entry.up) this.parts.logger.warn({ server: name, err: error }, 'drachtio connection lost');
      entry.up = false;
      if (!this.up) this.emit('down');
    });
    server.on('connect', (error: Error | null, addresses?: string) => {
      entry.addresses = addresses?.split(',') ?? [];
      if (error !== null && error !== undefined) {
        this.parts.logger.error({ server: name, err: error }, 'drachtio server refused us');
        return;
      }
      entry.up = true;
      this.parts.logger.info({ server: name }, 'drachtio server connected');
      this.emit('up');
    });
    server.use('register', (request, response) =>
      this.safely(request, response, () => this.registrar.register(request, response)),
    );
    server.use('invite', (request, response) =>
      this.safely(request, response, () => this.invited(server, request, response)),
    );
    server.use('options', (_request, response) =>
      response.send(200, { headers: { Allow: allow, Accept: 'application/sdp' } }),
    );
    server.use('subscribe', refuseSubscription);
    server.use('publish', (_request, response) => response.send(489));
    for (const method of ['message', 'notify', 'refer', 'info'])
      server.use(method, (_request, response) => response.send(405, { headers: { Allow: allow } }));
    const connected = once(server, 'connect', { signal: AbortSignal.timeout(connectTimeoutMs) });
    server.connect(address);
    const [error] = (await connected) as [Error | null | undefined];
    if (error !== null && error !== undefined) throw error;
  }

  private async invited(server: SipServer, request: SipRequest, response: SipResponse): Promise<void> {
    const now = this.parts.clock.now().getTime();
    if (this.closing || !this.newCalls.take(request.source_address, now)) {
      this.parts.logger.warn({ source: request.source_address }, 'too many calls from one source; refused');
      response.send(503, { headers: { 'Retry-After': '10' } });
      return;
    }
    let gone = false;
    request.on('cancel', () => {
      gone = true;
    });
    const caller = await this.callers.identify(request, response);
    if (caller === undefined || gone) return;
    const call = new SipIncomingCall(server, request, response, caller.party);
    if (caller.trunk !== undefined) {
      const release = await this.takeTrunkLine(caller.trunk.id);
      if (release === undefined) {
        call.reject({ sip: 503, q850: 34, text: 'all lines of the trunk are in use' });
        return;
      }
      this.releaseWith(call, release);
    }
    if (!this.emit('call', call)) call.reject({ sip: 503, q850: 41, text: 'nobody takes calls' });
  }

  /** One request's fault must not end the process, nor leave the far side waiting. */
  private safely(request: SipRequest, response: SipResponse, run: () => Promise<void>): void {
    run().catch((error: unknown) => {
      this.parts.logger.error(
        { err: error, method: request.method, source: request.source_address },
        'SIP request failed',
      );
      try {
        response.send(500, { headers: { 'Retry-After': '5' } });
      } catch {
        // Answered already.
      }
    });
  }

  /** Takes one of a trunk's lines; what it answers gives it back. `undefined` when all are in use. */
  private async takeTrunkLine(trunkId: string): Promise<(() => void) | undefined> {
    const trunk = await this.parts.store.trunks.get(trunkId);
    const used = this.trunkCalls.get(trunkId) ?? 0;
    if (trunk !== undefined && used >= trunk.maxCalls) return undefined;
    this.trunkCalls.set(trunkId, used + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const left = (this.trunkCalls.get(trunkId) ?? 1) - 1;
      if (left <= 0) this.trunkCalls.delete(trunkId);
      else this.trunkCalls.set(trunkId, left);
    };
  }

  private held(dialog: CallDialog, release: () => void): CallDialog {
    dialog.on('ended', release);
    const end = dialog.end.bind(dialog);
    dialog.end = async (cause) => {
      release();
      await end(cause);
    };
    return dialog;
  }

  private releaseWith(call: SipIncomingCall, release: () => void): void {
    call.on('cancelled', release);
    const answer = call.answer.bind(call);
    const reject = call.reject.bind(call);
    call.answer = async (sdp) => {
      try {
        return this.held(await answer(sdp), release);
      } catch (error) {
        release();
        throw error;
      }
    };
    call.reject = (cause) => {
      release();
      reject(cause);
    };
  }

  private server(): SipServer {
    const ready = this.servers.filter((entry) => entry.up);
    this.turn = (this.turn + 1) % Number.MAX_SAFE_INTEGER;
    const entry = ready[this.turn % Math.max(1, ready.length)];
    if (entry === undefined) throw new ClearError({ sip: 503, q850: 38, text: 'SIP server is not reached' });
    return entry.server;
  }
}
