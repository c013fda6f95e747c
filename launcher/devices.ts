import type { SipSignalling } from '../gateway/sip/signalling.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import { knownModels, recogniseKnown } from '../provisioning/discovery/known.ts';
import { entriesOf } from '../provisioning/entries.ts';
import { PlugAndPlayDesk } from '../provisioning/plug-and-play/desk.ts';
import { everyInterface, type Face, facesOf } from '../provisioning/plug-and-play/faces.ts';
import { PlugAndPlayListener } from '../provisioning/plug-and-play/listener.ts';
import { tellDueDevices } from '../provisioning/push/again.ts';
import { PushMemory } from '../provisioning/push/memory.ts';
import { DevicePush, type Notify } from '../provisioning/push/push.ts';
import { SyncRuns } from '../provisioning/push/runs.ts';
import { roomOsWay } from '../provisioning/roomos/way.ts';
import type { Provisioning } from '../provisioning/server/provisioning.ts';
import { Sightings } from '../provisioning/sightings.ts';
import type { SessionLog } from '../store/session-log.ts';
import type { Store } from '../store/store.ts';
import type { H323Side } from './h323.ts';

/** What the product does for devices besides handing out files. */
export interface DeviceSide {
  push: DevicePush;
  memory: PushMemory;
  syncRuns: SyncRuns;
  sightings: Sightings;
  /** Tells the devices again that could not be reached. */
  tellDue(): Promise<void>;
  close(): Promise<void>;
}

/** Wires orders to devices, plug-and-play, and the list of those that are not known yet. */
export async function openDevices(parts: {
  config: Pick<Config, 'plugAndPlay'>;
  store: Store;
  log: SessionLog;
  logger: Logger;
  clock: Clock;
  newId: IdSource;
  sip: SipSignalling;
  h323: Pick<H323Side, 'gatekeeper'>;
  provisioning: Pick<Provisioning, 'files' | 'keys' | 'states' | 'blocks'>;
  /** Where devices fetch their configuration. */
  url: () => string;
  /** Whether devices can prove themselves there by a vendor's certificate. */
  certificates: () => boolean;
}): Promise<DeviceSide> {
  const { clock, h323, log, logger, newId, provisioning, sip, store } = parts;
  const memory = new PushMemory(store, clock);
  const notify: Notify = (endpointId, content) => sip.notify(endpointId, content);
  const direct = roomOsWay({
    store,
    logger,
    entriesFor: async (endpoint) => {
      const set = await provisioning.files.of(endpoint);
      return set === undefined ? [] : entriesOf(set.template, set.settings);
    },
    adminPasswordOf: async (endpointId) => (await provisioning.keys.of(endpointId)).adminPassword,
    pinned: (endpointId) => memory.certificateOf(endpointId),
    pin: (endpointId, fingerprint) => memory.pin(endpointId, fingerprint),
  });
  const push = new DevicePush({ log, logger, notify, memory, direct });
  const syncRuns = new SyncRuns(push, { clock, newId, logger });
  const sightings = new Sightings(store, clock, logger);
  const seen =
    (how: 'register' | 'rrq') =>
    ({ name, source, userAgent }: { name: string; source: string; userAgent: string | undefined }): void =>
      sightings.note({ seen: how, source, name, userAgent, ...recogniseKnown(userAgent ?? '') });
  sip.on('stranger', seen('register'));
  h323.gatekeeper.on('stranger', seen('rrq'));
  const leaveGroup = await openPlugAndPlay(parts, sightings);
  return {
    push,
    memory,
    syncRuns,
    sightings,
    tellDue: () => tellDueDevices(store, memory, push),
    close: async () => {
      await leaveGroup();
      syncRuns.close();
      await sightings.flush();
    },
  };
}

/** Answers devices that were just plugged in, on the interfaces that the configuration names; else on none. */
async function openPlugAndPlay(
  parts: Parameters<typeof openDevices>[0],
  sightings: Sightings,
): Promise<() => Promise<void>> {
  const { clock, config, logger, provisioning, store, url } = parts;
  if (config.plugAndPlay.length === 0) return async () => {};
  const faces = (): readonly Face[] => facesOf(config.plugAndPlay);
  const missing = config.plugAndPlay.filter((name) => facesOf([name]).length === 0 && name !== everyInterface);
  if (missing.length > 0)
    logger.error({ interfaces: missing }, 'plug-and-play: no such interface, or no IPv4 address, as yet');
  const desk = new PlugAndPlayDesk({
    store,
    states: provisioning.states,
    blocks: provisioning.blocks,
    url,
    certificates: parts.certificates,
    known: () => knownModels,
    note: (sighting) => sightings.note(sighting),
    clock,
    logger,
  });
  const listener = new PlugAndPlayListener({ faces, answer: (asking) => desk.answer(asking), clock, logger });
  await listener.open();
  return () => listener.close();
}
