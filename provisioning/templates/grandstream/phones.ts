import type { Template } from '../../template.ts';
import { codecs, common, keys, phoneAccounts, phoneDevice } from './parts.ts';

const codecNames = { PCMU: '0', PCMA: '8', G722: '9', G729: '18' };

/** Grandstream GXP1760/1780/1782. */
export const grandstreamGxp1700: Template = {
  ...common,
  id: 'grandstream-gxp1700',
  models: ['GXP1760', 'GXP1780', 'GXP1782'].map((name) => ({ name })),
  kind: 'phone',
  device: phoneDevice,
  accounts: phoneAccounts,
  keys: keys(5, '10'),
  codecs: codecs(8),
  codecNames: { ...codecNames, OPUS: '125' },
  userAgent: '^Grandstream (?:Model HW )?(?<model>GXP17[0-9]+)(?: |$)',
};

/** Grandstream GXP1610…1630. */
export const grandstreamGxp1600: Template = {
  ...common,
  id: 'grandstream-gxp1600',
  models: ['GXP1610', 'GXP1620', 'GXP1625', 'GXP1628', 'GXP1630'].map((name) => ({ name })),
  kind: 'phone',
  device: phoneDevice,
  // The GXP1610 has one account.
  accounts: phoneAccounts.slice(0, 1),
  keys: keys(1, '10'),
  codecs: codecs(7),
  codecNames,
  userAgent: '^Grandstream (?:Model HW )?(?<model>GXP16[0-9]+)(?: |$)',
};

/** Grandstream GRP2612…2616. */
export const grandstreamGrp2600: Template = {
  ...common,
  id: 'grandstream-grp2600',
  models: ['GRP2612', 'GRP2612P', 'GRP2612W', 'GRP2613', 'GRP2614', 'GRP2615', 'GRP2616'].map((name) => ({ name })),
  kind: 'phone',
  device: phoneDevice,
  accounts: phoneAccounts,
  keys: keys(1, '0'),
  codecs: codecs(8),
  codecNames: { ...codecNames, OPUS: '125' },
  userAgent: '^Grandstream (?:Model HW )?(?<model>GRP26[0-9]+[A-Z]?)(?: |$)',
};
