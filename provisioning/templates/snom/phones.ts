import type { AccountValue, KeyValue, Parameter, Template } from '../../template.ts';

const account = (n: number): Parameter<AccountValue>[] => {
  const name = (setting: string) => `phone-settings/${setting}[${n}]`;
  return [
    { name: name('user_active'), fixed: 'on' },
    { name: name('user_realname'), from: 'displayName' },
    { name: name('user_idle_text'), from: 'displayName' },
    { name: name('user_name'), from: 'username' },
    { name: name('user_pname'), from: 'username' },
    { name: name('user_pass'), from: 'password', secret: true },
    { name: name('user_host'), from: 'server' },
    { name: name('user_outbound'), pieces: [{ from: 'serverAndPort' }, ';transport=', { from: 'transport' }] },
    { name: name('user_srtp'), from: 'srtp', values: { off: 'off', preferred: 'on', required: 'on' } },
    { name: name('user_savp'), from: 'srtp', values: { off: 'off', preferred: 'optional', required: 'mandatory' } },
    { name: name('user_auto_connect'), from: 'autoAnswer', values: { off: 'off', on: 'on' } },
    { name: name('user_dp_str'), from: 'dialPlan' },
    { name: name('user_dtmf_info'), from: 'dtmf', values: { rfc4733: 'off', info: 'sip_info_only' } },
  ];
};

/** Function keys from the second on (the first is account 1's line); they are counted from 0. */
const key = (n: number): Parameter<KeyValue>[] => [
  { name: `functionKeys/fkey[${n}]@context`, fixed: 'active' },
  { name: `functionKeys/fkey[${n}]@label`, from: 'label' },
  { name: `functionKeys/fkey[${n}]`, pieces: ['speed ', { from: 'number' }] },
];

/** Snom desk phones: settings as XML. */
export const snomPhones: Template = {
  id: 'snom-phones',
  vendor: 'Snom',
  models: 'D315 D335 D345 D375 D385 D712 D713 D715 D717 D725 D735 D745 D765 D785 D812 D815 D862 D865'
    .split(' ')
    .map((name) => ({ name: `Snom ${name}`, agent: name, file: name })),
  kind: 'phone',
  protocols: ['sip'],
  delivery: 'fetch',
  files: [
    {
      paths: ['snom{model}-{MAC}.htm', 'snom{model}-{MAC}.xml', '{MAC}.xml', '{mac}.xml'],
      format: 'snom-xml',
      holds: 'settings',
    },
  ],
  device: [
    { name: 'phone-settings/language', from: 'language', values: { en: 'English' } },
    { name: 'phone-settings/web_language', from: 'language', values: { en: 'English' } },
    { name: 'phone-settings/utc_offset', from: 'timeZone', values: { 'Asia/Ho_Chi_Minh': '25200' } },
    { name: 'phone-settings/ntp_server', from: 'ntpServer' },
    { name: 'phone-settings/http_user', fixed: 'admin', when: 'adminPassword' },
    { name: 'phone-settings/http_pass', from: 'adminPassword', secret: true },
    { name: 'phone-settings/admin_mode_password', from: 'adminPassword', secret: true },
    { name: 'phone-settings/setting_server', from: 'provisioningUrl', secret: true },
    { name: 'phone-settings/settings_refresh_timer', from: 'resyncS' },
    { name: 'phone-settings/update_policy', fixed: 'auto_update', when: 'firmwareUrl' },
    { name: 'phone-settings/firmware', from: 'firmwareUrl' },
  ],
  accounts: [account(1), account(2)],
  keys: [1, 2, 3, 4, 5].map(key),
  codecs: { kind: 'list', name: 'phone-settings/codec_priority_list[1]', separator: ',', tail: 'telephone-event' },
  codecNames: { PCMA: 'pcma', PCMU: 'pcmu', G722: 'g722', G729: 'g729' },
  dialDialect: 'snom',
  authentication: ['basic', 'digest', 'certificate'],
  resync: { event: 'check-sync;reboot=false' },
  userAgent: 'snom(?<model>[A-Z]?[0-9]{3})[-/]',
  macPrefixes: ['000413'],
};
