import type { AccountValue, Parameter, Template } from '../../template.ts';

const account = (n: number): Parameter<AccountValue>[] => [
  { name: `account.${n}.enable`, fixed: '1' },
  { name: `account.${n}.label`, from: 'displayName' },
  { name: `account.${n}.display_name`, from: 'displayName' },
  { name: `account.${n}.auth_name`, from: 'username' },
  { name: `account.${n}.user_name`, from: 'username' },
  { name: `account.${n}.password`, from: 'password', secret: true },
  { name: `account.${n}.sip_server.1.address`, from: 'server' },
  { name: `account.${n}.sip_server.1.port`, from: 'port' },
  { name: `account.${n}.sip_server.1.transport_type`, from: 'transport', values: { udp: '0', tcp: '1', tls: '2' } },
  { name: `account.${n}.srtp_encryption`, from: 'srtp', values: { off: '0', preferred: '1', required: '2' } },
  { name: `account.${n}.dtmf.type`, from: 'dtmf', values: { inband: '0', rfc4733: '1', info: '2' } },
];

/** Yealink SIP-T2/T4 phones with firmware 80 and later. */
export const yealinkPhones: Template = {
  id: 'yealink-phones',
  vendor: 'Yealink',
  models: [
    'SIP-T21P E2',
    'SIP-T23G',
    'SIP-T27G',
    'SIP-T29G',
    'SIP-T40G',
    'SIP-T41S',
    'SIP-T42S',
    'SIP-T46S',
    'SIP-T48S',
  ].map((name) => ({ name })),
  kind: 'phone',
  protocols: ['sip'],
  delivery: 'fetch',
  files: [
    { paths: ['{mac}.boot'], format: 'yealink-cfg', holds: { pointerTo: '{mac}.cfg' } },
    { paths: ['{mac}.cfg'], format: 'yealink-cfg', holds: 'settings' },
  ],
  device: [
    { name: 'local_time.time_zone', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': '+7' } },
    { name: 'local_time.time_zone_name', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': 'Vietnam(Hanoi)' } },
    { name: 'local_time.summer_time', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': '0' } },
    { name: 'local_time.ntp_server1', from: 'ntpServer' },
  ],
  accounts: [account(1), account(2)],
  keys: [],
  codecs: {
    kind: 'places',
    places: [1, 2, 3, 4].map((place) => ({
      codec: `account.1.codec.${place}.payload_type`,
      enable: { name: `account.1.codec.${place}.enable`, on: '1', off: '0' },
    })),
  },
  codecNames: { PCMA: 'PCMA', PCMU: 'PCMU', G722: 'G722', G729: 'G729' },
  authentication: ['basic', 'digest', 'certificate'],
  resync: { event: 'check-sync;reboot=false' },
  userAgent: '^Yealink (?<model>SIP-T[0-9A-Z]+(?: E2)?)(?: |$)',
  macPrefixes: ['001565', '805ec0', '805e0c', '249ad8', 'c4fc22'],
};
