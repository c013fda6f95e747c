import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Store } from '../../store/store.ts';
import type { Blocks } from '../access/blocks.ts';
import { sourceOf } from '../access/network.ts';
import { judgeWindows } from '../access/windows.ts';
import type { DeviceStates } from '../server/device-states.ts';
import type { Sighting } from '../sightings.ts';
import { type Asking, whoAsks } from './asking.ts';

export interface PlugAndPlayParts {
  store: Pick<Store, 'endpoints' | 'contactWindows'>;
  states: Pick<DeviceStates, 'get' | 'refused'>;
  blocks: Pick<Blocks, 'has'>;
  /** Where devices fetch their configuration. */
  url: () => string;
  /** Whether devices can prove themselves there by a vendor's certificate. */
  certificates: () => boolean;
  known: () => readonly { model: string; vendor: string }[];
  note: (sighting: Sighting) => void;
  clock: Clock;
  logger: Logger;
}

/**
 * Says to a device that was plugged in where its configuration is, when an admin entered it and it would be given its
 * files there: a window is open to it, or certificates are believed. The address has no key in it, as who asks proves
 * nothing. A device that has been set up has the address with its key, which must not be replaced. Others are noted.
 */
export class PlugAndPlayDesk {
  private readonly parts: PlugAndPlayParts;

  constructor(parts: PlugAndPlayParts) {
    this.parts = parts;
  }

  async answer(asking: Asking): Promise<string | undefined> {
    const { blocks, certificates, clock, known, logger, note, states, store, url } = this.parts;
    const { source, userAgent } = asking;
    const now = clock.now();
    if (blocks.has(sourceOf(source), now)) return undefined;
    const { mac, model, vendor, version } = whoAsks(asking, known());
    const device = mac === undefined ? undefined : await store.endpoints.first({ 'device.mac': mac, enabled: true });
    if (device === undefined) {
      note({ seen: 'pnp', source, mac, vendor, model, userAgent: userAgent ?? asking.event.slice(0, 256) });
      return undefined;
    }
    const state = await states.get(device.id);
    const open = await store.contactWindows.find({ closesAt: { $gt: now } });
    const { answer } = judgeWindows(open, device, state, source, now);
    const about = { endpointId: device.id, mac, source, vendor, version };
    if (answer !== 'enters' && answer !== 'again' && !(certificates() && state?.provenAt === undefined)) {
      // It waits for its window: the page of the device says so.
      if (state?.provenAt === undefined) states.refused(device.id, source);
      logger.info({ ...about, window: answer }, 'plug-and-play: a device asks, and nothing is open to it');
      return undefined;
    }
    logger.info(about, 'plug-and-play: a device is told where to fetch');
    return url();
  }
}
