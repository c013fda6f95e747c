import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

export type { Logger } from 'pino';

/** Keys whose values never reach a log line, wherever they stand in an object. */
const secretKeys = ['password', 'secret', 'token', 'pin', 'authorization', 'cookie', 'adminPassword', 'passwordHash'];

/** The one logger: JSON lines, or readable lines on a terminal; secrets are struck out. */
export function createLogger(config: Pick<Config, 'logLevel' | 'logFormat'>): Logger {
  const redact = { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '***' };
  const pretty = config.logFormat === 'pretty' || (config.logFormat === undefined && process.stdout.isTTY === true);
  return pretty
    ? pino({
        level: config.logLevel,
        redact,
        transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } },
      })
    : pino({ level: config.logLevel, redact });
}
