import type { AccountValue, CodecOrder, DeviceValue, Parameter, Template } from '../../template.ts';

/* Grandstream's newer firmware: settings by name, choices by name. */

const yes = { off: 'No', on: 'Yes' };
const only = (kind: 'rfc4733' | 'info' | 'inband') => ({ rfc4733: 'No', info: 'No', inband: 'No', [kind]: 'Yes' });

export const namedFiles: Template['files'] = [
  { paths: ['cfg{mac}.xml'], format: 'grandstream-items', holds: 'settings' },
];

/** Time, syslog, passwords, where files come from. `timeZone`: what Vietnam's is called there. */
export const namedDevice = ({ timeZone }: { timeZone: string }): Parameter<DeviceValue>[] => [
  { name: 'dateTime.ntp.server.1', from: 'ntpServer' },
  { name: 'dateTime.timezone', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': timeZone } },
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

/** `login`, `backup`: names that differ, or are not there. */
export const namedAccount = (n: number, names: { login: string; backup?: string }): Parameter<AccountValue>[] => {
  const name = (setting: string) => `account.${n}.${setting}`;
  return [
    { name: name('enable'), fixed: 'Yes' },
    { name: name('name'), from: 'displayName' },
    { name: name('sip.server.1.address'), from: 'serverAndPort' },
    ...(names.backup === undefined ? [] : [{ name: name(names.backup), from: 'backup' } as const]),
    { name: name('sip.userid'), from: 'username' },
    { name: name(names.login), from: 'username' },
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

/** Account 1's order of codecs. */
export const namedCodecs = (count: 7 | 8): CodecOrder => ({
  kind: 'places',
  places: Array.from({ length: count }, (_, at) => ({ codec: `account.1.codec.choice.${at + 1}` })),
});
