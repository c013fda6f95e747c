import { randomBytes } from 'node:crypto';
import type { RemoteInfo } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { type Codec, codecs, type SoundEncoder } from '../sound/codec.ts';
import { DigitSender } from './digit-sender.ts';
import { FarAddress } from './far-address.ts';
import { RtpHeader, writeRtpHeader } from './packet.ts';
import { Playout } from './playout.ts';
import type { PortPair, PortRange } from './ports.ts';
import { opinionScore } from './quality.ts';
import { Reception } from './reception.ts';
import { ntpMiddle, parseRtcp, writeReport } from './rtcp.ts';
import { SrtpReceiver, SrtpSender, type SrtpSuite } from './srtp.ts';
import { type HeardDigit, TelephoneEventReader } from './telephone-event.ts';

/** What a session needs to know of the far side; from SDP. */
export interface RemoteMedia {
  host: string;
  port: number;
  rtcpPort: number;
  /** Sent with the first; any of them is understood. */
  formats: { payloadType: number; codec: Codec }[];
  /** Payload type and clock of RFC 4733 events, when both sides know them. */
  events: { payloadType: number; clockHz: number } | undefined;
  send: boolean;
  receive: boolean;
  /** Master keys, ours and theirs, when the stream is protected. */
  security: Security | undefined;
}

export interface Security {
  suite: SrtpSuite;
  /** Tag of the `crypto` line (RFC 4568, clause 4). */
  tag: number;
  ours: Buffer;
  theirs: Buffer;
}

/** What was measured since the last report. */
export interface LegQuality {
  lossPercent: number;
  jitterMs: number;
  roundTripMs: number | undefined;
  /** What the far side told that it lost of ours, of 100. */
  farLossPercent: number | undefined;
  bufferMs: number;
  concealedMs: number;
  packets: number;
  /** Mean opinion score by the E-model, 1…4.5. */
  score: number;
}

interface SessionEvents {
  digit: [digit: HeardDigit];
  /** No packet for `silentAfterMs`, or packets again. */
  silent: [silent: boolean];
  /** Every 5 s while packets come. */
  quality: [quality: LegQuality];
  /** Nothing that comes proves itself by the keys agreed on. */
  unauthentic: [];
}

const beatMs = 20;
const silentAfterMs = 10_000;
const reportEveryBeats = 250;
const watchEveryBeats = 50;
/** Packets of one event come every 50 ms at most (RFC 4733, clause 2.5.1.2): after this many ms none will follow. */
const eventLostMs = 200;
/** Sound beside an event may be the same digit's tone: the mix leaves it out for so long, ms. */
const eventEchoMs = 60;
/** Packets taken in one beat: packets of 1 ms are 20. */
const mostPerBeat = 200;
const unauthenticAlarm = 50;
const headerBytes = 12;
const header = new RtpHeader();

/**
 * One leg's RTP: sockets, play-out, digits, protection, reports. Beats every 20 ms through `pull` and `send`; what was
 * made goes out with `flush`.
 */
