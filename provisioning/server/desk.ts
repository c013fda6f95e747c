import { EventEmitter } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Incident } from '../../store/schema/incident.ts';
import type { Endpoint } from '../../store/schema/places.ts';
import type { SessionLog } from '../../store/session-log.ts';
import type { Store } from '../../store/store.ts';
import { type Asked, readAsked } from '../access/asked.ts';
import type { Blocks } from '../access/blocks.ts';
import type { DeviceKeys } from '../access/device-keys.ts';
import { type Decision, type Facts, judge, type Refusal } from '../access/judge.ts';
import type { LogIns } from '../access/log-in.ts';
import { networkOf, sourceOf } from '../access/network.ts';
import { judgeWindows } from '../access/windows.ts';
import { recognise } from '../catalogue.ts';
import type { Sightings } from '../sightings.ts';
import { type DeviceFiles, fileNamed } from './device-files.ts';
import type { DeviceStates } from './device-states.ts';
import type { FirmwareFolder } from './firmware.ts';

/** What a device sent, out of HTTP. */
export interface DeviceRequest {
  method: string;
  /** As in the request line. */
  target: string;
  /** The client's network address. */
  address: string;
  userAgent: string;
  authorization: string | undefined;
  /** MAC address of its certificate, where a vendor's authority vouches for it. */
  certificateMac: string | undefined;
}

/** What it gets. `refused` looks the same whatever the reason, `absent` is for a device that proved itself. */
export type DeskAnswer =
  | { kind: 'file'; mediaType: string; text: string; version: string; since: Date }
  | { kind: 'firmware'; handle: FileHandle; size: number; sha256: string }
  | { kind: 'absent' }
  | { kind: 'refused'; challenges: string[]; tooMany: boolean }
  /** Its settings do not fit together: it keeps what it has. */
  | { kind: 'unavailable' };

export interface DeskEvents {
  incident: [incident: Incident];
}

export interface DeskParts {
  store: Store;
  log: Pick<SessionLog, 'append'>;
  logger: Logger;
  clock: Clock;
  keys: DeviceKeys;
  files: DeviceFiles;
  states: DeviceStates;
  sightings: Sightings;
  firmware: FirmwareFolder;
  logIns: LogIns;
  blocks: Blocks;
  /** What is done when a device's key is used in a network where it never was. */
  elsewhere: Facts['elsewhere'];
}

/** Reasons that somebody should look at: a key in wrong hands, or a device in the wrong place. */
const alarming: ReadonlySet<Refusal> = new Set([
  'key-of-another',
  'certificate-of-another',
  'other-network',
  'window-another-address',
]);
const firmwarePrefix = 'firmware/';
/** Firmware is given without a key to an address from which a device proved itself so lately. */
const firmwareForMs = 24 * 3600_000;
const toldAgainMs = 10 * 60_000;

interface Found {
  facts: Facts;
  devices: Map<string, Endpoint>;
  windowId: string | undefined;
}

/** Who asks, may they have it, and what it is. */
export class ProvisioningDesk extends EventEmitter<DeskEvents> {
  private readonly parts: DeskParts;
  private readonly told = new Map<string, number>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(parts: DeskParts) {
    super();
    this.parts = parts;
  }

  async answer(request: DeviceRequest): Promise<DeskAnswer> {
    const asked = readAsked(request.target);
    if (asked === undefined) return this.refuse(request, undefined, { given: false, why: 'unknown-device' });
    if (asked.way === 'password' && request.authorization === undefined)
      return { kind: 'refused', challenges: this.challenges(), tooMany: false };
    if (asked.way === 'open' && asked.file.startsWith(firmwarePrefix) && (await this.provedLately(request.address)))
      return this.firmwareFor(asked.file);
    // Contacts through windows are counted: one request after the other.
    const decided = await (asked.way === 'open'
      ? this.inTurn(() => this.decide(request, asked))
      : this.decide(request, asked));
    if (!decided.decision.given) return this.refuse(request, asked, decided.decision);
    const device = decided.devices.get(decided.decision.deviceId);
    if (device === undefined) return { kind: 'absent' };
    return this.give(request, asked, device, decided.decision);
  }

