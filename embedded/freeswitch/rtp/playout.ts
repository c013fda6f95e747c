import type { Codec, SoundDecoder } from '../sound/codec.ts';
import { Concealment } from '../sound/concealment.ts';
import { likeness, longestPeriodMs, pitchBefore } from '../sound/pitch.ts';
import { Arrival } from './arrival.ts';
import { circularDistance } from './packet.ts';
import { PacketStore } from './packet-store.ts';

/*
 * The adaptive jitter buffer: packets in as they come, 20 ms out on each beat. Losses are concealed. When packets come
 * later than they are waited for, the play-out stretches (concealed sound is put in between); when it waits longer than
 * it needs, it gives up whole periods of the voice, blended. That also takes up the drift of the two clocks.
 */

const beatMs = 20;
/** First packets wait this long before the first is played, ms. */
const startMs = 8;
/** Delay kept beyond what packets need, and beyond which a period is given up, ms. */
const spareMs = 3;
const tooMuchMs = 8;
const mostDelayMs = 400;
/** Concealed without a packet for so long, the stream counts as paused, ms. */
const pausedAfterMs = 120;
/** A packet holds 120 ms at most (Opus). */
const longestPacketMs = 120;
/** Packets up to so long are met by the memory at the start, ms. */
const usualPacketMs = 40;
/** Beats between two periods given up. */
const shrinkEvery = 3;
/** A stamp or sequence number that is further off begins a new stream. */
const jumpSeconds = 2;
const misfitKept = 0.97;
const mostAhead = 100;

export class Playout {
  readonly codec: Codec;
  private readonly decoder: SoundDecoder;
  private readonly store = new PacketStore();
  private readonly arrival = new Arrival();
  /** History, then what is decoded and waits. */
  private pcm: Int16Array;
  private readonly history: number;
  private at: number;
  private end: number;
  private started = false;
  private firstAtMs = 0;
  private nextSequence = 0;
  private newest = 0;
  /** Stamp of the sample behind the last decoded one. */
  private nextStamp = 0;
  /** Samples concealed since the last packet: a hole of that length is made good already. */
  private stretched = 0;
  private beatsToShrink = 0;
  /** How far packets and beats lie apart, samples: the most of the last beats. */
  private misfit = 0;
  private concealment: Concealment | undefined;
  late = 0;
  concealedMs = 0;
  /** From the quickest packets' arrival to their play, ms. */
  delayMs = 0;
  /** Mean level of the last frame, 0…32767. */
  level = 0;

  constructor(codec: Codec) {
    this.codec = codec;
    this.decoder = codec.newDecoder();
    this.history = Concealment.historyFor(codec.rate);
    this.pcm = new Int16Array(this.capacityFor(codec.name === 'opus' ? longestPacketMs : usualPacketMs));
    this.at = this.history;
    this.end = this.history;
  }

  /** A packet came: `length` bytes of `data` from `from`. */
  push(sequence: number, timestamp: number, data: Uint8Array, from: number, length: number, nowMs: number): void {
    if (length === 0) return;
    if (this.started) {
      const jump = (this.unwrap(timestamp) - this.nextStamp) / this.codec.clockHz;
      const far = this.ahead(sequence);
      if (jump > jumpSeconds || jump < -jumpSeconds || far > mostAhead || far < -mostAhead) this.stop();
    }
    if (!this.started) this.start(sequence, timestamp, nowMs);
    const ahead = this.ahead(sequence);
    this.arrival.count(nowMs, (this.unwrap(timestamp) * 1000) / this.codec.clockHz);
    if (ahead < 0) {
      this.late++;
      return;
    }
    if (this.store.put(sequence, timestamp, data, from, length) && circularDistance(sequence, this.newest, 16) > 0)
      this.newest = sequence;
  }

  /** The next 20 ms; `nowMs` is the beat's own time. Silence while nothing comes. */
  pull(into: Int16Array, nowMs: number): void {
    const count = into.length;
    if (!this.started || (this.firstAtMs > 0 && nowMs - this.firstAtMs < startMs)) {
      if (this.level !== 0) into.fill(0);
      this.level = 0;
      return;
    }
    this.firstAtMs = 0;
    const left = this.end - this.at;
    // The next packet's start is asked for so much sooner than the beat's first sample.
    this.misfit = left < count && left > this.misfit ? left : this.misfit * misfitKept;
    while (this.started && this.end - this.at < count) this.advance(count);
    if (!this.started) {
      into.fill(0);
      this.level = 0;
      return;
    }
    const queuedMs = ((this.end - this.at) * 1000) / this.codec.rate;
    this.delayMs = nowMs + queuedMs - (this.nextStamp * 1000) / this.codec.clockHz - this.arrival.base;
    if (this.beatsToShrink > 0) this.beatsToShrink--;
    else this.shrink(count);
    const { pcm, at } = this;
    let sum = 0;
    for (let place = 0; place < count; place++) {
      const sample = pcm[at + place]!;
      into[place] = sample;
      sum += sample < 0 ? -sample : sample;
    }
    this.at += count;
    this.level = sum / count;
  }

  /** Forgets everything: another stream begins. */
  reset(): void {
    this.stop();
    this.arrival.reset();
  }

  private start(sequence: number, timestamp: number, nowMs: number): void {
    this.started = true;
    this.firstAtMs = nowMs;
    this.nextSequence = sequence;
    this.newest = sequence;
    this.nextStamp = timestamp;
    this.stretched = 0;
    this.beatsToShrink = 0;
    this.concealment?.reset();
    this.arrival.reset();
  }

