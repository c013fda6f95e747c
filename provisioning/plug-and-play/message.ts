import type { Asking } from './asking.ts';

/* The three SIP messages of plug-and-play (RFC 3261, RFC 6665): SUBSCRIBE read, 200 and NOTIFY written. Pure. */

/** Longest datagram that is read, bytes; what devices send is under 1 kB. */
export const longestQuestion = 4_096;
const mostHeaders = 64;

/** A SUBSCRIBE to `ua-profile`. */
export interface Question extends Pick<Asking, 'event' | 'from' | 'userAgent'> {
  /** Via values, topmost first. */
  via: readonly string[];
  to: string;
  callId: string;
  cseq: string;
  /** URI of Contact, where there is one that can be used. */
  contact: string | undefined;
}

/** A response to a NOTIFY of ours. */
export interface Reply {
  status: number;
  branch: string;
}

/** Where a message came from, or goes to. */
export interface Place {
  address: string;
  port: number;
}

/** Reads a datagram; `undefined` for what is no SUBSCRIBE to `ua-profile` that can be answered. */
export function readQuestion(data: Buffer): Question | undefined {
  const read = readHead(data);
  if (read === undefined || !/^SUBSCRIBE sips?:\S+ SIP\/2\.0$/i.test(read.first)) return undefined;
  const { all, one } = read;
  const [event, from, to, callId, cseq] = [
    one('event', 'o'),
    one('from', 'f'),
    one('to', 't'),
    one('call-id', 'i'),
    one('cseq'),
  ];
  const via = all('via', 'v').flatMap((value) => value.split(',').map((part) => part.trim()));
  if (event === undefined || from === undefined || to === undefined || callId === undefined) return undefined;
  if (!/^ua-profile\s*(;|$)/i.test(event)) return undefined;
  if (cseq === undefined || !/^\d{1,10}\s+SUBSCRIBE$/.test(cseq)) return undefined;
  if (via[0] === undefined || !/^SIP\s*\/\s*2\.0\s*\/\s*UDP\s+\S/i.test(via[0])) return undefined;
  return {
    event,
    from,
    to,
    callId,
    cseq,
    via,
    contact: uriIn(one('contact', 'm') ?? ''),
    userAgent: one('user-agent'),
  };
}

/** Reads what answers a NOTIFY; `undefined` for anything else. */
export function readReply(data: Buffer): Reply | undefined {
  const read = readHead(data);
  const status = /^SIP\/2\.0 ([1-6]\d\d)(?: |$)/i.exec(read?.first ?? '')?.[1];
  const branch = parameter(read?.all('via', 'v')[0] ?? '', 'branch');
  return status === undefined || branch === undefined ? undefined : { status: Number(status), branch };
}

/** The 200 that takes a subscription, and says that it is over with its first NOTIFY (Expires: 0). */
export function accepted(question: Question, from: Place, own: Place, tag: string): Buffer {
  const [top = '', ...others] = question.via;
  const filled = top.replace(/;\s*rport\s*(?=;|$)/i, `;rport=${from.port}`);
  return message([
    'SIP/2.0 200 OK',
    `Via: ${filled};received=${from.address}`,
    ...others.map((via) => `Via: ${via}`),
    `From: ${question.from}`,
    `To: ${tagged(question.to, tag)}`,
    `Call-ID: ${question.callId}`,
    `CSeq: ${question.cseq}`,
    `Contact: <sip:${own.address}:${own.port}>`,
    'Expires: 0',
  ]);
}

/** The NOTIFY that tells where the configuration is; it ends the subscription. */
export function told(
  question: Question,
  from: Place,
  own: Place,
  { branch, tag, url }: { branch: string; tag: string; url: string },
): Buffer {
  return message(
    [
      `NOTIFY ${question.contact ?? `sip:${from.address}:${from.port}`} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own.address}:${own.port};branch=${branch};rport`,
      'Max-Forwards: 70',
      `From: ${tagged(question.to, tag)}`,
      `To: ${question.from}`,
      `Call-ID: ${question.callId}`,
      'CSeq: 1 NOTIFY',
      `Contact: <sip:${own.address}:${own.port}>`,
      `Event: ${question.event}`,
      'Subscription-State: terminated;reason=timeout',
      'Content-Type: application/url',
    ],
    url,
  );
}

/** Where a response goes: back to the address that asked, whatever Via says (RFC 3261, clause 18.2.2; RFC 3581). */
export function answerPlace({ via: [top = ''] }: Pick<Question, 'via'>, from: Place): Place {
  if (/;\s*rport\s*(;|=|$)/i.test(top)) return from;
  const port = /^[^;]*:(\d{1,5})\s*(;|$)/.exec(top)?.[1];
  return { address: from.address, port: portIn(port) ?? 5060 };
}

/**
 * Where the NOTIFY goes: to the port that Contact names, when Contact is the address that asked; else the port that
 * asked. Nobody can have us send to a third.
 */
export function notifyPlace({ contact = '' }: Pick<Question, 'contact'>, from: Place): Place {
  const [, host, port] = /^sips?:(?:[^@]*@)?([^:;?@]+)(?::(\d{1,5}))?(?:[;?]|$)/i.exec(contact) ?? [];
  if (host !== from.address) return from;
  return { address: from.address, port: portIn(port ?? '5060') ?? from.port };
}

interface Head {
  first: string;
  /** Values of a header, by its names in lower case. */
  all(...names: string[]): string[];
  one(...names: string[]): string | undefined;
}

function readHead(data: Buffer): Head | undefined {
  if (data.length === 0 || data.length > longestQuestion) return undefined;
  const [head = ''] = data.toString('utf8').split(/\r?\n\r?\n/, 1);
  // A header may go on in the next line (RFC 3261, clause 7.3.1).
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  if (lines.length > mostHeaders) return undefined;
  const [first = '', ...rest] = lines;
  const headers: [name: string, value: string][] = [];
  for (const line of rest) {
    const colon = line.indexOf(':');
    // Nothing that could end a line of ours early gets into it.
    if (colon < 1 || /\p{Cc}/u.test(line.replaceAll('\t', ' '))) return undefined;
    headers.push([line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]);
  }
  const all = (...names: string[]): string[] =>
    headers.filter(([name]) => names.includes(name)).map(([, value]) => value);
  // What must stand once and stands twice has no meaning.
  const one = (...names: string[]): string | undefined => {
    const values = all(...names);
    return values.length === 1 && values[0] !== '' ? values[0]?.slice(0, 512) : undefined;
  };
  return { first, all, one };
}

const uriIn = (contact: string): string | undefined => /^(?:[^<]*<)?(sips?:[^\s<>",]{1,256})/i.exec(contact)?.[1];

const parameter = (value: string, name: string): string | undefined =>
  new RegExp(`;\\s*${name}\\s*=\\s*([^;,\\s]+)`, 'i').exec(value)?.[1];

const tagged = (value: string, tag: string): string => (/;\s*tag\s*=/i.test(value) ? value : `${value};tag=${tag}`);

function portIn(text: string | undefined): number | undefined {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

function message(lines: readonly string[], body = ''): Buffer {
  return Buffer.from(`${lines.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