  private async decide(
    request: DeviceRequest,
    asked: Asked,
  ): Promise<{ decision: Decision; devices: Map<string, Endpoint> }> {
    const { facts, devices, windowId } = await this.facts(request, asked);
    const decision = judge(facts);
    if (decision.given && decision.proof === 'window' && windowId !== undefined && facts.window === 'enters') {
      const { store, clock } = this.parts;
      const window = await store.contactWindows.get(windowId);
      const entry = { endpointId: decision.deviceId, at: clock.now(), from: request.address };
      await store.contactWindows.update(windowId, { used: [...(window?.used ?? []), entry] });
    }
    return { decision, devices };
  }

  private async facts(request: DeviceRequest, asked: Asked): Promise<Found> {
    const { blocks, clock, elsewhere, states, store } = this.parts;
    const now = clock.now();
    const devices = new Map<string, Endpoint>();
    const known = async (device: Endpoint | undefined): Promise<Facts['named']> => {
      if (device?.device === undefined || !device.enabled) return undefined;
      devices.set(device.id, device);
      const state = await states.get(device.id);
      return { id: device.id, mac: device.device.mac, networks: state?.networks ?? [] };
    };
    // A key says whose it is: only who comes without one is looked up by the name of the file, and at the windows.
    const namedMac = asked.way === 'open' ? (request.certificateMac ?? asked.mac) : undefined;
    const named = namedMac === undefined ? undefined : await store.endpoints.first({ 'device.mac': namedMac });
    const open = asked.way === 'open' ? await store.contactWindows.find({ closesAt: { $gt: now } }) : [];
    const { answer, window } =
      named === undefined
        ? { answer: 'closed' as const, window: undefined }
        : judgeWindows(open, named, await states.get(named.id), request.address, now);
    return {
      facts: {
        asked,
        keyOf: await known(await this.ownerOf(request, asked)),
        certificateMac: request.certificateMac,
        named: await known(named),
        window: answer,
        network: networkOf(request.address),
        elsewhere,
        blocked: blocks.has(sourceOf(request.address), now),
      },
      devices,
      windowId: window?.id,
    };
  }

  /** The device whose key is in the path, or in user and password. */
  private async ownerOf(request: DeviceRequest, asked: Asked): Promise<Endpoint | undefined> {
    const { clock, keys, logIns, store } = this.parts;
    if (asked.way === 'open') return undefined;
    if (asked.way === 'key') {
      const owner = await keys.ownerOf(asked.key ?? '');
      return owner === undefined ? undefined : store.endpoints.get(owner);
    }
    const logIn = logIns.read(request.authorization, request.method, request.target, clock.now().getTime());
    if (logIn === undefined) return undefined;
    const device = await store.endpoints.first({ 'device.mac': logIn.mac });
    const key = device === undefined ? '' : (await keys.of(device.id)).key;
    return logIn.fits(key) && device !== undefined ? device : undefined;
  }

  private async give(
    request: DeviceRequest,
    asked: Asked,
    device: Endpoint,
    decision: Extract<Decision, { given: true }>,
  ): Promise<DeskAnswer> {
    const { files, log, logger, states } = this.parts;
    const { elsewhere, proof } = decision;
    const network = networkOf(request.address);
    const firmware = asked.file.startsWith(firmwarePrefix);
    const set = firmware
      ? undefined
      : await files.of(device).catch((error: unknown) => {
          logger.error({ err: error, endpointId: device.id }, 'the settings of a device do not fit together');
          return null;
        });
    if (set === null) return { kind: 'unavailable' };
    const file = set === undefined ? undefined : fileNamed(set.files, asked.file);
    const noted = await states.given(device.id, {
      from: request.address,
      network,
      proof,
      userAgent: request.userAgent,
      file: file?.paths[0] ?? asked.file,
      version: file?.version,
      elsewhere,
    });
    const about = { endpointId: device.id, address: request.address, actor: actorOf(device) };
    if (noted.firstContact) await log.append({ event: 'device.first-contact', ...about, detail: { proof } });
    if (elsewhere) {
      await log.append({ event: 'device.key-elsewhere', ...about, detail: { network, given: true } });
      this.emit('incident', {
        code: 'device.key-elsewhere',
        values: { endpointId: device.id, name: device.name, network },
      });
    }
    if (firmware) return this.firmwareFor(asked.file);
    if (file === undefined) return { kind: 'absent' };
    if (noted.newVersion) {
      const detail = { file: file.paths[0], version: file.version, proof };
      await log.append({ event: 'device.configured', ...about, detail });
    }
    return { kind: 'file', mediaType: file.mediaType, text: file.text, version: file.version, since: noted.since };
  }

