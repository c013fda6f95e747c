import { randomBytes } from 'node:crypto';
import type { Codec, SoundEncoder } from '../sound/codec.ts';
import { DigitSender } from './digit-sender.ts';
import { writeRtpHeader } from './packet.ts';

const headerBytes = 12;
const beatMs = 20;

/** One leg's outgoing sound as RTP packets of 20 ms: numbers, time stamps, the leg's own coder, digits. */
export class SoundSender {
  readonly ssrc = randomBytes(4).readUInt32BE(0);
  packets = 0;
  bytes = 0;
  /** Of the next packet. */
  timestamp = randomBytes(4).readUInt32BE(0);
  readonly digits = new DigitSender();
  private sequence = randomBytes(2).readUInt16BE(0);
  private codec: Codec | undefined;
  private payloadType = 0;
  private encoder: SoundEncoder | undefined;
  private packet = Buffer.alloc(headerBytes + 160);
  private first = true;

  /** From now on it is sent in a codec, under a payload type. */
  use(codec: Codec, payloadType: number): void {
    this.payloadType = payloadType;
    if (codec === this.codec) return;
    this.codec = codec;
    this.encoder = undefined;
    this.packet = Buffer.alloc(headerBytes + codec.mostBytes);
  }

  /** A packet of samples at the codec's rate; the next is written into the same memory. */
  encode(samples: Int16Array, codec: Codec): Buffer {
    this.encoder ??= codec.newEncoder();
    return this.sound(this.encoder.encode(samples, this.packet, headerBytes));
  }

  /** A packet of what is encoded already: shared by all who hear the same. */
  copy(payload: Uint8Array, length: number): Buffer {
    const { packet } = this;
    for (let at = 0; at < length; at++) packet[headerBytes + at] = payload[at]!;
    return this.sound(length);
  }

  /** The next packet of a digit (RFC 4733); none in a pause between two. */
  event(events: { payloadType: number; clockHz: number }): Buffer | undefined {
    const event = this.digits.next(this.timestamp, events.clockHz);
    if (event === undefined) return undefined;
    const packet = Buffer.alloc(headerBytes + event.payload.length);
    writeRtpHeader(packet, events.payloadType, event.marker, this.sequence, event.startedAt, this.ssrc);
    event.payload.copy(packet, headerBytes);
    this.pass();
    this.count(packet);
    return packet;
  }

  /** A beat passes, whether something is sent or not. */
  pass(): void {
    this.timestamp = (this.timestamp + ((this.codec?.clockHz ?? 8000) * beatMs) / 1000) >>> 0;
  }

  /** The last packet waits to be sent: its memory is not ours any more. */
  leaveMemory(): void {
    this.packet = Buffer.alloc(this.packet.length);
  }

  /** An own encoder takes over where a shared one is, so that the far decoder is not startled. */
  follow(shared: SoundEncoder): void {
    this.encoder ??= this.codec?.newEncoder();
    this.encoder?.follow(shared);
  }

  private sound(length: number): Buffer {
    writeRtpHeader(this.packet, this.payloadType, this.first, this.sequence, this.timestamp, this.ssrc);
    this.first = false;
    this.pass();
    const whole = headerBytes + length;
    const packet = whole === this.packet.length ? this.packet : this.packet.subarray(0, whole);
    this.count(packet);
    return packet;
  }

  private count(packet: Buffer): void {
    this.sequence = (this.sequence + 1) & 0xffff;
    this.packets++;
    this.bytes += packet.length - headerBytes;
  }
}
