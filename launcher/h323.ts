import { DeviceGatekeeper, FarGatekeepers, type MayDial } from '../gateway/h323/ras/index.ts';
import { H323Signalling } from '../gateway/h323/signalling.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import type { Seal } from '../platform/seal.ts';
import type { Store } from '../store/store.ts';

/** The H.323 side: call signalling, our gatekeeper, our registrations with the province's. */
export interface H323Side {
  signalling: H323Signalling;
  gatekeeper: DeviceGatekeeper;
  clients: FarGatekeepers;
  /** Takes calls and registrations. @throws when a port cannot be had. */
  start(): Promise<void>;
  /** Gives the registrations back; the calls are the gateway's to end. */
  close(): Promise<void>;
}

/** Builds the H.323 side; nothing listens before `start`. */
export function buildH323(parts: {
  config: Config;
  store: Store;
  seal: Seal;
  clock: Clock;
  newId: IdSource;
  logger: Logger;
  mayDial: MayDial;
}): H323Side {
  const { config, ...rest } = parts;
  const { h323Host: host, publicHost, rasPort: port } = config;
  const abilities = { fastStart: config.h323FastStart, tunnelling: config.h323Tunnelling };
  const signallingPort = (): number => signalling.ports.h323;
  const gatekeeper = new DeviceGatekeeper({ ...rest, host, port, publicHost, signallingPort });
  const clients = new FarGatekeepers({ ...rest, host, publicHost, signallingPort });
  const { callsMax: calls, callsPerSource, h323ConnectionsPerSource: connectionsPerSource } = config;
  const limits = { calls, callsPerSource, connectionsPerSource };
  const signalling = new H323Signalling({ ...parts, gatekeeper, clients, abilities, limits });
  return {
    signalling,
    gatekeeper,
    clients,
    start: async () => {
      await signalling.start();
      await gatekeeper.start();
      await clients.start();
    },
    close: async () => {
      await clients.close();
      await gatekeeper.close();
    },
  };
}
