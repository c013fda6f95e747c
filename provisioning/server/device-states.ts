import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { DeviceState, Proof } from '../../store/schema/devices.ts';
import type { Store } from '../../store/store.ts';

const writeEveryMs = 500;
const mostNetworks = 32;
const mostFiles = 32;

/** A file that a device was given. */
export interface Given {
  from: string;
  network: string;
  proof: Proof;
  userAgent: string;
  file: string;
  version: string | undefined;
  /** Its key was used in a network where it never was. */
  elsewhere: boolean;
}

/** What there was to tell the first time. */
export interface Noted {
  firstContact: boolean;
  newVersion: boolean;
  /** When this version was first handed to it. */
  since: Date;
}

type Change = Partial<Omit<DeviceState, 'id' | 'createdAt' | 'updatedAt'>>;

/** Keeps what devices ask and get. Refusals are gathered before they are written: a flood of them costs little. */
export class DeviceStates {
  private readonly store: Pick<Store, 'deviceStates'>;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly refusals = new Map<string, { count: number; from: string; at: Date }>();
  private readonly turns = new Map<string, Promise<unknown>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(store: Pick<Store, 'deviceStates'>, clock: Clock, logger: Logger) {
    this.store = store;
    this.clock = clock;
    this.logger = logger;
  }

  get(endpointId: string): Promise<DeviceState | undefined> {
    return this.store.deviceStates.get(endpointId);
  }

  given(endpointId: string, what: Given): Promise<Noted> {
    return this.change(endpointId, (before) => {
      const now = this.clock.now();
      const { elsewhere, file, from, network, proof, userAgent, version } = what;
      const known = before?.given.find((one) => one.file === file);
      const newVersion = version !== undefined && known?.version !== version;
      // Seconds are all that Last-Modified can tell: what changed must differ by one at least.
      const since = newVersion
        ? new Date(Math.max(now.getTime(), (known?.at.getTime() ?? 0) + 1_000))
        : (known?.at ?? now);
      const others = before?.given.filter((one) => one.file !== file) ?? [];
      const networks = before?.networks ?? [];
      const firmware = firmwareIn(userAgent);
      const change: Change = {
        lastAskedAt: now,
        lastAskedFrom: from,
        lastFile: file.slice(0, 200),
        lastProof: proof,
        ...(userAgent === '' ? {} : { userAgent: userAgent.slice(0, 256) }),
        ...(firmware === undefined ? {} : { firmware }),
        ...(version === undefined ? {} : { given: [...others, { file, version, at: since }].slice(-mostFiles) }),
        ...(before?.provenAt === undefined ? { provenAt: now, provenBy: proof } : {}),
        ...(networks.includes(network) ? {} : { networks: [...networks, network].slice(-mostNetworks) }),
        ...(elsewhere ? { elsewhere: { network, at: now, count: (before?.elsewhere?.count ?? 0) + 1 } } : {}),
      };
      return { change, result: { firstContact: before?.provenAt === undefined, newVersion, since } };
    });
  }

  /** Its key was used in another network, and an admin is to say whether that is right. */
  held(endpointId: string, network: string): Promise<void> {
    return this.change(endpointId, (before) => ({
      change: { elsewhere: { network, at: this.clock.now(), count: (before?.elsewhere?.count ?? 0) + 1 } },
      result: undefined,
    }));
  }

  /** An admin says that the device is in that network. */
  trust(endpointId: string, network: string): Promise<void> {
    return this.change(endpointId, (before) => ({
      change: {
        networks: [...new Set([...(before?.networks ?? []), network])].slice(-mostNetworks),
        elsewhere: before?.elsewhere?.network === network ? undefined : before?.elsewhere,
      },
      result: undefined,
    }));
  }

  refused(endpointId: string, from: string): void {
    this.refusals.set(endpointId, {
      count: (this.refusals.get(endpointId)?.count ?? 0) + 1,
      from,
      at: this.clock.now(),
    });
    this.timer ??= setTimeout(() => void this.flush(), writeEveryMs);
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = [...this.refusals];
    this.refusals.clear();
    for (const [id, { at, count, from }] of batch) {
      await this.change(id, (before) => ({
        change: { refusals: (before?.refusals ?? 0) + count, lastRefusedAt: at, lastRefusedFrom: from },
        result: undefined,
      })).catch((error: unknown) => this.logger.warn({ err: error }, 'refusals could not be written'));
    }
    await Promise.allSettled(this.turns.values());
  }

  /** One device's changes one after the other: two of its requests may come at once. */
  private change<R>(id: string, make: (before: DeviceState | undefined) => { change: Change; result: R }): Promise<R> {
    const { deviceStates } = this.store;
    const turn = (this.turns.get(id) ?? Promise.resolve()).then(async () => {
      const before = await deviceStates.get(id);
      const { change, result } = make(before);
      if (before !== undefined) await deviceStates.update(id, change);
      else await deviceStates.insert({ id, given: [], networks: [], refusals: 0, ...present(change) });
      return result;
    });
    const settled = turn.catch(() => {});
    this.turns.set(id, settled);
    void settled.then(() => {
      if (this.turns.get(id) === settled) this.turns.delete(id);
    });
    return turn;
  }
}

const present = (change: Change): Change =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

/** The version that stands in a User-Agent: the first group of numbers with at least two dots in it, or after a slash. */
export function firmwareIn(userAgent: string): string | undefined {
  const text = userAgent.slice(0, 256);
  return (/(?<![\w.])v?(\d+(?:[.-]\d+){2,6}[a-z]?)(?![a-z\d])/i.exec(text) ?? /\/v?(\d+\.\d+)/i.exec(text))?.[1]?.slice(
    0,
    64,
  );
}
