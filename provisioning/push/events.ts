import { modelNamed, recognise } from '../catalogue.ts';
import { vendorIn } from '../discovery/recognise.ts';

/**
 * Where no template says it: the Event of a SIP NOTIFY that makes a vendor's device fetch its configuration, without a restart where it can:
 * - Yealink, Snom, Fanvil: `check-sync;reboot=false` (administrator's guides);
 * - Poly, Grandstream: `check-sync`; Poly restarts only when its files changed, unless `checkSync.alwaysReboot` is set;
 * - Cisco SPA and MPP phones: `resync` (provisioning guides; "Resync From SIP", challenged where "Auth Resync-Reboot").
 */
const byVendor: Readonly<Record<string, string>> = {
  Yealink: 'check-sync;reboot=false',
  Snom: 'check-sync;reboot=false',
  Fanvil: 'check-sync;reboot=false',
  Poly: 'check-sync',
  Grandstream: 'check-sync',
  Cisco: 'resync',
};

/** The Event that makes a device fetch: its model's, else that of who it says it is, else its vendor's, else the usual one. */
export function resyncEvent(model: string | undefined, userAgent: string | undefined): string {
  const known = (model === undefined ? undefined : modelNamed(model)) ?? recognise(userAgent ?? '');
  if (known?.template.resync !== undefined) return known.template.resync.event;
  return byVendor[vendorIn(known?.template.vendor ?? userAgent ?? '') ?? ''] ?? 'check-sync';
}
