import type { AccountValue, Template } from '../../template.ts';
import { account, autoAnswer, codecs, common, device, dtmf } from './parts.ts';

const bitRates = [384, 512, 640, 768, 1024, 1280, 1536, 2048];

const picture: Template['accounts'][number] = [
  { name: 'P2307', from: 'picture', values: { '720p': '9' } },
  {
    name: 'P2315',
    from: 'callRateKbps' satisfies AccountValue,
    values: Object.fromEntries(bitRates.map((rate) => [String(rate), String(rate)])),
  },
];

/** Grandstream GXV3240: a desk phone with picture. */
export const grandstreamGxv3240: Template = {
  ...common,
  id: 'grandstream-gxv3240',
  models: [{ name: 'GXV3240' }],
  kind: 'phone',
  device: [
    ...device('3'),
    { name: 'P208', fixed: '2' },
    { name: 'P1362', from: 'language', values: { vi: 'vi_VN', en: 'en_US' } },
  ],
  accounts: [
    [
      ...account({
        active: 271,
        label: 270,
        server: 47,
        username: 35,
        authentication: 36,
        password: 34,
        name: 3,
        register: 31,
        transport: 130,
        scheme: 2329,
        srtp: 183,
      }),
      ...dtmf(2301, 2302, 2303),
      { name: 'P290', from: 'dialPlan' },
      autoAnswer(90),
      ...picture,
    ],
  ],
  keys: [],
  codecs: codecs(8),
  codecNames: { PCMU: '0', PCMA: '8', G722: '9', G729: '18', OPUS: '123' },
  userAgent: '^Grandstream (?:Model HW )?(?<model>GXV3240)(?: |$)',
};
