/* SIPp scenarios put together from steps: messages as they are sent, and what is awaited. */

interface RequestOptions {
  method: string;
  cseq: number;
  /** Caller: user part of From. */
  from?: string;
  headers?: string[];
  /** SDP or another body; `Content-Type` is application/sdp unless told. */
  body?: string;
  type?: string;
  /** Within a dialog: to its contact, with both tags. */
  inDialog?: boolean;
  /** Number of the transaction, when it must be another request's (CANCEL, ACK of a refusal). */
  transaction?: number;
}

interface AwaitOptions {
  optional?: boolean;
  /** Keeps routes and contact of this message for the dialog. */
  begins?: boolean;
  /** Takes its challenge for the next `[authentication]`. */
  challenge?: boolean;
  /** It must hold this (extended regular expression). */
  holds?: string;
  /** Where to go on when it came. */
  next?: string;
  timeoutMs?: number;
}

/** An offer or answer of a plain phone: A-law and RFC 4733. */
export const phoneSdp = (direction = 'sendrecv'): string =>
  [
    'v=0',
    'o=sipp 53655765 2353687637 IN IP4 [local_ip]',
    's=-',
    'c=IN IP4 [media_ip]',
    't=0 0',
    'm=audio [media_port] RTP/AVP 8 101',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    `a=${direction}`,
    '',
  ].join('\n');

/** A request of ours. */
export function request(options: RequestOptions): string {
  const { body = '', cseq, from = 'sipp', headers = [], inDialog = false, method, transaction = cseq, type } = options;
  const lines = [
    `${method} ${inDialog ? '[next_url]' : 'sip:[service]@[remote_ip]:[remote_port]'} SIP/2.0`,
    `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]-${transaction}`,
    `From: <sip:${from}@[local_ip]:[local_port]>;tag=[pid]sipp[call_number]`,
    `To: <sip:[service]@[remote_ip]:[remote_port]>${inDialog ? '[peer_tag_param]' : ''}`,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    `Contact: <sip:${from}@[local_ip]:[local_port];transport=[transport]>`,
    'Max-Forwards: 70',
    ...headers,
    ...(body === '' ? [] : [`Content-Type: ${type ?? 'application/sdp'}`]),
    'Content-Length: [len]',
    '',
    body,
  ];
  return send(lines.join('\n'), method === 'ACK' ? '' : ' retrans="500"');
}

/** An answer of ours to the request that came last. */
export function answer(status: number, options: { body?: string; headers?: string[] } = {}): string {
  const { body = '', headers = [] } = options;
  const lines = [
    `SIP/2.0 ${status} Answer`,
    '[last_Via:]',
    '[last_From:]',
    `[last_To:]${status === 100 ? '' : ';tag=[pid]callee[call_number]'}`,
    '[last_Call-ID:]',
    '[last_CSeq:]',
    'Contact: <sip:callee@[local_ip]:[local_port];transport=[transport]>',
    ...headers,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    'Content-Length: [len]',
    '',
    body,
  ];
  return send(lines.join('\n'), '');
}

/** An answer within a dialog: the tags stand already. */
export const answerInDialog = (status: number, body = ''): string =>
  answer(status, { body }).replace(';tag=[pid]callee[call_number]', '');

/** Waits for a response (a number) or a request (its method). */
export function expect(what: number | string, options: AwaitOptions = {}): string {
  const { begins, challenge, holds, next, optional, timeoutMs } = options;
  const attributes = [
    typeof what === 'number' ? `response="${what}"` : `request="${what}"`,
    ...(optional === true ? ['optional="true"'] : []),
    ...(begins === true ? ['rrs="true"'] : []),
    ...(challenge === true ? ['auth="true"'] : []),
    ...(next === undefined ? [] : [`next="${next}"`]),
    ...(timeoutMs === undefined ? [] : [`timeout="${timeoutMs}"`]),
  ].join(' ');
  if (holds === undefined) return `<recv ${attributes}/>`;
  const check = `<ereg regexp="${xmlText(holds)}" search_in="msg" check_it="true" assign_to="held"/>`;
  return `<recv ${attributes}><action>${check}<log message="[$held]"/></action></recv>`;
}

export const pauseFor = (ms: number): string => `<pause milliseconds="${ms}"/>`;
export const label = (id: string): string => `<label id="${id}"/>`;
export const playSound = (file: string): string => `<nop><action><exec play_pcap_audio="${file}"/></action></nop>`;

/** Provisional responses that may come before the answer. */
export const ringing: string[] = [100, 180, 183].map((status) => expect(status, { optional: true }));

/** INVITE, whatever rings, 200, ACK: a call that is answered. */
export function answeredCall(options: { from?: string; headers?: string[]; holds?: string } = {}): string[] {
  const { from, headers, holds } = options;
  const own = from === undefined ? {} : { from };
  return [
    request({ method: 'INVITE', cseq: 1, body: phoneSdp(), ...own, ...(headers === undefined ? {} : { headers }) }),
    ...ringing,
    expect(200, { begins: true, ...(holds === undefined ? {} : { holds }) }),
    request({ method: 'ACK', cseq: 1, transaction: 101, inDialog: true, ...own }),
  ];
}

/** INVITE that is refused with this status. */
export function refusedCall(status: number, options: { from?: string; holds?: string } = {}): string[] {
  const { from, holds } = options;
  const own = from === undefined ? {} : { from };
  return [
    request({ method: 'INVITE', cseq: 1, body: phoneSdp(), ...own }),
    ...ringing,
    expect(status, holds === undefined ? {} : { holds }),
    request({ method: 'ACK', cseq: 1, ...own }).replace('To: <sip:[service]@[remote_ip]:[remote_port]>', '[last_To:]'),
  ];
}

/** Waits to be hung up on. */
export const hungUp = (holds?: string): string[] => [
  expect('BYE', holds === undefined ? {} : { holds }),
  answerInDialog(200),
];

/** Hangs up. */
export const hangUp = (cseq = 2, from?: string): string[] => [
  request({ method: 'BYE', cseq, inDialog: true, ...(from === undefined ? {} : { from }) }),
  expect(200),
];

/** The whole scenario. */
export const script = (...steps: (string | string[])[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="test">\n${steps.flat().join('\n')}\n</scenario>\n`;

const send = (text: string, attributes: string): string => `<send${attributes}><![CDATA[\n${text}\n]]></send>`;
const xmlText = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
