import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { digestResponse } from '../../../platform/digest.ts';
import { recognise, templates } from '../../../provisioning/catalogue.ts';
import { isUpToDate } from '../../../provisioning/server/device-files.ts';
import type { Template } from '../../../provisioning/template.ts';
import { certificate, type FileHouse, openFileHouse } from './house.ts';

/** How a vendor's devices ask when they start: what stands around the files of the template, and what they call themselves. */
interface Manner {
  agent: (model: string, mac: string) => string;
  /** Files that it looks for before or after its own, and need not be there. */
  optional: (mac: string) => string[];
  /** Sends what it wrote about itself. */
  uploads?: (mac: string) => string;
  capitals?: true;
}
/** Without the vendor's name before it. */
const bare = (model: string): string => model.replace(/^(?:Cisco|Fanvil|Snom) /, '');
const manners: Record<string, Manner> = {
  Yealink: {
    agent: (model, mac) => `Yealink ${model.replace(' ', '_')} 66.86.0.15 ${mac.replace(/..(?=.)/g, '$&:')}`,
    optional: () => ['y000000000066.boot', 'y000000000066.cfg'],
  },
  Grandstream: {
    agent: (model, mac) => `Grandstream Model HW ${model} SW 1.0.1.133 DevId ${mac}`,
    optional: (mac) => [`cfg${mac}`, 'cfg.xml'],
  },
  Poly: {
    agent: (model) => {
      if (model.startsWith('Trio'))
        return `FileTransport PolycomRealPresenceTrio-${model.replace(' ', '_')}-UA/5.9.5.1185 Type/Application`;
      if (model.startsWith('VVX'))
        return `FileTransport PolycomVVX-${model.replace(' ', '_')}-UA/5.9.7.3480 Type/Application`;
      return `Poly ${model}/3.14.0`;
    },
    optional: (mac) => [`${mac}-phone.cfg`, `${mac}-web.cfg`, `${mac}-license.cfg`],
    uploads: (mac) => `${mac}-app.log`,
  },
  Cisco: {
    agent: (model, mac) =>
      model.includes('SPA')
        ? `Cisco/${bare(model)}-7.6.2f (${mac.toUpperCase()})`
        : `Cisco-CP-${bare(model)}-3PCC/11.3.2 (${mac})`,
    optional: () => [],
    capitals: true,
  },
  Fanvil: { agent: (model, mac) => `Fanvil ${bare(model)} 2.4.5 ${mac}`, optional: () => ['f0X4hw1.0.cfg'] },
  Snom: {
    agent: (model, mac) => `Mozilla/4.0 (compatible; snom${bare(model)}-SIP 10.1.64.14 ${mac})`,
    optional: () => [],
  },
};

const fetching = templates.filter(({ delivery }) => delivery === 'fetch');
let serial = 0;
const nextMac = (template: Template): string =>
  `${template.macPrefixes[0] ?? '001565'}${(++serial).toString(16).padStart(6, '0')}`;

