import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readAsked } from '../../../provisioning/access/asked.ts';
import { Blocks } from '../../../provisioning/access/blocks.ts';
import { certificateMac } from '../../../provisioning/access/certificate.ts';
import { makePassword } from '../../../provisioning/access/device-keys.ts';
import { type Facts, judge } from '../../../provisioning/access/judge.ts';
import { LogIns } from '../../../provisioning/access/log-in.ts';
import { networkOf, sourceOf } from '../../../provisioning/access/network.ts';
import { judgeWindow } from '../../../provisioning/access/windows.ts';
import { isUpToDate } from '../../../provisioning/server/device-files.ts';
import { firmwareIn } from '../../../provisioning/server/device-states.ts';
import { isTooSlow } from '../../../provisioning/server/slow-reader.ts';

const mac = '001565aabbcc';
const key = 'k'.repeat(43);

describe('what a device asks for', () => {
  const cases: [target: string, asked: ReturnType<typeof readAsked>][] = [
    [`/${mac}.cfg`, { way: 'open', file: `${mac}.cfg`, mac }],
    [`//${mac}.cfg?x=1`, { way: 'open', file: `${mac}.cfg`, mac }],
    [`/p/${key}/${mac}.cfg`, { way: 'key', key, file: `${mac}.cfg`, mac }],
    [`/p/${key}/cfg${mac}.xml`, { way: 'key', key, file: `cfg${mac}.xml`, mac }],
    [`/p/${key}/SEP001565AABBCC.cnf.xml`, { way: 'key', key, file: 'SEP001565AABBCC.cnf.xml', mac }],
    [`/p/${key}/00:15:65:aa:bb:cc.cfg`, { way: 'key', key, file: '00:15:65:aa:bb:cc.cfg', mac }],
    [`/p/${key}/000000000000.cfg`, { way: 'key', key, file: '000000000000.cfg' }],
    [`/p/${key}/firmware/T46S%20v1.rom`, { way: 'key', key, file: 'firmware/T46S v1.rom' }],
    [`/a/${mac}.cfg`, { way: 'password', file: `${mac}.cfg`, mac }],
    ['/y000000000066.cfg', { way: 'open', file: 'y000000000066.cfg' }],
    [`/${mac}/001565aabbcd.cfg`, { way: 'open', file: `${mac}/001565aabbcd.cfg` }],
    ['/', undefined],
    ['/p/short/x.cfg', undefined],
    [`/p/${key}/`, undefined],
    [`/p/${key}/../../keys/seal.key`, undefined],
    [`/p/${key}/%2e%2e/seal.key`, undefined],
    [`/p/${key}/..%2fseal.key`, undefined],
    [`/p/${key}/%252e%252e/seal.key`, undefined],
    [`/p/${key}/..\\seal.key`, undefined],
    [`/p/${key}/a%00.cfg`, undefined],
    [`/p/${key}/a%0d%0a.cfg`, undefined],
    [`/p/${key}/%ff.cfg`, undefined],
    [`/${'a'.repeat(400)}`, undefined],
    ['http://elsewhere/x', undefined],
  ];
  for (const [target, asked] of cases) {
    it(JSON.stringify(target.slice(0, 60)), () => {
      assert.deepEqual(readAsked(target), asked);
    });
  }
});

