import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65535);
/** `true` or `false`, `yes` or `no`, `1` or `0`. */
const flag = z.union([z.boolean(), z.stringbool()]);
const hostList = z
  .string()
  .transform((text) => text.split(',').map((host) => host.trim()))
  .pipe(z.array(z.string().min(1)));

const usual = { http: 8080, https: 8444, provisioning: 8081, provisioningTls: 8443 };

/** Everything that an installation may set; each has a working default. */
const settings = z.object({
  dataDir: z
    .string()
    .default('./data')
    .transform((path) => resolve(path)),
  publicHost: z.string().min(1).default(firstAddress),
  httpHost: z.string().default('0.0.0.0'),
  httpPort: port.default(usual.http),
  /** The same over TLS, with the installation's certificate. Unset: 8444, or any free one where HTTP has another port. */
  httpsPort: port.optional(),
  provisioningHost: z.string().default('0.0.0.0'),
  provisioningPort: port.default(usual.provisioning),
  /** Unset: 8443, or any free one where the other has not its usual port. */
  provisioningTlsPort: port.optional(),
  /** Address that devices are told to fetch from, where it is not this machine's own (a proxy before it, a name). */
  provisioningUrl: z
    .url({ protocol: /^https?$/ })
    .max(200)
    .transform((url) => (url.endsWith('/') ? url : `${url}/`))
    .optional(),
  /**
   * A device's key is used in a network where the device never was: give the file and say nothing, give it and raise an
   * incident, or give nothing until an admin said that the device is there.
   */
  provisioningElsewhere: z.enum(['allow', 'warn', 'confirm']).default('warn'),
  /** Refusals within ten minutes after which a source is not heard. */
  provisioningMaxRefusals: z.coerce.number().int().min(5).max(10_000).default(60),
  sipHost: z.string().default('0.0.0.0'),
  sipPort: port.default(5060),
  sipsPort: port.default(5061),
  h323Host: z.string().default('0.0.0.0'),
  h323Port: port.default(1720),
  rasPort: port.default(1719),
  /** Fast start and H.245 tunnelling in H.323 calls; a far side that cannot is met without them. */
  h323FastStart: flag.default(true),
  h323Tunnelling: flag.default(true),
  /** A second folder (another disk, a mounted share) that gets a verified copy of every recording. */
  archiveDir: z
    .string()
    .transform((path) => resolve(path))
    .optional(),
  /** Where back-ups that are asked for in the console are kept; unset: `backups` in the data folder. */
  backupDir: z
    .string()
    .transform((path) => resolve(path))
    .optional(),
  /** A copy and its original are read whole and compared again this often, hours. */
  archiveCheckHours: z.coerce.number().min(1).max(8760).default(168),
  /** Recordings are deleted so many days after their session ended; unset: kept for good. */
  retentionDays: z.coerce.number().int().min(1).max(36_500).optional(),
  /** Free space for recordings: below the first an alarm, below the second recordings stop (calls go on), MB. */
  spaceWarnMb: z.coerce.number().min(0).default(10_240),
  spaceStopMb: z.coerce.number().min(0).default(1_024),
  /** How often free space is looked at, seconds. */
  spaceCheckS: z.coerce.number().min(0.1).max(3600).default(10),
  rtpPortMin: port.default(20000),
  rtpPortMax: port.default(29999),
  h245PortMin: port.default(30000),
  h245PortMax: port.default(30999),
  /** Interfaces (`all`: every one) whose devices are told by plug-and-play where their configuration is; none: it is off. */
  plugAndPlay: z
    .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
    .transform((names) => names.map((name) => name.trim()).filter((name) => name !== ''))
    .default([]),
  /** How long a called party may ring, seconds. */
  ringTimeoutS: z.coerce.number().int().min(5).max(300).default(60),
  drachtioHost: hostList.optional(),
  drachtioPort: port.default(9022),
  drachtioSecret: z.string().optional(),
  freeswitchHost: hostList.optional(),
  freeswitchPort: port.default(8021),
  freeswitchSecret: z.string().optional(),
  mongodbUrl: z.string().optional(),
  /** Calls at once, in and out; further ones are refused with 503 and Retry-After. */
  callsMax: z.coerce.number().int().min(1).max(100_000).default(2_000),
  /** New calls within ten seconds from one address, SIP and H.323 each. */
  callsPerSource: z.coerce.number().int().min(1).max(1_000_000).default(3_000),
  /** Call signalling connections at once from one address. */
  h323ConnectionsPerSource: z.coerce.number().int().min(1).max(10_000).default(200),
  /** Largest body of a SIP message, KiB; a larger one is answered with 413. */
  sipMessageMaxKb: z.coerce.number().int().min(4).max(1_024).default(64),
  /** Wrong PINs of one call, and of one number within ten minutes; then the caller waits in the lobby. */
  pinTries: z.coerce.number().int().min(1).max(20).default(3),
  pinTriesPerNumber: z.coerce.number().int().min(1).max(1_000).default(9),
  /** Wrong log-ins of one name, and of one address, before each further one has to wait. */
  loginTries: z.coerce.number().int().min(1).max(100).default(5),
  /** Largest JSON body that the API takes, KiB. */
  apiBodyMaxKb: z.coerce.number().int().min(16).max(16_384).default(256),
  /** Requests to the API in a minute from one account, and from one address without one. */
  apiRequestsPerMinute: z.coerce.number().int().min(10).max(1_000_000).default(3_000),
  /** Largest file that is taken as an attachment, MB. */
  uploadMaxMb: z.coerce.number().int().min(1).max(2048).default(50),
  /** Largest firmware file that the API takes, MB. Those of room codecs are about a gigabyte. */
  firmwareMaxMb: z.coerce.number().int().min(1).max(16_384).default(2048),
  adminPassword: z.string().min(8).optional(),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  logFormat: z.enum(['pretty', 'json']).optional(),
  ffmpegPath: z.string().optional(),
});

