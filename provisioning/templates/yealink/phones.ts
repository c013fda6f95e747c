import type { Template } from '../../template.ts';

const codecPlaces = [1, 2, 3, 4].map((place) => ({
  enable: `account.1.codec.${place}.enable`,
  codec: `account.1.codec.${place}.payload_type`,
  priority: `account.1.codec.${place}.priority`,
}));

/** Yealink SIP-T2/T4 phones with firmware 80 and later: one account on the first line key. */
export const yealinkPhones: Template = {
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
  ],
  format: 'yealink-cfg',
  file: { before: '', after: '.cfg' },
  parameters: [
    { name: 'account.1.enable', fixed: '1' },
    { name: 'account.1.label', setting: 'displayName' },
    { name: 'account.1.display_name', setting: 'displayName' },
    { name: 'account.1.auth_name', setting: 'username' },
    { name: 'account.1.user_name', setting: 'username' },
    { name: 'account.1.password', setting: 'password', secret: true },
    { name: 'account.1.sip_server.1.address', setting: 'sipHost' },
    { name: 'account.1.sip_server.1.port', setting: 'sipPort' },
    { name: 'account.1.sip_server.1.transport_type', setting: 'transport', values: { udp: '0', tcp: '1', tls: '2' } },
    { name: 'account.1.srtp_encryption', setting: 'srtp', values: { off: '0', preferred: '1', required: '2' } },
    { name: 'account.1.dtmf.type', setting: 'dtmf', values: { inband: '0', rfc4733: '1', info: '2' } },
    { name: 'local_time.time_zone', fixed: '+7' },
    { name: 'local_time.time_zone_name', fixed: 'Vietnam(Hanoi)' },
    { name: 'local_time.summer_time', fixed: '0' },
    { name: 'local_time.ntp_server1', setting: 'ntpServer' },
  ],
  codecPlaces,
  codecNames: { PCMA: 'PCMA', PCMU: 'PCMU', G722: 'G722', G729: 'G729' },
};
