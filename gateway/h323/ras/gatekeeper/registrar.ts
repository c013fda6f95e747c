import { EventEmitter } from 'node:events';
import type { RasMessage } from '../../h225/index.ts';
import { addressText, toTransport } from '../address.ts';
import { aliasKey } from '../alias.ts';
import type { HostPort } from '../interface.ts';
import type { Arrival } from '../transport/ras-socket.ts';
import type { RasRequests } from '../transport/requests.ts';
import type { DeviceCheck, Judgement } from './device-check.ts';
import { type DeviceRegistration, grantedAliases, isHome, RegistrationBook } from './registration-book.ts';
import { RegistrationStore } from './registration-store.ts';
import type { Signer, Signing } from './reply.ts';
import type { GatekeeperParts, GatekeeperSelf } from './settings.ts';

interface RegistrarEvents {
  registration: [change: { endpointId: string; registered: boolean; contact: string }];
  /** A registration ended: its calls are over for us. */
  gone: [registration: DeviceRegistration];
}

const zeroGuid = new Uint8Array(16);

/** Who is registered: in memory, in the store, and asked whether it is still there before it is given up. */
export class Registrar extends EventEmitter<RegistrarEvents> {
  readonly book = new RegistrationBook();
  private readonly parts: GatekeeperParts;
  private readonly self: GatekeeperSelf;
  private readonly check: DeviceCheck;
  private readonly requests: RasRequests;
  private readonly signer: Signer;
  private readonly kept: RegistrationStore;
  private readonly asking = new Map<string, Promise<boolean>>();

  constructor(parts: GatekeeperParts, self: GatekeeperSelf, check: DeviceCheck, requests: RasRequests, signer: Signer) {
    super();
    this.parts = parts;
    this.self = self;
    this.check = check;
    this.requests = requests;
    this.signer = signer;
    this.kept = new RegistrationStore(parts.store, parts.clock);
  }

  async restore(): Promise<void> {
    for (const registration of await this.kept.restore()) this.book.set(registration);
  }

  /** Whether a message of a registered device is its own. */
  async prove(arrival: Arrival, registration: DeviceRegistration): Promise<Judgement> {
    const device = await this.parts.store.endpoints.get(registration.endpointId);
    return this.check.judge(arrival, device, [registration.id], isHome(registration, arrival.from));
  }

  /** @param startedAnew the device does not know of an earlier registration: its calls are over */
  async enter(registration: DeviceRegistration, startedAnew = false): Promise<void> {
    const before = this.book.of(registration.endpointId);
    const contact = addressText(registration.signalling);
    const moved = before === undefined || addressText(before.signalling) !== contact;
    await this.kept.save(registration);
    if (before !== undefined && moved) {
      this.parts.logger.info(
        { endpoint: before.endpointId, from: addressText(before.signalling), to: contact },
        'an H.323 device moved',
      );
      this.drop(before);
    }
    this.book.set(registration);
    if (startedAnew && before !== undefined && !moved) this.emit('gone', before);
    if (moved) this.emit('registration', { endpointId: registration.endpointId, registered: true, contact });
  }

  /** Keeps a registration for its time to live. `false`: it was taken away meanwhile. */
  async extend(registration: DeviceRegistration, from: HostPort): Promise<boolean> {
    // A translator may have given the device another port.
    if (addressText(registration.ras) === addressText(registration.source)) registration.ras = from;
    registration.source = from;
    registration.expiresAtMs = this.parts.clock.now().getTime() + registration.timeToLiveS * 1000;
    if (this.book.get(registration.id) !== registration) return false;
    if (await this.kept.touch(registration)) return true;
    this.drop(registration);
    return false;
  }

  async leave(registration: DeviceRegistration, why: string): Promise<void> {
    this.parts.logger.info({ endpoint: registration.endpointId, why }, 'an H.323 registration ended');
    if (this.drop(registration)) await this.kept.remove(registration);
  }

