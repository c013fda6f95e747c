import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { mutate, randomFrom } from '../embedded/drachtio/random.ts';
import { ownAddress } from '../peers/address.ts';
import { Product } from '../peers/product.ts';
import { RtpCapture } from '../peers/rtp-capture.ts';
import { writePhoneSound } from '../peers/rtp-file.ts';
import { Sipp } from '../peers/sipp.ts';
import { answeredCall, hangUp, hungUp, phoneSdp, playSound, script } from '../peers/sipp-script.ts';

/* Messages that no sane program sends, a thousand of them, into the whole product while a call is up. */

const eachKind = 250;
const seed = 20_261_124;

describe('a thousand mutated messages', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'mutated-'));
  const host = ownAddress();
  const random = randomFrom(seed);
  let product: Product;
  let desk: Sipp;
  let ear: RtpCapture;
  let socket: Socket;
  let pids: string;
  let sizes: Record<string, number>;
  let serial = 0;

  before(async () => {
    product = await Product.start({ environment: { LOG_LEVEL: 'fatal' } });
    await product.post('/endpoints', { name: 'Bàn', kind: 'sip-address', address: `sip:desk@${host}` });
    const room = await product.post<{ id: string }>('/sessions', { title: 'Phòng', room: '5000', record: false });
    await product.post(`/sessions/${room.id}/start`);
    socket = createSocket('udp4');
    socket.bind(0, host);
    await once(socket, 'listening');
    socket.on('error', () => {});
    writePhoneSound(join(folder, 'speaks.pcap'), { tone: 1031, seconds: 60 });
    ear = await RtpCapture.start(`dst host ${host}`, folder);
    desk = await Sipp.start({
      to: product.sip,
      host,
      number: '5000',
      timeoutS: 90,
      script: script(answeredCall(), playSound(join(folder, 'speaks.pcap')), hungUp()),
    });
    await product.events.logged('leg.joined');
    // A first round warms everything up; what is measured is whether the next ones make it grow.
    await volley(100);
    pids = JSON.stringify([product.pid, ...product.engines()]);
    sizes = product.resident();
  });
  after(async () => {
    socket.close();
    await ear?.stop();
    await desk?.stop();
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const sip = (method: string, body = ''): string => {
    const { address, port } = socket.address();
    const id = `m${serial++}`;
    return [
      `${method} sip:5000@${product.sip} SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:${port};rport;branch=z9hG4bK${id}`,
      `From: "Bàn" <sip:desk@${address}>;tag=${id}`,
      `To: <sip:5000@${product.sip}>`,
      `Call-ID: ${id}@${address}`,
      `CSeq: 1 ${method}`,
      `Contact: <sip:desk@${address}:${port}>`,
      'Max-Forwards: 70',
      'Session-Expires: 1800;refresher=uac',
      'Authorization: Digest username="x", realm="diemcau", nonce="a.b.c", uri="sip:x", response="0"',
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  };
  const sdp = (): string =>
    phoneSdp()
      .replaceAll(/\[(local|media)_ip\]/g, host)
      .replace('[media_port]', '6000')
      .replaceAll('\n', '\r\n');
  const send = (data: Buffer): void => {
    const [to = '', port = ''] = product.sip.split(':');
    socket.send(data, Number(port), to);
  };

  async function volley(count: number): Promise<void> {
    const methods = ['INVITE', 'REGISTER', 'OPTIONS', 'BYE', 'INFO', 'CANCEL', 'UPDATE', 'REFER'];
    for (let at = 0; at < count; at++) {
      const method = methods[at % methods.length] ?? 'OPTIONS';
      send(mutate(Buffer.from(sip(method, method === 'INVITE' ? sdp() : '')), random));
      if (at % 10 === 9) await pause(10);
    }
  }

  it('takes mutated SIP', () => volley(eachKind));

  it('takes mutated SDP in proper requests', async () => {
    const ports = ['65536', '60429496729600', '-1', '1e3', '0x10', ''];
    for (let at = 0; at < eachKind; at++) {
      const body =
        at % 10 === 0
          ? sdp().replace('m=audio 6000', `m=audio ${ports[(at / 10) % ports.length]}`)
          : mutate(Buffer.from(sdp()), random).toString('latin1');
      send(Buffer.from(sip('INVITE', body), 'latin1'));
      // Four at a time: what was taken is taken back by the far side's silence, not by the flood.
      if (at % 4 === 3) await pause(20);
    }
  });

  it('takes mutated HTTP', async () => {
    const { port } = new URL(product.url);
    const text = (at: number): string =>
      [
        `${['GET', 'POST', 'PATCH', 'DELETE'][at % 4]} /api/v1/${['sessions', 'endpoints', 'login', 'log?limit=5'][at % 3]} HTTP/1.1`,
        'Host: localhost',
        'Content-Type: application/json',
        'Authorization: Bearer nothing',
        'Content-Length: 24',
        '',
        '{"username":"a","b":[1]}',
      ].join('\r\n');
    for (let at = 0; at < eachKind; at += 10)
      await Promise.all(
        Array.from({ length: 10 }, async (_, place) => {
          const client = connect(Number(port), '127.0.0.1');
          client.on('error', () => {});
          client.resume();
          client.end(mutate(Buffer.from(text(at + place)), random));
          await Promise.race([once(client, 'close'), pause(2_000)]);
          client.destroy();
        }),
      );
  });

  it('takes mutated RTP, and goes on hearing the call that is up', async () => {
    const port = Number(/m=audio (\d+) RTP/.exec(desk.messages.slice(desk.messages.indexOf('SIP/2.0 200')))?.[1]);
    assert.ok(port > 0);
    for (let at = 0; at < eachKind; at++) {
      const packet = Buffer.alloc(12 + 160, 0xd5);
      packet[0] = 0x80;
      packet[1] = at % 3 === 0 ? 101 : 8;
      packet.writeUInt16BE(at, 2);
      packet.writeUInt32BE(at * 160, 4);
      // RTP, and its RTCP beside it.
      socket.send(mutate(packet, random), port + (at % 5 === 0 ? 1 : 0), product.host);
      if (at % 10 === 9) await pause(20);
    }
    assert.ok((await ear.listen(1)).samples.length >= 8_000);
  });

  it('is as it was: the same processes, no larger, and calls go through', async () => {
    assert.equal(JSON.stringify([product.pid, ...product.engines()]), pids);
    await Sipp.run({ to: product.sip, host, number: '5000', script: script(answeredCall(), hangUp()) });
    const now = product.resident();
    for (const [name, size] of Object.entries(now))
      assert.ok(size < (sizes[name] ?? 0) * 1.5 + 40_000, `${name} grew from ${sizes[name]} to ${size} KiB`);
  });
});
