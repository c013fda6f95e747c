import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/log.ts';
import { Engine, type EngineSpec, type EngineStatus, type Ports } from '../platform/supervisor.ts';
import { saveStoreAddress } from '../store/address.ts';

export type EngineName = 'drachtio' | 'freeswitch' | 'mongod';

/** Where the engines are reached, whether ours or configured ones. */
export interface EngineAddresses {
  drachtio: { host: string; port: number; secret: string }[];
  freeswitch: { host: string; port: number; secret: string }[];
  mongodbUrl: string;
}

/** The engines that run under us. */
export interface Engines {
  addresses: EngineAddresses;
  /** Ports that our own engines took, by engine. */
  ports: Record<string, Ports>;
  /** How it stands with one of ours; nothing of one that is configured. */
  standing(name: EngineName): EngineStatus | undefined;
  /** @throws when it is not ours, or not running. */
  restart(name: EngineName): Promise<void>;
  /** Ends signalling and media; the store last, with `stopStore`, when everything is written. */
  stopCalls(): Promise<void>;
  stopStore(): Promise<void>;
}

const loopback = '127.0.0.1';

/** A password for one run: only this process and its child know it. */
const passwordForThisRun = (): string => randomBytes(24).toString('base64url');

/** Starts every engine whose address is not configured. @throws when one does not come up. */
export async function startEngines(
  config: Config,
  logger: Logger,
  tls?: { cert: string; key: string },
): Promise<Engines> {
  const started: Record<string, Engine> = {};
  const ports: Record<string, Ports> = {};
  const start = async (spec: EngineSpec): Promise<Ports> => {
    const engine = new Engine(spec, logger);
    started[spec.name] = engine;
    ports[spec.name] = await engine.start();
    return ports[spec.name] ?? {};
  };
  const stop = async (...names: string[]): Promise<void> => {
    await Promise.all(names.map((name) => started[name]?.stop()));
  };
  try {
    const [mongodbUrl, drachtio, freeswitch] = await Promise.all([
      config.mongodbUrl ?? startStore(config, start),
      config.drachtioHost?.map((host) => ({
        host,
        port: config.drachtioPort,
        secret: config.drachtioSecret ?? 'cymru',
      })) ?? startSip(config, start, tls),
      config.freeswitchHost?.map((host) => ({
        host,
        port: config.freeswitchPort,
        secret: config.freeswitchSecret ?? 'ClueCon',
      })) ?? startMedia(config, start),
    ]);
    return {
      addresses: { drachtio, freeswitch, mongodbUrl },
      ports,
      standing: (name) => started[name]?.standing,
      restart: async (name) => {
        const engine = started[name];
        if (engine === undefined) throw new Error(`${name} is not ours`);
        await engine.restart();
      },
      stopCalls: () => stop('drachtio', 'freeswitch'),
      stopStore: () => stop('mongod'),
    };
  } catch (error) {
    await stop(...Object.keys(started));
    throw error;
  }
}

type Start = (spec: EngineSpec) => Promise<Ports>;

async function startStore(config: Config, start: Start): Promise<string> {
  const password = passwordForThisRun();
  const { mongod } = await start({
    name: 'mongod',
    entry: 'embedded/mongod/main.ts',
    environment: {
      MONGOD_HOST: loopback,
      MONGOD_PORT: '0',
      MONGOD_USER: 'diemcau',
      MONGOD_PASSWORD: password,
      DATA_DIR: join(config.dataDir, 'store'),
      LOG_LEVEL: config.logLevel,
    },
    portVariables: { mongod: 'MONGOD_PORT' },
  });
  const url = `mongodb://diemcau:${password}@${loopback}:${mongod}/diemcau?authSource=admin&directConnection=true`;
  // For `verify-log` beside the running product.
  saveStoreAddress(config.dataDir, url);
  return url;
}

async function startSip(
  config: Config,
  start: Start,
  tls: { cert: string; key: string } | undefined,
): Promise<EngineAddresses['drachtio']> {
  const secret = passwordForThisRun();
  const { control } = await start({
    name: 'drachtio',
    entry: 'embedded/drachtio/main.ts',
    environment: {
      CONTROL_HOST: loopback,
      CONTROL_PORT: '0',
      CONTROL_SECRET: secret,
      SIP_HOST: config.sipHost,
      SIP_PORT: String(config.sipPort),
      ...(tls === undefined ? {} : { SIPS_PORT: String(config.sipsPort), TLS_CERT: tls.cert, TLS_KEY: tls.key }),
      PUBLIC_HOST: config.publicHost,
      MESSAGE_MAX_KB: String(config.sipMessageMaxKb),
      LOG_LEVEL: config.logLevel,
    },
    portVariables: { control: 'CONTROL_PORT', sip: 'SIP_PORT', sips: 'SIPS_PORT' },
  });
  return [{ host: loopback, port: control ?? 0, secret }];
}

async function startMedia(config: Config, start: Start): Promise<EngineAddresses['freeswitch']> {
  const secret = passwordForThisRun();
  const { esl } = await start({
    name: 'freeswitch',
    entry: 'embedded/freeswitch/main.ts',
    // What a packet leaves behind dies at once: a large nursery, room to grow by, and a heap of malloc's for each thread
    // only fill memory (60 KiB a leg).
    flags: ['--max-semi-space-size=2', '--heap-growing-percent=20'],
    environment: {
      MALLOC_ARENA_MAX: '1',
      MEDIA_SIP_HOST: loopback,
      MEDIA_SIP_PORT: '0',
      ESL_HOST: loopback,
      ESL_PORT: '0',
      ESL_SECRET: secret,
      RTP_HOST: config.sipHost,
      PUBLIC_HOST: config.publicHost,
      RTP_PORT_MIN: String(config.rtpPortMin),
      RTP_PORT_MAX: String(config.rtpPortMax),
      RECORDINGS_DIR: join(config.dataDir, 'recordings'),
      SOUNDS_DIR: join(process.cwd(), 'freeswitch', 'prompts'),
      LOG_LEVEL: config.logLevel,
    },
    portVariables: { sip: 'MEDIA_SIP_PORT', esl: 'ESL_PORT' },
  });
  return [{ host: loopback, port: esl ?? 0, secret }];
}
