import { EventEmitter } from 'node:events';
import type { RasMessage } from '../../h225/index.ts';
import { addressText, resolveHost } from '../address.ts';
import { aliasTexts } from '../alias.ts';
import type {
  AdmittedCall,
  CallClaim,
  Gatekeeper,
  GatekeeperEvents,
  IdentifiedCaller,
  RegisteredDevice,
} from '../interface.ts';
import { protocolIdentifier } from '../message.ts';
import { type Arrival, RasSocket } from '../transport/ras-socket.ts';
import { RasRequests } from '../transport/requests.ts';
import { AdmissionDesk, callKeyOf } from './admission-desk.ts';
import { type BookedCall, CallBook } from './call-book.ts';
import { DeviceCheck } from './device-check.ts';
import { discover } from './discovery.ts';
import { Inbox } from './inbox.ts';
import { locate } from './location.ts';
import { Registrar } from './registrar.ts';
import { type DeviceRegistration, isHome } from './registration-book.ts';
import { RegistrationDesk, signingFor } from './registration-desk.ts';
import { type Reply, Signer } from './reply.ts';
import { defaultLimits, type GatekeeperParts, type GatekeeperSelf } from './settings.ts';

const sweepMs = 1_000;
const reviewMs = 15_000;
/** Our gatekeeper (ITU-T H.323, clause 6.4; H.225.0, clause 7): zone of the devices that the administrator entered. */
export class DeviceGatekeeper extends EventEmitter<GatekeeperEvents> implements Gatekeeper {
  private readonly parts: GatekeeperParts;
  private readonly self: GatekeeperSelf;
  private readonly socket = new RasSocket();
  private readonly requests: RasRequests;
  private readonly signer: Signer;
  private readonly registrar: Registrar;
  private readonly registrations: RegistrationDesk;
  private readonly check: DeviceCheck;
  private readonly calls = new CallBook();
  private readonly admission: AdmissionDesk;
  private readonly inbox: Inbox;
  private timers: NodeJS.Timeout[] = [];
  private sweeping = false;

  constructor(parts: GatekeeperParts) {
    super();
    this.parts = parts;
    const limits = { ...defaultLimits, ...parts.limits };
    this.self = {
      identifier: parts.identifier ?? 'diemcau',
      limits,
      ras: { host: '', port: 0 },
      signalling: () => ({ host: this.self.ras.host, port: parts.signallingPort() }),
    };
    this.signer = new Signer(this.self.identifier, () => this.nowS());
    this.requests = new RasRequests((bytes, to) => this.socket.send(bytes, to), parts.pace);
    this.check = new DeviceCheck(parts, this.self.identifier, limits.clockSkewS);
    this.registrar = new Registrar(parts, this.self, this.check, this.requests, this.signer);
    this.registrar.on('registration', (change) => this.emit('registration', change));
    this.registrar.on('gone', ({ id }) => this.callsOver(({ registrationId }) => registrationId === id));
    this.registrations = new RegistrationDesk(parts, this.self, this.registrar, this.check, (...what) =>
      this.refuse(...what),
    );
    this.admission = new AdmissionDesk(parts, this.self, this.registrar, this.calls, (call) =>
      this.tellDisengaged(call),
    );
    this.inbox = new Inbox({
      clock: parts.clock,
      logger: parts.logger,
      limits: limits.messages,
      pace: parts.pace ?? 1,
      transmit: (bytes, to) => this.socket.send(bytes, to),
      encode: (reply) => this.signer.encode(reply),
      answered: (arrival) => this.requests.answered(arrival),
      work: (arrival) => this.work(arrival),
    });
    this.socket.on('message', (arrival) => this.inbox.take(arrival));
    this.socket.on('broken', (what) => this.inbox.broken(what));
    this.socket.on('error', (error) => parts.logger.error({ err: error }, 'RAS socket failed'));
  }

  get port(): number {
    return this.socket.port;
  }

  get up(): boolean {
    return this.socket.open;
  }

  async start(): Promise<void> {
    const { host, logger, multicast, port, publicHost } = this.parts;
    const reachedAt = await resolveHost(publicHost);
    await this.registrar.restore();
    await this.socket.bind(host, port);
    this.self.ras = { host: reachedAt, port: this.socket.port };
    if (multicast ?? !host.startsWith('127.')) {
      await this.socket.joinDiscovery(host).catch((error: unknown) => {
        // Devices are told our address then.
        logger.warn({ err: error }, 'gatekeeper discovery by multicast is not possible here');
      });
    }
    this.every(sweepMs, () => this.sweep());
    this.every(reviewMs, () => this.registrar.review());
    logger.info({ ras: addressText(this.self.ras), identifier: this.self.identifier }, 'gatekeeper ready');
  }

  async close(): Promise<void> {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    this.requests.close();
    await this.inbox.idle();
    await this.socket.close();
  }

