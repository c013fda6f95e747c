import type { RemoteInfo, Socket } from 'node:dgram';
import { writeRtpHeader } from '../../embedded/freeswitch/rtp/packet.ts';
import { parseFeedback, writeNack, writePli } from '../../embedded/freeswitch/video/stream/feedback.ts';
import { MissingPackets } from '../../embedded/freeswitch/video/stream/missing.ts';
import { type Clip, framesPerSecond } from './clip.ts';
import type { RoomOptions } from './room.ts';
import { socketOf } from './socket.ts';

/*
 * The pictures of callers in a room: each sends a clip, begins it anew when it is asked for a key frame, and counts what
 * it is sent. A few sockets serve all, told apart by the engine's ports.
 */

const perSocket = 10;
const payloadType = 96;
/** A receiver report without blocks (RFC 3550, clause 6.4.2). */
const emptyReport = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 1]);
/** Whether a packet brings parameter sets, alone or with others (RFC 6184, clause 5.7.1). */
const beginsDecoding = (packet: Buffer): boolean => {
  const type = packet[12]! & 0x1f;
  return type === 7 || (type === 24 && (packet[15]! & 0x1f) === 7);
};
/** A packet asked for that does not come within so many ms is lost. */
const mostWaitMs = 400;
const spacingMs = 1_000 / framesPerSecond;

/** What one caller is sent, counted. */
export interface Seen {
  packets: number;
  missing: number;
  pictures: number;
  sequence: number;
  ssrc: number;
  /** Parameter sets came: its decoder can begin. */
  begun: boolean;
}

export interface Cameras {
  readonly pictures: NonNullable<RoomOptions['pictures']>;
  readonly seen: readonly Seen[];
  /** Packets sent by all, and requests for key frames that they answered. */
  sent: number;
  asked: number;
  /** A packet to a caller. */
  shown: (caller: number, packet: Buffer, atMs: number) => void;
  start(): void;
  stop(): void;
  /** Sends bytes from a caller's place for RTP, or for RTCP, to where its packets go. */
  inject(caller: number, data: Uint8Array, kind: 'rtp' | 'rtcp'): void;
  /** The engine's port for a caller's RTP. */
  enginePort(caller: number): number;
}

export interface CameraOptions {
  clipOf(caller: number): Clip;
  /** May lead a caller's pictures by a proxy. */
  through?: (caller: number, enginePort: number) => number;
  /** Lines of SDP below the section's own. */
  more?: string;
  /** Asks for a key frame when packets are missing, as terminals do. */
  asksOnLoss?: boolean;
  /** Sends packets again that it is asked for, and asks for what it misses, before it asks for a key frame. */
  repairs?: boolean;
}