export class RtpSession extends EventEmitter<SessionEvents> {
  readonly port: number;
  readonly ssrc = randomBytes(4).readUInt32BE(0);
  readonly reception = new Reception();
  /** Datagrams left aside: no RTP, of another source, of no agreed kind, not authentic, too many at once. */
  readonly refused = { malformed: 0, forged: 0, unknownType: 0, unauthentic: 0, flood: 0 };
  sentPackets = 0;
  sentBytes = 0;
  roundTripMs: number | undefined;
  /** What the far side told last that it lost of ours, of 100. */
  farLossPercent: number | undefined;
  private readonly pair: PortPair;
  private readonly ports: PortRange;
  private remote: RemoteMedia | undefined;
  private readonly far = new FarAddress();
  private lastPacketMs = 0;
  private lastEventMs = Number.NEGATIVE_INFINITY;
  private isSilent = false;
  /** Since when sound should come. */
  private expectedSinceMs: number | undefined;
  private inBeat = 0;
  private playout = new Playout(codecs.PCMA);
  private playedType = -1;
  private encoder: SoundEncoder | undefined;
  private events = new TelephoneEventReader();
  private readonly digits = new DigitSender();
  private sealing: SrtpSender | undefined;
  private opening: SrtpReceiver | undefined;
  private unauthenticInRow = 0;
  private packet = Buffer.alloc(headerBytes + 160);
  private made: Buffer | undefined;
  private sequence = randomBytes(2).readUInt16BE(0);
  private timestamp = randomBytes(4).readUInt32BE(0);
  private first = true;
  private beats = Math.floor(Math.random() * reportEveryBeats);
  private before = { packets: 0, lost: 0, late: 0, concealedMs: 0 };
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
    this.far.told(remote, before);
    const [format] = remote.formats;
    if (format !== undefined && before?.formats[0]?.codec !== format.codec) {
      this.play(format);
      this.encoder = undefined;
      this.packet = Buffer.alloc(headerBytes + format.codec.mostBytes);
    } else if (format !== undefined) this.playedType = format.payloadType;
    if (before?.events?.clockHz !== remote.events?.clockHz)
      this.events = new TelephoneEventReader(remote.events?.clockHz);
    this.secure(before?.security, remote.security);
  }

  get media(): RemoteMedia | undefined {
    return this.remote;
  }

  /** Codec that is sent; the mix is made for it. */
  get codec(): Codec | undefined {
    return this.remote?.formats[0]?.codec;
  }

  /** Samples a second of what `pull` gives. */
  get rate(): 8000 | 16000 {
    return this.playout.codec.rate;
  }

  /** From a packet's arrival to its play, ms. */
  get soundDelayMs(): number {
    return this.playout.delayMs;
  }

  get jitterBuffer(): { delayMs: number; concealedMs: number; late: number } {
    const { delayMs, concealedMs, late } = this.playout;
    return { delayMs: Math.round(delayMs), concealedMs: Math.round(concealedMs), late };
  }

  /** A digit is being sent by the far side: its tone may sound beside the event. */
  keying(nowMs: number): boolean {
    return nowMs - this.lastEventMs < eventEchoMs;
  }

  /** The next 20 ms heard, at `rate`, into `into`; answers their mean level, 0…32767. */
  pull(into: Int16Array, nowMs: number): number {
    this.inBeat = 0;
    this.playout.pull(into, nowMs);
    if (this.remote?.receive === true) return this.playout.level;
    into.fill(0);
    return 0;
  }

  /** Makes a packet of 20 ms of samples at the sent codec's rate. */
  send(samples: Int16Array, nowMs: number): void {
    const { remote, codec } = this;
    if (remote === undefined || codec === undefined || !this.beginFrame(nowMs)) return;
    this.encoder ??= codec.newEncoder();
    const length = this.encoder.encode(samples, this.packet, headerBytes);
    this.emitFrame(remote, length);
  }

  /** Makes a packet of 20 ms that are encoded already: shared by all who hear the same. */
  sendEncoded(payload: Uint8Array, length: number, nowMs: number): void {
    const { remote, packet } = this;
    if (remote === undefined || !this.beginFrame(nowMs)) return;
    for (let at = 0; at < length; at++) packet[headerBytes + at] = payload[at]!;
    this.emitFrame(remote, length);
  }

  /** Sends the packet that this beat made. */
  flush(): void {
    const { made } = this;
    if (made === undefined) return;
    this.made = undefined;
    this.put(made);
    // It waits in the socket's queue: its memory is not ours any more.
    if (!this.closed && this.pair.rtp.getSendQueueCount() > 0) this.packet = Buffer.alloc(this.packet.length);
  }

  /** An own encoder takes over where a shared one is, so that the far decoder is not startled. */
  encodeFrom(shared: SoundEncoder): void {
    this.encoder ??= this.codec?.newEncoder();
    this.encoder?.follow(shared);
  }

  /** Queues digits; `,` or `w` is a pause of a second. `false` when the far side knows no RFC 4733. */
  sendDigits(digits: string): boolean {
    if (this.remote?.events === undefined) return false;
    this.digits.add(digits);
    return true;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.removeAllListeners();
    this.ports.give(this.pair);
  }

  private play(format: { payloadType: number; codec: Codec }): void {
    this.playedType = format.payloadType;
    if (this.playout.codec !== format.codec) this.playout = new Playout(format.codec);
    else this.playout.reset();
  }

  private secure(before: Security | undefined, now: Security | undefined): void {
    if (now === undefined) {
      this.sealing = undefined;
      this.opening = undefined;
      return;
    }
    // The same key goes on counting: a new start would be a replay to the far side.
    if (before?.suite !== now.suite || !before.ours.equals(now.ours))
      this.sealing = new SrtpSender(now.suite, now.ours);
    if (before?.suite !== now.suite || !before.theirs.equals(now.theirs)) {
      this.opening = new SrtpReceiver(now.suite, now.theirs);
      this.unauthenticInRow = 0;
    }
  }

  /** Once a beat: reports, silence watch, digits. `false` when no sound is to be sent now. */
  private beginFrame(nowMs: number): boolean {
    this.beats++;
    if (this.beats % reportEveryBeats === 0) this.report();
    if (this.beats % watchEveryBeats === 0) this.watch(nowMs);
    // All three ends were lost: the digit ended when its packets did, whatever sound goes on.
    if (this.events.open && nowMs - this.lastEventMs > eventLostMs) {
      for (const digit of this.events.finish()) this.emit('digit', digit);
    }
    const { remote } = this;
    const may = remote?.send === true && this.far.rtp !== undefined;
    if (this.digits.busy && remote?.events === undefined) this.digits.clear();
    if (may && this.digits.busy && remote.events !== undefined && this.sendEvent(remote.events)) return false;
    if (may) return true;
    this.tick();
    return false;
  }

  private sendEvent(events: { payloadType: number; clockHz: number }): boolean {
    const event = this.digits.next(this.timestamp, events.clockHz);
    if (event === undefined) return false;
    const packet = Buffer.alloc(headerBytes + event.payload.length);
    writeRtpHeader(packet, events.payloadType, event.marker, this.sequence, event.startedAt, this.ssrc);
    event.payload.copy(packet, headerBytes);
    this.put(this.seal(packet));
    this.tick();
    return true;
  }

  private tick(): void {
    this.timestamp = (this.timestamp + ((this.codec?.clockHz ?? 8000) * beatMs) / 1000) >>> 0;
  }

  private emitFrame(remote: RemoteMedia, length: number): void {
    const type = remote.formats[0]!.payloadType;
    writeRtpHeader(this.packet, type, this.first, this.sequence, this.timestamp, this.ssrc);
    this.first = false;
    this.tick();
    const whole = headerBytes + length;
    this.made = this.seal(whole === this.packet.length ? this.packet : this.packet.subarray(0, whole));
  }

  /** Counts a packet as sent, and protects it where that was agreed on. */
  private seal(packet: Buffer): Buffer {
    this.sequence = (this.sequence + 1) & 0xffff;
    this.sentPackets++;
    this.sentBytes += packet.length - headerBytes;
    return this.sealing === undefined ? packet : this.sealing.protect(packet);
  }

  private put(packet: Buffer): void {
    const target = this.far.rtp;
    // No callback: it would cost more than the packet, and there is nothing to be done about an error.
    if (target !== undefined && !this.closed) this.pair.rtp.send(packet, target.port, target.host);
  }

  private receive(datagram: Buffer, source: RemoteInfo): void {
    const { remote, refused } = this;
    if (remote === undefined) return;
    if (++this.inBeat > mostPerBeat) {
      refused.flood++;
      return;
    }
    const now = performance.now();
    if (!this.far.mayCome(source, now - this.lastPacketMs)) {
      refused.forged++;
      return;
    }
    let data = datagram;
    if (!header.read(data)) {
      refused.malformed++;
      return;
    }
    const isEvent = remote.events !== undefined && header.payloadType === remote.events.payloadType;
    if (!isEvent && header.payloadType !== this.playedType && !this.understood(remote, header.payloadType)) {
      refused.unknownType++;
      return;
    }
    if (this.opening !== undefined) {
      const plain = this.opening.unprotect(data);
      if (plain === undefined || !header.read(plain)) {
        this.doubt();
        return;
      }
      this.unauthenticInRow = 0;
      data = plain;
    }
    this.far.rtpCame(source);
    this.lastPacketMs = now;
    if (header.ssrc !== this.reception.ssrc && this.reception.packets > 0) this.playout.reset();
    this.reception.count(header, now, this.playout.codec.clockHz, header.length);
    if (this.isSilent) {
      this.isSilent = false;
      this.emit('silent', false);
    }
    if (isEvent) {
      this.lastEventMs = now;
      const payload = data.subarray(header.start, header.start + header.length);
      for (const digit of this.events.push(header.timestamp, payload)) this.emit('digit', digit);
      return;
    }
    // Some stacks answer with one codec and send another that we know as well: the payload type tells.
    if (header.payloadType !== this.playedType) this.play(this.formatOf(remote, header.payloadType)!);
    this.playout.push(header.sequence, header.timestamp, data, header.start, header.length, now);
  }

  private formatOf(remote: RemoteMedia, payloadType: number): { payloadType: number; codec: Codec } | undefined {
    const agreed = remote.formats.find((format) => format.payloadType === payloadType);
    if (agreed !== undefined) return agreed;
    // The static types of G.711 (RFC 3551, table 4).
    if (payloadType === 0) return { payloadType, codec: codecs.PCMU };
    return payloadType === 8 ? { payloadType, codec: codecs.PCMA } : undefined;
  }

  private understood(remote: RemoteMedia, payloadType: number): boolean {
    return this.formatOf(remote, payloadType) !== undefined;
  }

  private doubt(): void {
    this.refused.unauthentic++;
    if (++this.unauthenticInRow === unauthenticAlarm) this.emit('unauthentic');
  }

  private receiveRtcp(datagram: Buffer, source: RemoteInfo): void {
    if (!this.far.mayReport(source)) {
      this.refused.forged++;
      return;
    }
    const data = this.opening === undefined ? datagram : this.opening.unprotectRtcp(datagram);
    if (data === undefined) {
      this.refused.unauthentic++;
      return;
    }
    const reports = parseRtcp(data);
    if (reports.length === 0) {
      this.refused.malformed++;
      return;
    }
    this.far.rtcpCame(source);
    const now = Date.now();
    for (const report of reports) {
      if (report.ntpMiddle !== undefined && report.ssrc === this.reception.ssrc)
        this.reception.senderReport(report.ntpMiddle, now);
      const own = report.blocks.find((block) => block.ssrc === this.ssrc);
      if (own !== undefined) this.farLossPercent = own.fractionLost / 2.56;
      if (own !== undefined && own.lastSr !== 0) {
        const trip = ((ntpMiddle(now) - own.lastSr - own.delaySinceLastSr) | 0) / 65.536;
        if (trip >= 0 && trip < 10_000) this.roundTripMs = trip;
      }
    }
  }

  /** Tells the far side (RTCP) and ourselves how it went. */
  private report(): void {
    const target = this.far.rtcp;
    if (target === undefined || this.closed) return;
    const now = Date.now();
    const sent = { timestamp: this.timestamp, packets: this.sentPackets, bytes: this.sentBytes };
    const cname = `${this.ssrc.toString(16)}@diemcau`;
    const plain = writeReport(this.ssrc, now, sent, this.reception.report(now), cname);
    const packet = this.sealing === undefined ? plain : this.sealing.protectRtcp(plain);
    this.pair.rtcp.send(packet, target.port, target.host);
    const quality = this.measure();
    if (quality !== undefined) this.emit('quality', quality);
  }

  /** Loss, jitter and what they make of the sound since the last call; `undefined` when nothing came. */
  private measure(): LegQuality | undefined {
    const { reception, playout, before } = this;
    const { packets, lost } = reception;
    const { late, concealedMs } = playout;
    this.before = { packets, lost, late, concealedMs };
    const came = packets - before.packets;
    if (came <= 0) return undefined;
    const gone = Math.max(0, lost - before.lost) + Math.max(0, late - before.late);
    const lossPercent = (100 * gone) / (came + Math.max(0, lost - before.lost));
    const jitterMs = (reception.jitter * 1000) / playout.codec.clockHz;
    const bufferMs = Math.max(0, playout.delayMs);
    const delayMs = (this.roundTripMs ?? 0) / 2 + bufferMs + beatMs;
    return {
      lossPercent,
      jitterMs,
      roundTripMs: this.roundTripMs,
      farLossPercent: this.farLossPercent,
      bufferMs,
      concealedMs: Math.max(0, concealedMs - before.concealedMs),
      packets: came,
      score: opinionScore({ codec: playout.codec.name, lossPercent, jitterMs, delayMs }),
    };
  }

  private watch(now: number): void {
    if (this.remote?.receive !== true) this.expectedSinceMs = undefined;
    else this.expectedSinceMs ??= now;
    if (this.isSilent || this.expectedSinceMs === undefined) return;
    // Also one that never sent anything, or none since it was taken off hold.
    if (now - Math.max(this.lastPacketMs, this.expectedSinceMs) > silentAfterMs) {
      this.isSilent = true;
      this.emit('silent', true);
    }
  }
}