describe('who gets a device’s files', () => {
  const known = { id: 'e', mac, networks: ['10.0.0.0/24'] };
  const facts = (change: Partial<Facts>): Facts => ({
    asked: { way: 'open', mac },
    window: 'closed',
    network: '10.0.0.0/24',
    elsewhere: 'warn',
    blocked: false,
    ...change,
  });
  const keyed = (change: Partial<Facts>) => facts({ asked: { way: 'key', mac }, keyOf: known, ...change });
  const cases: [name: string, facts: Facts, outcome: string][] = [
    ['the right key', keyed({}), 'key'],
    ['the right key, a file of all', keyed({ asked: { way: 'key' } }), 'key'],
    ['the right key behind an address from which others tried', keyed({ blocked: true }), 'key'],
    ['a key that nobody has', keyed({ keyOf: undefined }), 'unknown-key'],
    ['a key that nobody has, once too often', keyed({ keyOf: undefined, blocked: true }), 'blocked'],
    ['the key of another device', keyed({ asked: { way: 'key', mac: '001565aabbcd' } }), 'key-of-another'],
    ['its first use', keyed({ keyOf: { ...known, networks: [] }, network: '192.0.2.0/24' }), 'key'],
    ['elsewhere', keyed({ network: '192.0.2.0/24' }), 'key elsewhere'],
    ['elsewhere, allowed', keyed({ network: '192.0.2.0/24', elsewhere: 'allow' }), 'key'],
    ['elsewhere, to be confirmed', keyed({ network: '192.0.2.0/24', elsewhere: 'confirm' }), 'other-network'],
    ['user and password', keyed({ asked: { way: 'password', mac } }), 'password'],
    ['a wrong password', facts({ asked: { way: 'password', mac } }), 'wrong-password'],
    ['its MAC address alone', facts({ named: known }), 'no-proof'],
    ['a MAC address that is not known', facts({}), 'unknown-device'],
    ['a window', facts({ named: known, window: 'enters' }), 'window'],
    ['a window, once more', facts({ named: known, window: 'again' }), 'window'],
    ['a window, after trying others', facts({ named: known, window: 'enters', blocked: true }), 'blocked'],
    ['a window, from another address', facts({ named: known, window: 'another-address' }), 'window-another-address'],
    ['a window, with too many', facts({ named: known, window: 'full' }), 'window-full'],
    ['its vendor’s certificate', facts({ named: known, certificateMac: mac }), 'certificate'],
    [
      'a certificate for another file',
      facts({ named: known, certificateMac: '001565aabbcd' }),
      'certificate-of-another',
    ],
    ['a certificate of an unknown device', facts({ certificateMac: mac }), 'unknown-device'],
  ];
  for (const [name, given, outcome] of cases) {
    it(`${name}: ${outcome}`, () => {
      const decision = judge(given);
      assert.equal(
        decision.given ? `${decision.proof}${decision.elsewhere ? ' elsewhere' : ''}` : decision.why,
        outcome,
      );
    });
  }
});

describe('a contact window', () => {
  const now = new Date('2026-05-13T08:00:00+07:00');
  const device = { id: 'e', siteId: 's' };
  const window = { siteId: 's', closesAt: new Date(now.getTime() + 60_000), most: 2, used: [] };
  const entry = (endpointId: string, from = '10.0.0.5') => ({ endpointId, at: now, from });
  const proven = { provenAt: now };
  const cases: [name: string, outcome: string, ...Parameters<typeof judgeWindow>][] = [
    ['of its site', 'enters', window, device, undefined, '10.0.0.5', now],
    ['of another site', 'not-for-it', { ...window, siteId: 'x' }, device, undefined, '10.0.0.5', now],
    [
      'of no site, to a device of none',
      'not-for-it',
      { ...window, siteId: undefined },
      { id: 'e' },
      undefined,
      '1',
      now,
    ],
    ['that is over', 'closed', window, device, undefined, '10.0.0.5', window.closesAt],
    ['it came through', 'again', { ...window, used: [entry('e')] }, device, proven, '10.0.0.5', now],
    [
      'it came through, elsewhere',
      'another-address',
      { ...window, used: [entry('e')] },
      device,
      proven,
      '10.0.0.6',
      now,
    ],
    ['of its site, after it proved itself', 'came-before', window, device, proven, '10.0.0.5', now],
    ['of its own, after that', 'enters', { ...window, endpointId: 'e', siteId: undefined }, device, proven, '1', now],
    ['that is full', 'full', { ...window, used: [entry('a'), entry('b')] }, device, undefined, '10.0.0.5', now],
  ];
  for (const [name, outcome, ...given] of cases) {
    it(`${name}: ${outcome}`, () => assert.equal(judgeWindow(...given), outcome));
  }
});

