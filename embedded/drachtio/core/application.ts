import type { SipRequest, SipResponse } from '../sip/message.ts';
import type { Peer } from '../transport/transport.ts';

/* What the SIP core needs to know of the programs that control it. */

/** Facts that accompany a message to the program. */
export interface Delivery {
  message: SipRequest | SipResponse;
  peer: Peer;
  transactionId: string;
  dialogId: string;
  /** Our address that it reached; told for requests outside of dialogs. */
  receivedOn?: { host: string; port: number };
}

/** One program connected to the control port. */
export interface Application {
  /** Requests of these methods go to it. */
  readonly routes: ReadonlySet<string>;
  deliver(delivery: Delivery): void;
}

/** What came of a message that the program asked us to send. */
export type Sent =
  | { ok: true; message: SipRequest | SipResponse; peer: Peer; transactionId: string; dialogId?: string }
  | { ok: false; reason: string };
