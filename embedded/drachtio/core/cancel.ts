import { parseCSeq, parseVia } from '../sip/address.ts';
import { header, type SipRequest } from '../sip/message.ts';
import { topVia } from '../transaction/layer.ts';

/** The CANCEL of an INVITE (RFC 3261, clause 9.1). */
export function cancelOf(invite: SipRequest): SipRequest {
  const keep = new Set(['from', 'to', 'call-id', 'max-forwards', 'route']);
  const sequence = parseCSeq(header(invite, 'CSeq'))?.number ?? 1;
  const via = topVia(invite) ?? '';
  return {
    kind: 'request',
    method: 'CANCEL',
    uri: invite.uri,
    headers: [
      ...(parseVia(via) === undefined ? [] : [{ name: 'Via', value: via }]),
      ...invite.headers.filter((entry) => keep.has(entry.name.toLowerCase())),
      { name: 'CSeq', value: `${sequence} CANCEL` },
    ],
    body: Buffer.alloc(0),
  };
}
