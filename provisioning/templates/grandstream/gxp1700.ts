import type { Template } from '../../template.ts';

/** Grandstream GXP1760/1780/1782, names as in the vendor's configuration template for firmware 1.0.1.133. */
export const grandstreamGxp1700: Template = {
  id: 'grandstream-gxp1700',
  vendor: 'Grandstream',
  models: ['GXP1760', 'GXP1780', 'GXP1782'].map((name) => ({ name })),
  kind: 'phone',
  protocols: ['sip'],
  delivery: 'fetch',
  files: [{ paths: ['cfg{mac}.xml'], format: 'grandstream-xml', holds: 'settings' }],
  device: [{ name: 'P30', from: 'ntpServer' }],
  accounts: [
    [
      { name: 'P271', fixed: '1' },
      { name: 'P270', from: 'displayName' },
      { name: 'P3', from: 'displayName' },
      { name: 'P35', from: 'username' },
      { name: 'P36', from: 'username' },
      { name: 'P34', from: 'password', secret: true },
      { name: 'P47', from: 'serverAndPort' },
      { name: 'P31', fixed: '1' },
      { name: 'P130', from: 'transport', values: { udp: '0', tcp: '1', tls: '2' } },
      { name: 'P2329', fixed: '0' },
      { name: 'P183', from: 'srtp', values: { off: '0', preferred: '1', required: '2' } },
      { name: 'P2301', from: 'dtmf', values: { inband: '1', rfc4733: '0', info: '0' } },
      { name: 'P2302', from: 'dtmf', values: { inband: '0', rfc4733: '1', info: '0' } },
      { name: 'P2303', from: 'dtmf', values: { inband: '0', rfc4733: '0', info: '1' } },
      { name: 'P90', from: 'autoAnswer', values: { off: '0', on: '1' } },
    ],
  ],
  keys: [],
  codecs: {
    kind: 'places',
    places: ['P57', 'P58', 'P59', 'P60', 'P61', 'P62', 'P46', 'P98'].map((codec) => ({ codec })),
  },
  codecNames: { PCMU: '0', PCMA: '8', G722: '9', G729: '18' },
  authentication: ['basic', 'digest'],
  resync: { event: 'check-sync' },
  userAgent: '^Grandstream (?:Model HW )?(?<model>GXP[0-9]+)(?: |$)',
  macPrefixes: ['000b82', 'c074ad', 'ec74d7'],
};
