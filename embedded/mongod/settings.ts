import { z } from 'zod';

/* The program's settings, from its environment. */

const environment = z
  .object({
    MONGOD_HOST: z.string().default('127.0.0.1'),
    MONGOD_PORT: z.coerce.number().int().min(0).max(65535).default(27017),
    MONGOD_USER: z.string().min(1).optional(),
    MONGOD_PASSWORD: z.string().min(1).optional(),
    DATA_DIR: z.string().min(1),
    TTL_INTERVAL_MS: z.coerce.number().int().min(10).default(60_000),
    MAX_CONNECTIONS: z.coerce.number().int().min(1).default(1_000),
    MAX_CURSORS: z.coerce.number().int().min(1).default(500),
    CURSOR_TIMEOUT_MS: z.coerce.number().int().min(100).default(600_000),
    LOG_LEVEL: z.string().default('info'),
    EXIT_WITH_PARENT: z.string().optional(),
  })
  .refine((env) => (env.MONGOD_USER === undefined) === (env.MONGOD_PASSWORD === undefined), {
    message: 'MONGOD_USER and MONGOD_PASSWORD go together',
  })
  .parse(process.env);

export const settings = {
  host: environment.MONGOD_HOST,
  port: environment.MONGOD_PORT,
  /** Log-in is asked for only when both are given. */
  account:
    environment.MONGOD_USER !== undefined && environment.MONGOD_PASSWORD !== undefined
      ? { user: environment.MONGOD_USER, password: environment.MONGOD_PASSWORD }
      : undefined,
  dataDir: environment.DATA_DIR,
  ttlIntervalMs: environment.TTL_INTERVAL_MS,
  maxConnections: environment.MAX_CONNECTIONS,
  maxCursors: environment.MAX_CURSORS,
  cursorTimeoutMs: environment.CURSOR_TIMEOUT_MS,
  logLevel: environment.LOG_LEVEL,
  exitWithParent: environment.EXIT_WITH_PARENT === '1',
};
