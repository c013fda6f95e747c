import { writeRtpHeader } from '../../rtp/packet.ts';
import { levelToWrite } from '../h264/limits.ts';
import { nalType, nalTypes } from '../h264/nal.ts';
import { payloadsOf } from '../h264/packets.ts';
import { withLevel } from '../h264/sps.ts';
import type { VideoFormat } from '../sdp/format.ts';
import type { Frame, StreamFacts } from './frame.ts';

/** Bytes of payload in a packet: under an Ethernet's 1,500 with room for tunnels of a leased line. */
export const mostPayload = 1_200;
const clockHz = 90_000;
const headerBytes = 12;

/** One viewer's outgoing stream: numbers and time stamps go on without a break whoever the source is. */
export class FrameSender {
  readonly ssrc: number;
  packets = 0;
  bytes = 0;
  frames = 0;
  /** Newest time stamp sent. */
  timestamp: number;
  private sequence: number;
  private source: unknown;
  private offset = 0;
  private lastAtMs = 0;
  private readonly put: (packet: Buffer) => boolean;

  /** `put` sends a packet at once; `false` when it was kept for later, so that its memory must not be used again. */
  constructor(start: { ssrc: number; sequence: number; timestamp: number }, put: (packet: Buffer) => boolean) {
    this.ssrc = start.ssrc;
    this.sequence = start.sequence;
    this.timestamp = start.timestamp;
    this.put = put;
  }

  /** The time stamp that a moment has, by the monotonic clock: for sender reports (RFC 3550, clause 6.4.1). */
  timestampAt(nowMs: number): number {
    if (this.lastAtMs === 0) return this.timestamp;
    return (this.timestamp + Math.round(((nowMs - this.lastAtMs) * clockHz) / 1000)) >>> 0;
  }

  /** Sends a frame of a source; another source's frames go on in time from what was sent last. */
  send(source: unknown, frame: Frame, facts: StreamFacts, format: VideoFormat, relabel: boolean): void {
    if (source !== this.source) {
      const elapsed =
        this.lastAtMs === 0 ? 0 : Math.max(1, Math.round(((frame.atMs - this.lastAtMs) * clockHz) / 1000));
      this.offset = (this.timestamp + elapsed - frame.timestamp) >>> 0;
      this.source = source;
    }
    this.timestamp = (frame.timestamp + this.offset) >>> 0;
    this.lastAtMs = frame.atMs;
    // What is missing of a frame is seen to be missing.
    if (frame.damaged) this.sequence = (this.sequence + 1) & 0xffff;
    const packets = cut(frame, facts, format, relabel);
    const last = packets.length - 1;
    for (let place = 0; place <= last; place++) {
      const packet = packets[place]!;
      writeRtpHeader(packet, format.payloadType, place === last, this.sequence, this.timestamp, this.ssrc);
      this.sequence = (this.sequence + 1) & 0xffff;
      this.packets++;
      this.bytes += packet.length - headerBytes;
      if (!this.put(packet)) packets[place] = Buffer.from(packet);
    }
    this.frames++;
  }
}

/** A frame's packets as a viewer takes them, headers still to be written; made once for all who take them alike. */
function cut(frame: Frame, facts: StreamFacts, format: VideoFormat, relabel: boolean): Buffer[] {
  const { h264 } = format;
  const levelIdc = relabel && h264 !== undefined ? levelToWrite(h264) : undefined;
  const way = h264 === undefined ? 0 : 1 + h264.mode + 2 * (levelIdc ?? 0);
  const known = frame.cuts.get(way);
  if (known !== undefined) return known;
  const payloads =
    h264 === undefined ? frame.units : payloadsOf(unitsToSend(frame, facts, levelIdc), h264.mode, mostPayload);
  const packets = payloads.map((payload) => {
    const packet = Buffer.allocUnsafe(headerBytes + payload.length);
    packet.set(payload, headerBytes);
    return packet;
  });
  frame.cuts.set(way, packets);
  return packets;
}

/** A frame's NAL units; before a key frame its parameter sets stand. */
function unitsToSend(frame: Frame, facts: StreamFacts, levelIdc: number | undefined): readonly Uint8Array[] {
  let units = frame.units;
  if (frame.key && facts.sps !== undefined) {
    const types = new Set(units.map(nalType));
    const missing: Uint8Array[] = [];
    if (!types.has(nalTypes.sps)) missing.push(facts.sps);
    if (!types.has(nalTypes.pps)) missing.push(...facts.pps);
    const start = units.findIndex((unit) => nalType(unit) !== nalTypes.delimiter);
    if (missing.length > 0) units = [...units.slice(0, start), ...missing, ...units.slice(start)];
  }
  if (levelIdc === undefined) return units;
  return units.map((unit) => (nalType(unit) === nalTypes.sps ? withLevel(unit, levelIdc) : unit));
}
