import { randomBytes } from 'node:crypto';
import type { RemoteInfo } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { decodingTable, encode, type G711, silenceCode } from '../sound/g711.ts';
import { JitterBuffer } from './jitter-buffer.ts';
import { parseRtp, type RtpPacket, writeRtpHeader } from './packet.ts';
import { NoPortError, type PortPair, type PortRange } from './ports.ts';
import { Reception } from './reception.ts';
import { ntpMiddle, parseRtcp, writeReport } from './rtcp.ts';
import { eventPayload, type HeardDigit, TelephoneEventReader } from './telephone-event.ts';

/** What a session needs to know of the far side; from SDP. */
export interface RemoteMedia {
  host: string;
  port: number;
  codec: G711;
  payloadType: number;
  /** Payload type and clock of RFC 4733 events, when both sides know them. */
  events: { payloadType: number; clockHz: number } | undefined;
  send: boolean;
  receive: boolean;
}

interface SessionEvents {
  digit: [digit: HeardDigit];
  /** No packet for `silentAfterMs`, or packets again. */
  silent: [silent: boolean];
}

export const frameSamples = 160;
const relockAfterMs = 1_000;
const silentAfterMs = 10_000;
const reportEveryFrames = 250;
/** Packets of one event come every 50 ms at most (RFC 4733, clause 2.5.1.2): after this many ms none will follow. */
const eventLostMs = 200;
const concealFrames = 3;

/** One leg's RTP: sockets, play-out, digits, reports. Beats every 20 ms through `pull` and `send`. */
export class RtpSession extends EventEmitter<SessionEvents> {
  readonly port: number;
  readonly ssrc = randomBytes(4).readUInt32BE(0);
  readonly reception = new Reception();
  private readonly pair: PortPair;
  private readonly ports: PortRange;
  private remote: RemoteMedia | undefined;
  private target: { host: string; port: number } | undefined;
  private locked = false;
  private lastPacketMs = 0;
  private lastEventMs = 0;
  private isSilent = false;
  private readonly jitter = new JitterBuffer();
  private events = new TelephoneEventReader();
  private readonly heard = new Int16Array(frameSamples);
  private readonly lastGood = new Int16Array(frameSamples);
  private missing = concealFrames;
  private readonly packet = Buffer.alloc(12 + frameSamples);
  private sequence = randomBytes(2).readUInt16BE(0);
  private timestamp = randomBytes(4).readUInt32BE(0);
  private first = true;
  private frames = 0;
  private readonly digitsToSend: string[] = [];
  private sending: { digit: string; startedAt: number; elapsed: number; ends: number } | undefined;
  private pauseFrames = 0;
  sentPackets = 0;
  sentBytes = 0;
  roundTripMs: number | undefined;
  private closed = false;

  private constructor(pair: PortPair, ports: PortRange) {
    super();
    this.pair = pair;
    this.ports = ports;
    this.port = pair.port;
    pair.rtp.on('message', (data, source) => this.receive(data, source));
    pair.rtcp.on('message', (data, source) => this.receiveRtcp(data, source));
  }

  /** @throws NoPortError */
  static async open(ports: PortRange): Promise<RtpSession> {
    return new RtpSession(await ports.take(), ports);
  }

  /** Takes what SDP says of the far side; a new address or codec starts reception anew. */
  setRemote(remote: RemoteMedia): void {
    const before = this.remote;
    this.remote = remote;
    if (before?.host !== remote.host || before.port !== remote.port) {
      this.target = { host: remote.host, port: remote.port };
      this.locked = false;
    }
    if (before?.codec !== remote.codec) this.jitter.reset();
    if (before?.events?.clockHz !== remote.events?.clockHz)
      this.events = new TelephoneEventReader(remote.events?.clockHz);
  }

  get media(): RemoteMedia | undefined {
    return this.remote;
  }

  /** Where packets go now: the SDP's address, or the one that packets come from. */
  get sendsTo(): { host: string; port: number } | undefined {
    return this.target;
  }

  get jitterBuffer(): { delayMs: number; concealedMs: number; late: number } {
    return { delayMs: this.jitter.delay, concealedMs: this.jitter.concealedMs, late: this.jitter.late };
  }

