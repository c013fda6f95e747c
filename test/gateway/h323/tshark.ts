import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  encodeRas,
  encodeSignalling,
  frameTpkt,
  type RasMessage,
  type SignallingMessage,
} from '../../../gateway/h323/h225/index.ts';

/** A message to be read by tshark, which knows nothing of our codec. */
export type Sent = { ras: RasMessage } | { signalling: SignallingMessage };

function u16(value: number): [number, number] {
  return [value >>> 8, value & 0xff];
}

/** One packet of a capture: record header, IP, TCP or UDP. */
function packet(protocol: 'tcp' | 'udp', payload: Uint8Array, sequence: number, flags: number): Uint8Array {
  const port = protocol === 'tcp' ? 1720 : 1719;
  const transport =
    protocol === 'udp'
      ? [...u16(1719), ...u16(port), ...u16(payload.length + 8), 0, 0]
      : [
          ...u16(30_000),
          ...u16(port),
          ...u16(sequence >>> 16),
          ...u16(sequence & 0xffff),
          0,
          0,
          0,
          1,
          0x50,
          flags,
          0xff,
          0xff,
          0,
          0,
          0,
          0,
        ];
  const length = 20 + transport.length + payload.length;
  const ip = [0x45, 0, ...u16(length), 0, 0, 0, 0, 64, protocol === 'tcp' ? 6 : 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2];
  const record = Buffer.alloc(16);
  record.writeUInt32LE(length, 8);
  record.writeUInt32LE(length, 12);
  return Buffer.concat([record, Uint8Array.from([...ip, ...transport]), payload]);
}

/** A capture of raw IP packets: message N is frame N + 2, behind the handshake of the one TCP connection. */
export function captureOf(messages: readonly Sent[]): Uint8Array {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0x40000, 16);
  header.writeUInt32LE(101, 20);
  let sequence = 1;
  const packets = messages.map((message) => {
    if ('ras' in message) return packet('udp', encodeRas(message.ras), 0, 0);
    const framed = frameTpkt(encodeSignalling(message.signalling));
    const sent = packet('tcp', framed, sequence, 0x18);
    sequence += framed.length;
    return sent;
  });
  return Buffer.concat([header, packet('tcp', new Uint8Array(0), 0, 0x02), ...packets]);
}

function tshark(file: string, args: readonly string[]): string {
  const done = spawnSync('tshark', ['-n', '-r', file, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout;
}

/** What tshark reads: the asked fields of each message, and the messages at which it finds fault. */
export function readByTshark(
  messages: readonly Sent[],
  fields: readonly string[],
): { fields: Map<string, string>[]; faults: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'diemcau-tshark-'));
  try {
    const file = join(folder, 'messages.pcap');
    writeFileSync(file, captureOf(messages));
    const faults = tshark(file, [
      '-Y',
      '_ws.malformed or _ws.expert.severity >= 6291456',
      '-T',
      'fields',
      '-e',
      'frame.number',
      '-e',
      '_ws.expert.message',
      '-e',
      '_ws.malformed',
      '-e',
      '_ws.col.Info',
    ]);
    const rows = tshark(file, [
      '-Y',
      'frame.number > 1',
      '-T',
      'fields',
      '-E',
      'occurrence=a',
      '-E',
      'aggregator=|',
      ...fields.flatMap((field) => ['-e', field]),
    ]);
    return {
      faults: faults.split('\n').filter((line) => line !== ''),
      fields: rows
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => new Map(line.split('\t').map((value, place) => [fields[place]!, value]))),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
