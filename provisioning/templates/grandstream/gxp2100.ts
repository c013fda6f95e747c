import type { KeyValue, Parameter, Template } from '../../template.ts';
import { namedAccount, namedCodecs, namedDevice, namedFiles } from './named.ts';
import { codecs, common, keys, phoneAccounts, phoneDevice } from './parts.ts';

const userAgent = '^Grandstream (?:Model HW )?(?<model>GXP21[0-9]+)(?: |$)';

/** Grandstream GXP2100/2110/2120: P-values as on other phones. */
export const grandstreamGxp2100: Template = {
  ...common,
  id: 'grandstream-gxp2100',
  models: ['GXP2100', 'GXP2110', 'GXP2120'].map((name) => ({ name })),
  kind: 'phone',
  device: phoneDevice,
  accounts: phoneAccounts,
  keys: keys(3, '10'),
  codecs: codecs(7),
  codecNames: { PCMU: '0', PCMA: '8', G722: '9', G729: '18' },
  userAgent,
};

/** A line key from the second on (the first is account 1's line) that is always there; those beyond have to follow one another without a gap. */
const key = (n: number): Parameter<KeyValue>[] => [
  { name: `pks.vpk.${n}.keyMode`, fixed: 'SpeedDial' },
  { name: `pks.vpk.${n}.account`, fixed: '0' },
  { name: `pks.vpk.${n}.description`, from: 'label' },
  { name: `pks.vpk.${n}.value`, from: 'number' },
];

const byName = (name: string, lineKeys: number): Template => ({
  ...common,
  id: `grandstream-${name.toLowerCase()}`,
  models: [{ name }],
  kind: 'phone',
  files: namedFiles,
  device: namedDevice({ timeZone: 'TZX-7' }),
  accounts: [1, 2].map((n) => namedAccount(n, { login: 'sip.subscriber.userid', backup: 'sip.server.2.address' })),
  keys: Array.from({ length: lineKeys - 1 }, (_, at) => key(at + 2)),
  codecs: namedCodecs(8),
  codecNames: { PCMU: 'PCMU', PCMA: 'PCMA', G722: 'G.722', G729: 'G.729A/B', OPUS: 'OPUS' },
  userAgent,
});

/** Grandstream GXP2130…2170: settings by name (firmware 1.0.11.79 and later). */
export const grandstreamGxp2130 = byName('GXP2130', 3);
export const grandstreamGxp2135 = byName('GXP2135', 8);
export const grandstreamGxp2140 = byName('GXP2140', 4);
export const grandstreamGxp2160 = byName('GXP2160', 6);
export const grandstreamGxp2170 = byName('GXP2170', 12);
