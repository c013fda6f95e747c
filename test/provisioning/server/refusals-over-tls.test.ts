import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect as plainConnect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { after, before, describe, it } from 'mocha';
import { type FileHouse, openFileHouse } from './house.ts';

describe('who may not have a device’s files, over TLS', function () {
  this.timeout(30_000);
  let house: FileHouse;
  let device: Awaited<ReturnType<FileHouse['device']>>;
  const mac = '00156571500a';
  before(async () => {
    house = await openFileHouse();
    device = await house.device('SIP-T46S', mac);
  });
  after(() => house.close());

  const line = (): TLSSocket =>
    connect({ port: house.server.ports.https, host: '127.0.0.1', rejectUnauthorized: false });
  /** Writes bytes as they are; answers what came until the server closed. */
  const raw = async (text: string): Promise<string> => {
    const socket = line();
    let heard = '';
    socket.on('error', () => {});
    socket.on('data', (data: Buffer) => {
      heard += data.toString('latin1');
    });
    const closed = once(socket, 'close');
    socket.write(text);
    await closed;
    return heard;
  };

  it('another’s MAC address, a made-up key and a MAC address alone are answered alike', async () => {
    const other = await house.device('SIP-T46S', '00156571500b');
    const { key } = await house.provisioning.keys.of(device.id);
    const tls = {};
    const from = '127.0.22.1';
    assert.equal((await house.ask(`/p/${key}/${mac}.cfg`, { tls, from })).status, 200);
    const paths = [
      `/p/${key}/${other.device?.mac}.cfg`,
      `/p/${randomBytes(32).toString('base64url')}/${mac}.cfg`,
      `/${mac}.cfg`,
      '/001565999999.cfg',
    ];
    for (const path of paths) {
      const answer = await house.ask(path, { tls, from });
      assert.deepEqual([answer.status, answer.text, answer.headers.etag], [404, '', undefined]);
    }
    const misuse = house.incidents.filter(({ code }) => code === 'device.key-misused');
    assert.deepEqual(
      misuse.map(({ values }) => [values.endpointId, values.why]),
      [[device.id, 'key-of-another']],
    );
  });

  const cases: [name: string, text: (key: string) => string, first: RegExp][] = [
    ['climbing out', (key) => `GET /p/${key}/../../keys/seal.key HTTP/1.1\r\nHost: x\r\n`, /^HTTP\/1.1 404/],
    ['climbing out, encoded', (key) => `GET /p/${key}/%2e%2e%2fseal.key HTTP/1.1\r\nHost: x\r\n`, /^HTTP\/1.1 404/],
    ['a huge header', () => `GET /x HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n`, /^HTTP\/1.1 431/],
    ['a huge path', () => `GET /${'y'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n`, /^HTTP\/1.1 431/],
    ['POST', () => 'POST /x.cfg HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n', /^HTTP\/1.1 405/],
  ];
  for (const [name, text, first] of cases) {
    it(name, async () => {
      const { key } = await house.provisioning.keys.of(device.id);
      const heard = await raw(`${text(key)}Connection: close\r\n\r\n`);
      assert.match(heard, first);
      assert.equal(heard.length < 1_000, true);
    });
  }

  it('a slow writer is told so and let go', async () => {
    assert.match(await raw(`GET /${mac}.cfg HTTP/1.1\r\nHost: x\r\nX-Slow:`), /^HTTP\/1.1 408/);
  });

  it('who never begins the handshake is let go', async () => {
    const socket = plainConnect(house.server.ports.https, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    await once(socket, 'close');
  });

  it('a reader that does not read is let go', async () => {
    const content = Buffer.alloc(30_000_000, 7);
    const sum = createHash('sha256').update(content).digest('hex');
    writeFileSync(join(house.dataDir, 'firmware', 'slow.rom'), content);
    writeFileSync(join(house.dataDir, 'firmware', 'SHA256SUMS'), `${sum}  slow.rom\n`);
    await house.provisioning.firmware.check();
    const socket = line();
    socket.on('error', () => {});
    socket.write(`GET ${await house.keyed(device, 'firmware/slow.rom')} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(socket, 'readable');
    while (!house.logged().includes('read too slowly')) await pause(20);
    let taken = 0;
    socket.on('data', (data: Buffer) => {
      taken += data.length;
    });
    await once(socket, 'close');
    assert.equal(taken < content.length, true);
  });
});
