import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { UnknownDevice } from '../store/schema/devices.ts';
import type { Store } from '../store/store.ts';

/** What was seen of something that is not known; texts may come from the network as they are, and are cut. */
export type Sighting = Pick<UnknownDevice, 'seen' | 'source'> & {
  mac?: string | undefined;
  vendor?: string | undefined;
  model?: string | undefined;
  userAgent?: string | undefined;
  name?: string | undefined;
};

export interface SightingEvents {
  /** So many devices were seen for the first time. */
  discovered: [count: number];
}

const writeEveryMs = 1_000;
/** As many are kept; those not seen for longest make room. */
const mostKept = 1_000;
/** As many different ones are noted between two writings; a flood beyond that is not worth keeping. */
const mostWaiting = 200;

/**
 * Keeps what speaks on the network and is not known: one entry for each device (its MAC address where it tells one,
 * else source and name), with a count. Writing is gathered, so that a flood costs the store next to nothing.
 */
export class Sightings extends EventEmitter<SightingEvents> {
  private readonly store: Pick<Store, 'unknownDevices'>;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly waiting = new Map<string, { sighting: Sighting; count: number; lastAt: Date }>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(store: Pick<Store, 'unknownDevices'>, clock: Clock, logger: Logger) {
    super();
    this.store = store;
    this.clock = clock;
    this.logger = logger;
  }

  /** Notes a sighting; it is written within a second. */
  note(sighting: Sighting): void {
    const id = idOf(sighting);
    const known = this.waiting.get(id);
    if (known === undefined && this.waiting.size >= mostWaiting) return;
    this.waiting.set(id, { sighting, count: (known?.count ?? 0) + 1, lastAt: this.clock.now() });
    this.timer ??= setTimeout(() => void this.flush(), writeEveryMs);
  }

  /** Writes what waits. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing
      .then(() => this.write())
      .catch((error: unknown) => this.logger.warn({ err: error }, 'unknown devices could not be written'));
    return this.writing;
  }

  private async write(): Promise<void> {
    const { unknownDevices } = this.store;
    const batch = [...this.waiting];
    this.waiting.clear();
    let discovered = 0;
    for (const [id, { count, lastAt, sighting }] of batch) {
      const { seen, source, ...rest } = cut(sighting);
      const known = await unknownDevices.get(id);
      if (known === undefined) {
        await unknownDevices.insert({ id, seen, source, count, lastAt, dismissed: false, ...rest });
        discovered++;
      } else await unknownDevices.update(id, { source, count: known.count + count, lastAt, ...rest });
    }
    if (discovered > 0) this.emit('discovered', discovered);
    const tooMany = (await unknownDevices.count()) - mostKept;
    if (tooMany <= 0) return;
    for (const { id } of await unknownDevices.find({}, { sort: { lastAt: 1 }, limit: tooMany }))
      await unknownDevices.remove(id);
  }
}

/** One device, one entry for each way it was seen. */
function idOf({ mac, name, seen, source }: Sighting): string {
  const whose = mac ?? createHash('sha256').update(`${source} ${name}`).digest('hex').slice(0, 32);
  return `${seen}-${whose}`;
}

function cut({ mac, model, name, seen, source, userAgent, vendor }: Sighting) {
  const texts = { vendor: vendor?.slice(0, 64), model: model?.slice(0, 64), name: name?.slice(0, 256) };
  const given = { mac, ...texts, userAgent: userAgent?.slice(0, 256) };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { seen, source: source.slice(0, 64), ...present };
}
