import type { EngineDesk, EngineName } from '../api/upkeep/engines.ts';
import type { Config } from '../platform/config.ts';
import type { Engines, EngineName as ProgramName } from './engines.ts';

const programs: Record<EngineName, ProgramName> = { sip: 'drachtio', media: 'freeswitch', store: 'mongod' };

/** The engines as the API shows and restarts them; of configured ones their addresses, never a password. */
export function engineDesk(config: Config, engines: Engines): EngineDesk {
  const configured: Record<EngineName, string[]> = {
    sip: (config.drachtioHost ?? []).map((host) => `${host}:${config.drachtioPort}`),
    media: (config.freeswitchHost ?? []).map((host) => `${host}:${config.freeswitchPort}`),
    store: config.mongodbUrl === undefined ? [] : hostsOf(config.mongodbUrl),
  };
  return {
    list: () =>
      (Object.keys(programs) as EngineName[]).map((name) => {
        const standing = engines.standing(programs[name]);
        const addresses = configured[name];
        return standing === undefined ? { name, ours: false, addresses } : { name, ours: true, addresses, ...standing };
      }),
    restart: (name) => engines.restart(programs[name]),
  };
}

/** `mongodb://user:password@a:27017,b/db` → `a:27017`, `b` */
export function hostsOf(url: string): string[] {
  const [, hosts = ''] = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/.exec(url) ?? [];
  return hosts.split(',').filter((host) => host !== '');
}