  /** The next 20 ms heard; losses are concealed by the frame before, fading. Valid until the next call. */
  pull(): Int16Array {
    const { remote } = this;
    if (remote === undefined) return this.heard;
    const present = this.jitter.pull(decodingTable(remote.codec), this.heard);
    if (!remote.receive) this.heard.fill(0);
    else if (present > 0) {
      this.missing = 0;
      this.lastGood.set(this.heard);
    } else if (this.missing < concealFrames) {
      this.missing++;
      const gain = 1 - this.missing / (concealFrames + 1);
      for (let at = 0; at < frameSamples; at++) this.heard[at] = this.lastGood[at]! * gain;
    }
    return this.heard;
  }

  /** Sends 20 ms of linear samples. */
  send(samples: Int16Array | undefined): void {
    const { remote } = this;
    if (remote === undefined || !this.beginFrame()) return;
    if (samples === undefined) this.packet.fill(silenceCode(remote.codec), 12);
    else encode(remote.codec, samples, this.packet, 12);
    this.emitFrame(remote, this.packet);
  }

  /** Sends 20 ms that are encoded already: shared by all who hear the same. */
  sendEncoded(payload: Uint8Array): void {
    const { remote } = this;
    if (remote === undefined || !this.beginFrame()) return;
    this.packet.set(payload, 12);
    this.emitFrame(remote, this.packet);
  }

