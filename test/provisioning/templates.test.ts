import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'mocha';
import { modelNamed, models, recognise, templates } from '../../provisioning/catalogue.ts';
import { differences, entriesOf } from '../../provisioning/entries.ts';
import { inOrder, storedLayers } from '../../provisioning/layers.ts';
import { filesOf } from '../../provisioning/render.ts';
import { deviceSettings, overlaid, overrides } from '../../provisioning/settings.ts';
import { shortfall } from '../../provisioning/shortfall.ts';
import { ciscoRoomos } from '../../provisioning/templates/cisco/roomos.ts';
import type { DeviceOverrides } from '../../store/schema/devices.ts';
import { read } from './readers.ts';
import { full, mac, minimal } from './samples.ts';

/** Set to write the goldens anew; look at what changed before it is kept. */
const renew = process.env.DIEMCAU_WRITE_GOLDENS === '1';

describe('provisioning: templates', () => {
  for (const template of templates) {
    const model = template.models[0]!;
    describe(`${template.vendor} ${model.name}`, () => {
      for (const [kind, settings] of [
        ['full', full(template)],
        ['minimal', minimal(template)],
      ] as const) {
        const files = filesOf(template, settings, { model, mac });
        const entries = entriesOf(template, settings);

        it(`${kind}: the files are the golden ones`, () => {
          for (const { paths, text } of files) {
            const golden = join('fixtures/provisioning', template.vendor.toLowerCase(), model.name, kind, paths[0]!);
            if (renew) {
              mkdirSync(dirname(golden), { recursive: true });
              writeFileSync(golden, text);
            }
            assert.equal(text, readFileSync(golden, 'utf8'));
          }
        });

        it(`${kind}: what is read back is what was meant, each name once`, () => {
          const meant = entries.map(({ name, value }) => [name, value]);
          assert.equal(new Set(meant.map(([name]) => name)).size, meant.length);
          const holding = template.files.flatMap(({ holds, format }, at) =>
            typeof holds === 'string' ? read[format](files[at]!.text) : [],
          );
          const sorted = (pairs: (readonly (string | undefined)[])[]) => pairs.map((pair) => pair.join(' = ')).sort();
          assert.deepEqual(sorted(holding), sorted(meant));
        });
      }

      it('files that lead to others name one that is there', () => {
        const files = filesOf(template, minimal(template), { model, mac });
        const names = new Set(files.flatMap(({ paths }) => paths));
        for (const [at, { holds, format }] of template.files.entries()) {
          if (typeof holds !== 'object') continue;
          const pointers = read[format](files[at]!.text).map(([, value]) => value);
          assert.ok(pointers.length === 1 && names.has(pointers[0]!), pointers.join());
        }
        assert.equal(names.size, files.flatMap(({ paths }) => paths).length, 'no two files answer to one name');
      });

      it('every model gets the same, under its own names', () => {
        const [first, ...others] = template.models.map((model) =>
          filesOf(template, full(template), { model, mac }).map(({ text }) => text),
        );
        for (const other of others) assert.deepEqual(other, first);
      });

      it('for eyes, no secret is in any file', () => {
        const settings = full(template);
        const shown = filesOf(template, settings, { model, mac }, 'hidden').map(({ text }) => text);
        for (const secret of ['mat]]', 'khau', 'Quan-tri', 'Nguoi-dung', 'khoa'])
          assert.ok(!shown.join().includes(secret), secret);
      });
    });
  }

  it('every model has a name of its own, and is found by it', () => {
    assert.equal(new Set(models.map(({ model }) => model.name.toLowerCase())).size, models.length);
    assert.equal(new Set(templates.map(({ id }) => id)).size, templates.length);
    for (const { model } of models) assert.equal(modelNamed(model.name.toUpperCase())?.model, model);
    for (const [called, name] of [
      ['T46S', 'SIP-T46S'],
      ['yealink t46s', 'SIP-T46S'],
      ['Yealink SIP-T46S', 'SIP-T46S'],
      ['8851', 'Cisco 8851'],
      ['Grandstream HT802', 'HT802'],
      ['D785', 'Snom D785'],
      ['Room Kit', 'Cisco Room Kit'],
    ] as const)
      assert.equal(modelNamed(called)?.model.name, name, called);
    const called = models.flatMap(({ model, template }) => [model.name, `${template.vendor} ${model.name}`]);
    for (const name of called) assert.ok(name.toLowerCase().includes(modelNamed(name)!.model.name.toLowerCase()), name);
    assert.equal(modelNamed('X'), undefined);
  });

  it('a setting that a template carries is carried with every value, or told to be missing', () => {
    for (const template of templates)
      for (const srtp of ['off', 'preferred', 'required'] as const)
        for (const dtmf of ['rfc4733', 'info', 'inband'] as const)
          for (const transport of ['udp', 'tcp', 'tls'] as const) {
            const given = minimal(template);
            const settings = { ...given, dtmf, accounts: given.accounts.map((one) => ({ ...one, srtp, transport })) };
            const missing = shortfall(template, settings);
            // What no template may lack: who the device is and where it registers.
            for (const name of ['username', 'password', 'server', 'port', 'displayName'])
              assert.ok(!missing.includes(`account.${name}`), `${template.id} ${name}`);
          }
  });

  it('an override that says nothing changes nothing', () => {
    assert.deepEqual(overrides.parse({}), {});
    const sample = full(ciscoRoomos);
    assert.deepEqual(overlaid(sample, [{}, {}, {}]), sample);
  });

  it('the later layer counts; the rest of an account and of a gatekeeper stays', () => {
    const sample = full(ciscoRoomos);
    const layers = [
      { ntpServer: '192.0.2.2', account: { transport: 'tcp' }, h323: { gatekeeper: '192.0.2.3' } },
      { account: { port: 5070 } },
      { ntpServer: '192.0.2.4' },
    ].map((layer) => overrides.parse(layer));
    const { accounts, h323, ntpServer, ...rest } = deviceSettings.parse(overlaid(sample, layers));
    assert.equal(ntpServer, '192.0.2.4');
    assert.deepEqual(accounts, [{ ...sample.accounts[0], transport: 'tcp', port: 5070 }]);
    assert.deepEqual(h323, { ...sample.h323, gatekeeper: '192.0.2.3' });
    assert.deepEqual({ accounts, h323, ntpServer, ...rest }, { ...sample, accounts, h323, ntpServer });
  });

  it('what is set otherwise for a model or a site is no secret, and makes nobody speak H.323', () => {
    for (const secret of [
      { adminPassword: 'x' },
      { userPassword: 'x' },
      { provisioningUrl: 'https://x/' },
      { account: { password: 'x' } },
      { account: { username: 'x' } },
      { h323: { password: 'x' } },
      { h323: { alias: 'x' } },
    ])
      assert.equal(overrides.safeParse(secret).success, false, JSON.stringify(secret));
    const phone = minimal(templates[0]!);
    assert.equal(overlaid(phone, [{ h323: { gatekeeper: '192.0.2.3' } }]).h323, undefined);
  });

  it('the layers that are kept are found by model, whatever its capitals, and by site', async () => {
    const kept = [
      { scope: 'model', of: 't46s', overrides: { dtmf: 'info' } },
      { scope: 'site', of: 'xa', overrides: { ntpServer: '192.0.2.2' } },
      { scope: 'site', of: 'other', overrides: { ntpServer: '192.0.2.9' } },
    ].map((one, at) => ({ ...one, id: String(at), createdAt: new Date(), updatedAt: new Date() }) as DeviceOverrides);
    const store = { deviceOverrides: { recall: async () => kept } } as unknown as Parameters<typeof storedLayers>[0];
    const device = { model: 'SIP-T46S', mac, overrides: { autoAnswer: 'on' } };
    assert.deepEqual(inOrder(await storedLayers(store, { device, siteId: 'xa' })), [
      { dtmf: 'info' },
      { ntpServer: '192.0.2.2' },
      { autoAnswer: 'on' },
    ]);
    assert.deepEqual(inOrder(await storedLayers(store, {})), [{}, {}, {}]);
  });

  it('where a device has a switch for each kind of digits, no more than one is on', () => {
    for (const template of templates)
      for (const dtmf of ['rfc4733', 'info', 'inband'] as const) {
        const values = new Map(
          entriesOf(template, { ...full(template), dtmf }).map(({ name, value }) => [name, value]),
        );
        for (const switches of [
          ['P2301', 'P2302', 'P2303'],
          ['tone.dtmf.rfc2833Control', 'voIpProt.SIP.dtmfViaSignaling.rfc2976'],
        ])
          assert.ok(switches.filter((name) => values.get(name) === '1').length <= 1, `${template.id} ${dtmf}`);
      }
  });

  it('differences name what came, went and changed', () => {
    const entry = (name: string, value: string) => ({ name, value, secret: false, key: false });
    assert.deepEqual(
      differences(
        [entry('a', '1'), entry('b', '2'), entry('c', '3')],
        [entry('a', '1'), entry('b', '4'), entry('d', '5')],
      ),
      [
        { name: 'b', before: '2', after: '4' },
        { name: 'c', before: '3', after: null },
        { name: 'd', before: null, after: '5' },
      ],
    );
  });

  it('a value that would begin a line of its own, or that XML cannot carry, is refused', () => {
    const sample = minimal(templates[0]!);
    for (const displayName of ['a\nb', 'a\rb', 'a\u0000b', 'a\u0085b', 'a\u2028b', 'a\ud800b', 'a\uffffb', '']) {
      const accounts = sample.accounts.map((one) => ({ ...one, displayName }));
      assert.equal(deviceSettings.safeParse({ ...sample, accounts }).success, false, JSON.stringify(displayName));
    }
    const accounts = sample.accounts.map((one) => ({ ...one, displayName: 'Xã 😀 Đồng Văn' }));
    assert.equal(deviceSettings.safeParse({ ...sample, accounts }).success, true);
  });

  it('devices are recognised by how they call themselves', () => {
    for (const [agent, name] of [
      ['Yealink SIP-T46S 66.84.0.15 00:15:65:aa:bb:cc', 'SIP-T46S'],
      ['Yealink VP59 91.283.0.30', 'VP59'],
      ['Yealink SIP-T73W 185.87.0.15', 'SIP-T73W'],
      ['Grandstream Model HW GXP1782 SW 1.0.1.133 DevId 000b82aabbcc', 'GXP1782'],
      ['Grandstream HT802 1.0.10.6', 'HT802'],
      ['FileTransport PolycomVVX-VVX_410-UA/5.9.3.2857 Type/Application', 'VVX 410'],
      ['FileTransport PolycomTrio-Trio_8800-UA/5.9.0.11398 Type/Application', 'Trio 8800'],
      ['Cisco/SPA504G-7.6.2 (000E08AABBCC)(CCQ1)', 'Cisco SPA504G'],
      ['Cisco-CP-8851-3PCC/11.3.1 (00562b043615)', 'Cisco 8851'],
      ['Fanvil X4U 2.4.5 0c383eaabbcc', 'Fanvil X4U'],
      ['Grandstream GVC3200 1.0.1.58', 'GVC3200'],
      ['Grandstream Model HW HT818 SW 1.0.29.8 DevId 000b82aabbcc', 'HT818'],
      ['Grandstream GXV3380 1.0.3.21', 'GXV3380'],
      ['Poly Studio X30', 'Studio X30'],
      ['Grandstream Model HW GXP2170 SW 1.0.11.79 DevId 000b82aabbcc', 'GXP2170'],
      ['Grandstream Model HW GXP2120 SW 1.0.6.7 DevId 000b82aabbcc', 'GXP2120'],
      ['Grandstream HT813 1.0.19.6', 'HT813'],
      ['Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 1.1.3-u 000413AABBCC)', 'Snom D785'],
    ] as const)
      assert.equal(recognise(agent)?.model.name, name, agent);
    assert.equal(recognise('curl/8.0'), undefined);
  });
});
