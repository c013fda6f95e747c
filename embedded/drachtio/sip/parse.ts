import { type Header, headerName, type SipMessage } from './message.ts';

/* Reads SIP messages (RFC 3261, clauses 7 and 25), every length checked against a limit. */

/** Sizes beyond which a message is refused, in bytes and counts. */
export interface ParseLimits {
  headerBytes: number;
  bodyBytes: number;
  headers: number;
}

export const defaultLimits: ParseLimits = { headerBytes: 16_384, bodyBytes: 65_536, headers: 256 };

/** A message that cannot be read; `status` is what its sender is told when it was a request. */
export class SipParseError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.name = 'SipParseError';
    this.status = status;
  }
}

const token = /^[\w.!%*+`'~-]+$/;
const requestLine = /^(\S+)[ \t]+(\S.*\S|\S)[ \t]SIP\/(\d{1,3})\.(\d{1,3})$/i;
const statusLine = /^SIP\/(\d+)\.(\d+)[ \t]+(\d{3})(?:[ \t](.*))?$/i;

/** Where the head ends: the index behind the empty line, or -1. Lone LF is taken as a line's end too. */
export function endOfHead(data: Buffer): number {
  const crlf = data.indexOf('\r\n\r\n');
  const lf = data.indexOf('\n\n');
  if (crlf === -1) return lf === -1 ? -1 : lf + 2;
  return lf === -1 || crlf < lf ? crlf + 4 : lf + 2;
}

/**
 * Reads start line and headers.
 * @throws SipParseError with the status that RFC 3261 asks for.
 */
export function parseHead(head: string, limits: ParseLimits = defaultLimits): SipMessage {
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const start = lines.shift() ?? '';
  const headers: Header[] = [];
  for (const line of lines) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    const name = colon === -1 ? '' : line.slice(0, colon).trim();
    if (!token.test(name)) throw new SipParseError(400, 'Malformed header line');
    if (headers.length >= limits.headers) throw new SipParseError(400, 'Too many headers');
    headers.push({ name: headerName(name), value: line.slice(colon + 1).trim() });
  }
  const response = statusLine.exec(start);
  if (response !== null) {
    if (response[1] !== '2' || response[2] !== '0') throw new SipParseError(505, 'Version Not Supported');
    return {
      kind: 'response',
      status: Number(response[3]),
      reason: response[4] ?? '',
      headers,
      body: Buffer.alloc(0),
    };
  }
  const request = requestLine.exec(start);
  if (request === null || !token.test(request[1] ?? '')) throw new SipParseError(400, 'Malformed start line');
  const parsed: SipMessage = {
    kind: 'request',
    method: request[1] ?? '',
    uri: (request[2] ?? '').trim(),
    headers,
    body: Buffer.alloc(0),
  };
  if (request[3] !== '2' || request[4] !== '0')
    throw Object.assign(new SipParseError(505, 'Version Not Supported'), { parsed });
  if (/\s/.test(parsed.uri) || parsed.uri.startsWith('<')) {
    throw Object.assign(new SipParseError(400, 'Malformed Request-URI'), { parsed });
  }
  return parsed;
}

/** What a head says of its body's length: a number of bytes, or nothing. @throws SipParseError when it is no number. */
export function contentLength(message: SipMessage): number | undefined {
  const values = message.headers.filter((entry) => entry.name === 'Content-Length').map((entry) => entry.value);
  if (values.length === 0) return undefined;
  const [first] = values;
  if (first === undefined || !/^\d{1,9}$/.test(first) || values.some((value) => value !== first)) {
    throw new SipParseError(400, 'Malformed Content-Length');
  }
  return Number(first);
}

/**
 * Reads a whole message from one datagram (RFC 3261, clause 18.3): bytes beyond Content-Length are dropped, too few are
 * an error.
 * @throws SipParseError
 */
export function parseDatagram(data: Buffer, limits: ParseLimits = defaultLimits): SipMessage {
  const end = endOfHead(data);
  const headLength = end === -1 ? data.length : end;
  if (headLength > limits.headerBytes) throw new SipParseError(513, 'Message Too Large');
  const message = parseHead(data.toString('utf8', 0, headLength), limits);
  const there = data.length - headLength;
  const length = contentLength(message) ?? there;
  if (length > there)
    throw Object.assign(new SipParseError(400, 'Body shorter than Content-Length'), { parsed: message });
  if (length > limits.bodyBytes)
    throw Object.assign(new SipParseError(413, 'Request Entity Too Large'), { parsed: message });
  message.body = Buffer.from(data.subarray(headLength, headLength + length));
  return message;
}

/** Cuts a stream into messages (RFC 3261, clauses 7.5 and 18.3), and answers RFC 5626 keep-alives. */
export class StreamFramer {
  private pending: Buffer = Buffer.alloc(0);
  private readonly limits: ParseLimits;
  private readonly onMessage: (message: SipMessage) => void;
  private readonly onPing: () => void;

  constructor(onMessage: (message: SipMessage) => void, onPing: () => void, limits: ParseLimits = defaultLimits) {
    this.onMessage = onMessage;
    this.onPing = onPing;
    this.limits = limits;
  }

  /** Takes what came. @throws SipParseError when the stream cannot be followed any more: close it. */
  push(data: Buffer): void {
    this.pending = this.pending.length === 0 ? data : Buffer.concat([this.pending, data]);
    while (this.pending.length > 0) {
      if (this.skipKeepAlive()) continue;
      const end = endOfHead(this.pending);
      if (end === -1 || end > this.limits.headerBytes) {
        if (this.pending.length > this.limits.headerBytes) throw new SipParseError(513, 'Message Too Large');
        return;
      }
      const message = parseHead(this.pending.toString('utf8', 0, end), this.limits);
      const length = contentLength(message);
      // Without Content-Length nobody knows where the next message starts (RFC 3261, clause 20.14).
      if (length === undefined && message.kind === 'request') {
        throw Object.assign(new SipParseError(400, 'Content-Length is missing'), { parsed: message });
      }
      if ((length ?? 0) > this.limits.bodyBytes) {
        throw Object.assign(new SipParseError(413, 'Request Entity Too Large'), { parsed: message });
      }
      const total = end + (length ?? 0);
      if (this.pending.length < total) return;
      message.body = Buffer.from(this.pending.subarray(end, total));
      this.pending = this.pending.subarray(total);
      this.onMessage(message);
    }
  }

  /** Line ends between messages: a double one is a ping that wants a single one back (RFC 5626, clause 4.4.1). */
  private skipKeepAlive(): boolean {
    if (this.pending[0] !== 0x0d && this.pending[0] !== 0x0a) return false;
    if (this.pending.length >= 4 && this.pending.toString('latin1', 0, 4) === '\r\n\r\n') {
      this.pending = this.pending.subarray(4);
      this.onPing();
      return true;
    }
    if (this.pending.length < 4 && '\r\n\r\n'.startsWith(this.pending.toString('latin1'))) {
      // Perhaps the first half of a ping: nothing is lost by dropping it but an answer.
      this.pending = Buffer.alloc(0);
      return true;
    }
    this.pending = this.pending.subarray(1);
    return true;
  }
}