  private stop(): void {
    this.started = false;
    this.store.clear();
    this.concealment?.reset();
    // What comes next does not follow what was: history is silence.
    this.pcm.fill(0);
    this.at = this.history;
    this.end = this.history;
  }

  private ahead(sequence: number): number {
    return circularDistance(sequence, this.nextSequence, 16);
  }

  /** A packet's stamp on the unbounded line of `nextStamp`. */
  private unwrap(timestamp: number): number {
    return this.nextStamp + circularDistance(timestamp, this.nextStamp >>> 0, 32);
  }

  /** Brings more samples: the next packet, or concealment in its place. */
  private advance(count: number): void {
    const next = this.nextHeld();
    this.makeRoom(next === undefined ? 0 : this.store.length(next));
    if (next === undefined) {
      this.conceal(count - (this.end - this.at), true);
      if ((this.stretched * 1000) / this.codec.rate > pausedAfterMs) this.stop();
      return;
    }
    const stamp = this.unwrap(this.store.timestamp(next));
    const hole = Math.round(((stamp - this.nextStamp) * this.codec.rate) / this.codec.clockHz) - this.stretched;
    if (hole > 0) {
      // Lost, and not yet made good. Nothing longer than the fade is worth making.
      const made = Math.min(hole, count);
      this.conceal(made, false);
      this.stretched += made;
      if (this.stretched > this.codec.rate / 4) this.stretched = Number.MAX_SAFE_INTEGER;
      return;
    }
    this.store.drop(next);
    this.nextSequence = (next + 1) & 0xffff;
    const decoded = this.decoder.decode(
      this.store.bytes,
      this.store.offset(next),
      this.store.length(next),
      this.pcm,
      this.end,
    );
    if (this.concealment?.active === true) this.concealment.end(this.pcm, this.end, decoded);
    this.end += decoded;
    this.stretched = 0;
    this.nextStamp = stamp + Math.round((decoded * this.codec.clockHz) / this.codec.rate);
  }

  /** The packet to play next: the oldest that is there, not before its turn. */
  private nextHeld(): number | undefined {
    for (let sequence = this.nextSequence, left = circularDistance(this.newest, sequence, 16); left >= 0; left--) {
      if (this.store.holds(sequence)) return sequence;
      sequence = (sequence + 1) & 0xffff;
    }
    return undefined;
  }

  private conceal(count: number, counts: boolean): void {
    this.concealment ??= new Concealment(this.codec.rate);
    if (!this.concealment.active) this.concealment.begin(this.pcm, this.end);
    this.concealment.make(this.pcm, this.end, count);
    this.end += count;
    if (counts) this.stretched += count;
    this.concealedMs += (count * 1000) / this.codec.rate;
  }

  private capacityFor(packetMs: number): number {
    return this.history + ((packetMs + 3 * beatMs) * this.codec.rate) / 1000;
  }

  /** Moves history and what waits to the front when a packet of so many bytes might no longer fit. */
  private makeRoom(bytes: number): void {
    const { history, codec } = this;
    if (bytes > 2 * codec.mostBytes && this.pcm.length < this.capacityFor(longestPacketMs)) {
      const larger = new Int16Array(this.capacityFor(longestPacketMs));
      larger.set(this.pcm);
      this.pcm = larger;
    }
    const { pcm } = this;
    const wanted = pcm.length - history - (3 * beatMs * codec.rate) / 1000;
    if (pcm.length - this.end >= wanted) return;
    pcm.copyWithin(0, this.at - history, this.end);
    this.end -= this.at - history;
    this.at = history;
  }

  /** Waits longer than packets need: gives up a period, where the sound lets it pass unheard. */
  private shrink(count: number): void {
    const needed = this.arrival.target + spareMs + (this.misfit * 1000) / this.codec.rate;
    if (this.delayMs > mostDelayMs) {
      this.skip(this.delayMs - needed);
      return;
    }
    if (this.delayMs < needed + tooMuchMs) return;
    this.beatsToShrink = shrinkEvery;
    const { rate } = this.codec;
    const longest = (longestPeriodMs * rate) / 1000;
    // One more packet, so that two periods lie before us.
    if (this.end - this.at < count + longest && this.nextHeld() !== undefined) this.advance(count + longest);
    if (this.end - this.at < count + longest) return;
    const { pcm, at } = this;
    const excess = ((this.delayMs - needed) * rate) / 1000;
    const found = pitchBefore(pcm, Math.min(at + 2 * longest, this.end), rate);
    const period = found.period;
    if (period > excess) return;
    if (found.likeness < 0.8 || likeness(pcm, at + period, period, period, 1) < 0.8) return;
    for (let place = 0; place < period; place++) {
      const share = place / period;
      pcm[at + place] = pcm[at + place]! * (1 - share) + pcm[at + period + place]! * share;
    }
    pcm.copyWithin(at + period, at + 2 * period, this.end);
    this.end -= period;
  }

  /** Far behind: what waits is given up at once. */
  private skip(ms: number): void {
    let left = (ms * this.codec.clockHz) / 1000;
    for (let next = this.nextHeld(); next !== undefined && left > 0; next = this.nextHeld()) {
      this.store.drop(next);
      this.nextSequence = (next + 1) & 0xffff;
      const stamp = this.unwrap(this.store.timestamp(next));
      left -= stamp - this.nextStamp;
      this.nextStamp = stamp;
    }
  }
}
