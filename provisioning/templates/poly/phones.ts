import type { AccountValue, DeviceValue, KeyValue, Parameter, Template } from '../../template.ts';

/** A `device.` parameter counts only with its `.set` beside it. */
const stored = (name: string, from: DeviceValue, secret = false): Parameter<DeviceValue>[] => [
  { name: `device.${name}.set`, fixed: '1', when: from },
  { name: `device.${name}`, from, ...(secret ? { secret: true } : {}) },
];

const device: Parameter<DeviceValue>[] = [
  { name: 'device.set', fixed: '1' },
  ...stored('auth.localAdminPassword', 'adminPassword', true),
  ...stored('auth.localUserPassword', 'userPassword', true),
  ...stored('prov.serverName', 'provisioningUrl', true),
  { name: 'device.prov.serverType.set', fixed: '1', when: 'provisioningUrl' },
  { name: 'device.prov.serverType', from: 'provisioningScheme', values: { http: 'HTTP', https: 'HTTPS' } },
  ...stored('syslog.serverName', 'syslogServer'),
  { name: 'device.syslog.transport.set', fixed: '1', when: 'syslogServer' },
  { name: 'device.syslog.transport', fixed: '1', when: 'syslogServer' },
  { name: 'tcpIpApp.sntp.address', from: 'ntpServer' },
  { name: 'tcpIpApp.sntp.address.overrideDHCP', fixed: '1', when: 'ntpServer' },
  { name: 'tcpIpApp.sntp.gmtOffset', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': '25200' } },
  { name: 'tcpIpApp.sntp.gmtOffset.overrideDHCP', fixed: '1' },
  { name: 'tcpIpApp.sntp.daylightSavings.enable', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': '0' } },
  { name: 'lcl.ml.lang', from: 'language', values: { en: 'English_United_States' } },
  { name: 'tone.dtmf.viaRtp', from: 'dtmf', values: { rfc4733: '1', inband: '1', info: '0' } },
  { name: 'tone.dtmf.rfc2833Control', from: 'dtmf', values: { rfc4733: '1', inband: '0', info: '0' } },
  { name: 'voIpProt.SIP.dtmfViaSignaling.rfc2976', from: 'dtmf', values: { rfc4733: '0', inband: '0', info: '1' } },
  { name: 'voIpProt.SIP.specialEvent.checkSync.alwaysReboot', fixed: '0' },
  { name: 'call.autoAnswer.SIP', from: 'autoAnswer', values: { off: '0', on: '1' } },
  // The vendor's default is a muted microphone.
  { name: 'call.autoAnswer.micMute', fixed: '0' },
  { name: 'dialplan.digitmap', from: 'dialPlan' },
  { name: 'prov.polling.enabled', fixed: '1' },
  { name: 'prov.polling.period', from: 'resyncS' },
];

const transports = { udp: 'UDPOnly', tcp: 'TCPOnly', tls: 'TLS' };

const account = (n: number): Parameter<AccountValue>[] => [
  { name: `reg.${n}.displayName`, from: 'displayName' },
  { name: `reg.${n}.label`, from: 'displayName' },
  { name: `reg.${n}.address`, from: 'username' },
  { name: `reg.${n}.auth.userId`, from: 'username' },
  { name: `reg.${n}.auth.password`, from: 'password', secret: true },
  { name: `reg.${n}.server.1.address`, from: 'server' },
  { name: `reg.${n}.server.1.port`, from: 'port' },
  { name: `reg.${n}.server.1.transport`, from: 'transport', values: transports },
  { name: `reg.${n}.server.1.register`, fixed: '1' },
  { name: `reg.${n}.server.2.address`, from: 'backupServer' },
  { name: `reg.${n}.server.2.port`, from: 'backupPort' },
  { name: `reg.${n}.server.2.transport`, from: 'transport', values: transports, when: 'backupServer' },
];

/** SRTP is the whole phone's: the first account's. */
const srtp: Parameter<AccountValue>[] = [
  { name: 'sec.srtp.enable', from: 'srtp', values: { off: '0', preferred: '1', required: '1' } },
  { name: 'sec.srtp.offer', from: 'srtp', values: { off: '0', preferred: '1', required: '1' } },
  { name: 'sec.srtp.require', from: 'srtp', values: { off: '0', preferred: '0', required: '1' } },
];

/** An entry of the phone's own directory with a place among the speed dials. */
const key = (n: number): Parameter<KeyValue>[] => [
  { name: `item_list/item[${n}]/fn`, from: 'label' },
  { name: `item_list/item[${n}]/ct`, from: 'number' },
  { name: `item_list/item[${n}]/sd`, fixed: String(n) },
];

const family = (id: string, names: string, more: Parameter<DeviceValue>[] = []): Template => ({
  id,
  vendor: 'Poly',
  models: names.split(',').map((name) => ({ name, agent: name.replace(' ', '_') })),
  kind: 'phone',
  protocols: ['sip'],
  delivery: 'fetch',
  files: [
    { paths: ['{mac}.cfg', '000000000000.cfg'], format: 'poly-xml', holds: { pointerTo: '{mac}-settings.cfg' } },
    { paths: ['{mac}-settings.cfg'], format: 'poly-xml', holds: 'settings' },
    { paths: ['{mac}-directory.xml'], format: 'poly-directory', holds: 'keys' },
  ],
  device: [...device, ...more],
  accounts: [[...account(1), ...srtp], account(2)],
  keys: Array.from({ length: 20 }, (_, at) => key(at + 1)),
  codecs: {
    kind: 'ranks',
    names: {
      PCMA: 'voice.codecPref.G711_A',
      PCMU: 'voice.codecPref.G711_Mu',
      G722: 'voice.codecPref.G722',
      G729: 'voice.codecPref.G729_AB',
    },
    off: '0',
  },
  codecNames: { PCMA: 'G711_A', PCMU: 'G711_Mu', G722: 'G722', G729: 'G729_AB' },
  dialDialect: 'poly',
  authentication: ['basic', 'digest', 'certificate'],
  resync: { event: 'check-sync' },
  userAgent: '^(?:FileTransport )?Poly(?:com)?[A-Za-z]+-(?<model>[A-Za-z0-9_]+)-UA/',
  macPrefixes: ['0004f2', '64167f', '482567'],
});

/** Poly VVX phones with UC Software 4 and later. */
export const polyVvx = family(
  'poly-vvx',
  'VVX 101,VVX 150,VVX 201,VVX 250,VVX 300,VVX 301,VVX 310,VVX 311,VVX 350,VVX 400,VVX 401,VVX 410,VVX 411,VVX 450',
);

/** What a user may choose, and the most that the phone takes (kbit/s). */
const chosen = [128, 192, 256, 320, 384, 448, 512, 640, 768];
const asNamed = (list: readonly number[]) => Object.fromEntries(list.map((one) => [one, String(one)]));

/** Poly VVX phones with a camera, built in (1500) or put on. */
export const polyVvxVideo = family('poly-vvx-video', 'VVX 500,VVX 501,VVX 600,VVX 601,VVX 1500', [
  { name: 'video.enable', fixed: '1' },
  { name: 'video.autoStartVideoTx', fixed: '1' },
  { name: 'video.callRate', from: 'callRateKbps', values: asNamed(chosen) },
  { name: 'video.maxCallRate', from: 'callRateKbps', values: asNamed([...chosen, 896, 1024]) },
]);

/** Poly Trio conference phones. */
export const polyTrio = family('poly-trio', 'Trio 8300,Trio 8500,Trio 8800');
