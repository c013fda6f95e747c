import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { SipAgent } from '../../../embedded/drachtio/core/agent.ts';
import type { Application, Delivery } from '../../../embedded/drachtio/core/application.ts';
import { type Names, ResolveError, resolve } from '../../../embedded/drachtio/core/resolve.ts';
import { header, type SipMessage, type SipRequest, type SipResponse } from '../../../embedded/drachtio/sip/message.ts';
import { parseDatagram } from '../../../embedded/drachtio/sip/parse.ts';
import type { Peer, Transport } from '../../../embedded/drachtio/transport/transport.ts';
import { TestClock } from './clock.ts';

/** A network of one peer: what we send is kept, what it sends is given in. */
class OnePeer extends EventEmitter {
  readonly sent: SipMessage[] = [];
  async send(data: Buffer, _peer: Peer): Promise<void> {
    this.sent.push(parseDatagram(data));
  }
  localFor(): { host: string; port: number } {
    return { host: '192.0.2.1', port: 5060 };
  }
  hasStream(): boolean {
    return true;
  }
  give(text: string): void {
    const local = this.localFor();
    this.emit('message', parseDatagram(Buffer.from(text)), { transport: 'udp', host: '192.0.2.9', port: 5060, local });
  }
  last(): SipMessage {
    return this.sent.at(-1) as SipMessage;
  }
}

function house(limits = { dialogs: 10_000, callsPerSecond: 10_000, transactions: 10_000 }) {
  const network = new OnePeer();
  const clock = new TestClock();
  const agent = new SipAgent(network as unknown as Transport, limits, { warn: () => {}, debug: () => {} }, clock.later);
  const delivered: Delivery[] = [];
  const application: Application = {
    routes: new Set(['invite', 'options', 'notify', 'message']),
    deliver: (delivery) => delivered.push(delivery),
  };
  agent.applicationJoined(application);
  return { network, clock, agent, delivered, application };
}

