import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { IdSource } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import { RateLimit } from '../../platform/rate-limit.ts';
import type { Seal } from '../../platform/seal.ts';
import type { Store } from '../../store/store.ts';
import {
  type CallDialog,
  type CallSignalling,
  type CallTarget,
  ClearError,
  type IncomingCall,
  type PlaceOptions,
} from '../call.ts';
import { type AcceptorLimits, CallAcceptor } from './call/acceptor.ts';
import type { H323Call } from './call/call.ts';
import type { Abilities } from './call/media-contracts.ts';
import { CallerCheck } from './call/peers/callers.ts';
import { PeerDirectory } from './call/peers/directory.ts';
import { ownAddress } from './call/peers/own-address.ts';
import { CallPlacer } from './call/placer.ts';
import { ControlPorts } from './call/transport/control-ports.ts';
import { mediaTerms } from './interwork/index.ts';
import type { Gatekeeper, GatekeeperClients } from './ras/interface.ts';

/** What the H.323 side is built from. */
export interface H323Parts {
  config: Pick<Config, 'h323Host' | 'h323Port' | 'rasPort' | 'publicHost' | 'h245PortMin' | 'h245PortMax'>;
  store: Pick<Store, 'endpoints' | 'sites' | 'registrations'>;
  seal: Seal;
  clock: Clock;
  newId: IdSource;
  logger: Logger;
  gatekeeper?: Gatekeeper;
  clients?: GatekeeperClients;
  /** What calls are made and taken with; all but early H.245 when absent. */
  abilities?: Partial<Abilities>;
  limits?: Partial<AcceptorLimits> & { callsPerSource?: number };
}

interface H323SignallingEvents {
  call: [call: IncomingCall];
}

const usualLimits: AcceptorLimits = { connectionsPerSource: 200, calls: 2_000, setupWaitMs: 5_000 };
const callsPerSource = 3_000;
const callsWindowMs = 10_000;
/** Between a device's DRQ and its RELEASE COMPLETE. */
const disengagedMs = 3_000;
const closingDown = { sip: 503, q850: 41, text: 'closing down' };

/** The H.323 side of the gateway: call signalling port, gatekeeper, far gatekeepers. */
export class H323Signalling extends EventEmitter<H323SignallingEvents> implements CallSignalling {
  readonly protocol = 'h323' as const;
  private readonly parts: H323Parts;
  private readonly acceptor: CallAcceptor;
  private readonly placer: CallPlacer;
  private readonly calls = new Set<H323Call>();
  private readonly server: Server;
  private port = 0;
  private closing = false;

  constructor(parts: H323Parts) {
    super();
    this.parts = parts;
    const { clients, config, gatekeeper, limits, logger, store } = parts;
    const machine = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
    const nowMs = (): number => performance.now();
    const directory = new PeerDirectory(
      {
        addressed: () => store.endpoints.find({ kind: 'h323-address', enabled: true }),
        uplinks: () => store.sites.find({ 'uplink.protocol': 'h323' }),
      },
      nowMs,
    );
    const shared = {
      abilities: { fastStart: true, tunnelling: true, earlyH245: false, ...parts.abilities },
      terms: mediaTerms,
      ports: new ControlPorts(config.h323Host, config.h245PortMin, config.h245PortMax),
      localAddress: /^(0\.0\.0\.0|::)$/.test(config.h323Host) ? undefined : config.h323Host,
      ownHost: (connection: { local: string; far: string }) => ownAddress(connection, config.publicHost, machine),
      draw: () => randomBytes(3).readUIntBE(0, 3),
      nowMs,
      warn: (text: string, call: { callId: string; far: string }) => logger.warn(call, `H.323: ${text}`),
      follow: (call: H323Call) => this.follow(call),
    };
    this.acceptor = new CallAcceptor({
      ...shared,
      callers: new CallerCheck(directory, gatekeeper, clients),
      gatekeeper,
      limits: { ...usualLimits, ...limits },
      newCalls: new RateLimit(limits?.callsPerSource ?? callsPerSource, callsWindowMs),
      count: () => this.calls.size,
      closing: () => this.closing,
      emit: (call) => this.emit('call', call),
    });
    this.placer = new CallPlacer({
      ...shared,
      endpoint: (id) => store.endpoints.get(id),
      site: (id) => store.sites.get(id),
      directory,
      gatekeeper,
      clients,
      port: () => this.port,
    });
    gatekeeper?.on('disengaged', ({ callKey }) => this.disengaged(callKey));
    this.server = createServer({ noDelay: true }, (socket) => this.acceptor.accept(socket));
  }

  /** Ports really taken. */
  get ports(): { h323: number } {
    return { h323: this.port };
  }

  /** Calls that stand or are being set up. */
  get callCount(): number {
    return this.calls.size;
  }

  get up(): boolean {
    return this.server.listening;
  }

  /** Listens. @throws when a port cannot be had. */
  async start(): Promise<void> {
    const { h323Host, h323Port } = this.parts.config;
    this.server.listen({ host: h323Host, port: h323Port, backlog: 511 });
    await once(this.server, 'listening');
    const address = this.server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : h323Port;
    this.server.on('error', (error) => this.parts.logger.error({ err: error }, 'H.323 call signalling port'));
  }

  async place(target: CallTarget, options: PlaceOptions): Promise<CallDialog> {
    if (this.closing) throw new ClearError(closingDown);
    return this.placer.place(target, options);
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    for (const call of this.calls) call.end(closingDown);
    if (!this.server.listening) return;
    this.server.close();
    await Promise.race([once(this.server, 'close'), new Promise((resolve) => setTimeout(resolve, 2_000).unref())]);
  }

  /** A device told the gatekeeper that it left a call: RELEASE COMPLETE should be on its way. */
  private disengaged(callKey: string): void {
    const call = [...this.calls].find(({ callId }) => callId === callKey);
    if (call === undefined) return;
    const late = setTimeout(() => call.fail({ sip: 480, q850: 16, text: 'the device left the call' }), disengagedMs);
    call.once('finished', () => clearTimeout(late));
  }

  private follow(call: H323Call): void {
    this.calls.add(call);
    call.once('finished', () => this.calls.delete(call));
  }
}
