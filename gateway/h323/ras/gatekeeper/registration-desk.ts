import type { Endpoint } from '../../../../store/schema/places.ts';
import type {
  RegistrationReject,
  RegistrationRejectReason,
  RegistrationRequest,
  UnregistrationRequest,
  UnregRejectReason,
} from '../../h225/index.ts';
import { addressText, firstUsable, fromTransport, toTransport } from '../address.ts';
import { aliasKey, aliasText, aliasTexts, toAlias } from '../alias.ts';
import type { HostPort } from '../interface.ts';
import { productText, protocolIdentifier, versionOf } from '../message.ts';
import type { Arrival } from '../transport/ras-socket.ts';
import type { DeviceCheck, Proof, Refusal } from './device-check.ts';
import { needsFeatures } from './features.ts';
import type { Registrar } from './registrar.ts';
import { type DeviceRegistration, grantedAliases, isHome } from './registration-book.ts';
import type { Reply, Signing } from './reply.ts';
import type { GatekeeperParts, GatekeeperSelf } from './settings.ts';

/** `securityError` tells a device that its clock is wrong; terminals of older versions only know `securityDenial`. */
const knowsSecurityErrors = 5;

/** Takes registrations and their ends (H.225.0, clauses 7.9 and 7.10). */
export class RegistrationDesk {
  private readonly parts: GatekeeperParts;
  private readonly self: GatekeeperSelf;
  private readonly registrar: Registrar;
  private readonly check: DeviceCheck;
  private readonly refused: (arrival: Arrival, to: string, product: string, why: string, known?: boolean) => void;

  constructor(
    parts: GatekeeperParts,
    self: GatekeeperSelf,
    registrar: Registrar,
    check: DeviceCheck,
    refused: (arrival: Arrival, to: string, product: string, why: string, known?: boolean) => void,
  ) {
    this.parts = parts;
    this.self = self;
    this.registrar = registrar;
    this.check = check;
    this.refused = refused;
  }

  /** RRQ, full, additive, or lightweight. */
  async register(request: RegistrationRequest, arrival: Arrival): Promise<Reply> {
    const gatekeeper = request.gatekeeperIdentifier?.replace(/\0+$/, '');
    if (versionOf(request.protocolIdentifier) === 0) return this.reject(request, { invalidRevision: null });
    if (gatekeeper !== undefined && gatekeeper !== '' && gatekeeper !== this.self.identifier) {
      return this.reject(request, { discoveryRequired: null });
    }
    if (request.keepAlive === true) return this.keepAlive(request, arrival);
    if (needsFeatures(request.featureSet)) return this.reject(request, { neededFeatureNotSupported: null });
    const addresses = addressesOf(request, arrival.from);
    if ('reason' in addresses) return this.reject(request, addresses.reason);

    const asked = aliasTexts(request.terminalAlias);
    const owners = await this.owners(asked, arrival.from);
    const device = owners[0];
    const before = device === undefined ? undefined : this.registrar.book.of(device.id);
    const names = before === undefined ? [] : [before.id];
    const { proof, refusal } = this.check.judge(arrival, device, names, isHome(before, arrival.from));
    if (device === undefined || refusal !== undefined) {
      const product = productText(request.endpointVendor);
      this.refused(arrival, asked.join(', '), product, refusal?.why ?? 'no such device', device !== undefined);
      return this.reject(request, securityReason(refusal, versionOf(request.protocolIdentifier)));
    }
    const signing = signingFor(proof, before?.id ?? device.username ?? '');
    const foreign = owners.slice(1).flatMap(grantedAliases).map(aliasKey);
    if (foreign.length > 0) {
      const taken = request.terminalAlias?.filter((alias) => foreign.includes(aliasKey(aliasText(alias) ?? ''))) ?? [];
      return this.reject(request, { duplicateAlias: taken }, signing);
    }
    if (request.additiveRegistration === null) return this.add(request, arrival, device, proof);
    if (before !== undefined && (await this.keptByAnother(before, addresses, proof))) {
      this.refused(arrival, asked.join(', '), productText(request.endpointVendor), 'registered from elsewhere');
      return this.reject(request, { duplicateAlias: before.aliases.map(toAlias) }, signing);
    }
    const registration = this.enter(request, arrival, device, addresses, proof, before);
    const startedAnew = request.endpointIdentifier === undefined || request.restart === null;
    await this.registrar.enter(registration, startedAnew);
    return this.confirm(request, registration, proof);
  }

