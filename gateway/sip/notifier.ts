import { errorText } from '../../platform/error-text.ts';
import type { ContactPlace, DeviceState } from '../../store/schema/devices.ts';
import type { Endpoint } from '../../store/schema/places.ts';
import type { NotifyAnswer, NotifyContent } from '../gateway.ts';
import type { AuthenticatorParts } from './authenticator.ts';
import type { SipRequest, SipResponse, SipServer, UacOptions } from './drachtio.ts';
import { proxyFor } from './outbound.ts';

/** A device that says nothing for so long is told of as silent; the transaction itself runs on until timer F. */
const patienceMs = 8_000;
/** Status of an answer that never came. */
const noAnswer: { status: number; reason: string } = { status: 408, reason: 'no answer' };

/**
 * Sends a device NOTIFY outside of any dialog (RFC 3265 allowed it, and vendors' `check-sync` still travels so): to each
 * of its contacts, by the way that its REGISTER came. A digest challenge is answered with the device's own account, which
 * is what phones ask for. A device whose account was changed and that did not register since is told where it was before,
 * with the account that it still has: NOTIFY carries nothing, and it proves itself again when it fetches.
 */
export class DeviceNotifier {
  private readonly parts: AuthenticatorParts;
  private readonly server: () => SipServer;
  private readonly contacts: (endpointId: string) => Promise<ContactPlace[]>;
  private readonly patienceMs: number;

  constructor(
    parts: AuthenticatorParts & { notifyPatienceMs?: number },
    server: () => SipServer,
    contacts: (endpointId: string) => Promise<ContactPlace[]>,
  ) {
    this.parts = parts;
    this.server = server;
    this.contacts = contacts;
    this.patienceMs = parts.notifyPatienceMs ?? patienceMs;
  }

  /** What each contact answered; empty when the device is nowhere to be found. */
  async notify(endpointId: string, content: (contact: ContactPlace) => NotifyContent): Promise<NotifyAnswer[]> {
    const endpoint = await this.parts.store.endpoints.get(endpointId);
    const current = await this.contacts(endpointId);
    const former = current.length === 0 && endpoint?.enabled === true ? await this.former(endpointId) : undefined;
    const auth = this.credentials(former ?? endpoint);
    const contacts = former?.contacts ?? current;
    return Promise.all(contacts.map((contact) => this.send(contact, content(contact), auth)));
  }

  private async former(endpointId: string): Promise<DeviceState['formerAccount']> {
    const { clock, store } = this.parts;
    const account = (await store.deviceStates.get(endpointId))?.formerAccount;
    return account !== undefined && account.until > clock.now() ? account : undefined;
  }

  private credentials(account: Pick<Endpoint, 'username' | 'secret'> | undefined): UacOptions['auth'] {
    if (account?.username === undefined || account.secret === undefined) return undefined;
    return { username: account.username, password: this.parts.seal.open(account.secret) };
  }

  private async send(
    registration: ContactPlace,
    { body, event, mediaType }: NotifyContent,
    auth: UacOptions['auth'],
  ): Promise<NotifyAnswer> {
    const proxy = proxyFor(registration);
    let patience: NodeJS.Timeout | undefined;
    const answer = await new Promise<{ status: number; reason: string }>((resolve) => {
      patience = setTimeout(() => resolve(noAnswer), this.patienceMs);
      try {
        this.server().request(
          registration.contact,
          {
            method: 'NOTIFY',
            headers: {
              From: '<sip:diemcau@localhost>',
              Contact: '<sip:diemcau@localhost>',
              Event: event,
              'Subscription-State': 'terminated',
              ...(mediaType === undefined ? {} : { 'Content-Type': mediaType }),
            },
            ...(body === undefined ? {} : { body }),
            ...(proxy === undefined ? {} : { proxy }),
            ...(auth === undefined ? {} : { auth }),
          },
          (error: unknown, request?: SipRequest) => {
            if (error !== null && error !== undefined) resolve({ status: 503, reason: String(error).slice(0, 200) });
            request?.on('response', ({ reason, status }: SipResponse) => {
              if (status >= 200) resolve({ status, reason });
            });
          },
        );
      } catch (error) {
        resolve({ status: 503, reason: errorText(error) });
      }
    });
    clearTimeout(patience);
    return { contact: registration.contact, userAgent: registration.userAgent, event, ...answer };
  }
}
