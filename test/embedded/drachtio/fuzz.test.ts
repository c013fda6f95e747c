import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import type Srf from 'drachtio-srf';
import { mutate, randomFrom } from './random.ts';
import { connectSrf, offer, secret, startServer, type TestServer } from './server.ts';

const rounds = 1_000;

function invite(n: number): Buffer {
  return Buffer.from(
    `INVITE sip:1000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKf${n};rport\r\nFrom: "A" <sip:a@127.0.0.1>;tag=${n}\r\n` +
      `To: <sip:1000@127.0.0.1>\r\nCall-ID: f${n}\r\nCSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.1:9>\r\nRecord-Route: <sip:127.0.0.1;lr>\r\n` +
      `Max-Forwards: 70\r\nRequire: 100rel\r\nContent-Type: application/sdp\r\nContent-Length: ${offer.length}\r\n\r\n${offer}`,
  );
}

const methods = ['INVITE', 'OPTIONS', 'REGISTER', 'BYE', 'CANCEL', 'ACK', 'NOTIFY', 'INFO', 'PRACK', 'FROB'];

describe('a thousand mutated messages leave the SIP engine alive and sized as before', function () {
  this.timeout(60_000);
  let server: TestServer;
  let srf: Srf;
  before(async () => {
    server = await startServer();
    srf = await connectSrf(server);
    srf.invite((_req, res) => res.send(486));
  });
  after(async () => {
    srf.disconnect();
    await server.stop();
  });

  /** A well-formed OPTIONS still gets its answer. */
  async function answers(): Promise<void> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const text = `OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKa${Math.random()}\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:h>\r\nCall-ID: a${Math.random()}\r\nCSeq: 1 OPTIONS\r\n\r\n`;
    const again = setInterval(() => socket.send(text, server.ports.sip, '127.0.0.1'), 200);
    const [data] = (await once(socket, 'message')) as [Buffer];
    clearInterval(again);
    socket.close();
    assert.match(data.toString(), /^SIP\/2\.0 503/);
  }

  async function sizedAsBefore(storm: (seed: number) => Promise<void>): Promise<void> {
    await storm(1);
    await answers();
    const before = server.resident();
    await storm(2);
    await answers();
    assert.equal(server.child.exitCode, null);
    assert.ok(server.resident() - before < 64 << 10, `grew from ${before} to ${server.resident()} KiB`);
  }

  const sample = (random: (limit: number) => number, n: number): Buffer =>
    mutate(
      Buffer.from(
        invite(n)
          .toString()
          .replaceAll('INVITE', methods[random(methods.length)] ?? 'INVITE'),
      ),
      random,
    );

  it('over UDP', () =>
    sizedAsBefore(async (seed) => {
      const random = randomFrom(seed);
      const socket = createSocket('udp4');
      socket.on('error', () => {});
      for (let n = 0; n < rounds; n++) {
        await new Promise((resolve) =>
          socket.send(sample(random, seed * rounds + n), server.ports.sip, '127.0.0.1', resolve),
        );
      }
      socket.close();
    }));

  it('over TCP', () =>
    sizedAsBefore(async (seed) => {
      const random = randomFrom(seed + 10);
      for (let n = 0; n < rounds; n += 20) {
        const socket = connect(server.ports.sip, '127.0.0.1').on('error', () => {});
        socket.resume();
        for (let k = 0; k < 20; k++) socket.write(sample(random, seed * rounds + n + k));
        socket.end();
        await once(socket, 'close');
      }
    }));

  it('into the control protocol, logged in and not', () =>
    sizedAsBefore(async (seed) => {
      const random = randomFrom(seed + 20);
      const head = (text: string): string => `${Buffer.byteLength(text)}#${text}`;
      const samples = [
        `id|authenticate|${secret}|`,
        'id|route|publish',
        'id|ping',
        `id|sip||\r\nOPTIONS sip:x@127.0.0.1:9 SIP/2.0\r\nFrom: <sip:a@localhost>\r\nContent-Length: 0\r\n\r\n`,
        'id|sip|nothing|\r\nSIP/2.0 200 OK\r\n\r\n',
        'id|sip||c1;from-tag=t1\r\nBYE sip:placeholder SIP/2.0\r\n\r\n',
        'id|proxy|t|remainInDialog|full|followRedirects|simultaneous|1s|1s|sip:a@127.0.0.1:9\r\nINVITE sip:x SIP/2.0\r\n\r\n',
      ].map((text) => Buffer.from(head(text)));
      for (let n = 0; n < rounds; n++) {
        const socket = connect(server.ports.control, '127.0.0.1').on('error', () => {});
        socket.resume();
        if (random(2) === 0) socket.write(samples[0] as Buffer);
        socket.end(mutate(samples[random(samples.length)] as Buffer, random));
        await once(socket, 'close');
      }
    }));
});