  /** URQ. */
  async unregister(request: UnregistrationRequest, arrival: Arrival): Promise<Reply> {
    const registration = this.registrar.book.get(request.endpointIdentifier) ?? this.bySignalling(request, arrival);
    const reject = (rejectReason: UnregRejectReason): Reply => ({
      message: { unregistrationReject: { requestSeqNum: request.requestSeqNum, rejectReason } },
    });
    if (registration === undefined || !isHome(registration, arrival.from))
      return reject({ notCurrentlyRegistered: null });
    const { proof } = await this.registrar.prove(arrival, registration);
    if (proof === undefined) return reject({ securityDenial: null });
    const leaving = aliasTexts(request.endpointAlias).map(aliasKey);
    const left = registration.aliases.filter((alias) => !leaving.includes(aliasKey(alias)));
    if (registration.additive && leaving.length > 0 && left.length > 0) {
      await this.registrar.enter({ ...registration, aliases: left });
    } else await this.registrar.leave(registration, 'the device left');
    return {
      message: { unregistrationConfirm: { requestSeqNum: request.requestSeqNum } },
      signing: signingFor(proof, registration.id),
    };
  }

  /** Lightweight RRQ (clause 7.9.1): keeps what is there, whoever lost it registers in full. */
  private async keepAlive(request: RegistrationRequest, arrival: Arrival): Promise<Reply> {
    const registration = this.registrar.book.get(request.endpointIdentifier);
    if (registration === undefined || !isHome(registration, arrival.from)) {
      return this.reject(request, { fullRegistrationRequired: null });
    }
    const { proof, refusal } = await this.registrar.prove(arrival, registration);
    if (proof === undefined) {
      this.refused(arrival, registration.aliases.join(', '), registration.product, refusal.why);
      return this.reject(request, securityReason(refusal, versionOf(request.protocolIdentifier)));
    }
    registration.timeToLiveS = this.grantTime(request.timeToLive ?? registration.timeToLiveS);
    registration.signing = proof.signing?.oids;
    if (!(await this.registrar.extend(registration, arrival.from))) {
      return this.reject(request, { fullRegistrationRequired: null }, signingFor(proof, registration.id));
    }
    return this.confirm(request, registration, proof);
  }

  /** Additive registration (clause 7.9.2): only aliases that the device was given, to a registration that is there. */
  private async add(request: RegistrationRequest, arrival: Arrival, device: Endpoint, proof: Proof): Promise<Reply> {
    const registration = this.registrar.book.get(request.endpointIdentifier);
    const signing = signingFor(proof, registration?.id ?? '');
    if (registration === undefined || registration.endpointId !== device.id || !isHome(registration, arrival.from)) {
      return this.reject(request, { fullRegistrationRequired: null });
    }
    const granted = grantedAliases(device).map(aliasKey);
    const unknown = request.terminalAlias?.filter((alias) => !granted.includes(aliasKey(aliasText(alias) ?? ''))) ?? [];
    if (unknown.length > 0)
      return this.reject(request, { invalidTerminalAliases: { terminalAlias: unknown } }, signing);
    const aliases = [...new Set([...registration.aliases, ...aliasTexts(request.terminalAlias)])];
    const whole = { ...registration, aliases, additive: true };
    await this.registrar.enter(whole);
    return this.confirm(request, whole, proof);
  }

  private enter(
    request: RegistrationRequest,
    arrival: Arrival,
    device: Endpoint,
    { ras, signalling }: Addresses,
    proof: Proof,
    before: DeviceRegistration | undefined,
  ): DeviceRegistration {
    const timeToLiveS = this.grantTime(request.timeToLive);
    const stays = before !== undefined && addressText(before.signalling) === addressText(signalling);
    return {
      id: stays ? before.id : this.parts.newId(),
      endpointId: device.id,
      name: device.name,
      siteId: device.siteId,
      aliases: grantedAliases(device),
      signalling,
      ras,
      source: arrival.from,
      product: productText(request.endpointVendor),
      timeToLiveS,
      expiresAtMs: this.parts.clock.now().getTime() + timeToLiveS * 1000,
      additive: false,
      byAddress: proof.by === 'address',
      signing: proof.signing?.oids,
    };
  }

