import type { RemoteInfo, Socket } from 'node:dgram';
import { writeRtpHeader } from '../../embedded/freeswitch/rtp/packet.ts';
import { parseFeedback, writePli } from '../../embedded/freeswitch/video/stream/feedback.ts';
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
const spacingMs = 1_000 / framesPerSecond;

/** What one caller is sent, counted. */
export interface Seen {
  packets: number;
  missing: number;
  pictures: number;
  sequence: number;
  ssrc: number;
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
}

/** Cameras for so many callers. */
export async function openCameras(count: number, options: CameraOptions): Promise<Cameras> {
  const { clipOf, through = (_caller, port) => port, more = '', asksOnLoss = false } = options;
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
  }));
  const place = new Int32Array(count);
  const sequence = new Int32Array(count);
  const pictures = new Int32Array(count);
  const askedAt = new Float64Array(count);
  let timer: NodeJS.Timeout | undefined;
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
      sequence[caller] = (sequence[caller]! + 1) & 0xffff;
      socket.send(packet, ports[caller]!, '127.0.0.1');
    }
    cameras.sent += packets.length;
    pictures[caller]!++;
    place[caller] = (place[caller]! + 1) % frames.length;
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
      if (gap > 0) {
        one.missing += gap;
        if (asksOnLoss && now - askedAt[caller]! > 500) {
          askedAt[caller] = now;
          tell(caller, writePli(1, one.ssrc));
        }
      }
      if (gap >= 0) one.sequence = number;
      if ((data[1]! & 0x80) !== 0) one.pictures++;
      cameras.shown(caller, data, now);
    });
  }
  const callerAsked = (port: number): number => enginePorts.indexOf(port - 1);
  for (const socket of rtcp) {
    socket.on('message', (data: Buffer, source: RemoteInfo) => {
      if (!parseFeedback(data).some(({ kind }) => kind === 'pli' || kind === 'fir')) return;
      const caller = callerAsked(source.port);
      if (caller < 0) return;
      cameras.asked++;
      place[caller] = 0;
    });
  }
  return cameras;
}
