import type { Clock } from '../../../../platform/clock.ts';
import type { Endpoint, Registration } from '../../../../store/schema/places.ts';
import type { Store } from '../../../../store/store.ts';
import { addressText, parseAddress } from '../address.ts';
import { type DeviceRegistration, grantedAliases } from './registration-book.ts';

/** Registrations as they are kept over a restart; the endpoint identifier is the stored thing's own. */
export class RegistrationStore {
  private readonly store: Store;
  private readonly clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Enters it, in the place of what the device had. */
  async save(registration: DeviceRegistration): Promise<void> {
    const { endpointId, id } = registration;
    const fields = fieldsOf(registration);
    await this.store.registrations.removeAll({ endpointId, protocol: 'h323', id: { $ne: id } });
    const kept = await this.store.registrations.update(id, fields);
    if (kept === undefined) await this.store.registrations.insert({ id, endpointId, protocol: 'h323', ...fields });
  }

  /** Keeps what a keep-alive changed. `false`: somebody removed it meanwhile. */
  async touch(registration: DeviceRegistration): Promise<boolean> {
    const { expiresAt, source } = fieldsOf(registration);
    return (await this.store.registrations.update(registration.id, { expiresAt, source })) !== undefined;
  }

  async remove({ id }: DeviceRegistration): Promise<void> {
    await this.store.registrations.remove(id);
  }

  /** What was kept, for devices that may still register. Their calls and signatures are not known any more. */
  async restore(): Promise<DeviceRegistration[]> {
    const kept = await this.store.registrations.find({ protocol: 'h323' });
    const devices = await this.devices(kept.map(({ endpointId }) => endpointId));
    const restored: DeviceRegistration[] = [];
    for (const registration of kept) {
      const device = devices.get(registration.endpointId);
      const whole = device === undefined ? undefined : this.rebuild(registration, device);
      if (whole === undefined) await this.store.registrations.remove(registration.id);
      else restored.push(whole);
    }
    return restored;
  }

  /** Identifiers of the registrations that are still there, by device, and the devices that may register. */
  async present(
    registrations: readonly DeviceRegistration[],
  ): Promise<{ ids: Set<string>; devices: Map<string, Endpoint> }> {
    const kept = await this.store.registrations.find({ protocol: 'h323' });
    return {
      ids: new Set(kept.map(({ id }) => id)),
      devices: await this.devices(registrations.map(({ endpointId }) => endpointId)),
    };
  }

  private async devices(ids: string[]): Promise<Map<string, Endpoint>> {
    const found = await this.store.endpoints.find({ id: { $in: ids }, kind: 'h323', enabled: true });
    return new Map(found.map((device) => [device.id, device]));
  }

  private rebuild(kept: Registration, device: Endpoint): DeviceRegistration | undefined {
    const signalling = parseAddress(kept.contact);
    const ras = parseAddress(kept.source);
    if (signalling === undefined || ras === undefined) return undefined;
    const timeToLiveS = Math.max(1, Math.round((kept.expiresAt.getTime() - kept.updatedAt.getTime()) / 1000));
    return {
      id: kept.id,
      endpointId: device.id,
      name: device.name,
      siteId: device.siteId,
      aliases: grantedAliases(device),
      signalling,
      ras,
      source: ras,
      product: kept.userAgent ?? '',
      timeToLiveS,
      // It could not reach us while we were away.
      expiresAtMs: Math.max(kept.expiresAt.getTime(), this.clock.now().getTime() + graceMs),
      additive: false,
      byAddress: device.secret === undefined,
      signing: undefined,
    };
  }
}

const graceMs = 10_000;

function fieldsOf(registration: DeviceRegistration) {
  return {
    contact: addressText(registration.signalling),
    source: addressText(registration.ras),
    transport: 'udp',
    ...(registration.product === '' ? {} : { userAgent: registration.product }),
    aliases: registration.aliases,
    expiresAt: new Date(registration.expiresAtMs),
  };
}
