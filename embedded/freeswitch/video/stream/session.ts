import { randomBytes } from 'node:crypto';
import type { RemoteInfo } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { Allowance } from '../../rtp/allowance.ts';
import { FarAddress } from '../../rtp/far-address.ts';
import { FarReports } from '../../rtp/far-reports.ts';
import { RtpHeader } from '../../rtp/packet.ts';
import type { PortPair, PortRange } from '../../rtp/ports.ts';
import { StreamProtection } from '../../rtp/protection.ts';
import { Reception } from '../../rtp/reception.ts';
import { parseRtcp, writeReport } from '../../rtp/rtcp.ts';
import { SilenceWatch } from '../../rtp/silence-watch.ts';
import { type AgreedVideo, ownBandwidth, takenBandwidth } from '../sdp/section.ts';
import { FrameAssembler } from './assembler.ts';
import { parseFeedback, writeNack, writeTmmbn, writeTmmbr } from './feedback.ts';
import type { Frame, StreamFacts } from './frame.ts';
import { KeyFrameRequests } from './key-frame-requests.ts';
import { PictureMeter, type PictureQuality } from './picture-meter.ts';
import { Repair } from './repair.ts';
import { FrameSender } from './sender.ts';
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

const reportEveryMs = 5_000;
const clockHz = 90_000;
/** A far side that sends this many times what we take is asked for less. */
const mostExcess = 1.1;
const header = new RtpHeader();
const ignore = (): void => {};

