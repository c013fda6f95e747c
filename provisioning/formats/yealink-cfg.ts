import type { Content } from './formats.ts';

/** Yealink: a version line that every file must begin with, then `name = value`; a boot file has `include:config` lines. */
export function yealinkCfg({ entries, pointsTo }: Content): string {
  if (pointsTo !== undefined) return `#!version:1.0.0.1\ninclude:config "${pointsTo}"\n`;
  return `#!version:1.0.0.1\n${entries.map(({ name, value }) => `${name} = ${value}\n`).join('')}`;
}
