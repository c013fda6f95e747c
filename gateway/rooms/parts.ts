import type { EventEmitter } from 'node:events';
import type { Media } from '../../freeswitch/media/media.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { IdSource } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import type { SessionLog } from '../../store/session-log.ts';
import type { Store } from '../../store/store.ts';
import type { CallSignalling } from '../call.ts';
import type { GatewayEvents } from '../gateway.ts';
import type { LegBook } from '../legs/leg-book.ts';

/** What the gateway's parts work with. */
export interface GatewayParts {
  store: Store;
  log: SessionLog;
  media: Media;
  /** By protocol. */
  signallings: Partial<Record<'sip' | 'h323', CallSignalling>>;
  legBook: LegBook;
  clock: Clock;
  newId: IdSource;
  logger: Logger;
  /** How long a far end may ring: a phone, a codec, a bridge, ms. */
  ringTimeoutMs: number;
  /** What callers may take of us. */
  limits: Pick<Config, 'callsMax' | 'pinTries' | 'pinTriesPerNumber'>;
  /** Where live events go. */
  events: EventEmitter<GatewayEvents>;
}
