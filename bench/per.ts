import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import {
  decodeRas,
  decodeSignalling,
  encodeRas,
  encodeSignalling,
  type SignallingMessage,
} from '../gateway/h323/h225/index.ts';
import { decodeH245, encodeH245, type MultimediaSystemControlMessage } from '../gateway/h323/h245/index.ts';
import { readCapture } from '../tools/capture/file.ts';
import { type Found, H323Finder } from '../tools/capture/h323.ts';

/*
 * How many messages a second one core reads and writes: those of real devices, from the captures. The first figure is
 * that of the largest capability set there: 33 capabilities, 1,008 octets, H.264, H.239 and H.235 among them.
 * `npm run bench -- per [seconds]`.
 */

const seconds = Number(process.argv[2] ?? 1.5);

function messagesOf(file: string): Found[] {
  const finder = new H323Finder();
  return [...readCapture(readFileSync(`fixtures/h323/${file}`))].flatMap((packet) => finder.push(packet));
}

const video = messagesOf('h323plus-h264-h239-tunnel.pcap');
const audio = messagesOf('ooh323-a-fast-tunnel.pcap');
const gatekeeper = messagesOf('gnugk-auth-h2351.pcap');

function pick(messages: readonly Found[], wanted: (message: Found) => boolean): Uint8Array {
  const found = messages.filter(wanted).sort((a, b) => b.bytes.length - a.bytes.length)[0];
  if (found === undefined) throw new Error('the captures lack a message that the benchmark needs');
  return found.bytes;
}
const control = ({ protocol, carried, message }: Found): MultimediaSystemControlMessage =>
  protocol === 'h245' && carried !== 'fastStart' ? (message as MultimediaSystemControlMessage) : ({} as never);
const isTcs = (found: Found): boolean => control(found).request?.terminalCapabilitySet !== undefined;
const isOlc = (found: Found): boolean => control(found).request?.openLogicalChannel !== undefined;
const isSetup = ({ protocol, message }: Found): boolean =>
  protocol === 'h225' && (message as SignallingMessage).type === 'setup';
const isArq = ({ protocol, message }: Found): boolean =>
  protocol === 'ras' && (message as { admissionRequest?: unknown }).admissionRequest !== undefined;

/** Runs of `work` a second of processor time: what other programs take of the core does not count. */
function rate(work: () => void): number {
  for (let warm = 0; warm < 2_000; warm++) work();
  const start = performance.now();
  const before = process.cpuUsage();
  let runs = 0;
  while (performance.now() - start < seconds * 1_000) {
    for (let i = 0; i < 50; i++) work();
    runs += 50;
  }
  const { user, system } = process.cpuUsage(before);
  return Math.round(runs / ((user + system) / 1e6));
}

function both<T>(bytes: Uint8Array, decode: (bytes: Uint8Array) => T, encode: (value: T) => Uint8Array) {
  const value = decode(bytes);
  return { octets: bytes.length, decodes: rate(() => decode(bytes)), encodes: rate(() => encode(value)) };
}

const figures = {
  'terminalCapabilitySet of a video codec': both(pick(video, isTcs), decodeH245, encodeH245),
  'terminalCapabilitySet of an audio terminal': both(pick(audio, isTcs), decodeH245, encodeH245),
  'openLogicalChannel of video': both(pick(video, isOlc), decodeH245, encodeH245),
  'SETUP with fast start': both(pick(audio, isSetup), decodeSignalling, encodeSignalling),
  'admissionRequest with a cryptoHashedToken': both(pick(gatekeeper, isArq), decodeRas, encodeRas),
};
for (const [name, { octets, decodes, encodes }] of Object.entries(figures)) {
  console.log(`${name} (${octets} octets): ${decodes} read, ${encodes} written a second`);
}
console.log(
  JSON.stringify({
    name: 'per',
    value: figures['terminalCapabilitySet of a video codec'].decodes,
    unit: 'terminalCapabilitySet decodes a second on one core (by processor time)',
    aim: 20_000,
    figures,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    how: `messages of the captures, each read and written over and over for ${seconds} s in one thread; its processor time, garbage collection included`,
  }),
);