const configSchema = settings.transform((given) => ({
  ...given,
  httpsPort: given.httpsPort ?? (given.httpPort === usual.http ? usual.https : 0),
  provisioningTlsPort:
    given.provisioningTlsPort ?? (given.provisioningPort === usual.provisioning ? usual.provisioningTls : 0),
}));

/** The product's settings, checked. Ports of 0 mean any free one. */
export type Config = z.output<typeof configSchema>;

/** A setting that cannot be used; the message names it and says why. */
export class ConfigError extends Error {}

/**
 * Reads the settings from the environment (`SIP_PORT`) and, where that is silent, from a YAML file (`sipPort`).
 * @throws ConfigError when a value does not fit.
 */
export function readConfig(
  environment: Record<string, string | undefined> = process.env,
  file = 'diemcau.config.yaml',
): Config {
  const told: Record<string, unknown> = existsSync(file) ? readYaml(file) : {};
  for (const key of Object.keys(settings.shape)) {
    const value = environment[environmentName(key)];
    if (value !== undefined && value !== '') told[key] = value;
  }
  const parsed = configSchema.safeParse(told);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${environmentName(String(issue.path[0]))}: ${issue.message}`);
  throw new ConfigError(`Configuration cannot be used:\n  ${faults.join('\n  ')}`);
}

/** Environment variables that are read. */
export const settingNames: readonly string[] = Object.keys(settings.shape).map((key) => environmentName(key));

/** `sipPort` → `SIP_PORT`. */
function environmentName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function readYaml(file: string): Record<string, unknown> {
  const content: unknown = parseYaml(readFileSync(file, 'utf8')) ?? {};
  const parsed = z.record(z.string(), z.unknown()).safeParse(content);
  if (!parsed.success) throw new ConfigError(`${file} must hold names and values`);
  return parsed.data;
}

function firstAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find((address) => !address.internal && address.family === 'IPv4')?.address ?? '127.0.0.1';
}
