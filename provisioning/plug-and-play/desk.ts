import { addressFits } from '../../platform/address-list.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { RateLimit } from '../../platform/rate-limit.ts';
import type { Store } from '../../store/store.ts';
import type { Sighting } from '../sightings.ts';
import { type Asking, whoAsks } from './asking.ts';

/** A device asks five times after its start; what asks more is no device. */
const mostPerSource = 30;
const windowMs = 60_000;

export interface PlugAndPlayParts {
  store: Pick<Store, 'endpoints'>;
  /** Networks (CIDR) whose devices are answered. */
  networks: readonly string[];
  /** Where devices fetch their configuration. */
  url: () => string;
  known: () => readonly { model: string; vendor: string }[];
  note: (sighting: Sighting) => void;
  clock: Clock;
  logger: Logger;
}

/**
 * Says to a device that was plugged in where its configuration is, when it is one that an admin entered, in a network that
 * plug-and-play was switched on for. Who asks proves nothing: so the address has no key in it, and the device still has to
 * show who it is where it fetches. Others are noted as seen.
 */
export class PlugAndPlayDesk {
  private readonly parts: PlugAndPlayParts;
  private readonly limit = new RateLimit(mostPerSource, windowMs);

  constructor(parts: PlugAndPlayParts) {
    this.parts = parts;
  }

  async answer(asking: Asking): Promise<string | undefined> {
    const { clock, known, logger, networks, note, store, url } = this.parts;
    const { source, userAgent } = asking;
    if (!addressFits(source, networks)) return undefined;
    if (!this.limit.take(source, clock.now().getTime())) return undefined;
    const { mac, model, vendor, version } = whoAsks(asking, known());
    const device = mac === undefined ? undefined : await store.endpoints.first({ 'device.mac': mac, enabled: true });
    if (device === undefined) {
      note({ seen: 'pnp', source, mac, vendor, model, userAgent: userAgent ?? asking.event.slice(0, 256) });
      return undefined;
    }
    logger.info(
      { endpointId: device.id, mac, source, vendor, version },
      'plug-and-play: a device is told where to fetch',
    );
    return url();
  }
}
