import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { en } from '../../api/console/app/words/en/index.ts';
import { vi } from '../../api/console/app/words/vi/index.ts';
import { templates } from '../../provisioning/catalogue.ts';
import { entriesOf } from '../../provisioning/entries.ts';
import { type DeviceSettings, deviceSettings } from '../../provisioning/settings.ts';
import { shortfall } from '../../provisioning/shortfall.ts';
import type { Template } from '../../provisioning/template.ts';
import { full, minimal } from './samples.ts';

const all = (template: Template): DeviceSettings[] =>
  (['vi', 'en'] as const).flatMap((language) =>
    (['off', 'preferred', 'required'] as const).map((srtp) => ({
      ...full(template),
      language,
      accounts: full(template).accounts.map((one) => ({ ...one, srtp })),
    })),
  );

describe('provisioning: what a device does not get', () => {
  it('has words in the console, in both languages', () => {
    for (const template of templates)
      for (const settings of all(template))
        for (const name of shortfall(template, settings).filter((one) => one !== 'language')) {
          const keys = [`setting.${name}`, `setting.${name.split('.')[0]}`];
          for (const words of [vi, en] as Record<string, string>[])
            assert.ok(
              keys.some((key) => words[key] !== undefined),
              `${template.id}: ${name}`,
            );
        }
  });

  it('Vietnamese: one model has it, of all others it is told', () => {
    const having = templates.filter((template) => !shortfall(template, minimal(template)).includes('language'));
    assert.deepEqual(
      having.map(({ id }) => id),
      ['grandstream-gxv3240'],
    );
  });
});

/** A template's parameters by name, with some settings changed. */
const entries = (id: string, change: Partial<DeviceSettings> = {}, kind = full): Record<string, string> => {
  const template = templates.find((one) => one.id === id)!;
  const settings = deviceSettings.parse({ ...kind(template), ...change });
  return Object.fromEntries(entriesOf(template, settings).map(({ name, value }) => [name, value]));
};

describe('provisioning: what counts comes out', () => {
  const rows: [
    what: string,
    id: string,
    change: Partial<DeviceSettings>,
    expected: Record<string, string | undefined>,
  ][] = [
    [
      'a GVC at a gatekeeper, by number, answering, 2 Mbit/s at 720p',
      'grandstream-gvc',
      {},
      {
        P25059: '1',
        P25033: '192.0.2.10',
        P25034: '84210',
        P25035: 'phong-hop',
        P25048: '1',
        P25063: '2048',
        P25061: '9',
      },
    ],
    [
      'a GVC without a number goes by its name',
      'grandstream-gvc',
      { h323: { gatekeeper: '192.0.2.10', gatekeeperPort: 1719, alias: 'phong-hop' } },
      { P25034: 'phong-hop', P25035: undefined, P25036: undefined },
    ],
    [
      'a GVC by SIP alone',
      'grandstream-gvc',
      { h323: undefined },
      { P25059: undefined, P47: '192.0.2.10:5061', P90: '1' },
    ],
    [
      'a Studio X at a gatekeeper and a registrar',
      'poly-videoos',
      {},
      {
        'voIpProt.H323.gk.mode': 'Specify',
        'voIpProt.H323.gk.ipAddress': '192.0.2.10',
        'voIpProt.H323.e164': '84210',
        'voIpProt.SIP.userName': 'tiepdan@192.0.2.10',
        'call.autoAnswer.answerP2PCall': 'Yes',
        'call.preferredSpeed.outgoing': '2048',
      },
    ],
    [
      'a VVX 600 with its camera: as fast as it can',
      'poly-vvx-video',
      { callRateKbps: 1024 },
      { 'video.enable': '1', 'video.callRate': undefined, 'video.maxCallRate': '1024' },
    ],
    [
      'a Studio X by H.323 alone does not try SIP',
      'poly-videoos',
      { accounts: [] },
      { 'voIpProt.SIP.enable': undefined, 'voIpProt.H323.enable': 'true' },
    ],
    ['an HT818: its first port', 'grandstream-ht818', {}, { P4060: 'tiepdan', P4595: '1', P35: undefined }],
    [
      'a GXV3480: its picture, and numbers on its keys',
      'grandstream-gxv3480',
      {},
      {
        'account.1.sip.subscriber.userId': 'tiepdan',
        'account.1.call.video.enable': 'Yes',
        'account.1.video.h264.imagesize': '720P',
        'account.1.video.bitRate': '2048',
        'video.frameRate': '30',
        'pks.mpk.1.value': '9001',
        'account.1.sip.server.2.address': undefined,
      },
    ],
    [
      'a GXP2170: settings by name',
      'grandstream-gxp2170',
      {},
      {
        'account.1.sip.server.1.address': '192.0.2.10:5061',
        'account.1.sip.server.2.address': 'du-phong.example.vn:5063',
        'account.1.sip.transport': 'TlsOrTcp',
        'account.1.audio.srtpMode': 'EnabledAndForced',
        'account.1.dtmf.sendInRtp': 'Yes',
        'account.1.dtmf.sendInSip': 'No',
        'account.1.codec.choice.1': 'PCMA',
        'account.1.codec.choice.2': 'G.722',
        'account.1.call.autoAnswer': 'Yes',
        'pks.vpk.2.value': '9001',
        'pks.vpk.3.value': '*43',
        'dateTime.timezone': 'TZX-7',
      },
    ],
    [
      'a Cisco phone with multiplatform firmware: SRTP by SDES',
      'cisco-mpp-7800',
      {},
      { SRTP_Method: 's-descriptor', Secure_Call_Option_1_: 'Required' },
    ],
    [
      'a Cisco SPA phone: SRTP by SDES, and a number on 2',
      'cisco-spa',
      {},
      { SRTP_Method: 's-descriptor', Speed_Dial_2: '*43' },
    ],
    [
      'a Fanvil V62: a number dialled by account 1, wherever its firmware keeps keys',
      'fanvil-v',
      {},
      { 'dsskey/dssSide[1]/Fkey[2]/Value': '9001@1/f', 'dsskey/internal[1]/Fkey[3]/Value': '*43@1/f' },
    ],
    [
      'a Snom phone: answers by itself, SRTP or nothing, its dial plan',
      'snom-phones',
      { dialPlan: ['11[3-5]', '0.'] },
      {
        'phone-settings/user_auto_connect[1]': 'on',
        'phone-settings/user_savp[1]': 'mandatory',
        'phone-settings/user_dp_str[1]': String.raw`|^(11[3-5])$|sip:\1@\d|d |^(0[0-9]*)$|sip:\1@\d|`,
      },
    ],
  ];
  for (const [what, id, change, expected] of rows)
    it(what, () => {
      const found = entries(id, change);
      for (const [name, value] of Object.entries(expected)) assert.equal(found[name], value, name);
    });

  it('the rules that a Snom phone is given take the numbers meant, and no others', () => {
    const rules = entries('snom-phones')
      ['phone-settings/user_dp_str[1]']!.split(' ')
      .map((rule) => {
        const [, pattern = '', result, flags] = rule.split('|');
        assert.equal(result, String.raw`sip:\1@\d`);
        return { pattern: new RegExp(pattern), atOnce: flags === 'd' };
      });
    const first = (number: string) => rules.find(({ pattern }) => pattern.test(number))?.atOnce;
    for (const [number, atOnce] of [
      ['113', true],
      ['112', true],
      ['*43', true],
      ['0912345678', false],
      ['9001', undefined],
      ['x43', undefined],
    ] as const)
      assert.equal(first(number), atOnce, number);
  });
});
