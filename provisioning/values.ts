import { dialPlan } from './dial-patterns.ts';
import type { Account, DeviceSettings, SpeedDial } from './settings.ts';
import type { AccountValue, DeviceValue, KeyValue, Template } from './template.ts';

type Values<V extends string> = Record<V, string | undefined>;

/** What parameters of the whole device take. */
export function deviceValues(
  template: Pick<Template, 'dialDialect'> | undefined,
  settings: DeviceSettings,
): Values<DeviceValue> {
  const { h323, resyncS, syslogServer, syslogPort, provisioningUrl, firmwareUrl } = settings;
  return {
    dtmf: settings.dtmf,
    autoAnswer: settings.autoAnswer,
    timeZone: settings.timeZone,
    language: settings.language,
    ntpServer: settings.ntpServer,
    syslogServer,
    syslogPort: syslogServer === undefined ? undefined : String(syslogPort ?? 514),
    syslog: syslogServer && hostAndPort(syslogServer, syslogPort ?? 514),
    adminPassword: settings.adminPassword,
    userPassword: settings.userPassword,
    callRateKbps: settings.callRateKbps?.toString(),
    picture: settings.picture,
    frameRate: settings.frameRate,
    gatekeeper: h323?.gatekeeper,
    gatekeeperPort: h323?.gatekeeperPort.toString(),
    gatekeeperAndPort: h323 && hostAndPort(h323.gatekeeper, h323.gatekeeperPort),
    h323Alias: h323?.alias,
    e164: h323?.e164,
    h323Password: h323?.password,
    provisioningUrl,
    provisioningScheme: provisioningUrl && new URL(provisioningUrl).protocol.slice(0, -1),
    provisioningAddress: provisioningUrl && withoutScheme(provisioningUrl),
    resyncS: String(resyncS),
    resyncMinutes: String(Math.round(resyncS / 60)),
    resyncHours: String(Math.round(resyncS / 3600)),
    firmwareUrl,
    firmwareAddress: firmwareUrl && withoutScheme(firmwareUrl),
    dialPlan:
      settings.dialPlan && template?.dialDialect ? dialPlan(template.dialDialect, settings.dialPlan) : undefined,
  };
}

/** What parameters of an account take: its own, and the whole device's. */
export function accountValues(account: Account, device: Values<DeviceValue>): Values<AccountValue> {
  const { backupServer, backupPort } = account;
  return {
    ...device,
    displayName: account.displayName,
    username: account.username,
    password: account.password,
    server: account.server,
    port: String(account.port),
    serverAndPort: hostAndPort(account.server, account.port),
    transport: account.transport,
    srtp: account.srtp,
    backupServer,
    backupPort: backupServer === undefined ? undefined : String(backupPort ?? account.port),
    backup: backupServer && hostAndPort(backupServer, backupPort ?? account.port),
  };
}

/** What parameters of a key take. */
export function keyValues(key: SpeedDial, first: Account | undefined): Values<KeyValue> {
  const address = key.number.includes('@') || first === undefined ? key.number : `${key.number}@${first.server}`;
  return { label: key.label, number: key.number, address };
}

/** `host:port`; IPv6 addresses in brackets (RFC 3986, clause 3.2.2). */
function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '');
}
