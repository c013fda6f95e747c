import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/* A phone's RTP as a capture file that SIPp plays: a steady tone in G.711 A-law, and digits keyed meanwhile. */

export interface PhoneSound {
  /** Tone, Hz; 0 for silence. */
  tone: number;
  seconds: number;
  /** Digits keyed, RFC 4733, from `digitsAtMs` on, one every half second. */
  digits?: string;
  digitsAtMs?: number;
  /** Every so-manieth packet is missing. */
  losesEvery?: number;
  /** Payload type of the digits. */
  eventType?: number;
}

const frameMs = 20;
const frameSamples = 160;
const digitFrames = 6;
const digitEveryFrames = 25;
const eventNames = '0123456789*#ABCD';

/** Writes the file (pcap, Ethernet); SIPp takes timing and payload from it and puts its own addresses in. */
export function writePhoneSound(path: string, sound: PhoneSound): void {
  const { digits = '', digitsAtMs = 500, eventType = 101, seconds, tone } = sound;
  const samples = aLawTone(tone, seconds);
  const firstDigit = Math.round(digitsAtMs / frameMs);
  const packets: { atMs: number; rtp: Buffer }[] = [];
  let sequence = 1;
  const put = (atMs: number, type: number, marker: boolean, timestamp: number, payload: Uint8Array): void => {
    if (sound.losesEvery !== undefined && sequence % sound.losesEvery === 0) {
      sequence++;
      return;
    }
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = type | (marker ? 0x80 : 0);
    header.writeUInt16BE(sequence++ & 0xffff, 2);
    header.writeUInt32BE(timestamp, 4);
    header.writeUInt32BE(0x5049_4e21, 8);
    packets.push({ atMs, rtp: Buffer.concat([header, payload]) });
  };
  for (let frame = 0; frame * frameSamples < samples.length; frame++) {
    const sinceFirst = frame - firstDigit;
    const digit = sinceFirst < 0 ? undefined : digits[Math.floor(sinceFirst / digitEveryFrames)];
    const within = sinceFirst % digitEveryFrames;
    if (digit === undefined || within >= digitFrames) {
      put(
        frame * frameMs,
        8,
        frame === 0,
        frame * frameSamples,
        samples.subarray(frame * frameSamples, (frame + 1) * frameSamples),
      );
      continue;
    }
    const ends = within === digitFrames - 1;
    const event = Buffer.from([eventNames.indexOf(digit), ends ? 0x8a : 0x0a, 0, 0]);
    event.writeUInt16BE((within + 1) * frameSamples, 2);
    const begunAt = (frame - within) * frameSamples;
    // The end is told three times (RFC 4733, clause 2.5.1.4).
    for (let time = 0; time < (ends ? 3 : 1); time++)
      put(frame * frameMs + time, eventType, within === 0, begunAt, event);
  }
  writeFileSync(path, pcapOf(packets));
}

function aLawTone(hz: number, seconds: number): Buffer {
  const shape = hz === 0 ? ['vol', '0'] : ['vol', '0.3'];
  const synth = ['synth', String(seconds), 'sine', String(hz === 0 ? 1000 : hz)];
  const { status, stderr, stdout } = spawnSync(
    'sox',
    ['-n', '-r', '8000', '-c', '1', '-t', 'al', '-', ...synth, ...shape],
    { maxBuffer: 1 << 26 },
  );
  if (status !== 0) throw new Error(`sox: ${stderr}`);
  return stdout;
}

function pcapOf(packets: { atMs: number; rtp: Buffer }[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(1, 20);
  return Buffer.concat([
    head,
    ...packets.flatMap(({ atMs, rtp }) => {
      const frame = ethernetOf(rtp);
      const record = Buffer.alloc(16);
      record.writeUInt32LE(Math.floor(atMs / 1_000), 0);
      record.writeUInt32LE((atMs % 1_000) * 1_000, 4);
      record.writeUInt32LE(frame.length, 8);
      record.writeUInt32LE(frame.length, 12);
      return [record, frame];
    }),
  ]);
}

function ethernetOf(rtp: Buffer): Buffer {
  const frame = Buffer.alloc(14 + 20 + 8);
  frame.writeUInt16BE(0x0800, 12);
  frame[14] = 0x45;
  frame.writeUInt16BE(28 + rtp.length, 16);
  frame[22] = 64;
  frame[23] = 17;
  frame.writeUInt32BE(0x7f000001, 26);
  frame.writeUInt32BE(0x7f000001, 30);
  frame.writeUInt16BE(6_000, 34);
  frame.writeUInt16BE(6_000, 36);
  frame.writeUInt16BE(8 + rtp.length, 38);
  return Buffer.concat([frame, rtp]);
}
