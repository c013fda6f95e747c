import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/* Where the time went, by V8's processor profiles in a folder. */

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

/** Functions with the largest own shares (%) of what was not idle, over all profiles of a folder. */
export function hottest(folder: string, count = 15): { where: string; percent: number }[] {
  const own = new Map<string, number>();
  let total = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
    const names = new Map(
      profile.nodes.map(({ id, callFrame: { functionName, url } }) => [
        id,
        url === '' ? functionName : `${functionName || 'anonymous'} (${basename(url)})`,
      ]),
    );
    for (let at = 0; at < profile.samples.length; at++) {
      const name = names.get(profile.samples[at]!) ?? '';
      if (name === '(idle)' || name === '(root)') continue;
      const spent = profile.timeDeltas[at] ?? 0;
      total += spent;
      own.set(name, (own.get(name) ?? 0) + spent);
    }
  }
  return [...own]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([where, spent]) => ({ where, percent: Math.round((1_000 * spent) / total) / 10 }));
}
