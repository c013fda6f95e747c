import { resolve } from 'node:path';
import { z } from 'zod';

/* The program's settings, from its environment. */

const port = z.coerce.number().int().min(0).max(65535);

const environment = z
  .object({
    MEDIA_SIP_HOST: z.string().default('127.0.0.1'),
    MEDIA_SIP_PORT: port.default(5080),
    ESL_HOST: z.string().default('127.0.0.1'),
    ESL_PORT: port.default(8021),
    ESL_SECRET: z.string().min(1),
    RTP_HOST: z.string().default('0.0.0.0'),
    PUBLIC_HOST: z.string().default('127.0.0.1'),
    RTP_PORT_MIN: port.default(20000),
    RTP_PORT_MAX: port.default(29999),
    RECORDINGS_DIR: z.string().optional(),
    SOUNDS_DIR: z.string().default('.'),
    MAX_SESSIONS: z.coerce.number().int().min(1).default(2_000),
    LOG_LEVEL: z.string().default('info'),
    EXIT_WITH_PARENT: z.string().optional(),
  })
  .parse(process.env);

export const settings = {
  sipHost: environment.MEDIA_SIP_HOST,
  sipPort: environment.MEDIA_SIP_PORT,
  eslHost: environment.ESL_HOST,
  eslPort: environment.ESL_PORT,
  eslSecret: environment.ESL_SECRET,
  rtpHost: environment.RTP_HOST,
  publicHost: environment.PUBLIC_HOST,
  rtpPortMin: environment.RTP_PORT_MIN,
  rtpPortMax: environment.RTP_PORT_MAX,
  recordingsFolder: environment.RECORDINGS_DIR === undefined ? undefined : resolve(environment.RECORDINGS_DIR),
  soundsFolder: resolve(environment.SOUNDS_DIR),
  maxSessions: environment.MAX_SESSIONS,
  logLevel: environment.LOG_LEVEL,
  exitWithParent: environment.EXIT_WITH_PARENT === '1',
};
