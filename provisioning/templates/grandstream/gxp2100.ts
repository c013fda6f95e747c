import type { AccountValue, DeviceValue, KeyValue, Parameter, Template } from '../../template.ts';
import { codecs, common, keys, phoneAccounts, phoneDevice } from './parts.ts';

const userAgent = '^Grandstream (?:Model HW )?(?<model>GXP21[0-9]+)(?: |$)';

/** Grandstream GXP2100/2110/2120: P-values as on other phones. */
export const grandstreamGxp2100: Template = {
  ...common,
  id: 'grandstream-gxp2100',
  models: ['GXP2100', 'GXP2110', 'GXP2120'].map((name) => ({ name })),
  kind: 'phone',
  device: phoneDevice,
  accounts: phoneAccounts,
  keys: keys(3, '10'),
  codecs: codecs(7),
  codecNames: { PCMU: '0', PCMA: '8', G722: '9', G729: '18' },
  userAgent,
};

const yes = { off: 'No', on: 'Yes' };
const only = (kind: 'rfc4733' | 'info' | 'inband') => ({ rfc4733: 'No', info: 'No', inband: 'No', [kind]: 'Yes' });

const device: Parameter<DeviceValue>[] = [
  { name: 'dateTime.ntp.server.1', from: 'ntpServer' },
  { name: 'dateTime.timezone', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': 'TZX-7' } },
  // The vendor's list has no Vietnamese.
  { name: 'language.gui', from: 'language', values: { en: 'en' } },
  { name: 'maintain.syslog.protocol', fixed: 'UDP', when: 'syslogServer' },
  { name: 'maintain.syslog.server', from: 'syslogServer' },
  { name: 'maintain.syslog.level', fixed: 'Info', when: 'syslogServer' },
  { name: 'users.admin.password', from: 'adminPassword', secret: true },
  { name: 'users.user.password', from: 'userPassword', secret: true },
  { name: 'provisioning.config.protocol', from: 'provisioningScheme', values: { http: 'HTTP', https: 'HTTPS' } },
  { name: 'provisioning.config.serverPath', from: 'provisioningAddress', secret: true },
  { name: 'provisioning.auto.mode', fixed: 'YesUpgradeMin' },
  { name: 'provisioning.auto.minute', from: 'resyncMinutes' },
  { name: 'provisioning.firmware.serverPath', from: 'firmwareAddress' },
];

const account = (n: number): Parameter<AccountValue>[] => {
  const name = (setting: string) => `account.${n}.${setting}`;
  return [
    { name: name('enable'), fixed: 'Yes' },
    { name: name('name'), from: 'displayName' },
    { name: name('sip.server.1.address'), from: 'serverAndPort' },
    { name: name('sip.server.2.address'), from: 'backup' },
    { name: name('sip.userid'), from: 'username' },
    { name: name('sip.subscriber.userid'), from: 'username' },
    { name: name('sip.subscriber.password'), from: 'password', secret: true },
    { name: name('sip.subscriber.name'), from: 'displayName' },
    { name: name('sip.registration'), fixed: 'Yes' },
    { name: name('sip.transport'), from: 'transport', values: { udp: 'UDP', tcp: 'TCP', tls: 'TlsOrTcp' } },
    { name: name('sip.uriSchemeWhenUsingTls'), fixed: 'sip' },
    {
      name: name('audio.srtpMode'),
      from: 'srtp',
      values: { off: 'Disabled', preferred: 'EnabledButNotForced', required: 'EnabledAndForced' },
    },
    { name: name('dtmf.sendInAudio'), from: 'dtmf', values: only('inband') },
    { name: name('dtmf.sendInRtp'), from: 'dtmf', values: only('rfc4733') },
    { name: name('dtmf.sendInSip'), from: 'dtmf', values: only('info') },
    { name: name('call.dialplan'), from: 'dialPlan' },
    { name: name('call.autoAnswer'), from: 'autoAnswer', values: yes },
  ];
};

/** A line key from the second on (the first is account 1's line) that is always there; those beyond have to follow one another without a gap. */
const key = (n: number): Parameter<KeyValue>[] => [
  { name: `pks.vpk.${n}.keyMode`, fixed: 'SpeedDial' },
  { name: `pks.vpk.${n}.account`, fixed: '0' },
  { name: `pks.vpk.${n}.description`, from: 'label' },
  { name: `pks.vpk.${n}.value`, from: 'number' },
];

const byName = (name: string, lineKeys: number): Template => ({
  ...common,
  id: `grandstream-${name.toLowerCase()}`,
  models: [{ name }],
  kind: 'phone',
  files: [{ paths: ['cfg{mac}.xml'], format: 'grandstream-items', holds: 'settings' }],
  device,
  accounts: [account(1), account(2)],
  keys: Array.from({ length: lineKeys - 1 }, (_, at) => key(at + 2)),
  codecs: {
    kind: 'places',
    places: [1, 2, 3, 4, 5, 6, 7, 8].map((place) => ({ codec: `account.1.codec.choice.${place}` })),
  },
  codecNames: { PCMU: 'PCMU', PCMA: 'PCMA', G722: 'G.722', G729: 'G.729A/B', OPUS: 'OPUS' },
  userAgent,
});

/** Grandstream GXP2130…2170: settings by name (firmware 1.0.11.79 and later). */
export const grandstreamGxp2130 = byName('GXP2130', 3);
export const grandstreamGxp2135 = byName('GXP2135', 8);
export const grandstreamGxp2140 = byName('GXP2140', 4);
export const grandstreamGxp2160 = byName('GXP2160', 6);
export const grandstreamGxp2170 = byName('GXP2170', 12);