/** Cameras for so many callers. */
export async function openCameras(count: number, options: CameraOptions): Promise<Cameras> {
  const { clipOf, through = (_caller, port) => port, more = '', asksOnLoss = false, repairs = false } = options;
  const groups = Math.ceil(count / perSocket);
  const rtp: Socket[] = await Promise.all(Array.from({ length: groups }, () => socketOf(1 << 22)));
  const rtcp: Socket[] = await Promise.all(Array.from({ length: groups }, () => socketOf(1 << 18)));
  const ports: number[] = [];
  const enginePorts: number[] = [];
  const callerAt = new Map<number, number>();
  const seen: Seen[] = Array.from({ length: count }, () => ({
    packets: 0,
    missing: 0,
    pictures: 0,
    sequence: -1,
    ssrc: 0,
    begun: false,
  }));
  const place = new Int32Array(count);
  const sequence = new Int32Array(count);
  const pictures = new Int32Array(count);
  const askedAt = new Float64Array(count);
  const missing = Array.from({ length: count }, () => new MissingPackets());
  /** Since when each waits for what. */
  const waiting = Array.from({ length: count }, () => new Map<number, number>());
  /** The last packets of each, by their numbers. */
  const kept = Array.from({ length: count }, () => new Map<number, Buffer>());
  let timer: NodeJS.Timeout | undefined;
  let asking: NodeJS.Timeout | undefined;
  let reports: NodeJS.Timeout | undefined;
  const tell = (caller: number, packet: Buffer): void => {
    const port = enginePorts[caller];
    if (port !== undefined) rtcp[Math.floor(caller / perSocket)]!.send(packet, port + 1, '127.0.0.1');
  };

  const cameras: Cameras = {
    seen,
    sent: 0,
    asked: 0,
    shown: () => {},
    pictures: {
      section: (caller) => {
        const group = Math.floor(caller / perSocket);
        return [
          `m=video ${rtp[group]!.address().port} RTP/AVP ${payloadType}`,
          `a=rtcp:${rtcp[group]!.address().port}`,
          `a=rtpmap:${payloadType} H264/90000`,
          `a=fmtp:${payloadType} profile-level-id=42e01f;packetization-mode=1`,
          `a=rtcp-fb:${payloadType} nack pli`,
          `a=rtcp-fb:${payloadType} ccm fir`,
          repairs ? `a=rtcp-fb:${payloadType} nack` : '',
          more,
        ]
          .filter((line) => line !== '')
          .map((line) => `${line}\r\n`)
          .join('');
      },
      answered: (caller, port) => {
        enginePorts[caller] = port;
        ports[caller] = through(caller, port);
        callerAt.set(ports[caller]!, caller);
      },
    },
    start: () => {
      const startedAt = performance.now();
      const beat = (): void => {
        const elapsed = performance.now() - startedAt;
        for (let caller = 0; caller < count; caller++) {
          // No camera of ours.
          if (ports[caller] === undefined) continue;
          // Cameras are not in step.
          const due = Math.floor((elapsed - (caller * spacingMs) / count) / spacingMs);
          while (pictures[caller]! < due) sendPicture(caller);
        }
        timer = setTimeout(beat, 1);
      };
      beat();
      // Where a caller's reports come from, the engine sends its own and its requests.
      const report = (): void => {
        for (let caller = 0; caller < count; caller++) tell(caller, emptyReport);
      };
      report();
      reports = setInterval(report, 1_000);
      if (repairs) asking = setInterval(askAgain, 20);
    },
    inject: (caller, data, kind) => {
      const group = Math.floor(caller / perSocket);
      if (kind === 'rtp') rtp[group]!.send(data, ports[caller]!, '127.0.0.1');
      else rtcp[group]!.send(data, enginePorts[caller]! + 1, '127.0.0.1');
    },
    enginePort: (caller) => enginePorts[caller]!,
    stop: () => {
      clearTimeout(timer);
      clearInterval(reports);
      clearInterval(asking);
      for (const socket of [...rtp, ...rtcp]) socket.close();
    },
  };

  const sendPicture = (caller: number): void => {
    const { frames } = clipOf(caller);
    const packets = frames[place[caller]!]!;
    const timestamp = (pictures[caller]! * (90_000 / framesPerSecond)) >>> 0;
    const socket = rtp[Math.floor(caller / perSocket)]!;
    for (let at = 0; at < packets.length; at++) {
      const packet = packets[at]!;
      writeRtpHeader(packet, payloadType, at === packets.length - 1, sequence[caller]!, timestamp, caller + 1);
      if (repairs) keep(caller, sequence[caller]!, packet);
      sequence[caller] = (sequence[caller]! + 1) & 0xffff;
      socket.send(packet, ports[caller]!, '127.0.0.1');
    }
    cameras.sent += packets.length;
    pictures[caller]!++;
    place[caller] = (place[caller]! + 1) % frames.length;
  };

  const keep = (caller: number, number: number, packet: Buffer): void => {
    kept[caller]!.set(number, Buffer.from(packet)).delete((number - 512) & 0xffff);
  };
  const askAgain = (): void => {
    const now = performance.now();
    for (let caller = 0; caller < count; caller++) {
      const due = missing[caller]!.due(now);
      if (due.length > 0) tell(caller, Buffer.concat([emptyReport, writeNack(1, seen[caller]!.ssrc, due)]));
      for (const [number, sinceMs] of waiting[caller]!) {
        if (now - sinceMs < mostWaitMs) continue;
        waiting[caller]!.delete(number);
        needKeyFrame(caller, now);
      }
    }
  };
  const needKeyFrame = (caller: number, now: number): void => {
    if (!asksOnLoss || now - askedAt[caller]! <= 500) return;
    askedAt[caller] = now;
    tell(caller, writePli(1, seen[caller]!.ssrc));
  };
  const repair = (caller: number, number: number, gap: number, now: number): void => {
    for (let one = number - gap; one < number; one++) waiting[caller]!.set(one & 0xffff, now);
    waiting[caller]!.delete(number);
    if (gap > 0) missing[caller]!.noticed((number - gap) & 0xffff, number, now);
    else if (gap < 0) missing[caller]!.came(number, now);
  };

  for (const socket of rtp) {
    socket.on('message', (data: Buffer, source: RemoteInfo) => {
      const caller = callerAt.get(source.port);
      if (caller === undefined || data.length < 12) return;
      const one = seen[caller]!;
      const number = data.readUInt16BE(2);
      const gap = one.sequence < 0 ? 0 : ((number - one.sequence - 1) << 16) >> 16;
      const now = performance.now();
      one.packets++;
      one.ssrc = data.readUInt32BE(8);
      if (!one.begun) {
        one.begun = beginsDecoding(data);
        if (!one.begun) needKeyFrame(caller, now);
      }
      if (gap > 0) {
        one.missing += gap;
        if (!repairs) needKeyFrame(caller, now);
      }
      if (repairs) repair(caller, number, gap, now);
      if (gap >= 0) one.sequence = number;
      if ((data[1]! & 0x80) !== 0) one.pictures++;
      cameras.shown(caller, data, now);
    });
  }
  const callerAsked = (port: number): number => enginePorts.indexOf(port - 1);
  for (const socket of rtcp) {
    socket.on('message', (data: Buffer, source: RemoteInfo) => {
      const requests = parseFeedback(data);
      const caller = callerAsked(source.port);
      if (caller < 0) return;
      for (const request of requests) {
        if (request.kind !== 'nack') continue;
        for (const number of request.lost) {
          const packet = kept[caller]!.get(number);
          if (packet !== undefined) rtp[Math.floor(caller / perSocket)]!.send(packet, ports[caller]!, '127.0.0.1');
        }
      }
      if (!requests.some(({ kind }) => kind === 'pli' || kind === 'fir')) return;
      cameras.asked++;
      place[caller] = 0;
    });
  }
  return cameras;
}
