import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type MessageCode, say } from '../platform/messages/messages.ts';
import { verifyBundle } from '../store/bundle/verify-bundle.ts';

/*
 * `npm run verify-bundle -- FILE.zip [--key log-anchor.pub.pem]`: whether a session's bundle is whole and unaltered. Ends
 * with 0 when it is, 1 when it is not, 2 when it was called wrongly. Needs no store and no running product.
 */

const { values: options, positionals } = parseArgs({ options: { key: { type: 'string' } }, allowPositionals: true });
const tell = (code: MessageCode, values: Record<string, string | number> = {}): void => {
  for (const language of ['vi', 'en'] as const) console.log(say(language, code, values));
};
const [file] = positionals;
if (file === undefined) {
  tell('bundle.usage');
  process.exit(2);
}
const key = options.key === undefined ? undefined : readFileSync(options.key, 'utf8');
const { entries, faults, files, keyFingerprint, manifest } = await verifyBundle(file, key);
if (manifest !== undefined)
  tell('bundle.about', { title: manifest.session.title, madeAt: manifest.madeAt, files, entries });
for (const { code, what } of faults) tell(`bundle.${code}`, { what });
if (keyFingerprint !== undefined) tell(key === undefined ? 'bundle.own-key' : 'bundle.given-key', { keyFingerprint });
tell(faults.length === 0 ? 'bundle.sound' : 'bundle.unsound');
process.exit(faults.length === 0 ? 0 : 1);
