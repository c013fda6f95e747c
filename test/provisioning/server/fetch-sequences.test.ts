import assert from 'node:assert/strict';
import { Agent, request } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { after, before, describe, it } from 'mocha';
import { digestResponse } from '../../../platform/digest.ts';
import { recognise } from '../../../provisioning/catalogue.ts';
import { isUpToDate } from '../../../provisioning/server/device-files.ts';
import { type FileHouse, openFileHouse } from './house.ts';

/*
 * What devices ask for when they start, one request after the other as their vendors describe it: out of the box at the
 * bare address while a window is open, then at the address that they were handed, over one TLS connection, then logging in.
 */

/** `own`: a file of theirs. `none`: something that they look for and can be without. `no`: what they would write. */
type Step = [answer: 'own' | 'none' | 'no', path: string, method?: 'GET' | 'HEAD' | 'PUT'];

interface Start {
  vendor: string;
  model: string;
  prefix: string;
  agent(mac: string): string;
  steps(mac: string): Step[];
  /** Its first request names no device: it is told its keyed address by its vendor's redirect service or by hand. */
  keyedFromStart?: string;
}

const starts: Start[] = [
  {
    // Auto Provisioning Guide: the boot file of its own first, then what that includes.
    vendor: 'Yealink',
    model: 'SIP-T46S',
    prefix: '001565',
    agent: (mac) => `Yealink SIP-T46S 66.86.0.15 ${mac.replace(/..(?=.)/g, '$&:')}`,
    steps: (mac) => [
      ['own', `${mac}.boot`],
      ['own', `${mac}.cfg`],
    ],
  },
  {
    // Administration guides, "configuration file download": the binary one first; the model's and all's only without its own.
    vendor: 'Grandstream phone',
    model: 'GXP2170',
    prefix: '000b82',
    agent: (mac) => `Grandstream Model HW GXP2170 SW 1.0.11.79 DevId ${mac}`,
    steps: (mac) => [
      ['none', `cfg${mac}`],
      ['own', `cfg${mac}.xml`],
    ],
  },
  {
    vendor: 'Grandstream ATA',
    model: 'HT801',
    prefix: 'c074ad',
    agent: (mac) => `Grandstream Model HW HT801 V1.1A SW 1.0.17.5 DevId ${mac}`,
    steps: (mac) => [
      ['none', `cfg${mac}`],
      ['own', `cfg${mac}.xml`],
    ],
  },
  {
    // As the web servers of such phones log it: the log of the updater, the master file, what it names, overrides, licences.
    vendor: 'Poly',
    model: 'VVX 411',
    prefix: '64167f',
    agent: () => 'FileTransport PolycomVVX-VVX_411-UA/5.9.7.4477 Type/Application',
    steps: (mac) => [
      ['no', `${mac}-boot.log`, 'PUT'],
      ['own', `${mac}.cfg`],
      ['none', '3111-48450-001.sip.ld'],
      ['own', `${mac}-settings.cfg`],
      ['none', `${mac}-phone.cfg`],
      ['none', `${mac}-web.cfg`],
      ['none', '000000000000-license.cfg'],
      ['none', `${mac}-license.cfg`],
      ['none', `${mac}-calls.xml`],
      ['own', `${mac}-directory.xml`],
      ['none', `${mac}-app.log`, 'HEAD'],
      ['no', `${mac}-app.log`, 'PUT'],
    ],
  },
  {
    // Provisioning guide: `/$PSN.xml` until a profile rule names another; `$MA` in small letters, `$MAU` in capital ones.
    vendor: 'Cisco, multiplatform',
    model: 'Cisco 8851',
    prefix: '00562b',
    agent: (mac) => `Cisco-CP-8851-3PCC/11.3.2 (${mac})`,
    keyedFromStart: 'CP-8851-3PCC.xml',
    steps: (mac) => [['own', `${mac}.xml`]],
  },
  {
    vendor: 'Cisco SPA',
    model: 'Cisco SPA504G',
    prefix: 'e8ba70',
    agent: (mac) => `Cisco/SPA504G-7.6.2c (${mac.toUpperCase()})(CCQ162306EA)`,
    keyedFromStart: 'spa504G.cfg',
    steps: (mac) => [['own', `${mac}.xml`]],
  },
  {
    // Auto provision standard: the file common to the model, then its own.
    vendor: 'Fanvil',
    model: 'Fanvil X4U',
    prefix: '0c383e',
    agent: (mac) => `Fanvil X4U 2.4.5 ${mac}`,
    steps: (mac) => [
      ['none', 'f0X4Uhw1.0.cfg'],
      ['own', `${mac}.cfg`],
    ],
  },
  {
    // The folder's address, then the model's file, then its own, its address in capitals.
    vendor: 'Snom',
    model: 'Snom D785',
    prefix: '000413',
    agent: (mac) => `Mozilla/4.0 (compatible; snomD785-SIP 10.1.64.14 1.1.3-s ${mac.toUpperCase()})`,
    steps: (mac) => [
      ['none', 'snomD785.htm'],
      ['own', `snomD785-${mac.toUpperCase()}.htm`],
    ],
  },
];

const statusOf = { own: 200, none: 404, no: 405 } as const;

