import { parseCSeq, parseNameAddress, parseUri, parseVia } from '../sip/address.ts';
import { header, headerValues, type SipRequest, splitList } from '../sip/message.ts';
import type { Arrival } from '../transport/transport.ts';

/* What every request must bring (RFC 3261, clauses 8.1.1 and 8.2), and the marks of where it came from. */

export const methodsKnown: ReadonlySet<string> = new Set([
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'REGISTER',
  'PRACK',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'INFO',
  'REFER',
  'MESSAGE',
  'UPDATE',
]);

/** Extensions that the programs behind us are trusted to deal with (RFC 3261, clause 8.2.2.3). */
const extensionsKnown: ReadonlySet<string> = new Set([
  '',
  '100rel',
  'timer',
  'replaces',
  'path',
  'outbound',
  'gruu',
  'norefersub',
  'histinfo',
  'eventlist',
  'join',
  'from-change',
]);

/** What is wrong with a request, in a few words; `undefined` when nothing is. */
export function requestFault(request: SipRequest): string | undefined {
  const via = splitList(header(request, 'Via') ?? '')[0];
  if (via === undefined || parseVia(via) === undefined) return 'Malformed Via';
  for (const name of ['From', 'To']) {
    const value = header(request, name);
    if (value === undefined || parseNameAddress(value) === undefined) return `Malformed ${name}`;
  }
  if ((header(request, 'Call-ID') ?? '').trim() === '') return 'Missing Call-ID';
  const sequence = parseCSeq(header(request, 'CSeq'));
  if (sequence === undefined) return 'Malformed CSeq';
  if (sequence.method !== request.method) return 'CSeq method does not match';
  if (!/^[a-z][a-z0-9+.-]*:/i.test(request.uri)) return 'Malformed Request-URI';
  if (/^sips?:/i.test(request.uri) && parseUri(request.uri) === undefined) return 'Malformed Request-URI';
  const hops = header(request, 'Max-Forwards');
  if (hops !== undefined && !/^\d{1,3}$/.test(hops)) return 'Malformed Max-Forwards';
  return undefined;
}

/** Writes `received` and `rport` into the topmost Via (RFC 3261, clause 18.2.1; RFC 3581, clause 4). */
export function markArrival(request: SipRequest, arrival: Arrival): void {
  const entry = request.headers.find((candidate) => candidate.name.toLowerCase() === 'via');
  if (entry === undefined) return;
  const [top = '', ...rest] = splitList(entry.value);
  const via = parseVia(top);
  if (via === undefined) return;
  let marked = top;
  if (via.parameters.has('rport')) marked = marked.replace(/;\s*rport(=\d*)?(?=\s*(;|$))/i, `;rport=${arrival.port}`);
  const differs = via.host !== arrival.host || (via.parameters.has('rport') && (via.port ?? 5060) !== arrival.port);
  if (differs && !via.parameters.has('received')) marked += `;received=${arrival.host}`;
  entry.value = [marked, ...rest].join(', ');
}

/** Extensions that a request insists on and nobody here knows. */
export function unknownExtensions(request: SipRequest): string[] {
  const required = headerValues(request, 'Require').flatMap((value) => value.split(','));
  return required.map((tag) => tag.trim()).filter((tag) => !extensionsKnown.has(tag.toLowerCase()));
}
