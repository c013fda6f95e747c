import type { AccountValue, KeyValue, Parameter, Template } from '../../template.ts';

const transports = { udp: '0', tcp: '1', tls: '3' };

const account = (n: number): Parameter<AccountValue>[] => {
  const name = (setting: string) => `sip/line[${n}]/${setting}`;
  return [
    { name: name('PhoneNumber'), from: 'username' },
    { name: name('DisplayName'), from: 'displayName' },
    { name: name('RegisterAddr'), from: 'server' },
    { name: name('RegisterPort'), from: 'port' },
    { name: name('RegisterUser'), from: 'username' },
    { name: name('RegisterPswd'), from: 'password', secret: true },
    { name: name('EnableReg'), fixed: '1' },
    { name: name('BackupAddr'), from: 'backupServer' },
    { name: name('BackupPort'), from: 'backupPort' },
    { name: name('BackupTransport'), from: 'transport', values: transports, when: 'backupServer' },
    { name: name('Transport'), from: 'transport', values: transports },
    { name: name('DTMFMode'), from: 'dtmf', values: { inband: '0', rfc4733: '1', info: '2' } },
    { name: name('AutoAnswer'), from: 'autoAnswer', values: { off: '0', on: '1' } },
    // Turned off for all but this is not confirmed to be more than off.
    { name: name('MediaCrypto'), from: 'srtp', values: { off: '0' } },
  ];
};

/** Where a phone keeps its keys: beside the screen, on its own page of them, or under their older name. */
const places = {
  side: 'dssSide[1]/Fkey',
  page: 'internal[1]/Fkey',
  older: 'SidekeyConfig1',
};

/** Keys from the second on (the first is account 1's line); type 1 is a number, by account 1, `f` to be dialled. */
const keys = (...where: (keyof typeof places)[]): Parameter<KeyValue>[][] =>
  [2, 3, 4, 5].map((n) =>
    where.flatMap((place): Parameter<KeyValue>[] => [
      { name: `dsskey/${places[place]}[${n}]/Type`, fixed: '1' },
      { name: `dsskey/${places[place]}[${n}]/Value`, pieces: [{ from: 'number', without: '@' }, '@1/f'] },
      { name: `dsskey/${places[place]}[${n}]/Title`, from: 'label' },
    ]),
  );

const family = (id: string, names: string, keysOfPhone: Template['keys']): Template => ({
  id,
  vendor: 'Fanvil',
  models: names.split(',').map((name) => ({ name: `Fanvil ${name}`, agent: name })),
  kind: 'phone',
  protocols: ['sip'],
  delivery: 'fetch',
  files: [{ paths: ['{mac}.cfg'], format: 'fanvil-xml', holds: 'settings' }],
  device: [
    { name: 'Version', fixed: '2.0000000000' },
    { name: 'phone/MenuPassword', from: 'adminPassword', secret: true },
    { name: 'phone/display/DefaultLanguage', from: 'language', values: { en: 'en' } },
    { name: 'phone/date/EnableSNTP', fixed: '1', when: 'ntpServer' },
    { name: 'phone/date/SNTPServer', from: 'ntpServer' },
    { name: 'phone/date/TimeZone', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': '28' } },
    { name: 'phone/date/TimeZoneName', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': 'UTC+7' } },
    { name: 'phone/date/EnableDST', fixed: '0' },
    { name: 'web/account[1]/Name', fixed: 'admin', when: 'adminPassword' },
    { name: 'web/account[1]/Password', from: 'adminPassword', secret: true },
    { name: 'web/account[1]/Level', fixed: '10', when: 'adminPassword' },
    { name: 'web/account[2]/Name', fixed: 'guest', when: 'userPassword' },
    { name: 'web/account[2]/Password', from: 'userPassword', secret: true },
    { name: 'web/account[2]/Level', fixed: '5', when: 'userPassword' },
    { name: 'log/OutputDevice', fixed: 'syslog', when: 'syslogServer' },
    { name: 'log/SyslogServer', from: 'syslogServer' },
    { name: 'log/SyslogServerPort', from: 'syslogPort' },
    { name: 'ap/FlashServerIP', from: 'provisioningUrl', secret: true },
    { name: 'ap/FlashFileName', fixed: '$mac.cfg', when: 'provisioningUrl' },
  ],
  accounts: [account(1), account(2)],
  keys: keysOfPhone,
  codecs: { kind: 'list', name: 'sip/line[1]/VoiceCodecMap', separator: ',' },
  codecNames: { PCMA: 'PCMA', PCMU: 'PCMU', G722: 'G722', G729: 'G729' },
  authentication: ['basic', 'digest'],
  resync: { event: 'check-sync' },
  userAgent: '^Fanvil (?<model>[A-Z][0-9]{1,3}[A-Z]{0,2}(?: ?Pro)?) ',
  macPrefixes: ['0c383e'],
});

/* Fanvil phones with the `sysConf` format (firmware 2.2.10 and later), by where their keys are. */

/** Keys beside the screen. */
export const fanvilPhones = family('fanvil-phones', 'X4U,X5U,X6U,X7,X7C,X210,W611W', keys('side'));

/** Keys on a page of their own. */
export const fanvilPaged = family('fanvil-phones-paged', 'X1S,X1SG,X1SP,X3SG,X3SW,X3U Pro,X5S,X6,X7A', keys('page'));

/** V series: one of the two, by its firmware; the phone leaves the other unread. */
export const fanvilV = family('fanvil-v', 'V62,V62 Pro,V63,V64,V65,V67', keys('side', 'page'));

/** Keys under their older name; beside the screen with newer firmware. */
export const fanvilOlder = family('fanvil-phones-older', 'X3U,X4SG', keys('side', 'older'));
