import { Fault } from '../../platform/fault.ts';
import { makePassword } from '../../provisioning/access/device-keys.ts';
import { modelNamed } from '../../provisioning/catalogue.ts';
import { type Overrides, overrides } from '../../provisioning/settings.ts';
import type { Endpoint } from '../../store/schema/places.ts';
import { check } from '../errors.ts';
import type { Taken } from './taken.ts';

/*
 * The hardware of an endpoint: what it may be, and the account that is made for it.
 */

/** Gives a device that the product configures an account where the admin gave none: nobody has to key these in. */
export function withAccount(sent: Record<string, unknown>, before: Endpoint | undefined): Record<string, unknown> {
  const device = (sent.device ?? before?.device) as Endpoint['device'];
  const kind = sent.kind ?? before?.kind;
  if (device === undefined || (kind !== 'sip' && kind !== 'h323')) return sent;
  // Taken away on purpose stays away; what was never given is made.
  const lacks = (field: 'username' | 'secret'): boolean => !(field in sent) && before?.[field] === undefined;
  return {
    ...sent,
    ...(lacks('username') ? { username: device.mac } : {}),
    ...(lacks('secret') ? { secret: makePassword() } : {}),
  };
}

/** @throws Fault when the hardware cannot be what the endpoint is, is another's, or its settings do not fit. */
export async function judgeDevice(taken: Taken, { device, id, kind }: Endpoint): Promise<void> {
  if (device === undefined) return;
  const owner = await taken.owner('mac', device.mac, id);
  if (owner !== undefined)
    throw new Fault('conflict', 'mac-taken', { field: 'device.mac', values: { mac: device.mac, owner } });
  const found = modelNamed(device.model);
  const protocol = kind === 'sip' || kind === 'h323' ? kind : undefined;
  if (found !== undefined && (protocol === undefined || !found.template.protocols.includes(protocol)))
    throw new Fault('invalid', 'device-not-for-model', { field: 'device.model', values: { model: device.model } });
  checkedOverrides(device.overrides, 'device.overrides');
}

/** Settings that an admin sets otherwise. @throws Fault when one does not fit, or is a secret: those are made, sealed. */
export function checkedOverrides(given: Record<string, unknown>, field: string): Overrides {
  const secret = ['adminPassword', 'userPassword'].find((name) => name in given);
  const h323 = given.h323 as Record<string, unknown> | undefined;
  const name =
    secret ?? (typeof h323 === 'object' && h323 !== null && 'password' in h323 ? 'h323.password' : undefined);
  if (name !== undefined) throw new Fault('invalid', 'override-secret', { field: `${field}.${name}` });
  return check(overrides, given);
}
