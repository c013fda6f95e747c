import type { Endpoint } from '../../../../store/schema/places.ts';
import { aliasKey } from '../alias.ts';
import type { HostPort } from '../interface.ts';
import type { ProcedureOids } from '../security/identifiers.ts';

/** A device's registration. */
export interface DeviceRegistration {
  /** The endpoint identifier that the device was given; also the stored registration's. */
  id: string;
  endpointId: string;
  name: string;
  siteId: string | undefined;
  aliases: string[];
  signalling: HostPort;
  /** Where RAS messages for the device go. */
  ras: HostPort;
  /** Where its last message came from. */
  source: HostPort;
  product: string;
  timeToLiveS: number;
  expiresAtMs: number;
  /** It added aliases one by one, and may take them away one by one. */
  additive: boolean;
  /** It proves itself by its address alone. */
  byAddress: boolean;
  /** It signs by H.235.1, so we do. */
  signing: ProcedureOids | undefined;
}

/** Aliases that a device is granted: those that the administrator gave it, whatever it asks for. */
export function grantedAliases({ number, username }: Endpoint): string[] {
  return [...new Set([username, number].filter((alias) => alias !== undefined))];
}

/** Whether a message comes from where the device registered. */
export function isHome(registration: DeviceRegistration | undefined, from: HostPort): boolean {
  return registration !== undefined && registration.source.host === from.host;
}

/** Who is registered, found by identifier, device, alias and address. */
export class RegistrationBook {
  private readonly byId = new Map<string, DeviceRegistration>();
  private readonly byEndpoint = new Map<string, DeviceRegistration>();
  private readonly byAlias = new Map<string, DeviceRegistration>();

  get size(): number {
    return this.byId.size;
  }

  all(): DeviceRegistration[] {
    return [...this.byId.values()];
  }

  get(id: string | undefined): DeviceRegistration | undefined {
    return id === undefined ? undefined : this.byId.get(id.replace(/\0+$/, ''));
  }

  of(endpointId: string): DeviceRegistration | undefined {
    return this.byEndpoint.get(endpointId);
  }

  locate(alias: string): DeviceRegistration | undefined {
    return this.byAlias.get(aliasKey(alias));
  }

  /** Those whose signalling or RAS comes from an address. */
  at(host: string): DeviceRegistration[] {
    return this.all().filter(({ signalling, source }) => signalling.host === host || source.host === host);
  }

  /** Enters a registration, in the place of the one that the device had. */
  set(registration: DeviceRegistration): void {
    const before = this.byEndpoint.get(registration.endpointId);
    if (before !== undefined) this.remove(before);
    this.byId.set(registration.id, registration);
    this.byEndpoint.set(registration.endpointId, registration);
    for (const alias of registration.aliases) this.byAlias.set(aliasKey(alias), registration);
  }

  remove(registration: DeviceRegistration): boolean {
    if (this.byId.get(registration.id) !== registration) return false;
    this.byId.delete(registration.id);
    this.byEndpoint.delete(registration.endpointId);
    for (const [alias, owner] of this.byAlias) if (owner === registration) this.byAlias.delete(alias);
    return true;
  }
}
