import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import {
  decodeFastStart,
  decodeRas,
  decodeSignalling,
  encodeFastStart,
  encodeRas,
  encodeSignalling,
  fastStartOf,
  frameTpkt,
  SignallingError,
  type SignallingMessage,
  TpktError,
  TpktReader,
  tunnelledH245,
} from '../../../gateway/h323/h225/index.ts';
import { decodeH245, encodeH245 } from '../../../gateway/h323/h245/index.ts';
import { PerError } from '../../../gateway/h323/per/index.ts';
import { readCapture } from '../../../tools/capture/file.ts';
import { type Found, H323Finder } from '../../../tools/capture/h323.ts';

const mutations = 100_000;

function everyMessage(): Found[] {
  const files = readdirSync('fixtures/h323').filter((file) => file.endsWith('.pcap'));
  const found = files.flatMap((file) => {
    const finder = new H323Finder();
    return [...readCapture(readFileSync(`fixtures/h323/${file}`))].flatMap((packet) => finder.push(packet));
  });
  // The same bytes many times over would only teach the same thing.
  return [...new Map(found.map((one) => [Buffer.from(one.bytes).toString('latin1'), one])).values()];
}

/** A generator of numbers that can be run again from its seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function mutate(bytes: Uint8Array, other: Uint8Array, next: (below: number) => number): Uint8Array {
  let mutant = Uint8Array.from(bytes);
  for (let times = 1 + next(3); times > 0 && mutant.length > 0; times--) {
    const at = next(mutant.length);
    switch (next(7)) {
      case 0:
      case 1:
        mutant[at]! ^= 1 << next(8);
        break;
      case 2:
        mutant[at] = next(256);
        break;
      case 3: // lengths and counts at their most
        mutant.fill([0xff, 0xc4, 0xbf, 0x7f][next(4)]!, at, at + 1 + next(3));
        break;
      case 4:
        mutant = mutant.slice(0, at);
        break;
      case 5:
        mutant = Uint8Array.from([...mutant.subarray(0, at), ...other.subarray(next(other.length))]);
        break;
      default:
        mutant = Uint8Array.from([...mutant.subarray(0, at), ...mutant.subarray(at + 1 + next(4))]);
    }
  }
  return mutant;
}

/** Reads, and when that succeeds, writes what was read, and reads that: it must mean the same. */
function turn<T>(
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => T,
  encode: (message: T) => Uint8Array,
): T | undefined {
  let message: T;
  try {
    message = decode(bytes);
  } catch (error) {
    if (error instanceof PerError || error instanceof SignallingError) return undefined;
    throw error;
  }
  const written = encode(message);
  assert.equal(Buffer.compare(encode(decode(written)), written), 0);
  return message;
}

describe('mutated messages', function () {
  this.timeout(60_000);

  it(`${mutations} of them: read or refused, nothing else`, () => {
    const messages = everyMessage();
    assert.ok(messages.length > 500);
    const next = random(20_261_124);
    const outcomes = { read: 0, refused: 0, stream: 0 };
    const before = process.memoryUsage().rss;
    let slowest = 0;
    for (let round = 0; round < mutations; round++) {
      const original = messages[next(messages.length)]!;
      const mutant = mutate(original.bytes, messages[next(messages.length)]!.bytes, next);
      const start = performance.now();
      try {
        const read = through(original, mutant, next);
        outcomes[read]++;
      } catch (error) {
        (error as Error).message += ` (round ${round}, ${original.protocol}, ${Buffer.from(mutant).toString('hex')})`;
        throw error;
      }
      slowest = Math.max(slowest, performance.now() - start);
    }
    const grown = (process.memoryUsage().rss - before) / 2 ** 20;
    assert.ok(grown < 300, `grown by ${Math.round(grown)} MiB`);
    // A pause of the machine is no hang: the bound is far above what any message takes.
    assert.ok(slowest < 5_000, `slowest took ${slowest} ms`);
    assert.ok(outcomes.read > 1_000 && outcomes.refused > 1_000 && outcomes.stream > 1_000, JSON.stringify(outcomes));
  });
});

function through({ protocol, carried }: Found, mutant: Uint8Array, next: (below: number) => number): keyof Outcomes {
  if (protocol !== 'ras' && carried === undefined && next(4) === 0) {
    stream(mutant, next);
    return 'stream';
  }
  if (protocol === 'ras') return turn(mutant, decodeRas, encodeRas) === undefined ? 'refused' : 'read';
  if (carried === 'fastStart') {
    const channel = turn(
      mutant,
      (bytes) => decodeFastStart([bytes]),
      (channels) => encodeFastStart(channels)[0]!,
    );
    return channel === undefined ? 'refused' : 'read';
  }
  if (protocol === 'h245') return turn(mutant, decodeH245, encodeH245) === undefined ? 'refused' : 'read';
  const message = turn(mutant, decodeSignalling, encodeSignalling);
  if (message === undefined) return 'refused';
  inside(message);
  return 'read';
}

interface Outcomes {
  read: number;
  refused: number;
  stream: number;
}

/** What an H.225.0 message carries is read too. */
function inside({ userInformation }: SignallingMessage): void {
  if (userInformation === undefined) return;
  try {
    tunnelledH245(userInformation);
    decodeFastStart(fastStartOf(userInformation) ?? []);
  } catch (error) {
    if (!(error instanceof PerError)) throw error;
  }
}

/** A TCP stream in pieces, its frames broken too. */
function stream(mutant: Uint8Array, next: (below: number) => number): void {
  const framed = Buffer.concat([frameTpkt(mutant), frameTpkt(mutant)]);
  if (next(2) === 0) framed[next(framed.length)]! ^= 1 << next(8);
  const reader = new TpktReader();
  try {
    for (let at = 0; at < framed.length; ) {
      const size = 1 + next(framed.length);
      for (const packet of reader.push(framed.subarray(at, at + size)))
        turn(packet, decodeSignalling, encodeSignalling);
      at += size;
    }
    assert.ok(reader.pending <= 65_535);
  } catch (error) {
    if (!(error instanceof TpktError)) throw error;
  }
}
