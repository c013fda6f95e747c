import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, connect as plainConnect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { after, before, describe, it } from 'mocha';
import { type CertificateWishes, certificate, type FileHouse, openFileHouse, type Pair } from './house.ts';

/* The way that devices from the factory prove themselves: root → issuing authority → the device's own certificate. */

const day = 24 * 3600_000;
const ciscoSubject = (place: string, mac: string) => ({ OU: 'CP-8841-3PCC', L: '88012BA01234', [place]: mac });
/** Where a vendor's certificates carry the MAC address. */
const manners: [vendor: string, model: string, prefix: string, of: (mac: string) => [string, CertificateWishes]][] = [
  ['Yealink', 'SIP-T46S', '001565', (mac) => [mac.toUpperCase(), {}]],
  ['Poly', 'VVX 400', '0004f2', (mac) => [mac.toUpperCase(), {}]],
  ['Grandstream', 'GXP2160', '000b82', (mac) => ['Grandstream', { alternatives: [`${mac}.grandstream.example`] }]],
  ['Cisco MPP', 'Cisco 8851', '00562b', (mac) => [`CP-8851-SEP${mac.toUpperCase()}`, { serialNumber: 'PID:CP-8851' }]],
  ['Cisco SPA', 'Cisco SPA504G', '000e08', (mac) => ['Cisco Small Business', { serialNumber: mac.toUpperCase() }]],
  // Product, serial number (here of twelve hexadecimal digits, as a MAC address), MAC address.
  ['Cisco MPP, as its guide has it', 'Cisco 8841', '5475d0', (mac) => ['Cisco', { subject: ciscoSubject('ST', mac) }]],
  [
    'Cisco SPA, as its guide has it',
    'Cisco SPA504G',
    'e8ba70',
    (mac) => ['x', { subject: ciscoSubject('2.5.4.4', mac) }],
  ],
  ['colons', 'SIP-T46S', '805ec0', (mac) => [mac.replace(/..(?=.)/g, '$&:'), {}]],
];

