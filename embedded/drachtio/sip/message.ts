import { tagOf } from './address.ts';

/*
 * SIP messages as data (RFC 3261, clause 7). Header names are kept in their long, usual form; order is kept.
 */

export interface Header {
  name: string;
  value: string;
}

export interface SipRequest {
  kind: 'request';
  method: string;
  uri: string;
  headers: Header[];
  body: Buffer;
}

export interface SipResponse {
  kind: 'response';
  status: number;
  reason: string;
  headers: Header[];
  body: Buffer;
}

export type SipMessage = SipRequest | SipResponse;

/** Compact forms (RFC 3261, clause 7.3.3, and later RFCs) and the usual spelling of names that matter here. */
const compactForms: Record<string, string> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  d: 'Request-Disposition',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  j: 'Reject-Contact',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  n: 'Identity-Info',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
  y: 'Identity',
};

const usualSpelling: Record<string, string> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'www-authenticate': 'WWW-Authenticate',
  rack: 'RAck',
  rseq: 'RSeq',
  'min-se': 'Min-SE',
  'sip-etag': 'SIP-ETag',
  'mime-version': 'MIME-Version',
};

/** A header's name in its long form and usual spelling; unknown names keep theirs when they carry capitals. */
export function headerName(name: string): string {
  const lower = name.toLowerCase();
  const known = lower.length === 1 ? compactForms[lower] : usualSpelling[lower];
  if (known !== undefined) return known;
  if (name !== lower) return name;
  return lower.replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());
}

/** First value of a header; names are compared without case. */
export function header(message: { headers: Header[] }, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return message.headers.find((entry) => entry.name.toLowerCase() === wanted)?.value;
}

/** All values of a header, in order, one an entry (comma lists are not split). */
export function headerValues(message: { headers: Header[] }, name: string): string[] {
  const wanted = name.toLowerCase();
  return message.headers.filter((entry) => entry.name.toLowerCase() === wanted).map((entry) => entry.value);
}

/** The headers without those named. */
export function without(headers: Header[], ...names: string[]): Header[] {
  const unwanted = new Set(names.map((name) => name.toLowerCase()));
  return headers.filter((entry) => !unwanted.has(entry.name.toLowerCase()));
}

/** Comma lists split outside of quotes and angle brackets (RFC 3261, clause 7.3.1). */
export function splitList(value: string): string[] {
  const parts: string[] = [];
  let quoted = false;
  let depth = 0;
  let start = 0;
  for (let at = 0; at < value.length; at++) {
    const letter = value[at];
    if (quoted) {
      if (letter === '\\') at++;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '<') depth++;
    else if (letter === '>') depth = Math.max(0, depth - 1);
    else if (letter === ',' && depth === 0) {
      parts.push(value.slice(start, at).trim());
      start = at + 1;
    }
  }
  parts.push(value.slice(start).trim());
  return parts.filter((part) => part !== '');
}

/** A message as it goes over the wire; Content-Length is set to the body's. */
export function serialize(message: SipMessage): Buffer {
  const start =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`;
  const lines = [start];
  for (const { name, value } of message.headers) {
    if (name.toLowerCase() !== 'content-length') lines.push(`${name}: ${value}`);
  }
  lines.push(`Content-Length: ${message.body.length}`, '', '');
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'utf8'), message.body]);
}

/** Reason phrases (RFC 3261, clause 21, and later RFCs). */
const reasonPhrases: Record<number, string> = {
  100: 'Trying',
  180: 'Ringing',
  181: 'Call Is Being Forwarded',
  182: 'Queued',
  183: 'Session Progress',
  200: 'OK',
  202: 'Accepted',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Request Entity Too Large',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'Version Not Supported',
  513: 'Message Too Large',
  603: 'Decline',
};

/** The usual phrase for a status. */
export function reasonPhrase(status: number): string {
  return reasonPhrases[status] ?? 'Unknown';
}

/** A response to a request, with what RFC 3261, clause 8.2.6.2, copies: Via, From, To, Call-ID, CSeq. */
export function responseTo(request: SipRequest, status: number, extra: Header[] = [], toTag?: string): SipResponse {
  const copied = request.headers.filter((entry) => /^(via|from|to|call-id|cseq)$/i.test(entry.name));
  const headers = copied.map(({ name, value }) =>
    toTag !== undefined && name.toLowerCase() === 'to' && tagOf(value) === undefined
      ? { name, value: `${value};tag=${toTag}` }
      : { name, value },
  );
  return {
    kind: 'response',
    status,
    reason: reasonPhrase(status),
    headers: [...headers, ...extra],
    body: Buffer.alloc(0),
  };
}
