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
  private readonly put: (header: Buffer, payload: Uint8Array) => void;

  constructor(
    start: { ssrc: number; sequence: number; timestamp: number },
    put: (header: Buffer, payload: Uint8Array) => void,
  ) {
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
    const payloads = cut(frame, facts, format, relabel);
    for (let place = 0; place < payloads.length; place++) {
      const payload = payloads[place]!;
      const header = Buffer.allocUnsafe(12);
      const last = place === payloads.length - 1;
      writeRtpHeader(header, format.payloadType, last, this.sequence, this.timestamp, this.ssrc);
      this.sequence = (this.sequence + 1) & 0xffff;
      this.packets++;
      this.bytes += payload.length;
      this.put(header, payload);
    }
    this.frames++;
  }
}

/** A frame's payloads as a viewer takes them; made once for all who take them alike. */
function cut(frame: Frame, facts: StreamFacts, format: VideoFormat, relabel: boolean): readonly Uint8Array[] {
  const { h264 } = format;
  if (h264 === undefined) return frame.units;
  const levelIdc = relabel ? levelToWrite(h264) : undefined;
  const way = `${h264.mode}/${levelIdc ?? ''}`;
  const known = frame.cuts.get(way);
  if (known !== undefined) return known;
  const payloads = payloadsOf(unitsToSend(frame, facts, levelIdc), h264.mode, mostPayload);
  frame.cuts.set(way, payloads);
  return payloads;
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