describe('what else is read', () => {
  it('MAC addresses of certificates', () => {
    const of = (CN: string, subjectaltname = '') => certificateMac({ subject: { CN } as never, subjectaltname });
    assert.equal(of('001565AABBCC'), mac);
    assert.equal(of('CP-8841-SEP001565AABBCC'), mac);
    assert.equal(of('00:15:65:AA:BB:CC', 'DNS:001565aabbcc.phones.example'), mac);
    assert.equal(of('phone', 'DNS:001565aabbcc'), mac);
    assert.equal(of('001565AABBCC', 'DNS:001565aabbcd'), undefined);
    assert.equal(of('phone'), undefined);
    const cisco = { OU: 'CP-8841-3PCC', L: '88012BA01234' };
    for (const place of ['S', 'SN', 'ST'])
      assert.equal(certificateMac({ subject: { ...cisco, [place]: mac } as never }), mac);
    assert.equal(certificateMac({ subject: cisco as never }), undefined);
    assert.equal(certificateMac(undefined), undefined);
  });
  it('networks and sources', () => {
    assert.equal(networkOf('10.1.2.3'), '10.1.2.0/24');
    assert.equal(networkOf('2001:db8::5'), '2001:db8:0:0::/64');
    assert.equal(sourceOf('2001:db8:0:0:1:2:3:4'), sourceOf('2001:db8::9'));
    assert.equal(sourceOf('10.1.2.3'), '10.1.2.3');
  });
  it('firmware in what devices call themselves', () => {
    const cases: [string, string | undefined][] = [
      ['Yealink SIP-T46S 66.86.0.15 00:15:65:aa:bb:cc', '66.86.0.15'],
      ['Grandstream Model HW GXP1782 SW 1.0.1.133 DevId 000b82aabbcc', '1.0.1.133'],
      ['FileTransport PolycomVVX-VVX_411-UA/5.9.7.3480 (SN:0004f2aabbcc) Type/Application', '5.9.7.3480'],
      ['Cisco-CP-8841-3PCC/11-3-2_001565aabbcc', '11-3-2'],
      ['Cisco/SPA504G-7.6.2c (001565AABBCC)(CCQ162306EA)', '7.6.2c'],
      ['Mozilla', undefined],
    ];
    for (const [agent, firmware] of cases) assert.equal(firmwareIn(agent), firmware, agent);
  });
  it('passwords: long, none twice', () => {
    const made = new Set(Array.from({ length: 500 }, makePassword));
    assert.equal(made.size, 500);
    for (const one of made) assert.match(one, /^[a-km-zA-HJ-NP-Z2-9]{24}$/);
  });
  it('a digest that is sent again proves nothing', async () => {
    const logIns = new LogIns();
    const nonce = /nonce="([^"]+)"/.exec(logIns.challenges(0)[0] ?? '')?.[1] ?? '';
    const { digestResponse } = await import('../../../platform/digest.ts');
    const fields = {
      username: mac,
      realm: 'diemcau',
      nonce,
      uri: '/a/x.cfg',
      algorithm: 'MD5' as const,
      qop: 'auth',
      nc: '00000001',
      cnonce: 'c',
    };
    const response = digestResponse(fields, 'GET', 'right');
    const header = `Digest username="${mac}", realm="diemcau", nonce="${nonce}", uri="/a/x.cfg", qop=auth, nc=00000001, cnonce="c", response="${response}"`;
    const first = logIns.read(header, 'GET', '/a/x.cfg', 1);
    assert.equal(first?.fits('wrong'), false);
    assert.equal(first?.fits('right'), true);
    assert.equal(logIns.read(header, 'GET', '/a/x.cfg', 2), undefined);
    assert.equal(logIns.read(header.replace('00000001', '00000002'), 'GET', '/a/y.cfg', 2), undefined);
  });
  it('a source is blocked after so many refusals, and heard again after a while or when an admin says so', () => {
    const blocks = new Blocks(3);
    const at = (s: number) => new Date(s * 1000);
    assert.deepEqual(
      [1, 2, 3, 4].map((s) => blocks.refused('10.0.0.1', at(s))),
      [false, false, true, false],
    );
    assert.equal(blocks.has('10.0.0.1', at(5)), true);
    assert.equal(blocks.has('10.0.0.2', at(5)), false);
    assert.deepEqual(
      blocks.list(at(5)).map(({ source }) => source),
      ['10.0.0.1'],
    );
    assert.equal(blocks.has('10.0.0.1', at(1_000)), false);
    blocks.refused('10.0.0.2', at(1));
    assert.equal(blocks.lift('10.0.0.1'), true);
    assert.equal(blocks.has('10.0.0.1', at(5)), false);
  });
  it('a slow reader', () => {
    assert.equal(isTooSlow(20_000, 10_000), true);
    assert.equal(isTooSlow(20_480, 10_000), false);
  });
  it('whether a device has what it should', () => {
    const file = (name: string, version: string) => ({ paths: [name], version, settles: name.endsWith('.cfg') });
    const files = [file('a.boot', '1'), file('a.cfg', '2')];
    const cases: [given: { file: string; version: string }[], upToDate: boolean][] = [
      [[], false],
      [[{ file: 'a.cfg', version: '2' }], true],
      [[{ file: 'a.cfg', version: '1' }], false],
      [[{ file: 'a.boot', version: '1' }], false],
      [
        [
          { file: 'a.boot', version: '0' },
          { file: 'a.cfg', version: '2' },
        ],
        false,
      ],
    ];
    for (const [given, upToDate] of cases) assert.equal(isUpToDate(files, given), upToDate);
  });
});