/** One leg's pictures: sockets, frames in and out, reports, key-frame requests. */
export class VideoSession extends EventEmitter<VideoSessionEvents> {
  readonly port: number;
  readonly reception = new Reception();
  readonly sender: FrameSender;
  /** Asks the far side for a key frame by signalling, where it takes no RTCP feedback. */
  askBySignalling: () => void = ignore;
  readonly reports = new FarReports();
  readonly keyFrames = new KeyFrameRequests();
  readonly repair = new Repair();
  /** bit/s that the far side last asked to be sent at most (TMMBR). */
  requestedBitrate: number | undefined;
  /** Datagrams left aside: no RTP or RTCP, of another source, of no agreed kind, not authentic, too many at once. */
  readonly refused = { malformed: 0, forged: 0, unknownType: 0, unauthentic: 0, flood: 0 };
  private readonly packetsMay = new Allowance(2_000, 1_000);
  private readonly bytesMay = new Allowance((2 * ownBandwidth) / 8, 1 << 20);
  private readonly reportsMay = new Allowance(100, 100);
  private readonly pair: PortPair;
  private readonly ports: PortRange;
  private readonly assembler = new FrameAssembler((frame) => this.framed(frame));
  private watched = new StreamWatch();
  private readonly meter = new PictureMeter();
  private readonly protection = new StreamProtection();
  private remote: AgreedVideo | undefined;
  private readonly far = new FarAddress();
  private readonly silence = new SilenceWatch();
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
    this.repair.use(remote?.feedback.nack === true, this.protection.update(remote?.security));
    this.assembler.missing = this.repair.missing;
    if (remote === undefined) this.silence.end();
    else this.far.told(remote, before);
    if (before?.format.codec !== remote?.format.codec) this.watched = new StreamWatch();
    this.watched.learn(remote?.format.parameters['sprop-parameter-sets']);
    this.emit('changed');
  }

  /** Sends a frame of a source as this far side takes it. */
  sendFrame(source: unknown, frame: Frame, facts: StreamFacts, relabel: boolean): void {
    const { remote } = this;
    if (remote?.send !== true || this.far.rtp === undefined) return;
    this.sender.send(source, frame, facts, remote.format, relabel);
  }

  /**
   * Asks the far side for a key frame, once, in the form that it takes; `again` when the same need was told before: then
   * by signalling too, since RTCP may go astray where addresses are translated.
   */
  requestKeyFrame(again: boolean): void {
    const { remote } = this;
    if (remote === undefined || this.closed) return;
    this.keyFrames.asked++;
    const request =
      this.far.rtcp === undefined
        ? undefined
        : this.keyFrames.write(remote.feedback, again, this.sender.ssrc, this.reception.ssrc);
    if (again || request === undefined) this.askBySignalling();
    if (request !== undefined) this.putRtcp(Buffer.concat([this.compound(), request]));
  }

  /** Every beat: reordering, reports, silence. */
  tick(nowMs: number): void {
    this.assembler.tick(nowMs);
    this.askAgain(nowMs);
    if (nowMs >= this.reportAtMs) {
      this.reportAtMs = nowMs + reportEveryMs;
      if (this.remote !== undefined && (this.sender.packets > 0 || this.reception.packets > 0)) {
        this.putRtcp(this.compound());
      }
      this.measure(nowMs);
    }
    if (this.silence.begins(this.receives, nowMs)) this.emit('silent', true);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.removeAllListeners();
    this.ports.give(this.pair);
  }

  private askAgain(nowMs: number): void {
    const lost = this.repair.due(nowMs, this.reports.roundTripMs);
    if (lost.length === 0 || !this.receives) return;
    // Without a report block: that would end the stretch of time that the next report tells of.
    const report = this.compound(false);
    this.putRtcp(Buffer.concat([report, writeNack(this.sender.ssrc, this.reception.ssrc, lost)]));
  }

  private measure(nowMs: number): void {
    const { packets, bytes, jitter } = this.reception;
    const { damagedFrames, facts, frames } = this.watched;
    const quality = this.meter.measure(
      { packets, bytes, lost: this.lostPackets, frames, damagedFrames },
      {
        jitterMs: (jitter * 1_000) / clockHz,
        roundTripMs: this.reports.roundTripMs,
        farLossPercent: this.reports.lossPercent,
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
    if (!this.far.mayCome(source, now - this.silence.lastMs)) {
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
    this.far.rtpCame(source);
    if (this.silence.came(now)) this.emit('silent', false);
    this.reception.count(header, now, clockHz, header.length);
    this.assembler.push(header, data.subarray(header.start, header.start + header.length), codec, now);
  }

  private receiveRtcp(datagram: Buffer, source: RemoteInfo): void {
    const { refused } = this;
    if (!this.far.mayReport(source)) {
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
    this.far.rtcpCame(source);
    this.reports.take(reports, this.sender.ssrc, this.reception, Date.now());
    for (const request of requests) {
      if (request.media !== 0 && request.media !== this.sender.ssrc) continue;
      if (request.kind === 'nack') {
        this.repair.sendAgain(request.lost, this.reports.roundTripMs, (packet) => this.putRtp(packet));
        continue;
      }
      if (request.kind === 'tmmbr') {
        this.requestedBitrate = request.bitrate;
        this.putRtcp(Buffer.concat([this.compound(), writeTmmbn(this.sender.ssrc, request.from, request.bitrate)]));
        this.emit('changed');
        continue;
      }
      if (this.keyFrames.isNew(request)) this.emit('keyFrameRequest');
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
    if (this.far.rtp === undefined || this.closed) return true;
    const sealed = this.protection.seal(packet);
    this.repair.keep(packet, sealed);
    this.putRtp(sealed);
    // A sealed packet is a copy: the plain one is free at once.
    return this.protection.on || this.pair.rtp.getSendQueueCount() === 0;
  }

  private putRtp(packet: Buffer): void {
    const target = this.far.rtp;
    // No callback: it would cost more than the packet, and there is nothing to be done about an error.
    if (target !== undefined && !this.closed) this.pair.rtp.send(packet, target.port, target.host);
  }

  private putRtcp(packet: Buffer): void {
    const target = this.far.rtcp;
    if (target === undefined || this.closed) return;
    this.pair.rtcp.send(this.protection.sealRtcp(packet), target.port, target.host);
  }
}
