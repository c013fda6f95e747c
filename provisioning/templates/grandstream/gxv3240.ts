import type { Template } from '../../template.ts';
import { account, autoAnswer, codecs, common, device, dtmf, firstAccount, picture } from './parts.ts';

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
      ...account({ ...firstAccount, label: 270 }),
      ...dtmf(2301, 2302, 2303),
      { name: 'P290', from: 'dialPlan' },
      autoAnswer(90),
      ...picture(
        { size: 2307, rate: 2315 },
        { sizes: { '720p': '9' }, rates: [384, 512, 640, 768, 1024, 1280, 1536, 2048] },
      ),
    ],
  ],
  keys: [],
  codecs: codecs(8),
  codecNames: { PCMU: '0', PCMA: '8', G722: '9', G729: '18', OPUS: '123' },
  userAgent: '^Grandstream (?:Model HW )?(?<model>GXV3240)(?: |$)',
};