  locate(alias: string): RegisteredDevice | undefined {
    return deviceOf(this.registrar.book.locate(alias));
  }

  registered(endpointId: string): RegisteredDevice | undefined {
    return deviceOf(this.registrar.book.of(endpointId));
  }

  identify(claim: CallClaim): IdentifiedCaller | undefined {
    const { book } = this.registrar;
    const here = book.at(claim.source.host);
    const granted = this.calls
      .parts(callKeyOf({ callIdentifier: guidOf(claim), conferenceID: claim.conferenceId ?? new Uint8Array(16) }))
      .find(({ direction, registrationId }) => direction === 'out' && here.some(({ id }) => id === registrationId));
    if (granted !== undefined) {
      granted.begun = true;
      return { ...deviceOf(book.get(granted.registrationId)!), by: 'admission' };
    }
    const named = book.get(claim.endpointIdentifier);
    if (named !== undefined && here.includes(named)) return { ...deviceOf(named), by: 'identifier' };
    // By address alone: only who proves itself by its address anyway, and only where nobody else is.
    const only = here.length === 1 ? here[0] : undefined;
    return only?.byAddress ? { ...deviceOf(only), by: 'address' } : undefined;
  }

  expectCall(call: { endpointId: string; callIdentifier: Uint8Array; conferenceId: Uint8Array; caller: string }): void {
    const key = callKeyOf({ callIdentifier: { guid: call.callIdentifier }, conferenceID: call.conferenceId });
    const { caller, endpointId } = call;
    this.admission.expected.set(key, { caller, endpointId, atMs: this.parts.clock.now().getTime() });
  }

  callEnded(key: string): void {
    this.admission.expected.delete(key);
    for (const call of this.calls.parts(key)) this.calls.remove(call);
  }

  async clearCall(key: string): Promise<void> {
    const parts = this.calls.parts(key);
    this.callEnded(key);
    await Promise.all(
      parts.map((call) => {
        const registration = this.registrar.book.get(call.registrationId);
        return registration === undefined ? undefined : this.registrar.ask(registration, this.forcedDrop(call));
      }),
    );
  }

  async unregister(endpointId: string): Promise<void> {
    const registration = this.registrar.book.of(endpointId);
    if (registration !== undefined) await this.registrar.expel(registration, 'taken away');
  }

  admissions(): AdmittedCall[] {
    return this.calls.all().map(({ bandwidth, called, callKey: key, direction, endpointId, since }) => {
      return { bandwidth, called, callKey: key, direction, endpointId, since };
    });
  }

  private async work(arrival: Arrival): Promise<Reply | undefined> {
    const { message, multicast } = arrival;
    if (message.gatekeeperRequest !== undefined) return this.discovered(arrival);
    if (message.registrationRequest !== undefined)
      return this.registrations.register(message.registrationRequest, arrival);
    if (message.unregistrationRequest !== undefined) {
      return this.registrations.unregister(message.unregistrationRequest, arrival);
    }
    if (message.admissionRequest !== undefined) return this.admission.admit(message.admissionRequest, arrival);
    if (message.bandwidthRequest !== undefined) {
      return this.admission.changeBandwidth(message.bandwidthRequest, arrival);
    }
    if (message.disengageRequest !== undefined) return this.admission.disengage(message.disengageRequest, arrival);
    if (message.locationRequest !== undefined) return this.looked(arrival, multicast);
    if (message.infoRequestResponse !== undefined) return this.informed(arrival);
    if (message.resourcesAvailableIndicate !== undefined) {
      const { endpointIdentifier, requestSeqNum } = message.resourcesAvailableIndicate;
      const registration = this.registrar.book.get(endpointIdentifier);
      if (!isHome(registration, arrival.from)) return undefined;
      return { message: { resourcesAvailableConfirm: { requestSeqNum, protocolIdentifier } } };
    }
    if (message.serviceControlIndication !== undefined) {
      const { requestSeqNum } = message.serviceControlIndication;
      return { message: { serviceControlResponse: { requestSeqNum, result: { notAvailable: null } } } };
    }
    // Non-standard messages, and an IRQ, which nobody asks a gatekeeper.
    this.inbox.complain(arrival.bytes, arrival.from, multicast);
    return undefined;
  }

  private async discovered({ message, multicast }: Arrival): Promise<Reply | undefined> {
    const request = message.gatekeeperRequest!;
    const aliases = aliasTexts(request.endpointAlias);
    const { endpoints } = this.parts.store;
    const device =
      (await endpoints.first({ kind: 'h323', enabled: true, username: { $in: aliases } })) ??
      (await endpoints.first({ kind: 'h323', enabled: true, number: { $in: aliases } }));
    const password = device === undefined || device.secret !== undefined;
    const answer = discover(request, { known: device !== undefined, password, multicast }, this.self, this.nowS());
    return answer === undefined ? undefined : { message: answer };
  }

