import { randomBytes } from 'node:crypto';
import type { RemoteInfo } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { Allowance } from '../../rtp/allowance.ts';
import { RtpHeader } from '../../rtp/packet.ts';
import type { PortPair, PortRange } from '../../rtp/ports.ts';
import { StreamProtection } from '../../rtp/protection.ts';
import { Reception } from '../../rtp/reception.ts';
import { ntpMiddle, parseRtcp, writeReport } from '../../rtp/rtcp.ts';
import { type AgreedVideo, ownBandwidth, takenBandwidth } from '../sdp/section.ts';
import { FrameAssembler } from './assembler.ts';
import { parseFeedback, writeFir, writeNack, writePli, writeTmmbn, writeTmmbr } from './feedback.ts';
import type { Frame, StreamFacts } from './frame.ts';
import { MissingPackets } from './missing.ts';
import { PictureMeter, type PictureQuality } from './picture-meter.ts';
import { FrameSender } from './sender.ts';
import { SentPackets } from './sent-packets.ts';
import { StreamWatch } from './stream-watch.ts';

interface VideoSessionEvents {
  frame: [frame: Frame];
  /** The far side needs a key frame of what it is shown. */
  keyFrameRequest: [];
  /** Another description, size or codec: who can be shown what has changed. */
  changed: [];
  silent: [silent: boolean];
  /** Nothing that comes proves itself by the keys agreed on. */
  unauthentic: [];
  /** Every 5 s while packets come. */
  quality: [quality: PictureQuality];
}

const relockAfterMs = 1_000;
const silentAfterMs = 10_000;
const reportEveryMs = 5_000;
const clockHz = 90_000;
/** A far side that sends this many times what we take is asked for less. */
const mostExcess = 1.1;
/** The same packet is sent again no faster, ms. */
const leastSpacingMs = 10;
const header = new RtpHeader();
const ignore = (): void => {};

/** One leg's pictures: sockets, frames in and out, reports, key-frame requests. */
export class VideoSession extends EventEmitter<VideoSessionEvents> {
  readonly port: number;
  readonly reception = new Reception();
  readonly sender: FrameSender;
  /** Asks the far side for a key frame by signalling, where it takes no RTCP feedback. */
  askBySignalling: () => void = ignore;
  roundTripMs: number | undefined;
  /** What the far side told last that it lost of ours, of 100. */
  farLossPercent: number | undefined;
  /** Requests for key frames: ours to the far side, its own to us. */
  asked = 0;
  heardRequests = 0;
  /** Packets sent again because the far side asked for them. */
  sentAgain = 0;
  /** bit/s that the far side last asked to be sent at most (TMMBR). */
  requestedBitrate: number | undefined;
  /** Datagrams left aside: no RTP or RTCP, of another source, of no agreed kind, not authentic, too many at once. */
  readonly refused = { malformed: 0, forged: 0, unknownType: 0, unauthentic: 0, flood: 0 };
  private readonly packetsMay = new Allowance(2_000, 1_000);
  private readonly bytesMay = new Allowance((2 * ownBandwidth) / 8, 1 << 20);
  private readonly reportsMay = new Allowance(100, 100);
  private readonly againMay = new Allowance(500, 250);
  private readonly pair: PortPair;
  private readonly ports: PortRange;
  private readonly assembler = new FrameAssembler((frame) => this.framed(frame));
  private watched = new StreamWatch();
  private readonly meter = new PictureMeter();
  private readonly protection = new StreamProtection();
  /** What may be asked for again, by either side, where the far side knows it. */
  private sent: SentPackets | undefined;
  private readonly missing = new MissingPackets();
  private remote: AgreedVideo | undefined;
  private target: { host: string; port: number } | undefined;
  private rtcpTarget: { host: string; port: number } | undefined;
  /** Where RTCP last came from: it may come before the first RTP. */
  private rtcpSource: { host: string; port: number } | undefined;
  private locked = false;
  private lastPacketMs = 0;
  private isSilent = false;
  /** Since when pictures should come. */
  private expectedSinceMs: number | undefined;
  private firSequence = randomBytes(1)[0]!;
  private firHeard: number | undefined;
  private reportAtMs = performance.now() + reportEveryMs;
  private closed = false;

