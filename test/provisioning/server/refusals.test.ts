import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import { DeviceKeys } from '../../../provisioning/access/device-keys.ts';
import { type Answer, connectTo, type FileHouse, openFileHouse } from './house.ts';

const minute = 60_000;
/** An answer without what differs between any two. */
const face = ({ headers, status, text }: Answer) => {
  const { date: _date, ...rest } = headers;
  return { status, text, headers: rest };
};
let made = 0;

describe('who may not have a device’s files', function () {
  this.timeout(60_000);
  let house: FileHouse;
  const phone = (more = {}) => house.device('SIP-T46S', `001565${(++made).toString(16).padStart(6, '0')}`, more);
  before(async () => {
    house = await openFileHouse();
  });
  after(() => house.close());

  it('known and unknown MAC addresses are answered alike, and both are counted', async () => {
    const { device, id } = await phone();
    const from = '127.0.1.1';
    const known = await house.ask(`/${device?.mac}.cfg`, { from });
    const unknown = await house.ask('/001565999999.cfg', { from });
    const nonsense = await house.ask('/index.html', { from });
    assert.deepEqual(face(known), face(unknown));
    assert.deepEqual(face(known), face(nonsense));
    assert.equal(known.status, 404);
    const other = await phone();
    const secretly = await house.ask(`/${other.device?.mac}.cfg`, { from: '127.0.1.2', tls: {} });
    assert.deepEqual(face(secretly), face(await house.ask('/001565999998.cfg', { from: '127.0.1.2', tls: {} })));
    await house.provisioning.close();
    const state = await house.provisioning.states.get(id);
    assert.deepEqual([state?.refusals, state?.lastRefusedFrom, state?.provenAt], [1, from, undefined]);
    const seen = await house.store.unknownDevices.find({ mac: '001565999999' });
    assert.deepEqual(
      seen.map(({ count, name, source }) => [count, name, source]),
      [[1, '001565999999.cfg', from]],
    );
  });

  it('a key opens nothing but the files of its own device', async () => {
    const [mine, other] = [await phone(), await phone()];
    const from = '127.0.2.1';
    assert.equal((await house.ask(await house.keyed(mine, `${mine.device?.mac}.cfg`), { from })).status, 200);
    const stolen = await house.ask(await house.keyed(mine, `${other.device?.mac}.cfg`), { from });
    const made = await house.ask(`/p/${randomBytes(32).toString('base64url')}/${other.device?.mac}.cfg`, { from });
    assert.deepEqual(face(stolen), face(made));
    assert.equal(stolen.status, 404);
    const misuse = house.incidents.filter(
      ({ code, values }) => code === 'device.key-misused' && values.endpointId === mine.id,
    );
    assert.equal(misuse.length, 1);
  });

  it('a stolen key that is used in another network is told, and the device is still served', async () => {
    const device = await phone();
    const path = await house.keyed(device, `${device.device?.mac}.cfg`);
    for (const [from, status] of [
      ['127.0.3.1', 200],
      ['127.0.3.200', 200],
      ['127.44.0.1', 200],
      ['127.44.0.2', 200],
    ] as const)
      assert.equal((await house.ask(path, { from })).status, status);
    const told = house.incidents.filter(({ values }) => values.endpointId === device.id);
    assert.deepEqual(
      told.map(({ code, values }) => [code, values.network]),
      [['device.key-elsewhere', '127.44.0.0/24']],
    );
    assert.equal((await house.provisioning.states.get(device.id))?.elsewhere?.network, '127.44.0.0/24');
  });

  it('a key that was renewed: the old one has its time, or none', async () => {
    const device = await phone();
    const { keys } = house.provisioning;
    assert.ok(keys instanceof DeviceKeys);
    const file = `${device.device?.mac}.cfg`;
    const first = await house.keyed(device, file);
    assert.equal((await house.ask(first)).status, 200);
    await keys.renew(device.id, 60 * minute);
    const now = await house.keyed(device, file);
    assert.notEqual(now, first);
    assert.equal((await house.ask(first)).status, 200);
    assert.equal((await house.ask(now)).status, 200);
    await keys.renew(device.id, 0);
    assert.equal((await house.ask(now)).status, 404);
    assert.equal((await house.ask(await house.keyed(device, file))).status, 200);
  });

  it('a device that was switched off gets nothing, not by its key either', async () => {
    const device = await phone({ enabled: false });
    assert.equal((await house.ask(await house.keyed(device, `${device.device?.mac}.cfg`))).status, 404);
  });

  it('a first contact: in the window, so many, from one address, and never again without the key', async () => {
    const site = { siteId: 'site-1' };
    const [first, second, third] = [await phone(site), await phone(site), await phone(site)];
    const path = ({ device }: typeof first) => `/${device?.mac}.cfg`;
    const get = async (of: typeof first, from: string) => house.ask(path(of), { from });
    assert.equal((await get(first, '127.0.4.1')).status, 404);
    const closesAt = new Date(Date.now() + 10 * minute);
    await house.store.contactWindows.insert({ id: 'w', siteId: 'site-1', closesAt, most: 2, used: [] });
    const answers = await Promise.all([first, second, third].map((one, at) => get(one, `127.0.4.${at + 1}`)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 404], 'two at once, not three');
    const entered = answers[0]?.status === 200 ? first : second;
    const from = answers[0]?.status === 200 ? '127.0.4.1' : '127.0.4.2';
    const again = await get(entered, from);
    assert.equal(again.status, 200, 'it fetches the rest');
    assert.ok(again.text.includes(entered.password));
    assert.equal((await get(entered, '127.0.4.9')).status, 404, 'somebody else does not');
    const state = await house.provisioning.states.get(entered.id);
    assert.deepEqual([state?.provenBy, state?.refusals !== undefined], ['window', true]);
    await house.store.contactWindows.update('w', { closesAt: new Date() });
    assert.equal((await get(entered, from)).status, 404);
    const keyed = /https?:\/\/[^\s<>"]+\/p\/[\w-]+\//.exec(again.text)?.[0] ?? (await house.keyed(entered, ''));
    assert.equal(
      (await house.ask(`${new URL(keyed, 'http://x').pathname}${entered.device?.mac}.cfg`, { from })).status,
      200,
    );
    await house.log.flush();
    const contacts = house
      .logged()
      .split('\n')
      .filter((line) => line.includes('device.first-contact'));
    assert.ok(contacts.some((line) => line.includes(entered.id)));
  });

  it('who tries addresses or keys is not heard after sixty refusals; devices with their key behind the same address are', async () => {
    const device = await phone();
    const from = '127.0.5.1';
    const statuses: number[] = [];
    for (let batch = 0; batch < 7; batch++) {
      const tries = Array.from({ length: 10 }, (_, n) =>
        n % 2 === 0
          ? house.ask(`/0015651234${(batch * 10 + n + 16).toString(16)}.cfg`, { from })
          : house.ask(`/p/${randomBytes(32).toString('base64url')}/001565aaaaaa.cfg`, { from }),
      );
      statuses.push(...(await Promise.all(tries)).map(({ status }) => status));
    }
    assert.ok(statuses.slice(0, 50).every((status) => status === 404));
    assert.ok(
      statuses.slice(60).every((status) => status === 429),
      statuses.join(' '),
    );
    const closesAt = new Date(Date.now() + minute);
    await house.store.contactWindows.insert({ id: 'w5', endpointId: device.id, closesAt, most: 1, used: [] });
    assert.equal((await house.ask(`/${device.device?.mac}.cfg`, { from })).status, 429, 'no window for it either');
    assert.equal((await house.ask(await house.keyed(device, `${device.device?.mac}.cfg`), { from })).status, 200);
    assert.equal((await house.ask('/001565aaaaaa.cfg', { from: '127.0.5.2' })).status, 404, 'others are heard');
    assert.deepEqual(
      house.provisioning.blocks.list(new Date()).map(({ source }) => source),
      [from],
    );
    assert.equal(house.incidents.filter(({ code }) => code === 'provisioning.blocked').length, 1);
    assert.equal(house.provisioning.blocks.lift(from), true);
    assert.equal((await house.ask('/001565aaaaaa.cfg', { from })).status, 404);
  });

  describe('requests that no device sends', () => {
    const cases: [name: string, text: (key: string) => string, first: RegExp][] = [
      ['climbing out', (key) => `GET /p/${key}/../../keys/seal.key HTTP/1.1\r\nHost: x\r\n`, /^HTTP\/1.1 404/],
      ['climbing out, encoded', (key) => `GET /p/${key}/%2e%2e%2fseal.key HTTP/1.1\r\nHost: x\r\n`, /^HTTP\/1.1 404/],
      [
        'climbing out of the firmware',
        (key) => `GET /p/${key}/firmware/..%2f..%2fkeys%2fseal.key HTTP/1.1\r\nHost: x\r\n`,
        /^HTTP\/1.1 404/,
      ],
      ['a whole address', () => 'GET http://x/001565aabbcc.cfg HTTP/1.1\r\nHost: x\r\n', /^HTTP\/1.1 404/],
      ['a huge header', () => `GET /x HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n`, /^HTTP\/1.1 431/],
      ['many headers', () => `GET /x HTTP/1.1\r\nHost: x\r\n${'Name: value\r\n'.repeat(3_000)}`, /^HTTP\/1.1 431/],
      ['a huge path', () => `GET /${'y'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n`, /^HTTP\/1.1 431/],
      [
        'POST',
        () => 'POST /001565aabbcc.cfg HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n',
        /^HTTP\/1.1 405[\s\S]*Allow: GET, HEAD/,
      ],
      ['no HTTP', () => '\x16\x03\x01\x02\x00\x01\x00', /^HTTP\/1.1 400/],
    ];
    for (const [name, text, first] of cases) {
      it(`${name}, by HTTP and HTTPS`, async () => {
        const device = await phone();
        const { key } = await house.provisioning.keys.of(device.id);
        for (const secure of [false, true]) {
          const heard = await house.raw(`${text(key)}Connection: close\r\n\r\n`, secure);
          assert.match(heard, first);
          assert.ok(heard.length < 1_000);
        }
      });
    }

    it('a slow writer is told so and let go, by HTTP and HTTPS', async () => {
      for (const secure of [false, true]) {
        const heard = await house.raw('GET /001565aabbcc.cfg HTTP/1.1\r\nHost: x\r\nX-Slow:', secure);
        assert.match(heard, /^HTTP\/1.1 408/);
      }
    });

    it('a header that comes drop by drop is let go all the same', async () => {
      for (const secure of [false, true]) {
        const socket = connectTo(house.server, secure);
        socket.on('error', () => {});
        socket.write('GET /001565aabbcc.cfg HTTP/1.1\r\nHost: x\r\nX-Slow: ');
        const drops = setInterval(() => socket.write('y'), 100);
        socket.resume();
        await once(socket, 'close');
        clearInterval(drops);
      }
    });

    it('who connects by TLS and says nothing is let go', async () => {
      const socket = connect(house.server.ports.https, '127.0.0.1');
      socket.on('error', () => {});
      socket.resume();
      await once(socket, 'close');
    });

    it('no more than so many connections of one address', async () => {
      const sockets = Array.from({ length: 80 }, () =>
        connect({ port: house.server.ports.http, host: '127.0.0.1', localAddress: '127.0.6.1' }),
      );
      const closed = sockets.map((socket) => {
        socket.on('error', () => {});
        return once(socket, 'close');
      });
      await Promise.all(closed.slice(70));
      assert.equal((await house.ask('/x', { from: '127.0.6.2' })).status, 404);
      for (const socket of sockets) socket.destroy();
    });
  });

  describe('firmware', () => {
    const content = randomBytes(40_000_000);
    const sum = createHash('sha256').update(content).digest('hex');
    let device: Awaited<ReturnType<typeof phone>>;
    const folder = () => join(house.dataDir, 'firmware');
    before(async () => {
      device = await phone();
      writeFileSync(join(folder(), 'T46S.rom'), content);
      writeFileSync(join(folder(), 'other.rom'), 'not in the list');
      writeFileSync(join(folder(), 'SHA256SUMS'), `${sum}  T46S.rom\n${'0'.repeat(64)} *gone.rom\n`);
    });
    const get = async (name: string, headers = {}) =>
      house.ask(await house.keyed(device, `firmware/${name}`), { headers });

    it('is listed with what it is and should be', async () => {
      const files = await house.provisioning.firmware.check();
      assert.deepEqual(
        files.map(({ name, state }) => [name, state]),
        [
          ['T46S.rom', 'good'],
          ['gone.rom', 'missing'],
          ['other.rom', 'unlisted'],
        ],
      );
    });
    it('is handed out whole, in parts, and not again', async () => {
      const whole = await get('T46S.rom');
      assert.equal(createHash('sha256').update(whole.body).digest('hex'), sum);
      const { etag = '' } = whole.headers;
      const part = await get('T46S.rom', { Range: 'bytes=100-199' });
      assert.deepEqual([part.status, part.headers['content-range']], [206, `bytes 100-199/${content.length}`]);
      assert.ok(part.body.equals(content.subarray(100, 200)));
      assert.equal((await get('T46S.rom', { Range: 'bytes=100-199', 'If-Range': '"other"' })).status, 200);
      assert.equal((await get('T46S.rom', { Range: 'bytes=99999999-' })).status, 416);
      assert.equal((await get('T46S.rom', { 'If-None-Match': etag })).status, 304);
    });
    it('comes without the key to an address from which a device proved itself, and to no other', async () => {
      assert.equal((await house.ask('/firmware/T46S.rom', { method: 'HEAD' })).status, 200);
      assert.equal((await house.ask('/firmware/T46S.rom', { from: '127.77.0.1' })).status, 404);
    });
    for (const secure of [false, true]) {
      it(`a reader that does not read is let go, by ${secure ? 'HTTPS' : 'HTTP'}`, async () => {
        const path = await house.keyed(device, 'firmware/T46S.rom');
        const told = () => house.logged().split('read too slowly').length;
        const before = told();
        const socket = connectTo(house.server, secure);
        socket.on('error', () => {});
        socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
        await once(socket, 'readable');
        while (told() === before) await pause(20);
        let taken = 0;
        socket.on('data', (data) => {
          taken += data.length;
        });
        await once(socket, 'close');
        assert.ok(taken < content.length, 'the rest never came');
      });
    }
    it('that is not in the list, or was altered, is not handed out', async () => {
      assert.equal((await get('other.rom')).status, 404);
      assert.equal((await get('SHA256SUMS')).status, 404);
      content[1_000] = (content[1_000] ?? 0) ^ 1;
      writeFileSync(join(folder(), 'T46S.rom'), content);
      assert.equal((await get('T46S.rom')).status, 404);
      assert.ok(
        house.incidents.some(
          ({ code, values }) => code === 'provisioning.firmware-altered' && values.file === 'T46S.rom',
        ),
      );
      rmSync(join(folder(), 'T46S.rom'));
    });
  });

  describe('the log', () => {
    it('no key and no password ever stood in a log', async () => {
      await house.provisioning.close();
      const logged = house.logged();
      assert.ok(logged.includes('device.first-contact'));
      for (const { id } of await house.store.deviceSecrets.find()) {
        const { adminPassword, key } = await house.provisioning.keys.of(id);
        assert.ok(!logged.includes(key) && !logged.includes(adminPassword));
      }
      assert.ok(!logged.includes('sip-secret-of-'));
    });
  });
});

describe('a key in another network, where an admin must say', function () {
  this.timeout(60_000);
  it('opens nothing until then', async () => {
    const house = await openFileHouse('confirm');
    try {
      const device = await house.device('SIP-T46S', '001565c0ffee');
      const path = await house.keyed(device, '001565c0ffee.cfg');
      const from = '127.44.0.1';
      assert.equal((await house.ask(path)).status, 200);
      assert.equal((await house.ask(path, { from })).status, 404);
      await house.provisioning.states.flush();
      const held = await house.provisioning.states.get(device.id);
      assert.deepEqual([held?.elsewhere?.network, held?.networks], ['127.44.0.0/24', ['127.0.0.0/24']]);
      await house.provisioning.states.trust(device.id, '127.44.0.0/24');
      assert.equal((await house.ask(path, { from })).status, 200);
      assert.equal((await house.provisioning.states.get(device.id))?.elsewhere, undefined);
    } finally {
      await house.close();
    }
  });
});