  private async looked({ from, message }: Arrival, multicast: boolean): Promise<Reply | undefined> {
    const request = message.locationRequest!;
    const device = this.registrar.book.get(request.endpointIdentifier);
    const neighbour = isHome(device, from) ? undefined : await this.neighbour(from.host);
    const trusted = isHome(device, from) || neighbour !== undefined;
    const siteId = device?.siteId ?? neighbour;
    const reaches = async (alias: string): Promise<boolean> =>
      this.registrar.book.locate(alias) !== undefined ||
      this.parts.mayDial({ endpointId: trusted ? device?.endpointId : undefined, siteId, called: alias });
    const answer = await locate(request, { trusted, reaches }, this.self);
    return multicast && answer.locationReject !== undefined ? undefined : { message: answer };
  }

  /** The site whose uplink's gatekeeper is at this address. */
  private async neighbour(host: string): Promise<string | undefined> {
    const sites = await this.parts.store.sites.find({ 'uplink.gatekeeper': { $exists: true } });
    for (const { id, uplink } of sites) {
      const named = uplink?.gatekeeper?.host;
      if (named === undefined) continue;
      if ((await resolveHost(named).catch(() => undefined)) === host) return id;
    }
    return undefined;
  }

  /** An IRR that a device sends by itself. */
  private async informed(arrival: Arrival): Promise<Reply | undefined> {
    const { endpointIdentifier, needResponse, requestSeqNum } = arrival.message.infoRequestResponse!;
    if (needResponse !== true) return undefined;
    const registration = this.registrar.book.get(endpointIdentifier);
    if (registration === undefined || !isHome(registration, arrival.from)) {
      return { message: { infoRequestNak: { requestSeqNum, nakReason: { notRegistered: null } } } };
    }
    const { proof } = await this.registrar.prove(arrival, registration);
    if (proof === undefined) {
      return { message: { infoRequestNak: { requestSeqNum, nakReason: { securityDenial: null } } } };
    }
    return { message: { infoRequestAck: { requestSeqNum } }, signing: signingFor(proof, registration.id) };
  }

  private forcedDrop(call: BookedCall): RasMessage {
    return {
      disengageRequest: {
        requestSeqNum: this.requests.number(),
        endpointIdentifier: call.registrationId,
        conferenceID: call.conferenceId,
        callReferenceValue: call.callReference,
        disengageReason: { forcedDrop: null },
        callIdentifier: { guid: call.guid },
        gatekeeperIdentifier: this.self.identifier,
        answeredCall: call.direction === 'in',
      },
    };
  }

  private refuse(arrival: Arrival, to: string, product: string, why: string, known = true): void {
    const source = addressText(arrival.from);
    this.parts.logger.warn({ source, aliases: to, product, why }, 'H.323 registration refused');
    const userAgent = product === '' ? undefined : product;
    this.emit('refused', { source, to, userAgent });
    if (!known) this.emit('stranger', { source: arrival.from.host, name: to, userAgent });
  }

  private tellDisengaged({ callKey: key, endpointId }: BookedCall): void {
    this.admission.expected.delete(key);
    this.emit('disengaged', { callKey: key, endpointId });
  }

  private callsOver(which: (call: BookedCall) => boolean): void {
    for (const call of this.calls.all().filter(which)) if (this.calls.remove(call)) this.tellDisengaged(call);
  }

  private async sweep(): Promise<void> {
    if (this.sweeping) return;
    this.sweeping = true;
    try {
      const beforeMs = this.parts.clock.now().getTime() - this.self.limits.setupWithinMs;
      this.calls.expire(beforeMs);
      for (const [key, { atMs }] of this.admission.expected) {
        if (atMs < beforeMs && this.calls.parts(key).length === 0) this.admission.expected.delete(key);
      }
      await this.registrar.expire();
    } finally {
      this.sweeping = false;
    }
  }

  private every(ms: number, run: () => Promise<void>): void {
    const timer = setInterval(() => {
      run().catch((error: unknown) => this.parts.logger.error({ err: error }, 'gatekeeper housekeeping failed'));
    }, ms);
    timer.unref();
    this.timers.push(timer);
  }

  private nowS(): number {
    return Math.floor(this.parts.clock.now().getTime() / 1000);
  }
}

function deviceOf(registration: DeviceRegistration): RegisteredDevice;
function deviceOf(registration: DeviceRegistration | undefined): RegisteredDevice | undefined;
function deviceOf(registration: DeviceRegistration | undefined): RegisteredDevice | undefined {
  if (registration === undefined) return undefined;
  const { aliases, endpointId, id, name, product, signalling, siteId } = registration;
  return {
    endpointId,
    name,
    siteId,
    address: { ...signalling },
    aliases: [...aliases],
    endpointIdentifier: id,
    product,
  };
}

function guidOf({ callIdentifier }: CallClaim): { guid: Uint8Array } | undefined {
  return callIdentifier === undefined ? undefined : { guid: callIdentifier };
}
