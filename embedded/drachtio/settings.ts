import { z } from 'zod';

/* The program's settings, from its environment. */

const port = z.coerce.number().int().min(0).max(65535);

const environment = z
  .object({
    CONTROL_HOST: z.string().default('127.0.0.1'),
    CONTROL_PORT: port.default(9022),
    CONTROL_SECRET: z.string().min(1),
    SIP_HOST: z.string().default('0.0.0.0'),
    SIP_PORT: port.default(5060),
    SIPS_PORT: port.optional(),
    TLS_CERT: z.string().optional(),
    TLS_KEY: z.string().optional(),
    PUBLIC_HOST: z.string().optional(),
    MAX_DIALOGS: z.coerce.number().int().min(1).default(5_000),
    MAX_CALLS_PER_SECOND: z.coerce.number().int().min(1).default(500),
    MAX_TRANSACTIONS: z.coerce.number().int().min(1).default(50_000),
    MAX_STREAMS: z.coerce.number().int().min(1).default(2_000),
    MESSAGE_MAX_KB: z.coerce.number().int().min(1).default(64),
    LOG_LEVEL: z.string().default('info'),
    EXIT_WITH_PARENT: z.string().optional(),
  })
  .parse(process.env);

const { SIPS_PORT, TLS_CERT, TLS_KEY } = environment;

export const settings = {
  controlHost: environment.CONTROL_HOST,
  controlPort: environment.CONTROL_PORT,
  controlSecret: environment.CONTROL_SECRET,
  sipHost: environment.SIP_HOST,
  sipPort: environment.SIP_PORT,
  /** TLS only with a certificate and its key. */
  tls:
    SIPS_PORT !== undefined && TLS_CERT !== undefined && TLS_KEY !== undefined
      ? { port: SIPS_PORT, cert: TLS_CERT, key: TLS_KEY }
      : undefined,
  publicHost: environment.PUBLIC_HOST,
  maxDialogs: environment.MAX_DIALOGS,
  maxCallsPerSecond: environment.MAX_CALLS_PER_SECOND,
  maxTransactions: environment.MAX_TRANSACTIONS,
  maxStreams: environment.MAX_STREAMS,
  /** Octets of a body. */
  longestBody: environment.MESSAGE_MAX_KB * 1_024,
  logLevel: environment.LOG_LEVEL,
  exitWithParent: environment.EXIT_WITH_PARENT === '1',
};