  private constructor(pair: PortPair, ports: PortRange) {
    super();
    this.pair = pair;
    this.ports = ports;
    this.port = pair.port;
    const random = randomBytes(10);
    const start = {
      ssrc: random.readUInt32BE(0),
      sequence: random.readUInt16BE(4),
      timestamp: random.readUInt32BE(6),
    };
    this.sender = new FrameSender(start, (packet) => this.put(packet));
    pair.rtp.on('message', (data, source) => this.receive(data, source));
    pair.rtcp.on('message', (data, source) => this.receiveRtcp(data, source));
  }

  /** @throws NoPortError */
  static async open(ports: PortRange): Promise<VideoSession> {
    const pair = await ports.take();
    // A key frame is a burst of a hundred packets.
    pair.rtp.setRecvBufferSize(1 << 20);
    return new VideoSession(pair, ports);
  }

  get media(): AgreedVideo | undefined {
    return this.remote;
  }

  /** What is known of the stream that comes in. */
  get facts(): StreamFacts {
    return this.watched.facts;
  }

  get watch(): StreamWatch {
    return this.watched;
  }

  get lostPackets(): number {
    return this.assembler.lost;
  }

  /** Packets that were asked for again, each time counted, and those of them that came. */
  get repairs(): { asked: number; recovered: number } {
    return this.missing;
  }

  /** Pictures come in. */
  get receives(): boolean {
    return this.remote?.receive === true;
  }

  /** Pictures may go out. */
  get sends(): boolean {
    return this.remote?.send === true;
  }

  /** Takes what SDP says of the far side, or that there are no pictures any more. */
  setRemote(remote: AgreedVideo | undefined): void {
    const before = this.remote;
    this.remote = remote;
    if (this.protection.update(remote?.security)) this.sent = undefined;
    this.repair(remote?.feedback.nack === true);
    if (remote === undefined) this.isSilent = false;
    else if (before?.host !== remote.host || before.port !== remote.port) {
      this.target = { host: remote.host, port: remote.port };
      this.rtcpTarget = { host: remote.host, port: remote.rtcpPort };
      this.locked = false;
      this.lastPacketMs = 0;
    } else if (before.rtcpPort !== remote.rtcpPort) this.rtcpTarget = { host: remote.host, port: remote.rtcpPort };
    if (before?.format.codec !== remote?.format.codec) this.watched = new StreamWatch();
    this.watched.learn(remote?.format.parameters['sprop-parameter-sets']);
    this.emit('changed');
  }

  /** Sends a frame of a source as this far side takes it. */
  sendFrame(source: unknown, frame: Frame, facts: StreamFacts, relabel: boolean): void {
    const { remote } = this;
    if (remote?.send !== true || this.target === undefined) return;
    this.sender.send(source, frame, facts, remote.format, relabel);
  }

  /**
   * Asks the far side for a key frame, once, in the form that it takes; `again` when the same need was told before: then
   * by signalling too, since RTCP may go astray where addresses are translated.
   */
  requestKeyFrame(again: boolean): void {
    const { remote, rtcpTarget } = this;
    if (remote === undefined || this.closed) return;
    this.asked++;
    const byRtcp = (remote.feedback.pli || remote.feedback.fir) && rtcpTarget !== undefined;
    if (again || !byRtcp) this.askBySignalling();
    if (!byRtcp) return;
    const media = this.reception.ssrc;
    if (remote.feedback.pli) {
      this.putRtcp(Buffer.concat([this.compound(), writePli(this.sender.ssrc, media)]));
    } else {
      if (!again) this.firSequence = (this.firSequence + 1) & 0xff;
      this.putRtcp(Buffer.concat([this.compound(), writeFir(this.sender.ssrc, media, this.firSequence)]));
    }
  }