  /** Whether a device that shows no password is refused because the one that registered before it is still there. */
  private async keptByAnother(before: DeviceRegistration, { ras }: Addresses, proof: Proof): Promise<boolean> {
    if (proof.by !== 'address' || before.ras.host === ras.host) return false;
    return this.registrar.isAlive(before);
  }

  /** The devices that own the aliases asked for: first the one that the registration is for. */
  private async owners(asked: string[], from: HostPort): Promise<Endpoint[]> {
    const { endpoints } = this.parts.store;
    if (asked.length === 0) return endpoints.find({ kind: 'h323', address: from.host }, { limit: 1 });
    const byName = await endpoints.find({ kind: 'h323', username: { $in: asked } });
    const byNumber = await endpoints.find({ kind: 'h323', number: { $in: asked } });
    const all = new Map([...byName, ...byNumber].map((device) => [device.id, device]));
    return [...all.values()];
  }

  private bySignalling(request: UnregistrationRequest, arrival: Arrival): DeviceRegistration | undefined {
    const addresses = request.callSignalAddress.map(fromTransport).filter((address) => address !== undefined);
    return this.registrar.book
      .at(arrival.from.host)
      .find(({ signalling }) => addresses.some((one) => addressText(one) === addressText(signalling)));
  }

  private grantTime(asked: number | undefined): number {
    const { least, most, usual } = this.self.limits.timeToLiveS;
    return Math.min(most, Math.max(least, asked ?? usual));
  }

  private confirm(request: RegistrationRequest, registration: DeviceRegistration, proof: Proof): Reply {
    return {
      message: {
        registrationConfirm: {
          requestSeqNum: request.requestSeqNum,
          protocolIdentifier,
          callSignalAddress: [toTransport(this.self.signalling())],
          terminalAlias: registration.aliases.map(toAlias),
          gatekeeperIdentifier: this.self.identifier,
          endpointIdentifier: registration.id,
          timeToLive: registration.timeToLiveS,
          willRespondToIRR: true,
          maintainConnection: false,
          supportsAdditiveRegistration: null,
        },
      },
      signing: signingFor(proof, registration.id),
    };
  }

  private reject(request: RegistrationRequest, rejectReason: RegistrationRejectReason, signing?: Signing): Reply {
    const registrationReject: RegistrationReject = {
      requestSeqNum: request.requestSeqNum,
      protocolIdentifier,
      rejectReason,
      gatekeeperIdentifier: this.self.identifier,
    };
    return { message: { registrationReject }, signing };
  }
}

interface Addresses {
  signalling: HostPort;
  ras: HostPort;
}

/** Where the device is: as it says, or, behind an address translator, where its message came from. */
function addressesOf(request: RegistrationRequest, from: HostPort): Addresses | { reason: RegistrationRejectReason } {
  const signalling = firstUsable(request.callSignalAddress);
  const ras = firstUsable(request.rasAddress);
  if (signalling === undefined) return { reason: { invalidCallSignalAddress: null } };
  if (ras === undefined) return { reason: { invalidRASAddress: null } };
  if (ras.host === from.host) return { signalling, ras };
  return { signalling: signalling.host === ras.host ? { ...signalling, host: from.host } : signalling, ras: from };
}

export function signingFor({ signing }: Proof, generalId: string): Signing | undefined {
  return signing === undefined ? undefined : { ...signing, generalId };
}

function securityReason(refusal: Refusal | undefined, version: number): RegistrationRejectReason {
  if (refusal === undefined || version < knowsSecurityErrors) return { securityDenial: null };
  switch (refusal.fault) {
    case 'skewed':
      return { securityError: { securityWrongSyncTime: null } };
    case 'replayed':
      return { securityError: { securityReplay: null } };
    case 'wrong-gatekeeper':
      return { securityError: { securityWrongGeneralID: null } };
    case 'denied':
      return { securityDenial: null };
  }
}
