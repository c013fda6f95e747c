import { cpus, loadavg } from 'node:os';

/** Value at a share of sorted numbers, to two decimals. */
export function percentile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return Math.round(value * 100) / 100;
}

/** What it was measured on. */
export function machine(): string {
  const load = loadavg()[0]!.toFixed(1);
  return `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node.js ${process.version}, load ${load}`;
}
