import type { Template } from '../../template.ts';

/** Grandstream GXP1760/1780/1782, names as in the vendor's configuration template for firmware 1.0.1.133: account 1. */
export const grandstreamGxp1700: Template = {
  vendor: 'Grandstream',
  models: ['GXP1760', 'GXP1780', 'GXP1782'],
  format: 'grandstream-xml',
  file: { before: 'cfg', after: '.xml' },
  parameters: [
    { name: 'P271', fixed: '1' },
    { name: 'P270', setting: 'displayName' },
    { name: 'P3', setting: 'displayName' },
    { name: 'P35', setting: 'username' },
    { name: 'P36', setting: 'username' },
    { name: 'P34', setting: 'password', secret: true },
    { name: 'P47', setting: 'server' },
    { name: 'P31', fixed: '1' },
    { name: 'P130', setting: 'transport', values: { udp: '0', tcp: '1', tls: '2' } },
    { name: 'P2329', fixed: '0' },
    { name: 'P183', setting: 'srtp', values: { off: '0', preferred: '1', required: '2' } },
    { name: 'P2301', setting: 'dtmf', values: { inband: '1', rfc4733: '0', info: '0' } },
    { name: 'P2302', setting: 'dtmf', values: { inband: '0', rfc4733: '1', info: '0' } },
    { name: 'P2303', setting: 'dtmf', values: { inband: '0', rfc4733: '0', info: '1' } },
    { name: 'P90', setting: 'autoAnswer', values: { off: '0', on: '1' } },
    { name: 'P30', setting: 'ntpServer' },
  ],
  codecPlaces: ['P57', 'P58', 'P59', 'P60', 'P61', 'P62', 'P46', 'P98'].map((codec) => ({ codec })),
  codecNames: { PCMU: '0', PCMA: '8', G722: '9', G729: '18' },
};
