import { circularDistance } from './packet.ts';

/*
 * An adaptive jitter buffer for 8-bit sample codecs: bytes in by RTP timestamp, 20 ms frames out on a steady beat. Kept
 * in milliseconds, so that any packet time goes in (1 ms and 30 ms packets too). Grows when packets come late, shrinks
 * when they do not; that also takes up the drift between two clocks.
 */

const samplesPerMs = 8;
const ringMs = 1024;
const ringSamples = ringMs * samplesPerMs;
const frameMs = 20;
const frameSamples = frameMs * samplesPerMs;
const leastDelayMs = 20;
const mostDelayMs = 240;
/** How long the buffer must have held more than it needs before it gives a frame up. */
const shrinkAfterFrames = 150;

export class JitterBuffer {
  private readonly ring = new Uint8Array(ringSamples);
  private readonly filled = new Uint8Array(ringMs);
  private started = false;
  /** Timestamp of the next sample to play. */
  private playAt = 0;
  /** Timestamp behind the newest sample. */
  private newest = 0;
  private delayMs = 40;
  private surplusFrames = 0;
  private leastSurplusMs = Number.POSITIVE_INFINITY;
  /** Packets that came after their time, and milliseconds that had to be concealed. */
  late = 0;
  concealedMs = 0;

  /** Delay that the buffer adds at present, ms. */
  get delay(): number {
    return this.delayMs;
  }

  /** Puts a packet's samples in. */
  push(timestamp: number, payload: Uint8Array): void {
    const length = payload.length - (payload.length % samplesPerMs);
    if (length === 0 || length > ringSamples / 2) return;
    if (!this.started || Math.abs(circularDistance(timestamp, this.playAt, 32)) > ringSamples / 2) {
      this.restart(timestamp);
    }
    let ahead = circularDistance(timestamp, this.playAt, 32);
    if (ahead + length <= 0) {
      this.late++;
      this.grow(-(ahead + length));
      return;
    }
    let from = 0;
    if (ahead < 0) {
      from = -ahead + ((samplesPerMs - (-ahead % samplesPerMs)) % samplesPerMs);
      ahead = from + ahead;
    }
    const end = (timestamp + length) >>> 0;
    if (circularDistance(end, this.newest, 32) > 0) this.newest = end;
    // A hole in the sender's grid of milliseconds: align to ours.
    const shift = (timestamp + from) % samplesPerMs;
    for (let at = from; at + samplesPerMs <= length; at += samplesPerMs) {
      const place = (timestamp + at - shift) >>> 0;
      const slot = (place / samplesPerMs) % ringMs;
      this.ring.set(payload.subarray(at, at + samplesPerMs), (slot % ringMs) * samplesPerMs);
      this.filled[slot] = 1;
    }
  }

  /**
   * Takes the next 20 ms as linear samples through the codec's table; answers how many of its milliseconds were there.
   * What is missing stays 0, for concealment.
   */
  pull(table: Int16Array, into: Int16Array): number {
    into.fill(0);
    if (!this.started) return 0;
    this.adapt();
    let present = 0;
    const base = this.playAt - (this.playAt % samplesPerMs);
    for (let ms = 0; ms < frameMs; ms++) {
      const slot = ((base >>> 0) / samplesPerMs + ms) % ringMs;
      if (this.filled[slot] !== 1) continue;
      this.filled[slot] = 0;
      present++;
      const start = slot * samplesPerMs;
      const target = ms * samplesPerMs;
      for (let at = 0; at < samplesPerMs; at++) into[target + at] = table[this.ring[start + at]!]!;
    }
    this.playAt = (this.playAt + frameSamples) >>> 0;
    this.concealedMs += frameMs - present;
    // Nothing comes any more: wait for a new start rather than run away from the sender's clock.
    if (circularDistance(this.playAt, this.newest, 32) > ringSamples / 4) this.started = false;
    return present;
  }

  /** Forgets everything: a new stream begins. */
  reset(): void {
    this.started = false;
    this.filled.fill(0);
  }

  private restart(timestamp: number): void {
    this.filled.fill(0);
    this.started = true;
    this.playAt = (timestamp - (timestamp % samplesPerMs) - this.delayMs * samplesPerMs) >>> 0;
    this.newest = timestamp;
    this.surplusFrames = 0;
    this.leastSurplusMs = Number.POSITIVE_INFINITY;
  }

  /** A packet came too late: hold the play-out back by what it missed, up to the most. */
  private grow(missedSamples: number): void {
    const step = Math.min(Math.ceil(missedSamples / frameSamples) * frameMs + frameMs, mostDelayMs - this.delayMs);
    if (step <= 0) return;
    this.delayMs += step;
    this.playAt = (this.playAt - step * samplesPerMs) >>> 0;
    this.surplusFrames = 0;
    this.leastSurplusMs = Number.POSITIVE_INFINITY;
  }

  /** Gives a frame up when, for 3 s, never less than two frames lay waiting. */
  private adapt(): void {
    const waitingMs = circularDistance(this.newest, this.playAt, 32) / samplesPerMs;
    if (waitingMs > mostDelayMs + 100) {
      this.skip(waitingMs - this.delayMs);
      return;
    }
    this.leastSurplusMs = Math.min(this.leastSurplusMs, waitingMs);
    if (++this.surplusFrames < shrinkAfterFrames) return;
    if (this.leastSurplusMs > leastDelayMs + frameMs) {
      this.skip(frameMs);
      this.delayMs = Math.max(leastDelayMs, this.delayMs - frameMs);
    }
    this.surplusFrames = 0;
    this.leastSurplusMs = Number.POSITIVE_INFINITY;
  }

  private skip(ms: number): void {
    const whole = ms - (ms % frameMs);
    for (let at = 0; at < whole; at++) this.filled[(this.playAt / samplesPerMs + at) % ringMs] = 0;
    this.playAt = (this.playAt + whole * samplesPerMs) >>> 0;
  }
}
