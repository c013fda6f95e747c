import { parseCSeq, parseNameAddress, tagOf } from '../sip/address.ts';
import { header, headerValues, type SipRequest, type SipResponse, splitList } from '../sip/message.ts';
import type { Arrival, Peer } from '../transport/transport.ts';

/* Dialogs as data, and how messages change them (RFC 3261, clause 12). No sockets. */

export interface Dialog<Owner> {
  /** drachtio's name of it: `CALL-ID;from-tag=TAG`, the tag being that of whoever sent the first INVITE. */
  id: string;
  callId: string;
  localTag: string;
  remoteTag: string | undefined;
  /** Whole From/To values of our requests in it. */
  localParty: string;
  remoteParty: string;
  localSequence: number;
  remoteSequence: number | undefined;
  /** CSeq number of our INVITE that waits for its ACK. */
  inviteSequence: number;
  routeSet: string[];
  remoteTarget: string;
  /** Where requests really go when the far side's Contact cannot be reached (NAT, or a stream that it opened). */
  flow: Peer | undefined;
  confirmed: boolean;
  /** Made by SUBSCRIBE: it ends with its last NOTIFY, not with BYE. */
  subscription?: boolean;
  owner: Owner;
  /** The ACK sent for the latest 2xx, repeated when that 2xx comes again. */
  lastAck: { sequence: number; message: SipRequest; peer: Peer } | undefined;
}

export function dialogId(callId: string, fromTag: string): string {
  return `${callId};from-tag=${fromTag}`;
}

/** URI of a Contact value. */
export function contactUri(message: SipRequest | SipResponse): string | undefined {
  const value = headerValues(message, 'Contact')[0];
  return value === undefined ? undefined : parseNameAddress(splitList(value)[0] ?? '')?.uri;
}

/** Record-Route values, in the message's order. */
function recordRoute(message: SipRequest | SipResponse): string[] {
  return headerValues(message, 'Record-Route').flatMap(splitList);
}

/** A dialog as the callee's side makes it with its first tagged response (RFC 3261, clause 12.1.1). */
export function dialogOfCallee<Owner>(
  request: SipRequest,
  localTag: string,
  arrival: Arrival,
  owner: Owner,
): Dialog<Owner> {
  const from = header(request, 'From') ?? '';
  const to = header(request, 'To') ?? '';
  const callId = header(request, 'Call-ID') ?? '';
  const remoteTag = tagOf(from);
  return {
    id: dialogId(callId, remoteTag ?? ''),
    callId,
    localTag,
    remoteTag,
    localParty: tagOf(to) === undefined ? `${to};tag=${localTag}` : to,
    remoteParty: from,
    localSequence: 0,
    remoteSequence: parseCSeq(header(request, 'CSeq'))?.number,
    inviteSequence: 0,
    routeSet: recordRoute(request),
    remoteTarget: contactUri(request) ?? parseNameAddress(from)?.uri ?? '',
    flow: flowOf(request, arrival),
    confirmed: false,
    owner,
    lastAck: undefined,
  };
}

/** A dialog as the caller's side makes it of a tagged response (RFC 3261, clause 12.1.2). */
export function dialogOfCaller<Owner>(
  request: SipRequest,
  response: SipResponse,
  from: Peer,
  owner: Owner,
): Dialog<Owner> {
  const callId = header(request, 'Call-ID') ?? '';
  const local = header(request, 'From') ?? '';
  const remote = header(response, 'To') ?? '';
  const sequence = parseCSeq(header(request, 'CSeq'))?.number ?? 1;
  const dialog: Dialog<Owner> = {
    id: dialogId(callId, tagOf(local) ?? ''),
    callId,
    localTag: tagOf(local) ?? '',
    remoteTag: tagOf(remote),
    localParty: local,
    remoteParty: remote,
    localSequence: sequence,
    remoteSequence: undefined,
    inviteSequence: sequence,
    routeSet: recordRoute(response).reverse(),
    remoteTarget: contactUri(response) ?? request.uri,
    flow: undefined,
    confirmed: response.status >= 200,
    owner,
    lastAck: undefined,
  };
  if (from.transport !== 'udp') dialog.flow = { transport: from.transport, host: from.host, port: from.port };
  return dialog;
}

/** Takes over what a later response to the dialog's first INVITE says. */
export function confirmByResponse<Owner>(dialog: Dialog<Owner>, response: SipResponse): void {
  dialog.remoteTag = tagOf(header(response, 'To')) ?? dialog.remoteTag;
  dialog.remoteParty = header(response, 'To') ?? dialog.remoteParty;
  if (!dialog.confirmed && response.status >= 200) dialog.routeSet = recordRoute(response).reverse();
  dialog.confirmed ||= response.status >= 200;
  dialog.remoteTarget = contactUri(response) ?? dialog.remoteTarget;
}

/** Target refresh (RFC 3261, clause 12.2; RFC 3311). */
export function refreshTarget<Owner>(dialog: Dialog<Owner>, message: SipRequest | SipResponse): void {
  dialog.remoteTarget = contactUri(message) ?? dialog.remoteTarget;
}

/** When a request came through a NAT or on a stream, requests back must take the same way. */
function flowOf(request: SipRequest, arrival: Arrival): Peer | undefined {
  const back: Peer = { transport: arrival.transport, host: arrival.host, port: arrival.port };
  if (arrival.transport !== 'udp') return back;
  const via = headerValues(request, 'Via')[0] ?? '';
  // `received` is set only where the address differs from what the sender believes to be its own.
  return /;received=/i.test(splitList(via)[0] ?? '') && recordRoute(request).length === 0 ? back : undefined;
}

/** First line and routing headers of a request in the dialog; strict routers are served (RFC 3261, clause 12.2.1.1). */
export function requestRoute(dialog: Pick<Dialog<unknown>, 'routeSet' | 'remoteTarget'>): {
  uri: string;
  routes: string[];
} {
  const first = dialog.routeSet[0];
  if (first === undefined) return { uri: dialog.remoteTarget, routes: [] };
  const uri = parseNameAddress(first)?.uri ?? first;
  if (/;lr(?=[;=]|$)/i.test(uri)) return { uri: dialog.remoteTarget, routes: dialog.routeSet };
  return { uri, routes: [...dialog.routeSet.slice(1), `<${dialog.remoteTarget}>`] };
}
