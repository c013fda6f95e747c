import type { Clock } from '../../../../platform/clock.ts';
import type { IdSource } from '../../../../platform/ids.ts';
import type { Logger } from '../../../../platform/log.ts';
import type { Seal } from '../../../../platform/seal.ts';
import type { Store } from '../../../../store/store.ts';
import type { HostPort, MayDial } from '../interface.ts';

/** Limits of the gatekeeper. */
export interface GatekeeperLimits {
  /** Time to live that is granted, in seconds: at least, when a device asks for none, at most. */
  timeToLiveS: { least: number; usual: number; most: number };
  /** Bandwidth in units of 100 bit/s: of one call, and of all together. */
  bandwidth: { perCall: number; total: number };
  /** Calls of one device at once. */
  callsPerDevice: number;
  /** How far a device's clock may be from ours, in seconds. */
  clockSkewS: number;
  /** RAS messages from one source address within ten seconds, and from all together. */
  messages: { perSource: number; total: number };
  /** How long a granted call may wait for its Setup, in ms. */
  setupWithinMs: number;
}

export const defaultLimits: GatekeeperLimits = {
  timeToLiveS: { least: 30, usual: 120, most: 300 },
  bandwidth: { perCall: 100_000, total: 20_000_000 },
  callsPerDevice: 20,
  clockSkewS: 600,
  messages: { perSource: 300, total: 5_000 },
  setupWithinMs: 120_000,
};

export interface GatekeeperParts {
  store: Store;
  seal: Seal;
  clock: Clock;
  newId: IdSource;
  logger: Logger;
  /** Address to bind (H323_HOST), and port (RAS_PORT; 0: any free one). */
  host: string;
  port: number;
  /** Name or address that devices reach us at. */
  publicHost: string;
  /** Port of our call signalling, on `publicHost`. */
  signallingPort: () => number;
  /** Listens to the discovery group as well; when absent: unless `host` is a loopback address. */
  multicast?: boolean;
  /** Our gatekeeper identifier. */
  identifier?: string;
  /** May this number go anywhere? Wired to the dial plan. */
  mayDial: MayDial;
  limits?: Partial<GatekeeperLimits>;
  /** Factor on all waiting times for answers of devices; 1 outside of tests. */
  pace?: number;
}

/** What the gatekeeper is while it runs: its settings, with addresses resolved. */
export interface GatekeeperSelf {
  identifier: string;
  limits: GatekeeperLimits;
  /** RAS address given to devices. */
  ras: HostPort;
  /** Call signalling address given to devices. */
  signalling(): HostPort;
}