  /** Ends a registration from our side (URQ); the device is told, whether it hears us or not. */
  async expel(registration: DeviceRegistration, why: string): Promise<void> {
    await this.leave(registration, why);
    const requestSeqNum = this.requests.number();
    await this.ask(registration, {
      unregistrationRequest: {
        requestSeqNum,
        callSignalAddress: [toTransport(registration.signalling)],
        endpointIdentifier: registration.id,
        gatekeeperIdentifier: this.self.identifier,
        reason: { undefinedReason: null },
      },
    });
  }

  /** Asks a device for a sign of life (IRQ); one question at a time. */
  isAlive(registration: DeviceRegistration): Promise<boolean> {
    const running = this.asking.get(registration.id);
    if (running !== undefined) return running;
    const answered = this.ask(registration, {
      infoRequest: {
        requestSeqNum: this.requests.number(),
        callReferenceValue: 0,
        replyAddress: toTransport(this.self.ras),
        callIdentifier: { guid: zeroGuid },
      },
    })
      .then(async (arrival) => {
        if (arrival?.message.infoRequestResponse === undefined) return false;
        return (await this.prove(arrival, registration)).proof !== undefined;
      })
      .finally(() => this.asking.delete(registration.id));
    this.asking.set(registration.id, answered);
    return answered;
  }

  /** Looks after those whose time is over: who answers stays, who is silent is gone. */
  async expire(): Promise<void> {
    const now = this.parts.clock.now().getTime();
    const due = this.book.all().filter(({ expiresAtMs, id }) => expiresAtMs <= now && !this.asking.has(id));
    await Promise.all(
      due.map(async (registration) => {
        // Terminals of H.225.0 version 1 know no time to live, and are asked instead.
        const alive = await this.isAlive(registration);
        if (registration.expiresAtMs > now) return;
        if (alive) await this.extend(registration, registration.source);
        else await this.leave(registration, 'silent');
      }),
    );
  }

  /** Follows what the administrator changed: devices removed, switched off, renamed, or told to register anew. */
  async review(): Promise<void> {
    const registrations = this.book.all();
    if (registrations.length === 0) return;
    const { devices, ids } = await this.kept.present(registrations);
    for (const registration of registrations) {
      if (this.book.get(registration.id) !== registration) continue;
      const device = devices.get(registration.endpointId);
      if (device === undefined || !ids.has(registration.id)) {
        void this.expel(registration, 'taken away').catch(() => {});
        continue;
      }
      const granted = grantedAliases(device);
      const keys = granted.map(aliasKey);
      const changed = registration.additive
        ? registration.aliases.some((alias) => !keys.includes(aliasKey(alias)))
        : granted.join('\n') !== registration.aliases.join('\n');
      if (changed || device.name !== registration.name || device.siteId !== registration.siteId) {
        await this.enter({
          ...registration,
          name: device.name,
          siteId: device.siteId,
          aliases: granted,
          additive: false,
        });
      }
    }
  }

  /** Asks a device something, signed where it signs. */
  async ask(registration: DeviceRegistration, message: RasMessage): Promise<Arrival | undefined> {
    const signing = await this.signingOf(registration);
    return this.requests.ask(message, registration.ras, {
      encode: (one) => this.signer.encode({ message: one, signing }),
    });
  }

  private async signingOf({ endpointId, id, signing }: DeviceRegistration): Promise<Signing | undefined> {
    if (signing === undefined) return undefined;
    const password = this.check.passwordOf(await this.parts.store.endpoints.get(endpointId));
    return password === undefined ? undefined : { oids: signing, password, generalId: id };
  }

  private drop(registration: DeviceRegistration): boolean {
    if (!this.book.remove(registration)) return false;
    this.emit('gone', registration);
    const contact = addressText(registration.signalling);
    this.emit('registration', { endpointId: registration.endpointId, registered: false, contact });
    return true;
  }
}
