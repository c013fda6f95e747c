import type { AccountValue, Parameter, Template } from '../../template.ts';
import { type AccountNumbers, account, codecs, common, device, firstAccount } from './parts.ts';

const port = (p: AccountNumbers, dtmf: number, dialPlan: number): Parameter<AccountValue>[] => [
  ...account(p),
  { name: `P${dtmf}`, from: 'dtmf', values: { inband: '100', rfc4733: '101', info: '102' } },
  { name: `P${dialPlan}`, from: 'dialPlan' },
];

const first = port({ ...firstAccount, backup: 967 }, 850, 4200);

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

const namedByPort = [firstAccount.username, firstAccount.authentication, firstAccount.password, firstAccount.name];

/** A port of the HT81x: its own names, and the server of profile 1, which the first port brings. */
const portOfProfile = (at: number): Parameter<AccountValue>[] => [
  ...(at === 0 ? first.filter(({ name }) => !namedByPort.some((number) => name === `P${number}`)) : []),
  { name: `P${4060 + at}`, from: 'username' },
  { name: `P${4090 + at}`, from: 'username' },
  { name: `P${4120 + at}`, from: 'password', secret: true },
  { name: `P${4180 + at}`, from: 'displayName' },
  // Profile 1; the port works.
  { name: `P${4150 + at}`, fixed: '0' },
  { name: `P${4595 + at}`, fixed: '1' },
];

const withG722 = { ...ht800.codecNames, G722: '9' };
const ht810Agent = '^Grandstream (?:Model HW )?(?<model>HT81[0-9])(?:V[0-9.A-Z]+)?(?: |$)';

const ht810 = (name: string, ports: number): Template => ({
  ...ht800,
  id: `grandstream-${name.toLowerCase()}`,
  models: [{ name }],
  accounts: Array.from({ length: ports }, (_, at) => portOfProfile(at)),
  codecNames: withG722,
  userAgent: ht810Agent,
});

/** Grandstream HT813: one analog telephone; its port for a telephone line stays as it is. */
export const grandstreamHt813: Template = {
  ...grandstreamHt801,
  id: 'grandstream-ht813',
  models: [{ name: 'HT813' }],
  codecNames: withG722,
  userAgent: ht810Agent,
};

/** Grandstream HT812: two analog telephones, one server for both. */
export const grandstreamHt812 = ht810('HT812', 2);

/** Grandstream HT814: four analog telephones, one server for all. */
export const grandstreamHt814 = ht810('HT814', 4);

/** Grandstream HT818: eight analog telephones, one server for all. */
export const grandstreamHt818 = ht810('HT818', 8);