  /** Queues digits; `,` or `w` is a pause of a second. `false` when the far side knows no RFC 4733. */
  sendDigits(digits: string): boolean {
    if (this.remote?.events === undefined) return false;
    this.digitsToSend.push(...digits.toUpperCase().replace(/[^0-9*#A-DW,]/g, ''));
    return true;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.removeAllListeners();
    this.ports.give(this.pair);
  }

  /** Once a beat: reports, silence watch. `false` when nothing is to be sent now. */
  private beginFrame(): boolean {
    this.frames++;
    const now = performance.now();
    if (this.frames % reportEveryFrames === 0) this.report();
    if (this.frames % 50 === 0) this.watch(now);
    // All three ends were lost: the digit ended when its packets did, whatever sound goes on.
    if (this.events.open && now - this.lastEventMs > eventLostMs) {
      for (const digit of this.events.finish()) this.emit('digit', digit);
    }
    const { remote } = this;
    if (this.sending !== undefined || this.digitsToSend.length > 0 || this.pauseFrames > 0) {
      if (this.sendDigitFrame(remote)) {
        this.timestamp = (this.timestamp + frameSamples) >>> 0;
        return false;
      }
    }
    if (remote?.send === true && this.target !== undefined) return true;
    this.timestamp = (this.timestamp + frameSamples) >>> 0;
    return false;
  }

  private emitFrame(remote: RemoteMedia, packet: Buffer): void {
    writeRtpHeader(packet, remote.payloadType, this.first, this.sequence, this.timestamp, this.ssrc);
    this.first = false;
    this.timestamp = (this.timestamp + frameSamples) >>> 0;
    this.put(packet);
  }

  private put(packet: Buffer): void {
    const { target } = this;
    if (target === undefined || this.closed) return;
    this.sequence = (this.sequence + 1) & 0xffff;
    this.sentPackets++;
    this.sentBytes += packet.length - 12;
    this.pair.rtp.send(packet, 0, packet.length, target.port, target.host, ignore);
  }

  /** One packet of a digit instead of sound: 100 ms long, its end told three times, 60 ms apart from the next. */
  private sendDigitFrame(remote: RemoteMedia | undefined): boolean {
    if (this.pauseFrames > 0) {
      this.pauseFrames--;
      return false;
    }
    const events = remote?.events;
    if (events === undefined) {
      this.digitsToSend.length = 0;
      this.sending = undefined;
      return false;
    }
    if (this.sending === undefined) {
      const digit = this.digitsToSend.shift() ?? '';
      if (digit === ',' || digit === 'W') {
        this.pauseFrames = 50;
        return false;
      }
      this.sending = { digit, startedAt: this.timestamp, elapsed: 0, ends: 0 };
    }
    const { sending } = this;
    const begins = sending.elapsed === 0;
    if (sending.elapsed < 5) sending.elapsed++;
    else sending.ends++;
    const duration = Math.round((sending.elapsed * frameSamples * events.clockHz) / 8000);
    const packet = Buffer.alloc(16);
    writeRtpHeader(packet, events.payloadType, begins, this.sequence, sending.startedAt, this.ssrc);
    eventPayload(sending.digit, duration, sending.ends > 0).copy(packet, 12);
    this.put(packet);
    if (sending.ends === 3) {
      this.sending = undefined;
      this.pauseFrames = 3;
    }
    return true;
  }

  private receive(data: Buffer, source: RemoteInfo): void {
    const { remote } = this;
    const packet = parseRtp(data);
    if (packet === undefined || remote === undefined) return;
    const isEvent = remote.events !== undefined && packet.payloadType === remote.events.payloadType;
    const isAudio = packet.payloadType === remote.payloadType || packet.payloadType === 0 || packet.payloadType === 8;
    if (!isEvent && !isAudio) return;
    const now = performance.now();
    if (!this.accept(source, now)) return;
    this.lastPacketMs = now;
    if (packet.ssrc !== this.reception.ssrc && this.reception.packets > 0) this.jitter.reset();
    this.reception.count(packet, now, 8000);
    if (this.isSilent) {
      this.isSilent = false;
      this.emit('silent', false);
    }
    if (isEvent) {
      this.lastEventMs = now;
      for (const digit of this.events.push(packet.timestamp, packet.payload)) this.emit('digit', digit);
    } else this.hear(packet, remote);
  }

  private hear(packet: RtpPacket, remote: RemoteMedia): void {
    // Some stacks answer with one G.711 law and send the other: the payload type tells (RFC 3551, table 4).
    const codec: G711 = packet.payloadType === 0 ? 'PCMU' : packet.payloadType === 8 ? 'PCMA' : remote.codec;
    if (codec !== remote.codec) {
      const from = decodingTable(codec);
      const linear = Int16Array.from(packet.payload, (code) => from[code]!);
      const recoded = new Uint8Array(linear.length);
      encode(remote.codec, linear, recoded);
      this.jitter.push(packet.timestamp, recoded);
    } else this.jitter.push(packet.timestamp, packet.payload);
  }

  /** Symmetric RTP: the first valid source is taken and kept; another only after that one fell silent. */
  private accept(source: RemoteInfo, now: number): boolean {
    const { target } = this;
    if (target !== undefined && target.port === source.port && target.host === source.address) {
      this.locked = true;
      return true;
    }
    if (this.locked && now - this.lastPacketMs < relockAfterMs) return false;
    this.target = { host: source.address, port: source.port };
    this.locked = true;
    return true;
  }

  private receiveRtcp(data: Buffer, source: RemoteInfo): void {
    if (this.locked && source.address !== this.target?.host) return;
    for (const report of parseRtcp(data)) {
      const now = Date.now();
      if (report.ntpMiddle !== undefined) this.reception.senderReport(report.ntpMiddle, now);
      const own = report.blocks.find((block) => block.ssrc === this.ssrc);
      if (own !== undefined && own.lastSr !== 0) {
        const trip = ((ntpMiddle(now) - own.lastSr - own.delaySinceLastSr) | 0) / 65.536;
        if (trip >= 0 && trip < 10_000) this.roundTripMs = trip;
      }
    }
  }

  private report(): void {
    const { target } = this;
    if (target === undefined || this.closed) return;
    const now = Date.now();
    const sent = { timestamp: this.timestamp, packets: this.sentPackets, bytes: this.sentBytes };
    const packet = writeReport(this.ssrc, now, sent, this.reception.report(now), `${this.ssrc.toString(16)}@diemcau`);
    if (target.port < 65535) this.pair.rtcp.send(packet, target.port + 1, target.host, ignore);
  }

  private watch(now: number): void {
    if (this.isSilent || this.remote?.receive !== true || this.lastPacketMs === 0) return;
    if (now - this.lastPacketMs > silentAfterMs) {
      this.isSilent = true;
      this.emit('silent', true);
    }
  }
}

const ignore = (): void => {};

export { NoPortError };
