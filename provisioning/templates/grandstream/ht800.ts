import type { AccountValue, Parameter, Template } from '../../template.ts';
import { type AccountNumbers, account, codecs, common, device } from './parts.ts';

const port = (p: AccountNumbers, dtmf: number, dialPlan: number): Parameter<AccountValue>[] => [
  ...account(p),
  { name: `P${dtmf}`, from: 'dtmf', values: { inband: '100', rfc4733: '101', info: '102' } },
  { name: `P${dialPlan}`, from: 'dialPlan' },
];

const first = port(
  {
    active: 271,
    server: 47,
    backup: 967,
    username: 35,
    authentication: 36,
    password: 34,
    name: 3,
    register: 31,
    transport: 130,
    scheme: 2329,
    srtp: 183,
  },
  850,
  4200,
);

const second = port(
  {
    active: 401,
    server: 747,
    backup: 987,
    username: 735,
    authentication: 736,
    password: 734,
    name: 703,
    register: 731,
    transport: 830,
    scheme: 2429,
    srtp: 443,
  },
  860,
  4201,
);

const ht800: Omit<Template, 'id' | 'models' | 'accounts'> = {
  ...common,
  kind: 'ata',
  device: [...device('3'), { name: 'P208', fixed: '2' }],
  keys: [],
  codecs: codecs(7),
  codecNames: { PCMU: '0', PCMA: '8', G729: '18', OPUS: '123' },
  userAgent: '^Grandstream (?:Model HW )?(?<model>HT80[0-9])(?:V[0-9.A-Z]+)?(?: |$)',
};

/** Grandstream HT801: one analog telephone. */
export const grandstreamHt801: Template = {
  ...ht800,
  id: 'grandstream-ht801',
  models: [{ name: 'HT801' }],
  accounts: [first],
};

/** Grandstream HT802: two analog telephones, one account each. */
export const grandstreamHt802: Template = {
  ...ht800,
  id: 'grandstream-ht802',
  models: [{ name: 'HT802' }],
  accounts: [first, second],
};

/** A port of the HT81x: its own names, and the server of profile 1, which the first port brings. */
const portOfProfile = (at: number): Parameter<AccountValue>[] => [
  ...(at === 0 ? first.filter(({ name }) => !['P35', 'P36', 'P34', 'P3'].includes(name)) : []),
  { name: `P${4060 + at}`, from: 'username' },
  { name: `P${4090 + at}`, from: 'username' },
  { name: `P${4120 + at}`, from: 'password', secret: true },
  { name: `P${4180 + at}`, from: 'displayName' },
];

/** Grandstream HT814: four analog telephones, one server for all. */
export const grandstreamHt814: Template = {
  ...ht800,
  id: 'grandstream-ht814',
  models: [{ name: 'HT814' }],
  accounts: [0, 1, 2, 3].map(portOfProfile),
  codecNames: { ...ht800.codecNames, G722: '9' },
  userAgent: '^Grandstream (?:Model HW )?(?<model>HT81[0-9])(?:V[0-9.A-Z]+)?(?: |$)',
};
