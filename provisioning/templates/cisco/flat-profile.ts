import type { AccountValue, CodecOrder, DeviceValue, KeyValue, Parameter, Template } from '../../template.ts';

/** What SPA phones and phones with multiplatform firmware have in common. */
const common = {
  vendor: 'Cisco',
  protocols: ['sip'],
  delivery: 'fetch',
  kind: 'phone',
  files: [{ paths: ['{mac}.xml', '{MAC}.xml'], format: 'cisco-xml', holds: 'settings' }],
  dialDialect: 'cisco',
  authentication: ['basic', 'digest', 'certificate'],
  resync: { event: 'resync' },
  macPrefixes: ['00070e', '00082f', '001bd4', '5475d0', '6c416a', 'ccef48', 'e8ba70'],
} as const satisfies Partial<Template>;

const device = (adminPassword: string): Parameter<DeviceValue>[] => [
  { name: adminPassword, from: 'adminPassword', secret: true },
  { name: 'User_Password', from: 'userPassword', secret: true },
  { name: 'Primary_NTP_Server', from: 'ntpServer' },
  { name: 'Time_Zone', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': 'GMT+07:00' } },
  { name: 'Syslog_Server', from: 'syslog' },
  // `$MA` is the phone's own MAC address, small letters.
  { name: 'Profile_Rule', pieces: [{ from: 'provisioningUrl' }, '$MA.xml'], secret: true },
  { name: 'Resync_On_Reset', fixed: 'Yes' },
  { name: 'Resync_From_SIP', fixed: 'Yes' },
  { name: 'Resync_Periodic', from: 'resyncS' },
  { name: 'Upgrade_Enable', fixed: 'Yes', when: 'firmwareUrl' },
  { name: 'Upgrade_Rule', from: 'firmwareUrl' },
];

const account = (n: number): Parameter<AccountValue>[] => [
  { name: `Line_Enable_${n}_`, fixed: 'Yes' },
  { name: `Proxy_${n}_`, from: 'serverAndPort' },
  { name: `Alternate_Proxy_${n}_`, from: 'backup' },
  { name: `Register_${n}_`, fixed: 'Yes' },
  { name: `Display_Name_${n}_`, from: 'displayName' },
  { name: `User_ID_${n}_`, from: 'username' },
  { name: `Auth_ID_${n}_`, from: 'username' },
  { name: `Password_${n}_`, from: 'password', secret: true },
  { name: `SIP_Transport_${n}_`, from: 'transport', values: { udp: 'UDP', tcp: 'TCP', tls: 'TLS' } },
  { name: `DTMF_Tx_Method_${n}_`, from: 'dtmf', values: { rfc4733: 'AVT', info: 'INFO', inband: 'InBand' } },
  { name: `Dial_Plan_${n}_`, from: 'dialPlan' },
];

const yesUnlessOff = { off: 'No', preferred: 'Yes', required: 'Yes' };

const secureCalls: Parameter<AccountValue> = { name: 'Secure_Call_Serv', from: 'srtp', values: yesUnlessOff };

/** Keys by SDES (RFC 4568); the vendor's default is a way of its own. */
const srtpByRfc4568: Parameter<AccountValue> = {
  name: 'SRTP_Method',
  from: 'srtp',
  values: { preferred: 's-descriptor', required: 's-descriptor' },
};

const codecs: CodecOrder = {
  kind: 'places',
  places: [
    { codec: 'Preferred_Codec_1_' },
    { codec: 'Second_Preferred_Codec_1_', none: 'Unspecified' },
    { codec: 'Third_Preferred_Codec_1_', none: 'Unspecified' },
  ],
};
const codecNames = { PCMU: 'G711u', PCMA: 'G711a', G722: 'G722', G729: 'G729a' };

/** Line keys from the second on; `;` would begin another part of the function. */
const keys = (count: number): Parameter<KeyValue>[][] =>
  Array.from({ length: count - 1 }, (_, at) => [
    { name: `Extension_${at + 2}_`, fixed: 'Disabled' },
    {
      name: `Extended_Function_${at + 2}_`,
      pieces: ['fnc=sd;ext=', { from: 'address' }, ';nme=', { from: 'label', without: ';' }],
    },
  ]);

const family = (id: string, names: string, keyCount: number): Template => ({
  ...common,
  id,
  models: names.split(' ').map((name) => ({ name: `Cisco ${name}`, agent: name })),
  device: [...device('Admin_Password'), { name: 'Language_Selection', from: 'language', values: { en: 'English-US' } }],
  accounts: [
    [
      ...account(1),
      secureCalls,
      srtpByRfc4568,
      { name: 'Secure_Call_Option_1_', from: 'srtp', values: { preferred: 'Optional', required: 'Required' } },
    ],
  ],
  keys: keys(keyCount),
  codecs,
  codecNames: { ...codecNames, OPUS: 'OPUS' },
  userAgent: '^Cisco[-/](?:CP-)?(?<model>[0-9]{4}(?:NR)?)-3PCC[-/ ]',
});

/** Cisco 78xx phones with multiplatform firmware. */
export const ciscoMpp7800 = family('cisco-mpp-7800', '7811 7821 7832 7841 7861', 2);

/** Cisco 88xx phones with multiplatform firmware. */
export const ciscoMpp8800 = family('cisco-mpp-8800', '8811 8841 8845 8851 8861 8865', 5);

/** Cisco SPA phones. */
export const ciscoSpa: Template = {
  ...common,
  id: 'cisco-spa',
  models: 'SPA303 SPA501G SPA502G SPA504G SPA508G SPA509G SPA512G SPA514G SPA525G SPA525G2'
    .split(' ')
    .map((name) => ({ name: `Cisco ${name}`, agent: name })),
  device: device('Admin_Passwd'),
  accounts: [
    [
      ...account(1),
      { name: 'Use_Auth_ID_1_', fixed: 'Yes' },
      secureCalls,
      srtpByRfc4568,
      // Every call placed is offered with SRTP; one that comes in without is taken all the same.
      { name: 'Secure_Call_Setting', from: 'srtp', values: yesUnlessOff },
    ],
  ],
  // Dialled by their digit, 2 to 9.
  keys: [
    [],
    ...[2, 3, 4, 5, 6, 7, 8, 9].map((n): Parameter<KeyValue>[] => [{ name: `Speed_Dial_${n}`, from: 'number' }]),
  ],
  codecs,
  codecNames,
  userAgent: '^Cisco/(?<model>SPA[0-9]{3}G?2?)-',
};
