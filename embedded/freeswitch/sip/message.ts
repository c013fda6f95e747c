/* The little SIP that the media engine speaks with its drachtio server: messages as text, read with bounds (RFC 3261). */

export interface SipHeader {
  name: string;
  value: string;
}

export interface SipText {
  /** Request: method and URI; response: status. */
  method: string;
  uri: string;
  status: number;
  headers: SipHeader[];
  body: string;
}

const longName: Record<string, string> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
};

/** Reads one message; `undefined` when it is none. */
export function readSip(data: Buffer): SipText | undefined {
  if (data.length > 65_536) return undefined;
  const text = data.toString('utf8');
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  const [start = '', ...lines] = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const request = /^([A-Z]{1,32}) (\S{1,2048}) SIP\/2\.0$/.exec(start);
  const response = /^SIP\/2\.0 (\d{3})(?: .*)?$/.exec(start);
  if ((request === null && response === null) || lines.length > 256) return undefined;
  const headers: SipHeader[] = [];
  for (const line of lines) {
    const match = /^([\w.!%*+`'~-]+)[ \t]*:[ \t]*(.*)$/.exec(line);
    if (match === null) return undefined;
    const name = (match[1] ?? '').toLowerCase();
    headers.push({ name: longName[name] ?? name, value: (match[2] ?? '').trim() });
  }
  const message: SipText = {
    method: request?.[1] ?? '',
    uri: request?.[2] ?? '',
    status: Number(response?.[1] ?? 0),
    headers,
    body: '',
  };
  const rest = end === null ? Buffer.alloc(0) : Buffer.from(text.slice(end.index + end[0].length), 'utf8');
  const declared = Number(firstValue(message, 'content-length') ?? rest.length);
  if (!Number.isInteger(declared) || declared < 0 || declared > rest.length) return undefined;
  message.body = rest.toString('utf8', 0, declared);
  if (['via', 'from', 'to', 'call-id', 'cseq'].some((name) => firstValue(message, name) === undefined))
    return undefined;
  return message;
}

export function firstValue(message: SipText, name: string): string | undefined {
  return message.headers.find((header) => header.name === name)?.value;
}

export function allValues(message: SipText, name: string): string[] {
  return message.headers.filter((header) => header.name === name).map((header) => header.value);
}

/** The tag of a From or To value. */
export function tagIn(value: string | undefined): string | undefined {
  return /;\s*tag=([^;\s>]+)/i.exec(value?.replace(/<[^>]*>/, '') ?? '')?.[1];
}

/** URI inside of a Contact, From or To value. */
export function uriIn(value: string): string {
  return /<([^>]*)>/.exec(value)?.[1] ?? (value.split(';')[0] ?? '').trim();
}

/** Writes a message; Content-Length is the body's. */
export function writeSip(start: string, headers: SipHeader[], body = ''): Buffer {
  const lines = [start, ...headers.map(({ name, value }) => `${name}: ${value}`)];
  return Buffer.from(`${lines.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
