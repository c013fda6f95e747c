import { applies } from './entries.ts';
import type { DeviceSettings } from './settings.ts';
import type { Parameter, Template } from './template.ts';
import { accountValues, deviceValues, keyValues } from './values.ts';

/** A setting as `overrides` names it: `dtmf`, `account.transport`; `speedDials.7` for a key that the device lacks. */
export type SettingName = string;

/** Where each value of the templates comes from, where that is not the setting of its own name. */
const deviceSources: Readonly<Record<string, readonly SettingName[]>> = {
  syslog: ['syslogServer', 'syslogPort'],
  gatekeeper: ['h323.gatekeeper'],
  gatekeeperPort: ['h323.gatekeeperPort'],
  gatekeeperAndPort: ['h323.gatekeeper', 'h323.gatekeeperPort'],
  h323Alias: ['h323.alias'],
  e164: ['h323.e164'],
  h323Password: ['h323.password'],
  provisioningScheme: ['provisioningUrl'],
  provisioningAddress: ['provisioningUrl'],
  resyncMinutes: ['resyncS'],
  resyncHours: ['resyncS'],
  firmwareAddress: ['firmwareUrl'],
};
const accountSources: Readonly<Record<string, readonly SettingName[]>> = {
  displayName: ['account.displayName'],
  username: ['account.username'],
  password: ['account.password'],
  server: ['account.server'],
  port: ['account.port'],
  serverAndPort: ['account.server', 'account.port'],
  transport: ['account.transport'],
  srtp: ['account.srtp'],
  backupServer: ['account.backupServer'],
  backupPort: ['account.backupPort'],
  backup: ['account.backupServer', 'account.backupPort'],
};

/**
 * The settings given that a device of this template does not get from its file, because its vendor has no parameter
 * for them, or none for that value, or none is confirmed: to be set on the device itself. Sorted.
 */
export function shortfall(template: Template, settings: DeviceSettings): SettingName[] {
  const device = deviceValues(template, settings);
  const [given, taken] = [new Set<SettingName>(), new Set<SettingName>()];
  const look = <V extends string>(
    parameters: readonly Parameter<V>[],
    values: Record<V, string | undefined>,
    name: (value: V) => readonly SettingName[],
  ) => {
    for (const parameter of parameters)
      for (const value of valuesTaken(parameter, values)) for (const one of name(value)) taken.add(one);
  };
  const deviceName = (value: string) => deviceSources[value] ?? [value];
  look(template.device, device, deviceName);
  for (const value of Object.keys(device)) {
    if (!(value in deviceSources) && device[value as keyof typeof device] !== undefined) given.add(value);
  }
  for (const [name, value] of Object.entries(settings.h323 ?? {})) if (value !== undefined) given.add(`h323.${name}`);
  if (settings.dialPlan !== undefined) given.add('dialPlan');
  for (const [place, account] of settings.accounts.entries()) {
    const parameters = template.accounts[place];
    if (parameters === undefined) {
      given.add(`accounts.${place + 1}`);
      continue;
    }
    look(parameters, accountValues(account, device), (value) => accountSources[value] ?? deviceName(value));
    for (const [name, value] of Object.entries(account)) if (value !== undefined) given.add(`account.${name}`);
  }
  for (const key of settings.speedDials) {
    given.add(`speedDials.${key.key}`);
    const parameters = template.keys[key.key - 1] ?? [];
    look(parameters, keyValues(key, settings.accounts[0]), () => [`speedDials.${key.key}`]);
  }
  for (const codec of settings.codecs) {
    given.add(`codecs.${codec}`);
    if (template.codecs !== undefined && template.codecNames[codec] !== undefined) taken.add(`codecs.${codec}`);
  }
  return [...given].filter((name) => !taken.has(name)).sort();
}

function valuesTaken<V extends string>(parameter: Parameter<V>, values: Record<V, string | undefined>): V[] {
  if ('fixed' in parameter || !applies(parameter, values)) return [];
  if ('pieces' in parameter) {
    return parameter.pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.from]));
  }
  const given = values[parameter.from];
  return given === undefined || (parameter.values !== undefined && parameter.values[given] === undefined)
    ? []
    : [parameter.from];
}
