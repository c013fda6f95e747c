import { once } from 'node:events';
import { pino } from 'pino';
import type { CallDialog, IncomingCall } from '../../../../gateway/call.ts';
import type { Abilities } from '../../../../gateway/h323/call/media-contracts.ts';
import { type H323Parts, H323Signalling } from '../../../../gateway/h323/signalling.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { randomIds } from '../../../../platform/ids.ts';
import { sealWith } from '../../../../platform/seal.ts';
import type { Endpoint, Site } from '../../../../store/schema/places.ts';

/** A side of ours: the real call signalling, with a short list of peers in place of the store. */
export interface House {
  signalling: H323Signalling;
  host: string;
  port: number;
  /** Lines that it logged. */
  lines: string[];
  /** Makes a device known that calls from, and is called at, an address; its identifier is its name. */
  know(name: string, address: string, number?: string): void;
  knowSite(name: string, address: string): void;
  /** The next call that comes in. */
  nextCall(): Promise<IncomingCall>;
  close(): Promise<void>;
}

export async function openHouse(
  host: string,
  abilities: Partial<Abilities> = {},
  more: Partial<Pick<H323Parts, 'limits' | 'gatekeeper' | 'clients'>> = {},
): Promise<House> {
  const endpoints = new Map<string, Endpoint>();
  const sites = new Map<string, Site>();
  const stamps = { createdAt: new Date(), updatedAt: new Date() };
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const store = {
    endpoints: { find: async () => [...endpoints.values()], get: async (id: string) => endpoints.get(id) },
    sites: { find: async () => [...sites.values()], get: async (id: string) => sites.get(id) },
    registrations: {},
  } as unknown as H323Parts['store'];
  const signalling = new H323Signalling({
    config: { h323Host: host, h323Port: 0, rasPort: 0, publicHost: host, h245PortMin: 0, h245PortMax: 0 },
    store,
    seal: sealWith(Buffer.alloc(32)),
    clock: systemClock,
    newId: randomIds,
    logger,
    abilities,
    ...more,
  });
  await signalling.start();
  return {
    signalling,
    host,
    port: signalling.ports.h323,
    lines,
    know: (name, address, number) => {
      const numbered = number === undefined ? {} : { number };
      const fixed = { kind: 'h323-address', digest: 'MD5', maxContacts: 1, enabled: true, srtp: 'off' } as const;
      endpoints.set(name, { id: name, name, address, ...numbered, ...fixed, ...stamps });
    },
    knowSite: (name, address) => {
      sites.set(name, {
        id: name,
        name,
        kind: 'province',
        uplink: { protocol: 'h323', address, join: 'cascade' },
        ...stamps,
      });
    },
    nextCall: async () => {
      const [call] = await once(signalling, 'call');
      return call as IncomingCall;
    },
    close: () => signalling.close(),
  };
}

/** Our description, as a media engine gives it. */
export function offerOf(host: string, port: number, formats = '8 0 101', video?: number, kbps = 1_024): string {
  const codecs: Record<string, string> = {
    '9': 'a=rtpmap:9 G722/8000',
    '101': 'a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15',
  };
  return [
    'v=0',
    `o=- 1 1 IN IP4 ${host}`,
    's=-',
    `c=IN IP4 ${host}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${formats}`,
    ...formats.split(' ').flatMap((format) => codecs[format] ?? []),
    'a=ptime:20',
    ...(video === undefined
      ? []
      : [
          `m=video ${video} RTP/AVP 97 98`,
          `b=AS:${kbps}`,
          'a=rtpmap:97 H264/90000',
          'a=fmtp:97 profile-level-id=42e01f;packetization-mode=1',
          'a=rtpmap:98 H264/90000',
          'a=fmtp:98 profile-level-id=42e01f;packetization-mode=0',
        ]),
    '',
  ].join('\r\n');
}

/** What of a description matters: `host:port codecs direction` for each section. */
export function gist(sdp: string): string[] {
  const host = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1];
  return sdp
    .split(/^m=/m)
    .slice(1)
    .map((section) => {
      const [, kind, port, formats] = /^(\w+) (\d+) \S+ (.*?)\r?$/m.exec(section) ?? [];
      const own = /^c=IN IP4 (\S+)/m.exec(section)?.[1] ?? host;
      if (port === '0') return `${kind} refused`;
      return `${kind} ${own}:${port} ${formats} ${/^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(section)?.[1]}`;
    });
}

/** Two sides in a call. */
export interface Pair {
  a: House;
  b: House;
  caller: CallDialog;
  callee: CallDialog;
}

/** A calls B; both answers are there. */
export async function connectPair(a: House, b: House, offers: { a: string; b: string }): Promise<Pair> {
  a.know('b', `${b.host}:${b.port}`, '802');
  b.know('a', a.host, '801');
  const arrived = b.nextCall().then((call) => {
    call.ring();
    return call.answer(offers.b);
  });
  const caller = await a.signalling.place(
    { kind: 'endpoint', endpointId: 'b' },
    { offer: offers.a, caller: { number: '801', name: 'Phòng họp A' }, ringTimeoutMs: 8_000 },
  );
  return { a, b, caller, callee: await arrived };
}
