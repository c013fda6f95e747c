import type { Clock } from '../../platform/clock.ts';
import type { DeviceState } from '../../store/schema/devices.ts';
import type { Endpoint } from '../../store/schema/places.ts';
import type { Store } from '../../store/store.ts';
import type { SyncResult } from './outcome.ts';

/** Waits before a device that could not be reached is told again, minutes; then nobody tells it any more. */
const againAfterMin = [1, 5, 15, 60, 240, 720] as const;
const worthAnother: readonly SyncResult[] = ['silent', 'not-sent', 'not-registered'];
/** Changes within this time are told together, ms. */
const gatheredMs = 5_000;
/** Devices told again at once in one look. */
const mostDue = 100;
/** A device that did not take its new account within this time is not looked for at its old contact any more, ms. */
const formerAccountForMs = 24 * 3600_000;

type Change = Partial<Omit<DeviceState, 'id' | 'createdAt' | 'updatedAt'>>;

/** What is remembered of telling devices: the last result, when to tell them again, the certificate of a codec. */
export class PushMemory {
  private readonly states: Store['deviceStates'];
  private readonly registrations: Store['registrations'];
  private readonly clock: Clock;

  constructor(store: Pick<Store, 'deviceStates' | 'registrations'>, clock: Clock) {
    this.states = store.deviceStates;
    this.registrations = store.registrations;
    this.clock = clock;
  }

  /** Keeps what came of it. A device that could not be reached is due again, later each time. */
  async told(endpointId: string, result: SyncResult): Promise<void> {
    const now = this.clock.now();
    const tries = (await this.states.get(endpointId))?.pushTries ?? 0;
    const wait = worthAnother.includes(result) ? againAfterMin[tries] : undefined;
    await this.keep(endpointId, {
      pushedAt: now,
      pushResult: result,
      pushDueAt: wait === undefined ? undefined : new Date(now.getTime() + wait * 60_000),
      pushTries: wait === undefined ? 0 : tries + 1,
    });
  }

  /**
   * What these devices are set to was changed: they are told soon, once for all changes of these seconds. Devices that
   * never took their settings from us are left alone.
   */
  async changed(endpointIds: readonly string[]): Promise<void> {
    const due = { pushDueAt: new Date(this.clock.now().getTime() + gatheredMs), pushTries: 0 };
    for (const id of endpointIds) {
      const state = await this.states.get(id);
      if (state?.provenAt !== undefined || state?.certificate !== undefined) await this.states.update(id, due);
    }
  }

  /**
   * The account of a device was changed, and its registrations are about to end: it is told of it where it is now, and can
   * be asked nothing there but the account that it had. One that was not registered stays findable where it was before.
   */
  async accountChanged({ id, secret, username }: Endpoint): Promise<void> {
    const now = this.clock.now();
    const registered = await this.registrations.find({ endpointId: id, protocol: 'sip', expiresAt: { $gt: now } });
    if (registered.length === 0 || secret === undefined || username === undefined) return;
    const contacts = registered
      .slice(0, 32)
      .map(({ contact, source, transport, userAgent }) => ({ contact, source, transport, userAgent }));
    const until = new Date(now.getTime() + formerAccountForMs);
    await this.keep(id, { formerAccount: { username, secret, contacts, until } });
  }

  /** Devices that are to be told again by now. */
  async due(): Promise<string[]> {
    const states = await this.states.find(
      { pushDueAt: { $lte: this.clock.now() } },
      { sort: { pushDueAt: 1 }, limit: mostDue },
    );
    return states.map(({ id }) => id);
  }

  async certificateOf(endpointId: string): Promise<string | undefined> {
    return (await this.states.get(endpointId))?.certificate?.fingerprint;
  }

  /** Keeps the certificate that a codec showed; the first time is the one that counts until it is forgotten. */
  async pin(endpointId: string, fingerprint: string): Promise<void> {
    if ((await this.certificateOf(endpointId)) === fingerprint) return;
    await this.keep(endpointId, { certificate: { fingerprint, at: this.clock.now() } });
  }

  /** The next certificate is trusted as the first was: the codec was replaced or reset. */
  async forgetCertificate(endpointId: string): Promise<void> {
    await this.states.update(endpointId, { certificate: undefined });
  }

  /** Nobody is told again of what is gone. */
  async forget(endpointId: string): Promise<void> {
    await this.states.update(endpointId, { pushDueAt: undefined, pushTries: 0 });
  }

  private async keep(id: string, change: Change): Promise<void> {
    if ((await this.states.update(id, change)) !== undefined) return;
    try {
      await this.states.insert({ id, given: [], networks: [], refusals: 0, ...change });
    } catch {
      // It asked for its file at the same moment.
      await this.states.update(id, change);
    }
  }
}
