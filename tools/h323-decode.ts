import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CaptureError, readCapture } from './capture/file.ts';
import { type Found, H323Finder } from './capture/h323.ts';

/*
 * `npm run h323:decode -- FILE.pcap [--ras-port N]…`: each H.225.0, H.245 and RAS message of a capture as one JSON line.
 * Ends with 1 when the file cannot be read, or is cut.
 */

const usage = 'npm run h323:decode -- FILE.pcap [--ras-port N]…';

function fail(text: string, status: number): never {
  console.error(text);
  process.exit(status);
}

function options(): { file: string; rasPorts: number[] } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { 'ras-port': { type: 'string', multiple: true, default: [] } },
    });
    const rasPorts = values['ras-port'].map(Number);
    const wrong = rasPorts.find((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
    if (wrong !== undefined) return fail(`--ras-port: a number from 1 to 65535\n${usage}`, 2);
    const [file, ...more] = positionals;
    return file === undefined || more.length > 0 ? fail(usage, 2) : { file, rasPorts };
  } catch (error) {
    return fail(`${(error as Error).message}\n${usage}`, 2);
  }
}

/** Octets as hexadecimal digits, everything else as it is. */
function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]));
}

function print({ frame, protocol, from, to, carried, bytes, message, roundTrip, error }: Found): void {
  const line =
    error === undefined
      ? { frame, protocol, from, to, carried, message: readable(message), roundTrip }
      : { frame, protocol, from, to, carried, error, bytes: readable(bytes) };
  console.log(JSON.stringify(line));
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
const { file, rasPorts } = options();
let content: Uint8Array;
try {
  content = readFileSync(file);
} catch (error) {
  fail(`${file}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (error as Error).message}`, 1);
}
const finder = new H323Finder(rasPorts);
let broken: string | undefined;
try {
  for (const packet of readCapture(content)) finder.push(packet).forEach(print);
} catch (error) {
  if (!(error instanceof CaptureError)) throw error;
  broken = `${file}: ${error.message}`;
}
finder.end().forEach(print);
if (broken !== undefined) fail(broken, 1);
