import { nalType, nalTypes } from '../h264/nal.ts';
import { parseSps } from '../h264/sps.ts';
import type { Frame, StreamFacts } from './frame.ts';

const windowMs = 2_000;
const clockHz = 90_000;

/** Learns from its frames what a source's stream is. */
export class StreamWatch {
  readonly facts: StreamFacts = {
    codec: 'H264',
    sps: undefined,
    pps: [],
    parameters: undefined,
    size: undefined,
    framesPerSecond: 0,
    bitrate: 0,
    longestUnit: 0,
  };
  frames = 0;
  damagedFrames = 0;
  keyFrames = 0;
  private windowStart = 0;
  private windowBytes = 0;
  private windowLongest = 0;
  private lastTimestamp: number | undefined;
  private spacing = 0;

  /** Takes a frame; `true` when the stream became another: size, codec or parameter sets. */
  push(frame: Frame): boolean {
    const { facts } = this;
    this.frames++;
    if (frame.damaged) this.damagedFrames++;
    if (frame.key) this.keyFrames++;
    let changed = facts.codec !== frame.codec;
    facts.codec = frame.codec;
    if (frame.codec === 'H264') changed = this.readUnits(frame.units) || changed;
    else if (frame.size !== undefined) {
      changed ||= frame.size.width !== facts.size?.width || frame.size.height !== facts.size.height;
      facts.size = frame.size;
    }
    this.measure(frame);
    return changed;
  }

  /** Takes parameter sets told in SDP (RFC 6184, clause 8.1): a stream may bring none of its own. */
  learn(sprop: string | undefined): void {
    if (sprop === undefined || this.facts.sps !== undefined) return;
    const units = sprop
      .slice(0, 4_096)
      .split(',')
      .map((unit) => Buffer.from(unit, 'base64'))
      .filter((unit) => unit.length > 0);
    if (units.length > 0) this.readUnits(units);
  }

  private readUnits(units: readonly Uint8Array[]): boolean {
    const { facts } = this;
    let changed = false;
    let pps: Uint8Array[] | undefined;
    for (const unit of units) {
      this.windowLongest = Math.max(this.windowLongest, unit.length);
      const type = nalType(unit);
      if (type === nalTypes.sps && (facts.sps === undefined || Buffer.compare(unit, facts.sps) !== 0)) {
        const parameters = parseSps(unit);
        if (parameters === undefined) continue;
        // Kept beyond the datagram that it came in.
        facts.sps = Uint8Array.from(unit);
        facts.parameters = parameters;
        facts.size = { width: parameters.width, height: parameters.height };
        changed = true;
      }
      if (type === nalTypes.pps && unit.length <= 1_024) {
        pps ??= [];
        if (pps.length < 32) pps.push(Uint8Array.from(unit));
      }
    }
    if (pps !== undefined) facts.pps = pps;
    return changed;
  }

  private measure(frame: Frame): void {
    const { facts } = this;
    if (this.lastTimestamp !== undefined) {
      const step = (frame.timestamp - this.lastTimestamp) | 0;
      // Two seconds without a frame are a pause, not a rate.
      if (step > 0 && step < 2 * clockHz) {
        this.spacing = this.spacing === 0 ? step : this.spacing + (step - this.spacing) / 16;
        facts.framesPerSecond = clockHz / this.spacing;
      }
    }
    this.lastTimestamp = frame.timestamp;
    this.windowBytes += frame.bytes;
    if (this.windowStart === 0) this.windowStart = frame.atMs;
    const elapsed = frame.atMs - this.windowStart;
    if (elapsed < windowMs) return;
    facts.bitrate = (this.windowBytes * 8_000) / elapsed;
    facts.longestUnit = this.windowLongest;
    this.windowStart = frame.atMs;
    this.windowBytes = 0;
    this.windowLongest = 0;
  }
}
