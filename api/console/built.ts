import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the built console lies. */
export const consoleFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', 'console');
