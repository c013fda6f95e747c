import type { Logger } from '../../platform/log.ts';
import type { SipRequest, SipResponse, SipServer } from './drachtio.ts';

/** A device that asks where its configuration is (SUBSCRIBE to `ua-profile`, RFC 6080), as it says it. */
export interface ProfileQuestion {
  /** Value of Event, with its parameters: vendor, model, version. */
  event: string;
  /** Who asks: in plug-and-play its user part is the MAC address. */
  from: string;
  userAgent: string | undefined;
  /** Network address. */
  source: string;
}

/** Answers where a device fetches its configuration; `undefined` when it is not for us to say. */
export type ProfileDesk = (question: ProfileQuestion) => Promise<string | undefined>;

/** The subscription is one answer and no more: devices ask with `Expires: 0`. */
const answered = { Expires: '0' };

/**
 * Answers SUBSCRIBE to `ua-profile`, as devices send it to 224.0.1.75 when they are unpacked: 200, then NOTIFY with the
 * address (`application/url`). All other event packages get 489.
 */
export class ProfileSubscriptions {
  private readonly logger: Logger;
  private desk: ProfileDesk | undefined;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  /** Who answers; without anybody every subscription is refused. */
  answerWith(desk: ProfileDesk): void {
    this.desk = desk;
  }

  async subscribed(server: SipServer, request: SipRequest, response: SipResponse): Promise<void> {
    const event = request.get('Event') ?? '';
    if (this.desk === undefined || !/^\s*ua-profile\s*(;|$)/i.test(event) || !request.has('Contact')) {
      response.send(489, { headers: { 'Allow-Events': 'ua-profile' } });
      return;
    }
    const url = await this.desk({
      event: event.slice(0, 512),
      from: (request.get('From') ?? '').slice(0, 512),
      userAgent: request.get('User-Agent')?.slice(0, 256),
      source: request.source_address,
    });
    if (url === undefined) {
      response.send(404);
      return;
    }
    await new Promise<void>((resolve, reject) =>
      response.send(200, { headers: answered }, (error) =>
        error === null || error === undefined ? resolve() : reject(new Error(String(error))),
      ),
    );
    const { stackDialogId } = response;
    if (stackDialogId === undefined) return;
    server.request(
      // drachtio knows the dialog's own target.
      'sip:placeholder',
      {
        method: 'NOTIFY',
        stackDialogId,
        headers: {
          Event: event,
          'Subscription-State': 'terminated;reason=timeout',
          'Content-Type': 'application/url',
        },
        body: url,
      },
      (error: unknown, notify?: SipRequest) => {
        const source = request.source_address;
        if (error !== null && error !== undefined)
          this.logger.warn({ source, error: String(error) }, 'a device that asked for its profile could not be told');
        notify?.on('response', ({ status }: SipResponse) => {
          if (status >= 300) this.logger.warn({ source, status }, 'a device did not take the address of its profile');
        });
      },
    );
  }
}