  private refuse(
    request: DeviceRequest,
    asked: Asked | undefined,
    { deviceId, why }: Extract<Decision, { given: false }>,
  ): DeskAnswer {
    const { blocks, clock, logger, sightings, states } = this.parts;
    const { address, userAgent } = request;
    const challenges = asked?.way === 'password' ? this.challenges() : [];
    // A file for all devices of a kind names nobody: phones ask for it of themselves, and nothing is tried by it.
    if (asked?.way === 'open' && asked.mac === undefined && request.certificateMac === undefined)
      return { kind: 'refused', challenges, tooMany: why === 'blocked' };
    const now = clock.now();
    const source = sourceOf(address);
    if (why !== 'blocked') {
      logger.warn(
        { address, why, file: asked?.file.slice(0, 200), userAgent, endpointId: deviceId },
        'a device file was refused',
      );
      if (deviceId !== undefined) states.refused(deviceId, address);
      if (why === 'unknown-device' && asked?.mac !== undefined) {
        const { model, template } = recognise(userAgent) ?? {};
        sightings.note({
          seen: 'file',
          mac: asked.mac,
          source: address,
          name: asked.file,
          userAgent: userAgent === '' ? undefined : userAgent,
          vendor: template?.vendor,
          model: model?.name,
        });
      }
    }
    if (deviceId !== undefined && alarming.has(why)) this.alarm(deviceId, why, address);
    if (blocks.refused(source, now)) {
      this.tell({ event: 'provisioning.blocked', actor: { kind: 'caller' }, address, detail: { source } });
      this.emit('incident', { code: 'provisioning.blocked', values: { source } });
    }
    return { kind: 'refused', challenges, tooMany: why === 'blocked' };
  }

  /** Tells once in ten minutes that somebody uses what is not theirs. */
  private alarm(deviceId: string, why: Refusal, address: string): void {
    const { clock, logger, states } = this.parts;
    if (why === 'other-network')
      states
        .held(deviceId, networkOf(address))
        .catch((error: unknown) => logger.warn({ err: error }, 'could not be kept'));
    const key = `${deviceId} ${why} ${sourceOf(address)}`;
    const now = clock.now().getTime();
    if (now - (this.told.get(key) ?? 0) < toldAgainMs) return;
    if (this.told.size > 1_000) this.told.clear();
    this.told.set(key, now);
    const code = why === 'other-network' ? 'device.key-elsewhere' : 'device.key-misused';
    const detail = why === 'other-network' ? { network: networkOf(address), given: false } : { why };
    this.tell({ event: code, actor: { kind: 'caller' }, endpointId: deviceId, address, detail });
    this.emit('incident', { code, values: { endpointId: deviceId, why, network: networkOf(address) } });
  }

  private tell(statement: Parameters<SessionLog['append']>[0]): void {
    const { log, logger } = this.parts;
    log.append(statement).catch((error: unknown) => logger.error({ err: error }, 'could not be logged'));
  }

  private challenges(): string[] {
    return this.parts.logIns.challenges(this.parts.clock.now().getTime());
  }

  private async firmwareFor(path: string): Promise<DeskAnswer> {
    const file = await this.parts.firmware.open(path.slice(firmwarePrefix.length));
    return file === undefined ? { kind: 'absent' } : { kind: 'firmware', ...file };
  }

  private async provedLately(address: string): Promise<boolean> {
    const { clock, store } = this.parts;
    const since = new Date(clock.now().getTime() - firmwareForMs);
    return (await store.deviceStates.first({ lastAskedFrom: address, lastAskedAt: { $gt: since } })) !== undefined;
  }

  private inTurn<R>(work: () => Promise<R>): Promise<R> {
    const next = this.turn.then(work, work);
    this.turn = next.catch(() => {});
    return next;
  }
}

const actorOf = (device: Endpoint) => ({ kind: 'device' as const, id: device.id, name: device.name });
