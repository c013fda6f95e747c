import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gateway } from '../gateway/gateway.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/log.ts';
import { SpaceGuard } from '../store/archive/space.ts';
import type { ArchiveWork } from '../store/archive/work.ts';
import type { SessionLog } from '../store/session-log.ts';
import type { Store } from '../store/store.ts';

const megabyte = 1e6;

/** Where recordings are. */
export const recordingsFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'recordings');

/** Watches the free space of the recordings folder, which is made when it is not there. */
export async function watchSpace(config: Config): Promise<SpaceGuard> {
  const folder = recordingsFolder(config);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const guard = new SpaceGuard({
    folder,
    everyMs: config.spaceCheckS * 1_000,
    warnBytes: config.spaceWarnMb * megabyte,
    stopBytes: config.spaceStopMb * megabyte,
  });
  await guard.start();
  return guard;
}

/** What work on finished recordings is done with; what it finds is told to the gateway's followers. */
export function archiveWork(parts: {
  config: Config;
  store: Store;
  log: SessionLog;
  clock: Clock;
  logger: Logger;
  gateway: Gateway;
}): ArchiveWork {
  const { clock, config, gateway, log, logger, store } = parts;
  return {
    store,
    log,
    clock,
    logger,
    folder: recordingsFolder(config),
    archiveDir: config.archiveDir,
    changed: (recording) => gateway.emit('recording', recording),
    incident: (code, { legId, sessionId }, values) =>
      gateway.emit('incident', { code, sessionId, ...(legId === undefined ? {} : { legId }), values }),
  };
}