describe('a device proves itself by its vendor’s certificate', function () {
  this.timeout(60_000);
  let house: FileHouse;
  let root: Pair;
  let issuing: Pair;
  let asked = 0;
  before(async () => {
    house = await openFileHouse();
    rmSync(join(house.provisioning.authorities, 'vendor.pem'));
    root = await certificate('Maker Root CA');
    issuing = await certificate('Maker Issuing CA 1', root, { ca: true });
    await until(async () => !(await asksForCertificate(house)));
  });
  after(() => house.close());

  /** With the authorities between it and the root, as devices send them. */
  const chained = (own: Pair, ...between: Pair[]): Pair => ({
    cert: [own, ...between].map(({ cert }) => cert).join('\n'),
    key: own.key,
  });
  /** From an address of its own each: one that is refused often is refused altogether. */
  const fetch = (path: string, tls: Partial<Pair>) => house.ask(path, { tls, from: `127.0.9.${(++asked % 250) + 1}` });
  const fileOf = async (device: Awaited<ReturnType<FileHouse['device']>>): Promise<string> => {
    const set = await house.provisioning.files.of(device);
    const file = set?.files.find(({ settles, text }) => settles && text.includes(device.password));
    return `/${file?.paths.find((path) => path.toLowerCase().includes(device.device?.mac ?? '')) ?? ''}`;
  };

  it('nobody is asked for one while no authority is known; one that is added counts at once, and is gone at once', async () => {
    const device = await house.device('SIP-T46S', '001565ca0001');
    const path = await fileOf(device);
    const tls = chained(await certificate('001565CA0001', issuing), issuing);
    assert.equal(await asksForCertificate(house), false);
    assert.equal((await fetch(path, tls)).status, 404);
    const file = join(house.provisioning.authorities, 'maker.crt');
    writeFileSync(file, root.cert.slice(0, 200));
    await until(async () => house.logged().includes('is no certificate'));
    assert.equal((await fetch(path, tls)).status, 404, 'half a file vouches for nobody, and hurts nobody');
    writeFileSync(file, root.cert.replace(/[A-Za-z0-9+/]{40}/, 'A'.repeat(40)));
    await until(async () => house.logged().includes('is broken'));
    assert.equal(await asksForCertificate(house), false);
    writeFileSync(file, `# of the maker\n${root.cert}`);
    await until(() => asksForCertificate(house));
    const given = await fetch(path, tls);
    assert.equal(given.status, 200);
    assert.ok(given.text.includes(device.password));
    rmSync(file);
    await until(async () => !(await asksForCertificate(house)));
    assert.equal((await fetch(path, tls)).status, 404);
    writeFileSync(file, new X509Certificate(root.cert).raw);
    await until(() => asksForCertificate(house));
    assert.equal((await fetch(path, tls)).status, 200, 'DER as well');
    await house.server.renewCertificate();
    assert.equal((await fetch(path, tls)).status, 200, 'a renewed certificate of ours forgets no authority');
  });

  manners.forEach(([vendor, model, prefix, of], at) => {
    it(`${vendor}: the right device gets its secrets; another’s name, time, authority, or its own word get nothing`, async () => {
      const mac = `${prefix}ce000${at}`;
      const device = await house.device(model, mac);
      const path = await fileOf(device);
      assert.match(path.toLowerCase(), new RegExp(mac), `${model} asks by its address`);
      const make = async (whose: string, by: Pair | undefined, more: CertificateWishes = {}) => {
        const [name, wishes] = of(whose);
        return certificate(name, by, { ...wishes, ...more });
      };
      const own = chained(await make(mac, issuing), issuing);
      const given = await fetch(path, own);
      assert.equal(given.status, 200);
      assert.ok(given.text.includes(device.password));
      assert.equal((await house.provisioning.states.get(device.id))?.provenBy, 'certificate');

      const neighbour = await house.device(model, `${prefix}ce100${at}`);
      const stranger = await certificate('Other Root CA');
      const between = await certificate('Maker Issuing CA 1', stranger, { ca: true });
      const refused: [string, Pair][] = [
        ['another device of the maker', chained(await make(`${prefix}ce100${at}`, issuing), issuing)],
        ['expired', chained(await make(mac, issuing, span(-20, -1)), issuing)],
        ['not yet valid', chained(await make(mac, issuing, span(1, 20)), issuing)],
        ['another authority of the same name', chained(await make(mac, between), between, stranger)],
        ['its own word', await make(mac, undefined)],
        ['the authority between it and the root is missing', await make(mac, issuing)],
        ['signed by a device', chained(await make(mac, own), own, issuing)],
      ];
      for (const [why, tls] of refused) {
        const answer = await fetch(path, tls);
        assert.deepEqual([answer.status, answer.text], [404, ''], why);
      }
      const others = await fetch(await fileOf(neighbour), own);
      assert.equal(others.status, 404, 'it gets nothing of another device');
      const misused = house.incidents.filter(
        ({ code, values }) => code === 'device.key-misused' && values.endpointId === device.id,
      );
      assert.ok(misused.every(({ values }) => values.why === 'certificate-of-another') && misused.length > 0);
    });
  });

  const span = (fromDays: number, toDays: number): CertificateWishes => ({
    notBefore: new Date(Date.now() + fromDays * day),
    notAfter: new Date(Date.now() + toDays * day),
  });
});

/** Whether the server asks who connects for a certificate: only then a client sends its own, here a long chain. */
async function asksForCertificate(house: FileHouse): Promise<boolean> {
  const own = await certificate('anybody');
  let sent = 0;
  const relay = createServer((near) => {
    const far = plainConnect(house.server.ports.https, '127.0.0.1');
    for (const socket of [near, far]) socket.on('error', () => {});
    near.on('data', (data) => {
      sent += data.length;
    });
    near.pipe(far).pipe(near);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const { port } = relay.address() as AddressInfo;
  const cert = Array<string>(20).fill(own.cert).join('\n');
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, key: own.key, cert });
  await once(socket, 'secureConnect');
  socket.end('GET / HTTP/1.0\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
  relay.close();
  return sent > 5_000;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20);
}
