import assert from 'node:assert/strict';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { FrameError, FrameReader, frame } from '../../../embedded/drachtio/control/frame.ts';
import { secret, startServer, type TestServer } from './server.ts';

describe('framing on the control connection', () => {
  it('counts bytes, not letters, and finds texts in any pieces', () => {
    const stream = Buffer.from(frame('xã|đầu') + frame('b'));
    for (let step = 1; step < stream.length; step++) {
      const reader = new FrameReader();
      const texts: string[] = [];
      for (let at = 0; at < stream.length; at += step) texts.push(...reader.push(stream.subarray(at, at + step)));
      assert.deepEqual(texts, ['xã|đầu', 'b']);
    }
  });
  for (const bad of ['x#', '#a', '0#', '-1#a', '999999999#', '99999999#', 'hello there']) {
    it(`refuses ${bad}`, () => assert.throws(() => new FrameReader().push(Buffer.from(bad)), FrameError));
  }
});

/** A program written out by hand, as in the conversations recorded of the real server. */
class Program {
  readonly socket: Socket;
  private readonly reader = new FrameReader();
  private readonly texts: string[] = [];
  ended = false;
  private wake: () => void = () => {};
  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (data) => {
      this.texts.push(...this.reader.push(data));
      this.wake();
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.ended = true;
      this.wake();
    });
  }
  say(text: string): void {
    this.socket.write(frame(`id|${text}`));
  }
  /** The next message without its own id; `undefined` when the connection ended. */
  async hear(): Promise<string | undefined> {
    while (this.texts.length === 0 && !this.ended)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    return this.texts.shift()?.replace(/^[0-9a-f-]{36}\|/, '');
  }
  async logIn(...routes: string[]): Promise<this> {
    this.say(`authenticate|${secret}|tag1,tag2`);
    await this.hear();
    for (const route of routes) {
      this.say(`route|${route}`);
      assert.equal(await this.hear(), 'response|id|OK');
    }
    return this;
  }
}

