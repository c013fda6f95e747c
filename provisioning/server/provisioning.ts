import { EventEmitter } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Seal } from '../../platform/seal.ts';
import type { SessionLog } from '../../store/session-log.ts';
import type { Store } from '../../store/store.ts';
import { Blocks } from '../access/blocks.ts';
import { DeviceKeys } from '../access/device-keys.ts';
import { LogIns } from '../access/log-in.ts';
import type { Surroundings } from '../device.ts';
import { type SightingEvents, Sightings } from '../sightings.ts';
import { type DeskEvents, type DeskParts, ProvisioningDesk } from './desk.ts';
import { DeviceFiles } from './device-files.ts';
import { DeviceStates } from './device-states.ts';
import { FirmwareFolder } from './firmware.ts';

/** Everything that hands devices their settings, but for the sockets (`server.ts`). */
export interface Provisioning {
  keys: DeviceKeys;
  files: DeviceFiles;
  states: DeviceStates;
  blocks: Blocks;
  firmware: FirmwareFolder;
  desk: ProvisioningDesk;
  events: EventEmitter<DeskEvents & SightingEvents>;
  /** Folder of the authorities that vouch for vendors' device certificates. */
  authorities: string;
  /** Writes what waits. */
  close(): Promise<void>;
}

export interface ProvisioningOptions {
  dataDir: string;
  store: Store;
  log: Pick<SessionLog, 'append'>;
  seal: Seal;
  clock: Clock;
  logger: Logger;
  surroundings: () => Surroundings;
  baseUrl: () => string;
  elsewhere: DeskParts['elsewhere'];
  /** Refusals of one source within ten minutes. */
  mostRefusals: number;
}

/** Builds it, and reads the firmware files through. */
export async function openProvisioning(options: ProvisioningOptions): Promise<Provisioning> {
  const { clock, dataDir, log, logger, seal, store } = options;
  const events = new EventEmitter<DeskEvents & SightingEvents>();
  const authorities = join(dataDir, 'provisioning', 'authorities');
  await mkdir(authorities, { recursive: true });
  const keys = new DeviceKeys({ store, seal, clock });
  const files = new DeviceFiles({ ...options, keys });
  const states = new DeviceStates(store, clock, logger);
  const sightings = new Sightings(store, clock, logger);
  const blocks = new Blocks(options.mostRefusals);
  const firmware = new FirmwareFolder(dataDir, logger);
  firmware.onAltered = (file) => {
    events.emit('incident', { code: 'provisioning.firmware-altered', values: { file } });
    log
      .append({ event: 'provisioning.firmware-altered', actor: { kind: 'system' }, detail: { file } })
      .catch((error: unknown) => logger.error({ err: error }, 'could not be logged'));
  };
  const desk = new ProvisioningDesk({
    ...options,
    keys,
    files,
    states,
    sightings,
    firmware,
    blocks,
    logIns: new LogIns(),
  });
  desk.on('incident', (incident) => events.emit('incident', incident));
  sightings.on('discovered', (count) => events.emit('discovered', count));
  await firmware.check();
  return {
    keys,
    files,
    states,
    blocks,
    firmware,
    desk,
    events,
    authorities,
    close: async () => {
      await states.flush();
      await sightings.flush();
    },
  };
}