describe('devices fetch their files', function () {
  this.timeout(60_000);
  let house: FileHouse;
  before(async () => {
    house = await openFileHouse();
  });
  after(() => house.close());

  for (const template of fetching) {
    const model = template.models[0]?.name ?? '';
    const manner = manners[template.vendor];
    const kind = template.protocols.includes('sip') ? ('sip' as const) : ('h323' as const);
    const make = async () => {
      const mac = nextMac(template);
      return { mac, device: await house.device(model, mac, { kind }) };
    };

    it(`${template.id}: with the key in the address, in the vendor’s order, and again when nothing changed`, async () => {
      assert.ok(manner, `how devices of ${template.vendor} ask stands here`);
      const { device, mac } = await make();
      const headers = { 'User-Agent': manner.agent(model, mac), Accept: '*/*' };
      const recognised = recognise(headers['User-Agent'])?.template;
      assert.equal(recognised?.vendor, template.vendor, headers['User-Agent']);
      for (const name of manner.optional(mac))
        assert.equal((await house.ask(await house.keyed(device, name), { headers })).status, 404, name);
      const set = await house.provisioning.files.of(device);
      assert.ok(set);
      for (const { mediaType, paths, text } of set.files) {
        for (const path of paths.slice(0, 2)) {
          const asked = manner.capitals === true ? path.replace(mac, mac.toUpperCase()) : path;
          const answer = await house.ask(await house.keyed(device, asked), { headers });
          assert.equal(answer.status, 200, asked);
          assert.equal(answer.text, text);
          assert.ok(answer.headers['content-type']?.startsWith(mediaType));
          const secretly = await house.ask(await house.keyed(device, asked), { headers, tls: {} });
          assert.deepEqual([secretly.status, secretly.text, secretly.headers.etag], [200, text, answer.headers.etag]);
          const { etag = '', 'last-modified': changed = '' } = answer.headers;
          const again = (more: Record<string, string>, method = 'GET') =>
            house.keyed(device, asked).then((url) => house.ask(url, { method, headers: { ...headers, ...more } }));
          assert.equal((await again({ 'If-None-Match': etag })).status, 304);
          assert.equal((await again({ 'If-Modified-Since': changed })).status, 304);
          const head = await again({}, 'HEAD');
          assert.deepEqual([head.status, head.text, head.headers.etag], [200, '', etag]);
        }
      }
      const whole = set.files.map(({ text }) => text).join('');
      assert.ok(whole.includes(device.password), 'the password of the account is in it');
      const uploads = manner.uploads?.(mac);
      if (uploads !== undefined)
        assert.equal((await house.ask(await house.keyed(device, uploads), { method: 'PUT', headers })).status, 405);
      const state = await house.provisioning.states.get(device.id);
      assert.equal(state?.userAgent, headers['User-Agent']);
      assert.equal(state?.provenBy, 'key');
      assert.equal(state?.refusals, 0);
      assert.equal(isUpToDate(set.files, state?.given ?? []), true);

      // A change reaches it with the next time that it asks.
      const changed = await house.store.endpoints.update(device.id, { secret: house.seal.seal('another-secret') });
      assert.ok(changed);
      const now = await house.provisioning.files.of(changed);
      assert.ok(now);
      assert.equal(isUpToDate(now.files, state?.given ?? []), false);
      for (const { paths, settles } of now.files) {
        const known = state?.given.find(({ file }) => file === paths[0]);
        const conditions = { 'If-None-Match': `"${known?.version}"` };
        const path = await house.keyed(device, paths[0] ?? '');
        const answer = await house.ask(path, { headers: { ...headers, ...conditions } });
        if (settles && answer.status === 200) assert.ok(answer.text.includes('another-secret'));
      }
      const after = await house.provisioning.states.get(device.id);
      assert.equal(isUpToDate(now.files, after?.given ?? []), true);
    });

    const file = async (device: Awaited<ReturnType<typeof make>>['device']): Promise<string> => {
      const set = await house.provisioning.files.of(device);
      return set?.files.find(({ settles }) => settles)?.paths[0] ?? '';
    };

    if (template.authentication.includes('basic') || template.authentication.includes('digest')) {
      it(`${template.id}: by user and password, ${template.authentication.join(', ')}`, async () => {
        const { device, mac } = await make();
        // From an address of its own: one that is refused often is refused altogether.
        const from = `127.0.3.${fetching.indexOf(template) + 1}`;
        const target = `/a/${await file(device)}`;
        const { key } = await house.provisioning.keys.of(device.id);
        const first = await house.ask(target, { from });
        assert.equal(first.status, 401);
        assert.match(String(first.headers['www-authenticate']), /Digest .*Basic /);
        if (template.authentication.includes('basic')) {
          const as = (user: string, password: string) => ({
            from,
            headers: { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
          });
          assert.equal((await house.ask(target, as(mac, key))).status, 200);
          assert.equal((await house.ask(target, as(mac.toUpperCase(), key))).status, 200);
          assert.equal((await house.ask(target, as(mac, `${key}x`))).status, 401);
        }
        if (template.authentication.includes('digest')) {
          const nonce = /nonce="([^"]+)"/.exec(String(first.headers['www-authenticate']))?.[1] ?? '';
          const fields = {
            username: mac,
            realm: 'diemcau',
            nonce,
            uri: target,
            qop: 'auth',
            nc: '00000001',
            cnonce: 'x',
          };
          const response = digestResponse({ ...fields, algorithm: 'MD5' }, 'GET', key);
          const Authorization = `Digest ${Object.entries({ ...fields, response })
            .map(([name, value]) => (name === 'nc' ? `${name}=${value}` : `${name}="${value}"`))
            .join(', ')}`;
          assert.equal((await house.ask(target, { from, headers: { Authorization } })).status, 200);
          assert.equal((await house.ask(target, { from, headers: { Authorization } })).status, 401, 'replayed');
        }
      });
    }

    if (template.authentication.includes('certificate')) {
      it(`${template.id}: by its vendor’s certificate`, async () => {
        const { device, mac } = await make();
        const path = `/${await file(device)}`;
        const tls = await certificate(mac.toUpperCase(), house.authority);
        const given = await house.ask(path, { tls });
        assert.equal(given.status, 200);
        assert.ok(given.text.includes(device.password));
        assert.equal((await house.provisioning.states.get(device.id))?.provenBy, 'certificate');
        // From an address of its own: one that is refused often is refused altogether.
        const from = `127.0.2.${fetching.indexOf(template) + 1}`;
        const another = await certificate(nextMac(template).toUpperCase(), house.authority);
        assert.equal((await house.ask(path, { from, tls: another })).status, 404);
        const forged = await certificate(mac.toUpperCase(), await certificate('Other CA'));
        assert.equal((await house.ask(path, { from, tls: forged })).status, 404);
        assert.equal((await house.ask(path, { from, tls: {} })).status, 404);
      });
    }
  }

  it('the key over TLS', async () => {
    const device = await house.device('SIP-T46S', '001565f00001');
    assert.equal((await house.ask(await house.keyed(device, '001565f00001.cfg'), { tls: {} })).status, 200);
  });
});