  /** Every beat: reordering, reports, silence. */
  tick(nowMs: number): void {
    this.assembler.tick(nowMs);
    this.sent?.sweep(nowMs);
    if (this.assembler.missing !== undefined) this.askAgain(nowMs);
    if (nowMs >= this.reportAtMs) {
      this.reportAtMs = nowMs + reportEveryMs;
      if (this.remote !== undefined && (this.sender.packets > 0 || this.reception.packets > 0)) {
        this.putRtcp(this.compound());
      }
      this.measure(nowMs);
    }
    if (!this.receives) this.expectedSinceMs = undefined;
    else this.expectedSinceMs ??= nowMs;
    // Also one that never sent a picture, or none since it was taken off hold.
    const { expectedSinceMs: since } = this;
    if (!this.isSilent && since !== undefined && nowMs - Math.max(this.lastPacketMs, since) > silentAfterMs) {
      this.isSilent = true;
      this.emit('silent', true);
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.removeAllListeners();
    this.ports.give(this.pair);
  }

  /** Packets are sent again, and asked for again, from now on, or not any more. */
  private repair(on: boolean): void {
    if (!on) this.sent = undefined;
    else this.sent ??= new SentPackets();
    if (!on) this.missing.clear();
    this.assembler.missing = on ? this.missing : undefined;
  }

  private askAgain(nowMs: number): void {
    this.missing.reportedRoundTripMs = this.roundTripMs;
    const lost = this.missing.due(nowMs);
    if (lost.length === 0 || !this.receives) return;
    // Without a report block: that would end the stretch of time that the next report tells of.
    const report = this.compound(false);
    this.putRtcp(Buffer.concat([report, writeNack(this.sender.ssrc, this.reception.ssrc, lost)]));
  }

  private sendAgain(lost: readonly number[]): void {
    const { sent, target } = this;
    if (sent === undefined || target === undefined || this.closed) return;
    const now = performance.now();
    const spacingMs = Math.max(leastSpacingMs, (this.roundTripMs ?? 0) / 2);
    for (const sequence of lost) {
      const packet = sent.again(sequence, now, spacingMs);
      if (packet === undefined) continue;
      if (!this.againMay.take(1, now)) return;
      this.sentAgain++;
      this.pair.rtp.send(packet, target.port, target.host);
    }
  }

  private measure(nowMs: number): void {
    const { packets, bytes, jitter } = this.reception;
    const { damagedFrames, facts, frames } = this.watched;
    const quality = this.meter.measure(
      { packets, bytes, lost: this.lostPackets, frames, damagedFrames },
      {
        jitterMs: (jitter * 1_000) / clockHz,
        roundTripMs: this.roundTripMs,
        farLossPercent: this.farLossPercent,
        width: facts.size?.width,
        height: facts.size?.height,
      },
      nowMs,
    );
    if (quality === undefined || !this.receives || this.remote === undefined) return;
    this.emit('quality', quality);
    const most = takenBandwidth(this.remote);
    if (this.remote.feedback.tmmbr && quality.bitsPerSecond > mostExcess * most) {
      this.putRtcp(Buffer.concat([this.compound(), writeTmmbr(this.sender.ssrc, this.reception.ssrc, most)]));
    }
  }

  private framed(frame: Frame): void {
    const changed = this.watched.push(frame);
    if (this.remote?.receive !== true) return;
    if (changed) this.emit('changed');
    this.emit('frame', frame);
  }

  private receive(datagram: Buffer, source: RemoteInfo): void {
    const { remote } = this;
    const { refused } = this;
    const now = performance.now();
    if (!header.read(datagram)) {
      refused.malformed++;
      return;
    }
    const codec = remote?.accepted.get(header.payloadType);
    if (codec === undefined) {
      refused.unknownType++;
      return;
    }
    if (!this.mayCome(source, now)) {
      refused.forged++;
      return;
    }
    if (!this.packetsMay.take(1, now) || !this.bytesMay.take(datagram.length, now)) {
      refused.flood++;
      return;
    }
    const data = this.protection.open(datagram);
    if (data === undefined || !header.read(data)) {
      refused.unauthentic++;
      if (this.protection.doubtful) this.emit('unauthentic');
      return;
    }
    this.lock(source);
    this.lastPacketMs = now;
    if (this.isSilent) {
      this.isSilent = false;
      this.emit('silent', false);
    }
    this.reception.count(header, now, clockHz, header.length);
    this.assembler.push(header, data.subarray(header.start, header.start + header.length), codec, now);
  }

  /** Symmetric RTP: the first valid source is taken and kept; another only after that one fell silent. */
  private mayCome(source: RemoteInfo, now: number): boolean {
    return !this.locked || this.isTarget(source) || now - this.lastPacketMs >= relockAfterMs;
  }

  private isTarget(source: RemoteInfo): boolean {
    return this.target?.port === source.port && this.target.host === source.address;
  }

  private lock(source: RemoteInfo): void {
    this.locked = true;
    if (this.isTarget(source)) return;
    this.target = { host: source.address, port: source.port };
    const heard = this.rtcpSource?.host === source.address ? this.rtcpSource : undefined;
    this.rtcpTarget = heard ?? { host: source.address, port: Math.min(source.port + 1, 65_535) };
  }

  private receiveRtcp(datagram: Buffer, source: RemoteInfo): void {
    const { refused } = this;
    if (this.locked && source.address !== this.target?.host) {
      refused.forged++;
      return;
    }
    if (!this.reportsMay.take(1, performance.now())) {
      refused.flood++;
      return;
    }
    const data = this.protection.openRtcp(datagram);
    if (data === undefined) {
      refused.unauthentic++;
      return;
    }
    const reports = parseRtcp(data);
    const requests = parseFeedback(data);
    if (reports.length === 0 && requests.length === 0) {
      refused.malformed++;
      return;
    }
    this.rtcpSource = { host: source.address, port: source.port };
    if (this.locked) this.rtcpTarget = this.rtcpSource;
    const now = Date.now();
    for (const report of reports) {
      if (report.ntpMiddle !== undefined) this.reception.senderReport(report.ntpMiddle, now);
      const own = report.blocks.find((block) => block.ssrc === this.sender.ssrc);
      if (own !== undefined) this.farLossPercent = own.fractionLost / 2.56;
      if (own === undefined || own.lastSr === 0) continue;
      const trip = ((ntpMiddle(now) - own.lastSr - own.delaySinceLastSr) | 0) / 65.536;
      if (trip >= 0 && trip < 10_000) this.roundTripMs = trip;
    }
    for (const request of requests) {
      if (request.media !== 0 && request.media !== this.sender.ssrc) continue;
      if (request.kind === 'nack') {
        this.sendAgain(request.lost);
        continue;
      }
      if (request.kind === 'tmmbr') {
        this.requestedBitrate = request.bitrate;
        this.putRtcp(Buffer.concat([this.compound(), writeTmmbn(this.sender.ssrc, request.from, request.bitrate)]));
        this.emit('changed');
        continue;
      }
      // A repeated FIR is the same request (RFC 5104, clause 4.3.1.2).
      if (request.kind === 'fir' && request.sequence === this.firHeard) continue;
      if (request.kind === 'fir') this.firHeard = request.sequence;
      this.heardRequests++;
      this.emit('keyFrameRequest');
    }
  }

  /** Sender report and name, with what we received when it is a regular report. */
  private compound(withBlock = true): Buffer {
    const now = Date.now();
    const { ssrc, packets, bytes } = this.sender;
    const timestamp = this.sender.timestampAt(performance.now());
    return writeReport(
      ssrc,
      now,
      { timestamp, packets, bytes },
      withBlock ? this.reception.report(now) : undefined,
      `${ssrc.toString(16)}@diemcau`,
    );
  }

  /** `false` when the packet waits in the socket's queue. */
  private put(packet: Buffer): boolean {
    const { target } = this;
    if (target === undefined || this.closed) return true;
    // No callback: it would cost more than the packet, and there is nothing to be done about an error.
    // A sealed packet is a copy: the plain one is free at once.
    const sealed = this.protection.seal(packet);
    this.sent?.keep(packet, sealed, performance.now());
    this.pair.rtp.send(sealed, target.port, target.host);
    return this.protection.on || this.pair.rtp.getSendQueueCount() === 0;
  }

  private putRtcp(packet: Buffer): void {
    const { rtcpTarget } = this;
    if (rtcpTarget === undefined || this.closed) return;
    this.pair.rtcp.send(this.protection.sealRtcp(packet), rtcpTarget.port, rtcpTarget.host);
  }
}