let branch = 0;
function request(
  method: string,
  call: string,
  sequence: number,
  more: { to?: string; headers?: string[]; branch?: string } = {},
): string {
  return [
    `${method} sip:1000@192.0.2.1 SIP/2.0`,
    `Via: SIP/2.0/UDP 192.0.2.9;branch=${more.branch ?? `z9hG4bKg${branch++}`}`,
    'From: <sip:a@192.0.2.9>;tag=far',
    `To: <sip:1000@192.0.2.1>${more.to === undefined ? '' : `;tag=${more.to}`}`,
    `Call-ID: ${call}`,
    `CSeq: ${sequence} ${method}`,
    'Contact: <sip:a@192.0.2.9>',
    ...(more.headers ?? []),
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}
const draft = (status: number, headers: SipResponse['headers'] = []): SipResponse => ({
  kind: 'response',
  status,
  reason: '',
  headers,
  body: Buffer.alloc(0),
});
const ask = (method: string): SipRequest => ({
  kind: 'request',
  method,
  uri: 'sip:x@192.0.2.9',
  headers: [],
  body: Buffer.alloc(0),
});
const nothing = { dialogs: 0, servers: 0, clients: 0, served: 0, sent: 0 };
const tagIn = (message: SipMessage): string => /tag=(\S+)/.exec(header(message, 'To') ?? '')?.[1] ?? '';

describe('the SIP core', () => {
  it('holds nothing after a thousand calls one after the other', () => {
    const { network, clock, agent, delivered } = house();
    for (let n = 0; n < 1_000; n++) {
      network.give(request('INVITE', `k${n}`, 1));
      agent.serving.respond(delivered.at(-1)?.transactionId ?? '', draft(200));
      const to = tagIn(network.last());
      network.give(request('ACK', `k${n}`, 1, { to }));
      network.give(request('BYE', `k${n}`, 2, { to }));
      agent.serving.respond(delivered.at(-1)?.transactionId ?? '', draft(200));
      assert.equal(agent.load.dialogs, 0);
      network.sent.length = 0;
      delivered.length = 0;
    }
    clock.pass(40_000);
    assert.deepEqual(agent.load, nothing);
    clock.pass(31 * 60_000);
    assert.equal(clock.running, 0);
  });
  it('holds nothing of what its program never answers', () => {
    const { network, clock, agent } = house();
    network.give(request('OPTIONS', 'o', 1));
    network.give(request('INVITE', 'i', 1));
    clock.pass(32 * 60_000);
    assert.deepEqual(agent.load, nothing);
    assert.equal(clock.running, 0);
  });
  it('ends a call whose 2xx nobody acknowledges, and tells the program', async () => {
    const { network, clock, agent, delivered } = house();
    network.give(request('INVITE', 'u', 1));
    agent.serving.respond(delivered.at(-1)?.transactionId ?? '', draft(200));
    clock.pass(32_000);
    await new Promise(setImmediate);
    assert.equal(delivered.at(-1)?.transactionId, 'unsolicited');
    assert.equal((network.last() as SipRequest).method, 'BYE');
    clock.pass(64_000);
    assert.deepEqual(agent.load, nothing);
  });
  it('repeats a reliable ringing until its PRACK, with RSeq (RFC 3262)', () => {
    const { network, clock, agent, delivered } = house();
    network.give(request('INVITE', 'p', 1));
    agent.serving.respond(delivered.at(-1)?.transactionId ?? '', draft(183, [{ name: 'Require', value: '100rel' }]));
    clock.pass(1_600);
    const ringing = network.sent.filter((message) => message.kind === 'response' && message.status === 183);
    assert.equal(ringing.length, 3);
    const sequence = header(ringing[0] as SipMessage, 'RSeq');
    network.give(
      request('PRACK', 'p', 2, { to: tagIn(network.last()), headers: [`RAck: ${Number(sequence) + 7} 1 INVITE`] }),
    );
    assert.equal((network.last() as SipResponse).status, 481);
    network.give(
      request('PRACK', 'p', 3, { to: tagIn(ringing[0] as SipMessage), headers: [`RAck: ${sequence} 1 INVITE`] }),
    );
    assert.equal((delivered.at(-1) as Delivery).message.kind === 'request', true);
    const count = network.sent.length;
    clock.pass(10_000);
    assert.equal(
      network.sent.slice(count).filter((message) => message.kind === 'response' && message.status === 183).length,
      0,
    );
  });
  it('refuses calls above the rate at once with Retry-After', () => {
    const { network, delivered } = house({ dialogs: 10, callsPerSecond: 1, transactions: 100 });
    for (let n = 0; n < 5; n++) network.give(request('INVITE', `r${n}`, 1));
    assert.ok(delivered.length <= 2);
    assert.equal((network.last() as SipResponse).status, 503);
    assert.equal(header(network.last(), 'Retry-After'), '5');
  });
  it('sees a request that came by two ways (482), and an old CSeq (500)', () => {
    const { network, agent, delivered } = house();
    network.give(request('INVITE', 'm', 1));
    network.give(request('INVITE', 'm', 1));
    assert.equal((network.last() as SipResponse).status, 482);
    agent.serving.respond(delivered[0]?.transactionId ?? '', draft(200));
    network.give(request('INFO', 'm', 1, { to: tagIn(network.last()) }));
    assert.equal((network.last() as SipResponse).status, 500);
  });
  it('fills in what a program leaves out', async () => {
    const { network, agent, application } = house();
    const body = Buffer.from('v=0\r\n');
    const sent = await agent.calling.request(application, { ...ask('INVITE'), body }, undefined);
    assert.equal(sent.ok, true);
    const message = network.last();
    assert.match(header(message, 'Via') ?? '', /^SIP\/2\.0\/UDP 192\.0\.2\.1;rport;branch=z9hG4bK/);
    assert.equal(header(message, 'Contact'), '<sip:192.0.2.1:5060>');
    assert.equal(header(message, 'Content-Type'), 'application/sdp');
    assert.equal(header(message, 'To'), '<sip:x@192.0.2.9>');
  });
  it('keeps to the route of a dialog, loose and strict', async () => {
    for (const [route, uri, last] of [
      ['<sip:192.0.2.8;lr>', 'sip:a@192.0.2.9', '<sip:192.0.2.8;lr>'],
      ['<sip:192.0.2.8>', 'sip:192.0.2.8', '<sip:a@192.0.2.9>'],
    ] as const) {
      const { network, agent, delivered, application } = house();
      network.give(request('INVITE', 'v', 1, { headers: [`Record-Route: ${route}`] }));
      const sent = agent.serving.respond(delivered.at(-1)?.transactionId ?? '', draft(200));
      assert.equal(header(network.last(), 'Record-Route'), route);
      if (sent.ok) await agent.calling.requestInDialog(application, sent.dialogId ?? '', ask('INFO'));
      const info = network.last() as SipRequest;
      assert.deepEqual([info.uri, header(info, 'Route')], [uri, last]);
    }
  });
  it('tells a program that its dialog is unknown', async () => {
    const { agent, application } = house();
    const sent = await agent.calling.requestInDialog(application, 'gone', ask('BYE'));
    assert.deepEqual(sent, { ok: false, reason: 'unable to find dialog for dialog id provided: gone' });
  });
  it('tells a program when a URI leads nowhere', async () => {
    const { agent, application } = house();
    const sent = await agent.calling.request(application, { ...ask('OPTIONS'), uri: 'tel:113' }, undefined);
    assert.equal(sent.ok, false);
  });
});

describe('the way to a target', () => {
  const names: Names = {
    srv: async (name) => {
      if (name === '_sip._tcp.only-tcp.vn')
        return [
          { name: 'b.vn', port: 5070, priority: 2, weight: 0 },
          { name: 'a.vn', port: 5080, priority: 1, weight: 0 },
        ];
      throw new Error('no such name');
    },
    address: async (name) => {
      if (!name.endsWith('.vn')) throw new Error('no such name');
      return '192.0.2.7';
    },
  };
  const table: [string, string | undefined][] = [
    ['sip:a@192.0.2.9', 'udp 192.0.2.9 5060'],
    ['sip:a@192.0.2.9:5070;transport=tcp', 'tcp 192.0.2.9 5070'],
    ['<sip:192.0.2.9;transport=tcp;lr>', 'tcp 192.0.2.9 5060'],
    ['sips:a@192.0.2.9', 'tls 192.0.2.9 5061'],
    ['sip:a@h.vn;maddr=192.0.2.3', 'udp 192.0.2.3 5060'],
    ['192.0.2.9:5071', 'udp 192.0.2.9 5071'],
    ['sip:a@[2001:db8::1]:5062', 'udp 2001:db8::1 5062'],
    ['sip:a@only-tcp.vn', 'tcp 192.0.2.7 5080'],
    ['sip:a@plain.vn', 'udp 192.0.2.7 5060'],
    ['sip:a@plain.vn:5090', 'udp 192.0.2.7 5090'],
    ['sip:a@nowhere', undefined],
    ['tel:113', undefined],
  ];
  for (const [target, way] of table) {
    it(`${target} → ${way ?? 'nowhere'}`, async () => {
      if (way === undefined) return assert.rejects(resolve(target, names), ResolveError);
      const peer = await resolve(target, names);
      assert.equal(`${peer.transport} ${peer.host} ${peer.port}`, way);
    });
  }
});
