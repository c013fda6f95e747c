import { type Header, header, type SipRequest, type SipResponse, without } from '../sip/message.ts';
import type { Dialog } from './dialog.ts';

/* What a program at the control port writes, and what of it is sent. */

/** What a program's message brings besides what the transaction and the dialog settle. */
export function ownHeaders(draft: SipRequest | SipResponse): Header[] {
  const settled = ['Via', 'Call-ID', 'CSeq', 'To', 'From', 'Content-Length', 'Max-Forwards'];
  const own =
    draft.kind === 'response'
      ? oneChallengeALine(without(draft.headers, ...settled, 'Record-Route'))
      : without(draft.headers, ...settled);
  // Programs may leave the type of a session description out: a body without a type would be refused by its reader.
  return draft.body.length > 0 &&
    header(draft, 'Content-Type') === undefined &&
    /^v=0\r?\n/.test(draft.body.toString('latin1', 0, 5))
    ? [...own, { name: 'Content-Type', value: 'application/sdp' }]
    : own;
}

/** Whether a message is the last of a dialog that a SUBSCRIBE made (RFC 6665, clause 4.4.1). */
export function endsSubscription(dialog: Dialog<unknown>, request: SipRequest): boolean {
  return (
    dialog.subscription === true &&
    request.method === 'NOTIFY' &&
    /^\s*terminated\b/i.test(header(request, 'Subscription-State') ?? '')
  );
}

/** Challenges may not share a line: their own parameters are set apart by commas too (RFC 3261, clause 7.3.1). */
function oneChallengeALine(headers: Header[]): Header[] {
  return headers.flatMap(({ name, value }) =>
    /^(www|proxy)-authenticate$/i.test(name)
      ? value.split(/,\s*(?=Digest\s)/i).map((challenge) => ({ name, value: challenge }))
      : [{ name, value }],
  );
}