describe('the control protocol, against conversations of the real server', () => {
  let server: TestServer;
  let phone: UdpSocket;
  let heard: string[] = [];
  before(async () => {
    server = await startServer();
    phone = createSocket('udp4').bind(0, '127.0.0.1');
    await once(phone, 'listening');
    phone.on('message', (data) => heard.push(data.toString()));
  });
  after(async () => {
    phone.close();
    await server.stop();
  });
  beforeEach(() => {
    heard = [];
  });
  let count = 0;
  const request = (method: string, n: number, more = ''): string =>
    `${method} sip:1000@127.0.0.1:${server.ports.sip} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${phone.address().port};branch=z9hG4bKc${n};rport\r\n` +
    `From: <sip:a@127.0.0.1>;tag=t${n}\r\nTo: <sip:1000@127.0.0.1>\r\nCall-ID: c${n}\r\nCSeq: 1 ${method}\r\n` +
    `Contact: <sip:a@127.0.0.1:${phone.address().port}>\r\nMax-Forwards: 70\r\n${more}Content-Length: 0\r\n\r\n`;
  const send = (text: string): void => phone.send(text, server.ports.sip, '127.0.0.1');
  async function phoneHears(wanted: RegExp): Promise<string> {
    for (;;) {
      const found = heard.find((text) => wanted.test(text));
      if (found !== undefined) return found;
      await once(phone, 'message');
    }
  }

  it('log-in tells where it listens', async () => {
    const program = new Program(server.ports.control);
    program.say(`authenticate|${secret}|`);
    const place = `tcp/127.0.0.1:${server.ports.sip},udp/127.0.0.1:${server.ports.sip}`;
    assert.equal(await program.hear(), `response|id|OK|${place}|v0.9.10|${place}`);
    program.say('ping');
    assert.equal(await program.hear(), 'response|id|OK|pong');
    program.say('frobnicate|x');
    assert.equal(await program.hear(), 'response|id|NO|Unknown message type');
    assert.equal(await program.hear(), undefined);
  });
  it('a wrong secret is told so, and ends', async () => {
    const program = new Program(server.ports.control);
    program.say('authenticate|wrong|');
    assert.equal(await program.hear(), 'response|id|NO|incorrect secret');
    assert.equal(await program.hear(), undefined);
  });
  it('garbage ends without a word', async () => {
    const program = new Program(server.ports.control);
    program.socket.write('garbage#');
    assert.equal(await program.hear(), undefined);
  });
  for (const text of ['route|invite', 'ping', 'sip||\r\nOPTIONS sip:x@127.0.0.1 SIP/2.0\r\n\r\n']) {
    it(`gives nothing before log-in: ${text.slice(0, 12)}`, async () => {
      const program = new Program(server.ports.control);
      program.say(text);
      assert.equal(await program.hear(), 'response|id|NO|not authenticated');
      assert.equal(await program.hear(), undefined);
      send(request('INVITE', ++count));
      await phoneHears(/^SIP\/2.0 503/);
    });
  }
  it('an INVITE, its ringing and its CANCEL look as the real one tells them', async () => {
    const program = await new Program(server.ports.control).logIn('invite');
    const n = ++count;
    send(request('INVITE', n));
    const told = (await program.hear()) ?? '';
    const port = phone.address().port;
    const match =
      /^sip\|network\|(\d+)\|udp\|127\.0\.0\.1\|(\d+)\|\d\d:\d\d:\d\d\.\d{6}\|([0-9a-f-]{36})\|\|127\.0\.0\.1\|(\d+)\|\r\n/.exec(
        told,
      );
    assert.ok(match, told);
    assert.deepEqual([Number(match[2]), Number(match[4])], [port, server.ports.sip]);
    assert.equal(Number(match[1]), Buffer.byteLength(told.slice(match[0].length)));
    assert.match(told, new RegExp(`;branch=z9hG4bKc${n};rport=${port}\r\n`));
    program.say(`sip|${match[3]}|\r\nSIP/2.0 180 Ringing\r\n\r\n`);
    const sent = (await program.hear()) ?? '';
    assert.match(
      sent,
      new RegExp(
        `^response\\|id\\|OK\\|application\\|\\d+\\|udp\\|127\\.0\\.0\\.1\\|${port}\\|[\\d:.]+\\|${match[3]}\\|c${n};from-tag=t${n}\\|\\|Msg sent:\\|\r\nSIP/2\\.0 180 Ringing\r\n`,
      ),
    );
    await phoneHears(/^SIP\/2.0 180/);
    send(request('CANCEL', n));
    const cancel = (await program.hear()) ?? '';
    assert.match(
      cancel,
      new RegExp(
        `^sip\\|network\\|\\d+\\|udp\\|127\\.0\\.0\\.1\\|${port}\\|[\\d:.]+\\|${match[3]}\\|c${n};from-tag=t${n}\\|\r\nCANCEL `,
      ),
    );
    await phoneHears(/^SIP\/2.0 200 OK[\s\S]*CSeq: 1 CANCEL/);
    await phoneHears(/^SIP\/2.0 487/);
    program.say(`sip|${match[3]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
    assert.equal(await program.hear(), 'response|id|NOK|Response not sent due to unknown transaction');
    send(request('ACK', n).replace('1000@127.0.0.1>', '1000@127.0.0.1>;tag=x'));
    program.socket.destroy();
  });
  it('ends what a program leaves behind: the INVITE in hand gets 487', async () => {
    const program = await new Program(server.ports.control).logIn('invite');
    send(request('INVITE', ++count));
    await program.hear();
    program.socket.destroy();
    await phoneHears(/^SIP\/2.0 487/);
  });
  const answers: [string, () => string, RegExp][] = [
    ['503 when nobody wants a method', () => request('OPTIONS', ++count), /^SIP\/2.0 503/],
    ['501 to unknown methods', () => request('FROB', ++count), /^SIP\/2.0 501[\s\S]*Allow: /],
    [
      '420 to unknown extensions',
      () => request('INVITE', ++count, 'Require: teleport\r\n'),
      /^SIP\/2.0 420[\s\S]*Unsupported: teleport/,
    ],
    ['505 to other versions', () => request('OPTIONS', ++count).replace('SIP/2.0\r', 'SIP/3.0\r'), /^SIP\/2.0 505/],
    ['400 to a broken CSeq', () => request('OPTIONS', ++count).replace('CSeq: 1 ', 'CSeq: x '), /^SIP\/2.0 400/],
    ['481 to a CANCEL of nothing', () => request('CANCEL', ++count), /^SIP\/2.0 481/],
  ];
  for (const [name, text, wanted] of answers) {
    it(`answers ${name}`, async () => {
      send(text());
      await phoneHears(wanted);
    });
  }
  it('programs take turns', async () => {
    const programs = [
      await new Program(server.ports.control).logIn('message'),
      await new Program(server.ports.control).logIn('message'),
    ];
    for (let times = 0; times < 2; times++) send(request('MESSAGE', ++count));
    for (const program of programs) {
      assert.match((await program.hear()) ?? '', /^sip\|network/);
      program.socket.destroy();
    }
  });
});
