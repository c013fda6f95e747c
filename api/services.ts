import type { Gateway } from '../gateway/gateway.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import type { Seal } from '../platform/seal.ts';
import type { PushMemory } from '../provisioning/push/memory.ts';
import type { DevicePush } from '../provisioning/push/push.ts';
import type { SyncRuns } from '../provisioning/push/runs.ts';
import type { Provisioning } from '../provisioning/server/provisioning.ts';
import type { ArchiveWork } from '../store/archive/work.ts';
import type { LogWords } from '../store/log-words/log-words.ts';
import type { SessionLog } from '../store/session-log.ts';
import type { Store } from '../store/store.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { Audit } from './audit.ts';
import type { LiveEvents } from './live-events.ts';
import type { Metrics } from './metrics.ts';
import type { CertificateDesk } from './upkeep/certificates.ts';
import type { EngineDesk } from './upkeep/engines.ts';

/** What the routes work with. */
export interface Services {
  config: Pick<
    Config,
    | 'dataDir'
    | 'publicHost'
    | 'sipPort'
    | 'sipsPort'
    | 'rasPort'
    | 'uploadMaxMb'
    | 'firmwareMaxMb'
    | 'apiRequestsPerMinute'
    | 'apiBodyMaxKb'
    | 'retentionDays'
    | 'archiveDir'
    | 'archiveCheckHours'
    | 'backupDir'
  >;
  store: Store;
  log: SessionLog;
  /** Finds entries of the log by their words. */
  logWords: LogWords;
  gateway: Gateway;
  /** Keeps passwords of devices and lines sealed; the API never opens them. */
  seal: Pick<Seal, 'seal'>;
  /** Tells devices to take their settings. */
  push: DevicePush;
  syncRuns: SyncRuns;
  pushMemory: PushMemory;
  /** Hands devices their files; opens their secrets where an admin asks for one device's. */
  provisioning: Provisioning;
  /** Where devices fetch their configuration: first the one to put on routers. */
  provisioningUrls(): readonly [string, ...string[]];
  clock: Clock;
  ids: IdSource;
  logger: Logger;
  /** Work on finished recordings. */
  archive: ArchiveWork;
  engines: EngineDesk;
  certificates: CertificateDesk;
  accounts: Accounts;
  audit: Audit;
  events: LiveEvents;
  metrics: Metrics;
}
