import type { AccountValue, DeviceValue, Parameter, Template } from '../../template.ts';

const device: Parameter<DeviceValue>[] = [
  { name: 'device.prov.serverName', from: 'provisioningUrl', secret: true },
  { name: 'prov.polling.period', from: 'resyncS' },
  { name: 'device.local.language', from: 'language', values: { en: 'ENGLISHUS' } },
  { name: 'device.local.datetime.time.24HourClock', fixed: '24_Hour' },
  { name: 'device.local.ntpServer.mode', fixed: 'Manual', when: 'ntpServer' },
  { name: 'device.local.ntpServer.address.1', from: 'ntpServer' },
  { name: 'device.syslog.enable', fixed: 'true', when: 'syslogServer' },
  { name: 'device.syslog.serverName', from: 'syslogServer' },
  { name: 'device.syslog.transport', fixed: 'UDP', when: 'syslogServer' },
  // One password for the room and for who administers it from afar.
  { name: 'sec.auth.admin.useRoomPassword', fixed: 'true', when: 'adminPassword' },
  { name: 'sec.auth.admin.room.password', from: 'adminPassword', secret: true },
  { name: 'call.autoAnswer.answerP2PCall', from: 'autoAnswer', values: { off: 'No', on: 'Yes' } },
  // The vendor's default is a muted microphone.
  { name: 'call.autoAnswer.micMute', fixed: 'false' },
  { name: 'call.preferredSpeed.outgoing', from: 'callRateKbps' },
  { name: 'call.preferredSpeed.maxIncoming', from: 'callRateKbps' },
  { name: 'voIpProt.H323.enable', fixed: 'true', when: 'gatekeeper' },
  { name: 'voIpProt.H323.name', from: 'h323Alias' },
  { name: 'voIpProt.H323.e164', from: 'e164' },
  { name: 'voIpProt.H323.gk.mode', fixed: 'Specify', when: 'gatekeeper' },
  { name: 'voIpProt.H323.gk.ipAddress', from: 'gatekeeper' },
  { name: 'voIpProt.H323.gk.auth.enable', fixed: 'true', when: 'h323Password' },
  { name: 'voIpProt.H323.gk.auth.userId', from: 'h323Alias', when: 'h323Password' },
  { name: 'voIpProt.H323.gk.auth.password', from: 'h323Password', secret: true },
];

const account: Parameter<AccountValue>[] = [
  { name: 'device.local.roomName', from: 'displayName' },
  { name: 'voIpProt.SIP.enable', fixed: 'true' },
  { name: 'voIpProt.SIP.serverType', fixed: 'Specify' },
  { name: 'voIpProt.SIP.registrarServerType', fixed: 'Standard SIP' },
  { name: 'voIpProt.SIP.registrarServer', from: 'serverAndPort' },
  { name: 'voIpProt.SIP.proxyServer', from: 'serverAndPort' },
  { name: 'voIpProt.SIP.userName', pieces: [{ from: 'username' }, '@', { from: 'server' }] },
  { name: 'voIpProt.SIP.auth.userId', from: 'username' },
  { name: 'voIpProt.SIP.auth.password', from: 'password', secret: true },
  { name: 'voIpProt.SIP.transport', from: 'transport', values: { udp: 'UDP', tcp: 'TCP', tls: 'TLS' } },
  { name: 'call.encryption.requireAES', from: 'srtp', values: { preferred: 'When_Available' } },
];

/** Poly room codecs with VideoOS: one element of attributes, as the devices themselves write it. */
export const polyVideoos: Template = {
  id: 'poly-videoos',
  vendor: 'Poly',
  models: ['G7500', 'Studio X30', 'Studio X50', 'Studio X52', 'Studio X70'].map((name) => ({ name })),
  kind: 'codec',
  protocols: ['sip', 'h323'],
  delivery: 'fetch',
  files: [
    { paths: ['{mac}.cfg', '000000000000.cfg'], format: 'poly-xml', holds: { pointerTo: '{mac}-settings.cfg' } },
    { paths: ['{mac}-settings.cfg'], format: 'poly-xml', holds: 'settings' },
  ],
  device,
  accounts: [account],
  keys: [],
  codecs: undefined,
  codecNames: {},
  authentication: ['basic', 'digest'],
  userAgent: '^(?:FileTransport )?Poly(?:com)?[ /-](?<model>G7500|Studio X[0-9]{2})(?:[ /_-]|$)',
  macPrefixes: ['00e0db', '64167f'],
};
