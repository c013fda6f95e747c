import type { DeviceValue, Parameter, Template } from '../../template.ts';
import { account, autoAnswer, codecs, common, device, dtmf, firstAccount, picture } from './parts.ts';

const rates = [384, 512, 640, 768, 896, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096];
const pictures = { sizes: { '720p': '9', '1080p': '10' }, rates, frames: [15, 25, 30] };

/** The H.323 account: at a gatekeeper that is named, not looked for. */
const h323: Parameter<DeviceValue>[] = [
  { name: 'P25059', fixed: '1', when: 'gatekeeper' },
  { name: 'P25032', fixed: '1', when: 'gatekeeper' },
  { name: 'P25051', fixed: '1', when: 'gatekeeper' },
  { name: 'P25033', from: 'gatekeeper' },
  // "Site number": digits or a name; one of the two.
  { name: 'P25034', from: 'e164' },
  { name: 'P25034', from: 'h323Alias', unless: 'e164' },
  { name: 'P25035', from: 'h323Alias', when: 'h323Password' },
  { name: 'P25036', from: 'h323Password', secret: true },
  { ...autoAnswer(25048), when: 'gatekeeper' },
  // Digits: in the sound, by RFC 4733, by H.245.
  { name: 'P25049', from: 'dtmf', values: { inband: '0', rfc4733: '1', info: '2' }, when: 'gatekeeper' },
  ...picture({ size: 25061, rate: 25063, frames: 25062 }, pictures).map(
    (parameter): Parameter<DeviceValue> => ({ ...parameter, when: 'gatekeeper' }),
  ),
];

/** Grandstream GVC3200 series: room codecs for SIP and H.323. */
export const grandstreamGvc: Template = {
  ...common,
  id: 'grandstream-gvc',
  models: ['GVC3200', 'GVC3202', 'GVC3210', 'GVC3220'].map((name) => ({ name })),
  kind: 'codec',
  protocols: ['sip', 'h323'],
  device: [
    // Time zone and language are no P-values there; when it asks again has another number.
    ...device('1').filter(({ name }) => !['P64', 'P194'].includes(name)),
    { name: 'P22296', fixed: '1' },
    { name: 'P144', fixed: '0', when: 'ntpServer' },
    { name: 'P208', fixed: '2' },
    ...h323,
  ],
  accounts: [
    [
      ...account({ ...firstAccount, label: 270, backup: 602 }),
      ...dtmf(2301, 2302, 2303),
      { name: 'P290', from: 'dialPlan' },
      autoAnswer(90),
      ...picture({ size: 2307, rate: 2315, frames: 25004 }, pictures),
    ],
  ],
  keys: [],
  codecs: codecs(8),
  codecNames: { PCMU: '0', PCMA: '8', G722: '9', G729: '18', OPUS: '123' },
  userAgent: '^Grandstream (?:Model HW )?(?<model>GVC32[0-9]+)(?: |$)',
};