describe('devices start', function () {
  this.timeout(20_000);
  let house: FileHouse;
  before(async () => {
    house = await openFileHouse();
  });
  after(() => house.close());

  starts.forEach(({ agent, keyedFromStart, model, prefix, steps, vendor }, at) => {
    it(`${vendor}: out of the box, at its own address over TLS, and logging in`, async () => {
      const mac = `${prefix}57a${(at + 16).toString(16).padStart(3, '0')}`;
      const device = await house.device(model, mac);
      const headers = { 'User-Agent': agent(mac), Accept: '*/*' };
      assert.equal(recognise(agent(mac))?.model.name, model, 'it is known by its name');
      const { key } = await house.provisioning.keys.of(device.id);
      const files = (await house.provisioning.files.of(device))?.files ?? [];
      const textOf = (path: string): string | undefined =>
        files.find(({ paths }) => paths.some((one) => one.toLowerCase() === path.toLowerCase()))?.text;
      const from = `127.0.21.${at + 1}`;

      let base = `/p/${key}/`;
      if (keyedFromStart !== undefined) {
        const first = await house.ask(`/${keyedFromStart}`, { headers, from });
        assert.deepEqual([first.status, first.text], [404, ''], 'nothing for all devices of a model');
      } else {
        const closesAt = new Date(Date.now() + 600_000);
        const window = { id: `start-${at}`, endpointId: device.id, closesAt, most: 1, used: [] };
        await house.store.contactWindows.insert(window);
        let handed = '';
        for (const [answer, path, method = 'GET'] of steps(mac)) {
          const got = await house.ask(`/${path}`, { headers, method, from });
          assert.equal(got.status, statusOf[answer], `${method} ${path}`);
          if (answer === 'own') assert.equal(got.text, textOf(path), path);
          handed += got.text;
        }
        assert.equal((await house.provisioning.states.get(device.id))?.provenBy, 'window');
        base = `${/\/p\/[\w-]{20,}/.exec(handed)?.[0]}/`;
        assert.equal(base, `/p/${key}/`, 'its files tell it where to ask from now on');
        await house.store.contactWindows.update(window.id, { closesAt: new Date() });
      }

      const line = new Line(house, from);
      try {
        for (const [answer, path, method = 'GET'] of steps(mac)) {
          const got = await line.ask(method, `${base}${path}`, headers);
          assert.equal(got.status, statusOf[answer], `${method} ${path}`);
          if (answer === 'own') assert.equal(got.text, textOf(path), path);
        }
        assert.equal(line.protocol, 'TLSv1.2');
        // What a device writes is not read: the connection ends with it.
        const written = steps(mac).filter(([answer]) => answer === 'no').length;
        assert.ok(line.connections <= 1 + written, 'one connection carries them all');

        // Challenged once, it counts on with the nonce that it was given (RFC 7616, clause 3.4).
        const own = steps(mac).filter(([answer]) => answer === 'own');
        const challenged = await line.ask('GET', `/a/${own[0]?.[1]}`, headers);
        assert.equal(challenged.status, 401);
        const nonce = /Digest [^\n]*nonce="([^"]+)"/.exec(challenged.challenges)?.[1] ?? '';
        let count = 0;
        for (const [, path] of own) {
          const uri = `/a/${path}`;
          const Authorization = digest({ nonce, uri, count: ++count, mac, key });
          assert.equal((await line.ask('GET', uri, { ...headers, Authorization })).text, textOf(path), uri);
          assert.equal((await line.ask('GET', uri, { ...headers, Authorization })).status, 401, 'once more: a replay');
        }
      } finally {
        line.close();
      }
      const state = await house.provisioning.states.get(device.id);
      assert.equal(state?.userAgent, agent(mac));
      assert.match(state?.firmware ?? '', /^\d+\.\d+\.\d+/, 'what it runs is read out of its name');
      assert.equal(isUpToDate(files, state?.given ?? []), true);
      assert.equal(
        files.some(({ text }) => text.includes(device.password)),
        true,
      );
    });
  });
});

function digest({ count, key, mac, nonce, uri }: Record<'key' | 'mac' | 'nonce' | 'uri', string> & { count: number }) {
  const nc = count.toString(16).padStart(8, '0');
  const fields = { username: mac, realm: 'diemcau', nonce, uri, qop: 'auth', nc, cnonce: 'c0ffee' };
  const response = digestResponse({ ...fields, algorithm: 'MD5' }, 'GET', key);
  return `Digest username="${mac}", realm="diemcau", nonce="${nonce}", uri="${uri}", qop=auth, nc=${nc}, cnonce="c0ffee", response="${response}"`;
}

/** A device's one TLS connection, kept open; nothing newer than TLS 1.2, as most phones. */
class Line {
  protocol = '';
  private readonly ports = new Set<number>();
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1, maxVersion: 'TLSv1.2' });
  private readonly house: FileHouse;
  private readonly from: string;

  constructor(house: FileHouse, from: string) {
    this.house = house;
    this.from = from;
  }

  get connections(): number {
    return this.ports.size;
  }

  ask(
    method: string,
    path: string,
    headers: Record<string, string>,
  ): Promise<{ status: number; text: string; challenges: string }> {
    const { agent, from: localAddress } = this;
    const { https: port } = this.house.server.ports;
    return new Promise((resolve, reject) => {
      const asking = request({
        ...{ agent, headers, host: '127.0.0.1', localAddress, method, path, port },
        rejectUnauthorized: false,
      });
      asking.on('error', reject);
      asking.on('socket', (socket: Socket) => {
        const note = (): void => {
          this.ports.add((socket.address() as AddressInfo).port);
          this.protocol = (socket as TLSSocket).getProtocol() ?? '';
        };
        if ((socket as TLSSocket).getProtocol() !== null && !socket.connecting) note();
        else socket.once('secureConnect', note);
      });
      asking.on('response', (response) => {
        let text = '';
        response.on('data', (data: Buffer) => {
          text += data.toString('utf8');
        });
        response.on('error', reject);
        response.on('end', () => {
          const challenges = String(response.headers['www-authenticate'] ?? '');
          resolve({ status: response.statusCode ?? 0, text, challenges });
        });
      });
      asking.end();
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
