import { vendorIn } from '../discovery/recognise.ts';

/**
 * The Event of a SIP NOTIFY that makes a vendor's device fetch its configuration, without a restart where it can:
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

/** The Event for a vendor's device; that which most know where the vendor is not known. */
export function resyncEvent(vendorOrUserAgent: string | undefined): string {
  return byVendor[vendorIn(vendorOrUserAgent ?? '') ?? ''] ?? 'check-sync';
}
