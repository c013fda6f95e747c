import { startProduct } from './launcher/product.ts';
import { ConfigError, readConfig } from './platform/config.ts';
import { createLogger } from './platform/log.ts';
import { type MessageCode, say } from './platform/messages/messages.ts';

/* The launcher: starts what is not configured, wires the rest, ends properly. */

const endWithinMs = 4_800;

let config: ReturnType<typeof readConfig>;
try {
  config = readConfig();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exit(2);
}
const logger = createLogger(config);
let product: Awaited<ReturnType<typeof startProduct>> | undefined;
let ending = false;

async function end(signal: string): Promise<void> {
  if (ending) return;
  ending = true;
  logger.info({ signal }, 'ending');
  const late = setTimeout(() => {
    logger.error('not everything could be closed in time');
    process.exit(1);
  }, endWithinMs);
  late.unref();
  await product?.close();
  logger.info('ended');
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end(signal));
process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a fault was not handled'));
process.on('uncaughtException', (error) => {
  logger.fatal({ err: error }, 'a fault that cannot be survived');
  void end('fault');
});

try {
  product = await startProduct(config, logger);
} catch (error) {
  logger.fatal({ err: error }, 'cannot start');
  process.exit(1);
}
const told: [MessageCode, Record<string, string>][] = [
  ['start-console', { address: `http://${config.publicHost}:${product.ports.http}/` }],
  ['start-console-secure', { address: `https://${config.publicHost}:${product.ports.https}/` }],
];
if (product.firstPassword !== undefined) told.push(['start-admin-password', { password: product.firstPassword }]);
for (const [code, values] of told)
  for (const language of ['vi', 'en'] as const) process.stdout.write(`${say(language, code, values)}\n`);
