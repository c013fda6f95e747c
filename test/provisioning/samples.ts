import { type DeviceSettings, deviceSettings } from '../../provisioning/settings.ts';
import type { Template } from '../../provisioning/template.ts';

export const mac = '001565aabbcc';

const account = {
  displayName: 'Phòng tiếp dân & <lễ tân>',
  username: 'tiepdan',
  password: 'mat]]>khau&dai;"12\'#$%',
  server: '192.0.2.10',
  port: 5061,
  transport: 'tls',
  srtp: 'required',
};

const gatekeeper = { gatekeeper: '192.0.2.10', gatekeeperPort: 1719 };

/** Every setting that there is. */
export const full = (template: Template): DeviceSettings =>
  deviceSettings.parse({
    accounts: template.protocols.includes('sip')
      ? [{ ...account, backupServer: 'du-phong.example.vn', backupPort: 5063 }]
      : [],
    codecs: ['PCMA', 'G722'],
    dtmf: 'rfc4733',
    dialPlan: ['11[3-5]', '1xx', '0[2-9].', '*xx'],
    speedDials: [
      { label: 'UBND tỉnh "A" ; B', number: '9001', key: 1 },
      { label: 'Phòng thử', number: '*43', key: 2 },
    ],
    autoAnswer: 'on',
    ntpServer: '192.0.2.1',
    syslogServer: '192.0.2.10',
    syslogPort: 5514,
    adminPassword: 'Quan-tri&<9>',
    userPassword: 'Nguoi-dung"1',
    callRateKbps: 2048,
    picture: '720p',
    frameRate: '30',
    h323: template.protocols.includes('h323')
      ? { ...gatekeeper, alias: 'phong-hop', e164: '84210', password: 'khoa<&>' }
      : undefined,
    provisioningUrl: 'https://192.0.2.10:8081/p/KHOA/',
    firmwareUrl: 'https://192.0.2.10:8081/firmware/may.rom',
  });

/** What is needed to register, and no more. */
export const minimal = (template: Template): DeviceSettings =>
  deviceSettings.parse(
    template.protocols.includes('sip')
      ? {
          accounts: [
            { displayName: 'Lễ tân', username: 'le-tan', password: 'bi-mat', server: 'gw.example.vn', port: 5060 },
          ],
        }
      : { accounts: [], h323: { ...gatekeeper, alias: 'phong-hop' } },
  );
