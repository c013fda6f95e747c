import assert from 'node:assert/strict';
import { XMLValidator } from 'fast-xml-parser';
import { describe, it } from 'mocha';
import { modelNamed } from '../../provisioning/catalogue.ts';
import { deviceSettings } from '../../provisioning/settings.ts';
import { fill } from '../../provisioning/sheets/fill.ts';
import { sheetHtml, sheetPdf } from '../../provisioning/sheets/print.ts';
import { sheetFor, sheets } from '../../provisioning/sheets/sheets.ts';

const h323 = { gatekeeper: '192.0.2.10', gatekeeperPort: 1719, alias: 'phong-hop', e164: '84210', password: 'bi-mat' };
const account = { displayName: 'Phòng họp', username: 'phong', password: 'bi-mat', server: '192.0.2.10', port: 5060 };
const settings = (parts: object) =>
  deviceSettings.parse({
    accounts: [],
    autoAnswer: 'on',
    callRateKbps: 1024,
    ntpServer: '192.0.2.1',
    speedDials: [{ label: 'UBND tỉnh', number: '9001', key: 1 }],
    ...parts,
  });
const device = { name: 'Phòng họp <A&B>', model: 'HDX 8000', mac: '00e0db000001', printedOn: '25/11/2026' };

describe('provisioning: setting sheets', () => {
  it('Polycom HDX: what to enter where, by the names on the device', () => {
    const { sheet } = sheetFor('polycom hdx 8000')!;
    const { sections, title } = fill(sheet, settings({ h323 }), device, 'vi');
    assert.equal(title, 'PHIẾU CÀI ĐẶT THIẾT BỊ');
    assert.deepEqual(
      sections[0]?.rows.map(({ name, value }) => [name, value]),
      [
        ['H.323', 'Enabled'],
        ['H.323 Name', 'phong-hop'],
        ['H.323 Extension (E.164)', '84210'],
        ['Use Gatekeeper', 'Specify'],
        ['Primary Gatekeeper IP Address', '192.0.2.10:1719'],
        ['Authentication', '✓'],
        ['User Name', 'phong-hop'],
        ['Password', undefined],
      ],
    );
    assert.equal(sections[0]?.where, 'Vào: Network › IP Network › H.323 Settings');
    assert.deepEqual(sections[1]?.rows.at(-1), {
      name: '(tên tùy máy)',
      meaning: 'Phím gọi nhanh 1: UBND tỉnh',
      value: '9001',
    });
  });

  it('a device without a password gets no lines for one', () => {
    const { password: _, ...open } = h323;
    const { sections } = fill(sheetFor('HDX 8000')!.sheet, settings({ h323: open }), device, 'vi');
    assert.ok(!sections[0]?.rows.some(({ name }) => ['Authentication', 'User Name', 'Password'].includes(name)));
  });

  it('a device that registers by SIP gets the SIP part alone', () => {
    const { sections } = fill(sheetFor('GVC3212')!.sheet, settings({ accounts: [account] }), device, 'en');
    assert.deepEqual(
      sections.map(({ title }) => title),
      ['SIP', 'Calls', 'Time and log'],
    );
  });

  const rows = (model: string, parts: object) =>
    fill(sheetFor(model)!.sheet, settings(parts), device, 'vi').sections.flatMap((section) =>
      section.rows.map(({ name, value }) => `${name} = ${value ?? ''}`),
    );

  for (const [model, parts, wanted] of [
    ['HDX 8000', { h323 }, ['Auto Answer Point-to-Point Video = Yes']],
    ['VC800', { h323 }, ['Gatekeeper Type / Gatekeeper Mode = Manual', 'Auto Answer = Enabled']],
    [
      'RealPresence Group 500',
      { h323, accounts: [account] },
      ['H.323 Extension (E.164) = 84210', 'Sign-in Address = phong', 'User Name = phong', 'Proxy Server = 192.0.2.10'],
    ],
    ['TE30', { h323 }, ['Preferred IP protocol = H.323']],
    ['TE30', { accounts: [account] }, ['Preferred IP protocol = SIP']],
    ['TE30', { h323, accounts: [account] }, ['Preferred IP protocol = H.323']],
    [
      'Icon 600',
      { h323, accounts: [account] },
      [
        'Extension = 84210',
        'Gatekeeper Mode = Manual',
        'Gatekeeper Address = 192.0.2.10',
        'Gatekeeper Username = phong-hop',
        'Gatekeeper Password = ',
        'Registrar Hostname = 192.0.2.10',
        'Proxy Hostname = 192.0.2.10',
        'SIP Username = phong',
        'Authorization Username = phong',
        'Authorization Password = ',
      ],
    ],
  ] as const)
    it(`${model}, ${Object.keys(parts).join(' and ')}: lines by the device's own names`, () => {
      const found = rows(model, parts);
      for (const line of wanted) assert.ok(found.includes(line), `${line} in ${found.join('; ')}`);
      assert.ok(found.filter((line) => line.startsWith('Preferred IP protocol')).length <= 1);
    });

  for (const sheet of sheets)
    it(`${sheet.vendor}: every sheet prints, and holds no password`, async () => {
      for (const language of ['vi', 'en'] as const) {
        const parts = { h323, accounts: sheet.protocols.includes('sip') ? [account] : [] };
        const filled = fill(sheet, settings(parts), { ...device, model: sheet.models[0]! }, language);
        const html = sheetHtml(filled, language);
        assert.equal(
          XMLValidator.validate(html.replace('<!doctype html>\n', '').replace('<meta charset="utf-8">', '')),
          true,
        );
        assert.ok(html.includes('Phòng họp &lt;A&amp;B&gt;') && !html.includes('bi-mat'));
        assert.equal((await sheetPdf(filled, language)).subarray(0, 5).toString(), '%PDF-');
      }
    });

  it('no model is both set by file and by hand, and each has one sheet', () => {
    const names = sheets.flatMap(({ models }) => models);
    assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length);
    for (const name of names) assert.equal(modelNamed(name), undefined, name);
  });
});
