import type { AccountValue, KeyValue, Parameter, Template } from '../../template.ts';

const transports = { udp: '0', tcp: '1', tls: '2' };

const account = (n: number): Parameter<AccountValue>[] => [
  { name: `account.${n}.enable`, fixed: '1' },
  { name: `account.${n}.label`, from: 'displayName' },
  { name: `account.${n}.display_name`, from: 'displayName' },
  { name: `account.${n}.auth_name`, from: 'username' },
  { name: `account.${n}.user_name`, from: 'username' },
  { name: `account.${n}.password`, from: 'password', secret: true },
  { name: `account.${n}.sip_server.1.address`, from: 'server' },
  { name: `account.${n}.sip_server.1.port`, from: 'port' },
  { name: `account.${n}.sip_server.1.transport_type`, from: 'transport', values: transports },
  { name: `account.${n}.sip_server.2.address`, from: 'backupServer' },
  { name: `account.${n}.sip_server.2.port`, from: 'backupPort' },
  { name: `account.${n}.sip_server.2.transport_type`, from: 'transport', values: transports, when: 'backupServer' },
  { name: `account.${n}.srtp_encryption`, from: 'srtp', values: { off: '0', preferred: '1', required: '2' } },
  { name: `account.${n}.dtmf.type`, from: 'dtmf', values: { inband: '0', rfc4733: '1', info: '2' } },
  { name: `account.${n}.auto_answer`, from: 'autoAnswer', values: { off: '0', on: '1' } },
];

/** Line keys from the second on (the first is account 1's line); type 13 dials. */
const key = (n: number): Parameter<KeyValue>[] => [
  { name: `linekey.${n}.type`, fixed: '13' },
  { name: `linekey.${n}.line`, fixed: '1' },
  { name: `linekey.${n}.value`, from: 'number' },
  { name: `linekey.${n}.label`, from: 'label' },
];

const codec = (name: string) => ({
  enable: `account.1.codec.${name}.enable`,
  rank: `account.1.codec.${name}.priority`,
});

const common: Omit<Template, 'id' | 'models' | 'keys' | 'userAgent'> = {
  vendor: 'Yealink',
  kind: 'phone',
  protocols: ['sip'],
  delivery: 'fetch',
  files: [
    { paths: ['{mac}.boot', 'y000000000000.boot'], format: 'yealink-cfg', holds: { pointerTo: '{mac}.cfg' } },
    { paths: ['{mac}.cfg'], format: 'yealink-cfg', holds: 'settings' },
  ],
  device: [
    { name: 'local_time.time_zone', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': '+7' } },
    { name: 'local_time.time_zone_name', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': 'Vietnam(Hanoi)' } },
    { name: 'local_time.summer_time', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': '0' } },
    { name: 'local_time.ntp_server1', from: 'ntpServer' },
    { name: 'lang.gui', from: 'language', values: { en: 'English' } },
    { name: 'lang.wui', from: 'language', values: { en: 'English' } },
    { name: 'static.syslog.enable', fixed: '1', when: 'syslogServer' },
    { name: 'static.syslog.server', from: 'syslogServer' },
    { name: 'static.syslog.server_port', from: 'syslogPort' },
    { name: 'static.security.user_password', pieces: ['admin:', { from: 'adminPassword' }], secret: true },
    { name: 'static.auto_provision.server.url', from: 'provisioningUrl', secret: true },
    { name: 'static.auto_provision.power_on', fixed: '1' },
    { name: 'static.auto_provision.repeat.enable', fixed: '1' },
    { name: 'static.auto_provision.repeat.minutes', from: 'resyncMinutes' },
    // Told that its settings changed, the phone asks for them and does not start anew for it.
    { name: 'sip.notify_reboot_enable', fixed: '0' },
    { name: 'static.firmware.url', from: 'firmwareUrl' },
    { name: 'dialplan.digitmap.enable', fixed: '1', when: 'dialPlan' },
    { name: 'dialplan.digitmap.string', from: 'dialPlan' },
  ],
  accounts: [account(1), account(2)],
  codecs: {
    kind: 'switches',
    codecs: { PCMA: codec('pcma'), PCMU: codec('pcmu'), G722: codec('g722'), G729: codec('g729'), OPUS: codec('opus') },
    on: '1',
    off: '0',
  },
  codecNames: { PCMA: 'pcma', PCMU: 'pcmu', G722: 'g722', G729: 'g729', OPUS: 'opus' },
  dialDialect: 'yealink',
  authentication: ['basic', 'digest', 'certificate'],
  resync: { event: 'check-sync;reboot=false' },
  macPrefixes: ['001565', '805ec0', '805e0c', '249ad8', 'c4fc22', '44dbd2'],
};

const names = (list: string) => list.split(' ').map((name) => ({ name: `SIP-${name}` }));

const keys = (count: number) => Array.from({ length: count - 1 }, (_, at) => key(at + 2));

/** Yealink phones with few line keys. */
export const yealinkSmall: Template = {
  ...common,
  id: 'yealink-phones-small',
  models: [{ name: 'SIP-T21P E2', agent: 'SIP-T21P_E2' }, ...names('T23G T30P T31P T31G T31W T33G T34W T40P T40G')],
  keys: keys(2),
  userAgent: '^Yealink (?<model>SIP-T[0-9A-Z_]+)(?: |$)',
};

/** Yealink SIP-T4/T5/T7/T8 phones (and the T27/T29), many line keys over several pages. */
export const yealinkLarge: Template = {
  ...common,
  id: 'yealink-phones',
  models: names(
    'T27G T29G T41P T41S T41U T42G T42S T42U T43U T44W T46G T46S T46U T48G T48S T48U T52S T53 T53W T54S T54W T57W T58W ' +
      'T73U T73W T74U T74W T77U T85W T87W T88V T88W',
  ),
  keys: keys(15),
  userAgent: '^Yealink (?<model>SIP-T[0-9A-Z_]+)(?: |$)',
};

/** Yealink phones for a room: with picture (VP59), and for a table (CP965). */
export const yealinkRoom: Template = {
  ...common,
  id: 'yealink-room-phones',
  models: [{ name: 'VP59' }, { name: 'CP965' }],
  keys: keys(15),
  userAgent: '^Yealink (?<model>VP59|CP965)(?: |$)',
};

/** A DECT base: account n belongs to handset n. */
const handset = (n: number): Parameter<AccountValue>[] => [
  ...account(n).filter(({ name }) => !name.endsWith('.auto_answer')),
  { name: `handset.${n}.name`, from: 'displayName' },
  { name: `handset.${n}.incoming_lines`, fixed: String(n) },
  { name: `handset.${n}.dial_out_lines`, fixed: String(n) },
  { name: `handset.${n}.dial_out_default_line`, fixed: String(n) },
];

const numbered = (place: number) => ({
  enable: `account.1.codec.${place}.enable`,
  rank: `account.1.codec.${place}.priority`,
});

/** Yealink DECT base with its handsets. */
export const yealinkDect: Template = {
  ...common,
  id: 'yealink-dect',
  models: [{ name: 'W70B' }],
  device: common.device.filter(({ name }) => /^(local_time|static|lang\.wui)/.test(name)),
  accounts: [1, 2, 3, 4].map(handset),
  keys: [],
  codecs: {
    kind: 'switches',
    // The vendor's file numbers codecs in this order.
    codecs: { PCMU: numbered(1), PCMA: numbered(2), G729: numbered(5), G722: numbered(6), OPUS: numbered(13) },
    on: '1',
    off: '0',
  },
  userAgent: '^Yealink (?<model>W[0-9]{2}B)(?: |$)',
};
