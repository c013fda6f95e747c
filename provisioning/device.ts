import type { Endpoint } from '../store/schema/places.ts';
import { type DeviceSettings, type Overrides, overlaid } from './settings.ts';

/** Where devices find us, as it stands in their files. */
export interface Surroundings {
  publicHost: string;
  sipPort: number;
  sipsPort: number;
  rasPort: number;
}

/** What of a device is not its endpoint's. */
export interface DeviceExtras {
  /** The endpoint's, opened. */
  password: string;
  /** The first lowest: model, site, device. */
  layers: readonly Overrides[];
  /** Where it fetches from, its menu's password and so on: what the server adds for this device. */
  added?: Partial<
    Pick<DeviceSettings, 'provisioningUrl' | 'adminPassword' | 'userPassword' | 'firmwareUrl' | 'resyncS'>
  >;
}

/**
 * What a device is set to: the account (or the gatekeeper) of its endpoint, what the server adds, and overrides over it.
 * Unchecked: `deviceSettings` tells what does not fit. The port follows the transport where no override names one.
 */
export function settingsOf(
  endpoint: Pick<Endpoint, 'kind' | 'name' | 'username' | 'number' | 'srtp'>,
  { publicHost, sipPort, sipsPort, rasPort }: Surroundings,
  { password, layers, added = {} }: DeviceExtras,
): unknown {
  if (endpoint.kind === 'h323') {
    const h323 = { gatekeeper: publicHost, gatekeeperPort: rasPort, alias: endpoint.username, e164: endpoint.number };
    return overlaid(
      { ...added, accounts: [], h323: { ...h323, password: password === '' ? undefined : password } },
      layers,
    );
  }
  const transport = layers.reduce<string>((last, layer) => layer.account?.transport ?? last, 'udp');
  const account = {
    displayName: endpoint.name,
    username: endpoint.username ?? '',
    password,
    server: publicHost,
    port: transport === 'tls' ? sipsPort : sipPort,
    srtp: endpoint.srtp,
  };
  return overlaid({ ...added, accounts: [account] }, layers);
}
