import type { AccountValue, CodecOrder, DeviceValue, KeyValue, Parameter, Template } from '../../template.ts';

/** What all Grandstream devices have in common, whose P-values the vendor's templates give alike. */
export const common = {
  vendor: 'Grandstream',
  protocols: ['sip'],
  delivery: 'fetch',
  files: [{ paths: ['cfg{mac}.xml'], format: 'grandstream-xml', holds: 'settings' }],
  dialDialect: 'grandstream',
  authentication: ['basic', 'digest'],
  resync: { event: 'check-sync' },
  macPrefixes: ['000b82', 'c074ad', 'ec74d7'],
} as const satisfies Partial<Template>;

const enabled = { off: '0', on: '1' };

/** Time, syslog, passwords, where files come from. `period`: the value of P194 that goes by P193's minutes. */
export const device = (period: '1' | '3'): Parameter<DeviceValue>[] => [
  { name: 'P30', from: 'ntpServer' },
  { name: 'P64', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': 'TZX-7' } },
  { name: 'P207', from: 'syslogServer' },
  { name: 'P2', from: 'adminPassword', secret: true },
  { name: 'P196', from: 'userPassword', secret: true },
  { name: 'P212', from: 'provisioningScheme', values: { http: '1', https: '2' } },
  { name: 'P237', from: 'provisioningAddress', secret: true },
  { name: 'P194', fixed: period },
  { name: 'P193', from: 'resyncMinutes' },
  { name: 'P192', from: 'firmwareAddress' },
];

/** Phones have a protocol of its own for firmware, and say how much goes to syslog (2: information). */
export const phoneDevice: Parameter<DeviceValue>[] = [
  ...device('1'),
  { name: 'P208', fixed: '2' },
  // The vendor's list has no Vietnamese: it would have to be a language file of one's own.
  { name: 'P1362', from: 'language', values: { en: 'en' } },
];

/** P-values of an account, where they stand in the same order under other numbers for each. */
export interface AccountNumbers {
  active: number;
  label?: number;
  server: number;
  backup?: number;
  username: number;
  authentication: number;
  password: number;
  name: number;
  register: number;
  transport: number;
  /** `sip:` and never `sips:` addresses with TLS. */
  scheme: number;
  srtp: number;
}

export const account = (p: AccountNumbers): Parameter<AccountValue>[] => [
  { name: `P${p.active}`, fixed: '1' },
  ...(p.label === undefined ? [] : [{ name: `P${p.label}`, from: 'displayName' } as const]),
  { name: `P${p.server}`, from: 'serverAndPort' },
  ...(p.backup === undefined ? [] : [{ name: `P${p.backup}`, from: 'backup' } as const]),
  { name: `P${p.username}`, from: 'username' },
  { name: `P${p.authentication}`, from: 'username' },
  { name: `P${p.password}`, from: 'password', secret: true },
  { name: `P${p.name}`, from: 'displayName' },
  { name: `P${p.register}`, fixed: '1' },
  { name: `P${p.transport}`, from: 'transport', values: { udp: '0', tcp: '1', tls: '2' } },
  { name: `P${p.scheme}`, fixed: '0' },
  { name: `P${p.srtp}`, from: 'srtp', values: { off: '0', preferred: '1', required: '2' } },
];

/** Digits: in the sound, by RFC 4733, by SIP INFO, a switch for each. */
export const dtmf = (inband: number, rfc4733: number, info: number): Parameter<AccountValue>[] => [
  { name: `P${inband}`, from: 'dtmf', values: { inband: '1', rfc4733: '0', info: '0' } },
  { name: `P${rfc4733}`, from: 'dtmf', values: { inband: '0', rfc4733: '1', info: '0' } },
  { name: `P${info}`, from: 'dtmf', values: { inband: '0', rfc4733: '0', info: '1' } },
];

export const autoAnswer = (number: number): Parameter<DeviceValue> => ({
  name: `P${number}`,
  from: 'autoAnswer',
  values: enabled,
});

/** The first account has the same P-values on every device. Only its label and its backup differ. */
export const firstAccount = {
  active: 271,
  server: 47,
  username: 35,
  authentication: 36,
  password: 34,
  name: 3,
  register: 31,
  transport: 130,
  scheme: 2329,
  srtp: 183,
} as const satisfies AccountNumbers;

/** Phones: account 1 and 2. */
export const phoneAccounts: Template['accounts'] = [
  [
    ...account({ ...firstAccount, label: 270, backup: 2312 }),
    ...dtmf(2301, 2302, 2303),
    { name: 'P290', from: 'dialPlan' },
    autoAnswer(90),
  ],
  [
    ...account({
      active: 401,
      label: 417,
      server: 402,
      backup: 2412,
      username: 404,
      authentication: 405,
      password: 406,
      name: 407,
      register: 410,
      transport: 448,
      scheme: 2429,
      srtp: 443,
    }),
    ...dtmf(2401, 2402, 2403),
    { name: 'P459', from: 'dialPlan' },
    autoAnswer(425),
  ],
];

/** Picture of calls: what each size, rate (kbit/s) and number of pictures a second is called there. */
interface PictureNumbers {
  size: number;
  rate: number;
  frames?: number;
}

/** Sizes, rates and pictures a second that a device with picture takes. */
interface Pictures {
  sizes: Readonly<Partial<Record<'720p' | '1080p', string>>>;
  rates: readonly number[];
  frames?: readonly number[];
}

export const picture = (p: PictureNumbers, { sizes, rates, frames = [] }: Pictures): Parameter<DeviceValue>[] => {
  const asNamed = (list: readonly number[]) => Object.fromEntries(list.map((one) => [one, String(one)]));
  return [
    { name: `P${p.size}`, from: 'picture', values: sizes },
    { name: `P${p.rate}`, from: 'callRateKbps', values: asNamed(rates) },
    ...(p.frames === undefined ? [] : [{ name: `P${p.frames}`, from: 'frameRate', values: asNamed(frames) } as const]),
  ];
};

/** Account 1's order of codecs; places beyond the last one repeat it. */
export const codecs = (count: 7 | 8): CodecOrder => ({
  kind: 'places',
  places: ['P57', 'P58', 'P59', 'P60', 'P61', 'P62', 'P46', 'P98'].slice(0, count).map((codec) => ({ codec })),
});

/** Fixed keys from the second on (the first is account 1's line): P1363 + 2n and so on. `mode`: the value for speed dial. */
export const keys = (count: number, mode: string): Parameter<KeyValue>[][] =>
  Array.from({ length: count }, (_, at) => [
    { name: `P${1365 + 2 * at}`, fixed: mode },
    { name: `P${1366 + 2 * at}`, fixed: '0' },
    { name: `P${1467 + 2 * at}`, from: 'label' },
    { name: `P${1468 + 2 * at}`, from: 'number' },
  ]);
