import type { Logger } from '../../platform/log.ts';
import type { ContactPlace } from '../../store/schema/devices.ts';
import type { Actor } from '../../store/schema/log.ts';
import type { Endpoint } from '../../store/schema/places.ts';
import type { SessionLog } from '../../store/session-log.ts';
import { resyncEvent } from './events.ts';
import type { PushMemory } from './memory.ts';
import { bestOf, resultOf, type SyncResult } from './outcome.ts';

/** One contact's answer to NOTIFY, as the SIP side tells it. */
interface ContactAnswer {
  contact: string;
  userAgent: string | undefined;
  event: string;
  status: number;
  reason: string;
}

/** Sends a registered device NOTIFY, to each contact what fits it. */
export type Notify = (
  endpointId: string,
  content: (contact: ContactPlace) => { event: string },
) => Promise<ContactAnswer[]>;

/** What came of telling one device. */
export interface SyncOutcome {
  endpointId: string;
  name: string;
  /** `sip`: NOTIFY; `xapi`: settings put over HTTPS; `none`: nothing could be done. */
  way: 'sip' | 'xapi' | 'none';
  result: SyncResult;
  /** The answers to NOTIFY, by contact. */
  contacts: { contact: string; event: string; status: number; reason: string; result: SyncResult }[];
  /** Settings that were put by xAPI: what each was to be, and what it reads back as. Secrets are not among them. */
  settings: { path: string; result: 'applied' | 'refused' | 'differs'; reason?: string }[];
}

/** Another way of reaching a device than SIP; `undefined` when the device is not for it. */
export type DirectWay = (endpoint: Endpoint) => Promise<Omit<SyncOutcome, 'endpointId' | 'name'> | undefined>;

export interface PushParts {
  log: SessionLog;
  logger: Logger;
  notify: Notify;
  memory: PushMemory;
  direct?: DirectWay;
}

/** Tells devices to take their settings now, each in the way of its vendor, and logs what came of it. */
export class DevicePush {
  private readonly parts: PushParts;

  constructor(parts: PushParts) {
    this.parts = parts;
  }

  /** Tells one device. Never throws for what the device does. */
  async sync(endpoint: Endpoint, actor: Actor): Promise<SyncOutcome> {
    const outcome = { endpointId: endpoint.id, name: endpoint.name, ...(await this.tell(endpoint)) };
    const { contacts, result, settings, way } = outcome;
    await this.parts.memory.told(endpoint.id, result);
    await this.parts.log.append({
      event: 'device.sync',
      actor,
      endpointId: endpoint.id,
      detail: {
        way,
        result,
        ...(contacts.length === 0
          ? {}
          : { answers: contacts.slice(0, 20).map(({ event, status }) => `${event}: ${status}`) }),
        ...(settings.length === 0
          ? {}
          : {
              applied: settings.filter((one) => one.result === 'applied').length,
              others: settings.filter((one) => one.result !== 'applied').map(({ path }) => path.slice(0, 200)),
            }),
      },
    });
    return outcome;
  }

  private async tell(endpoint: Endpoint): Promise<Omit<SyncOutcome, 'endpointId' | 'name'>> {
    const nothing = { way: 'none' as const, contacts: [], settings: [] };
    try {
      const direct = await this.parts.direct?.(endpoint);
      if (direct !== undefined) return direct;
      if (endpoint.kind !== 'sip') return { ...nothing, result: 'no-way' };
      const answers = await this.parts.notify(endpoint.id, ({ userAgent }) => ({
        event: resyncEvent(endpoint.device?.model, userAgent),
      }));
      const contacts = answers.map(({ contact, event, reason, status }) => ({
        contact,
        event,
        status,
        reason: reason.slice(0, 200),
        result: resultOf(status),
      }));
      return { way: 'sip', result: bestOf(contacts.map((one) => one.result)), contacts, settings: [] };
    } catch (error) {
      this.parts.logger.error(
        { err: error, endpointId: endpoint.id },
        'a device could not be told to take its settings',
      );
      return { ...nothing, result: 'not-sent' };
    }
  }
}
