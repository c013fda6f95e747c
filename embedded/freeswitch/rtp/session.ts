import type { RemoteInfo } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { type Codec, codecs, type SoundEncoder } from '../sound/codec.ts';
import { FarAddress } from './far-address.ts';
import { FarReports } from './far-reports.ts';
import { type LegQuality, LineMeter } from './line-meter.ts';
import { RtpHeader } from './packet.ts';
import { Playout } from './playout.ts';
import type { PortPair, PortRange } from './ports.ts';
import { type Security, StreamProtection } from './protection.ts';
import { Reception } from './reception.ts';
import { parseRtcp, writeReport } from './rtcp.ts';
import { SilenceWatch } from './silence-watch.ts';
import { SoundSender } from './sound-sender.ts';
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

interface SessionEvents {
  digit: [digit: HeardDigit];
  /** No packet for 10 s, or packets again. */
  silent: [silent: boolean];
  /** Every 5 s while packets come. */
  quality: [quality: LegQuality];
  /** Nothing that comes proves itself by the keys agreed on. */
  unauthentic: [];
}

const reportEveryBeats = 250;
const watchEveryBeats = 50;
/** Packets of one event come every 50 ms at most (RFC 4733, clause 2.5.1.2): after this many ms none will follow. */
const eventLostMs = 200;
/** Sound beside an event may be the same digit's tone: the mix leaves it out for so long, ms. */
const eventEchoMs = 60;
/** Packets taken in one beat: packets of 1 ms are 20. */
const mostPerBeat = 200;
const header = new RtpHeader();

/**
 * One leg's RTP: sockets, play-out, digits, protection, reports. Beats every 20 ms through `pull` and `send`; what was
 * made goes out with `flush`.
 */
export class RtpSession extends EventEmitter<SessionEvents> {
  readonly port: number;
  readonly sender = new SoundSender();
  readonly reception = new Reception();
  /** Datagrams left aside: no RTP, of another source, of no agreed kind, not authentic, too many at once. */
  readonly refused = { malformed: 0, forged: 0, unknownType: 0, unauthentic: 0, flood: 0 };
  private readonly pair: PortPair;
  private readonly ports: PortRange;
  private remote: RemoteMedia | undefined;
  private readonly far = new FarAddress();
  private readonly silence = new SilenceWatch();
  private readonly reports = new FarReports();
  private readonly meter = new LineMeter();
  private readonly protection = new StreamProtection();
  private lastEventMs = Number.NEGATIVE_INFINITY;
  private inBeat = 0;
  private playout = new Playout(codecs.PCMA);
  private playedType = -1;
  private events = new TelephoneEventReader();
  private made: Buffer | undefined;
  private beats = Math.floor(Math.random() * reportEveryBeats);
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
    } else if (format !== undefined) this.playedType = format.payloadType;
    if (format !== undefined) this.sender.use(format.codec, format.payloadType);
    if (before?.events?.clockHz !== remote.events?.clockHz)
      this.events = new TelephoneEventReader(remote.events?.clockHz);
    this.protection.update(remote.security);
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

  get roundTripMs(): number | undefined {
    return this.reports.roundTripMs;
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
    this.made = this.protection.seal(this.sender.encode(samples, codec));
  }

  /** Makes a packet of 20 ms that are encoded already: shared by all who hear the same. */
  sendEncoded(payload: Uint8Array, length: number, nowMs: number): void {
    if (this.remote === undefined || !this.beginFrame(nowMs)) return;
    this.made = this.protection.seal(this.sender.copy(payload, length));
  }

  /** Sends the packet that this beat made. */
  flush(): void {
    const { made } = this;
    if (made === undefined) return;
    this.made = undefined;
    this.put(made);
    if (!this.closed && this.pair.rtp.getSendQueueCount() > 0) this.sender.leaveMemory();
  }

  /** An own encoder takes over where a shared one is, so that the far decoder is not startled. */
  encodeFrom(shared: SoundEncoder): void {
    this.sender.follow(shared);
  }

  /** Queues digits; `,` or `w` is a pause of a second. `false` when the far side knows no RFC 4733. */
  sendDigits(digits: string): boolean {
    if (this.remote?.events === undefined) return false;
    this.sender.digits.add(digits);
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

  /** Once a beat: reports, silence watch, digits. `false` when no sound is to be sent now. */
  private beginFrame(nowMs: number): boolean {
    this.beats++;
    if (this.beats % reportEveryBeats === 0) this.report();
    if (this.beats % watchEveryBeats === 0 && this.silence.begins(this.remote?.receive === true, nowMs))
      this.emit('silent', true);
    // All three ends were lost: the digit ended when its packets did, whatever sound goes on.
    if (this.events.open && nowMs - this.lastEventMs > eventLostMs) {
      for (const digit of this.events.finish()) this.emit('digit', digit);
    }
    const { remote, sender } = this;
    const may = remote?.send === true && this.far.rtp !== undefined;
    if (sender.digits.busy && remote?.events === undefined) sender.digits.clear();
    if (may && sender.digits.busy && remote.events !== undefined) {
      const packet = sender.event(remote.events);
      if (packet !== undefined) {
        this.put(this.protection.seal(packet));
        return false;
      }
    }
    if (may) return true;
    sender.pass();
    return false;
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
    if (!this.far.mayCome(source, now - this.silence.lastMs)) {
      refused.forged++;
      return;
    }
    if (!header.read(datagram)) {
      refused.malformed++;
      return;
    }
    const isEvent = remote.events !== undefined && header.payloadType === remote.events.payloadType;
    if (!isEvent && header.payloadType !== this.playedType && !this.understood(remote, header.payloadType)) {
      refused.unknownType++;
      return;
    }
    const data = this.protection.open(datagram);
    if (data === undefined || !header.read(data)) {
      refused.unauthentic++;
      if (this.protection.doubtful) this.emit('unauthentic');
      return;
    }
    this.far.rtpCame(source);
    if (this.silence.came(now)) this.emit('silent', false);
    if (header.ssrc !== this.reception.ssrc && this.reception.packets > 0) this.playout.reset();
    this.reception.count(header, now, this.playout.codec.clockHz, header.length);
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

  private receiveRtcp(datagram: Buffer, source: RemoteInfo): void {
    if (!this.far.mayReport(source)) {
      this.refused.forged++;
      return;
    }
    const data = this.protection.openRtcp(datagram);
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
    this.reports.take(reports, this.sender.ssrc, this.reception, Date.now());
  }

  /** Tells the far side (RTCP) and ourselves how it went. */
  private report(): void {
    const target = this.far.rtcp;
    if (target === undefined || this.closed) return;
    const now = Date.now();
    const { ssrc, timestamp, packets, bytes } = this.sender;
    const cname = `${ssrc.toString(16)}@diemcau`;
    const plain = writeReport(ssrc, now, { timestamp, packets, bytes }, this.reception.report(now), cname);
    this.pair.rtcp.send(this.protection.sealRtcp(plain), target.port, target.host);
    const quality = this.meter.look(this.reception, this.playout, this.reports);
    if (quality !== undefined) this.emit('quality', quality);
  }
}
