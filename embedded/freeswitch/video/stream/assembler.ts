import { circularDistance } from '../../rtp/packet.ts';
import { startsDecoding } from '../h264/nal.ts';
import { type PictureFragment, unitsOf } from '../h264/packets.ts';
import { type OlderPicture, readH261, readH263, readH263Plus } from '../older/picture.ts';
import type { VideoCodec } from '../sdp/format.ts';
import type { Frame } from './frame.ts';
import type { MissingPackets } from './missing.ts';

/** How long a missing packet is waited for, ms: at first, at least, at most; more for each that came later than that. */
const reorder = { firstMs: 60, leastMs: 40, mostMs: 140, stepMs: 20, forgottenAFrame: 0.05 };
const mostWaiting = 1_024;
/** A sequence number this far away is another stream's. */
const farAway = 3_000;
/** A picture of more packets is none. */
const mostPackets = 4_096;

/** What is looked at of a packet's header. */
interface PacketHead {
  sequence: number;
  timestamp: number;
  ssrc: number;
  marker: boolean;
}

interface Waiting {
  payload: Uint8Array;
  timestamp: number;
  marker: boolean;
  codec: VideoCodec;
  atMs: number;
}

/** Puts packets in order and together into frames; tells of loss. Pure but for what it holds. */
export class FrameAssembler {
  lost = 0;
  late = 0;
  /** Knows what is asked for again, where the far side sends again. */
  missing: MissingPackets | undefined;
  private patienceMs = reorder.firstMs;
  private readonly waiting = new Map<number, Waiting>();
  private ssrc: number | undefined;
  private next = 0;
  /** The one behind the newest that came. */
  private ahead = 0;
  private fragments: PictureFragment[] = [];
  private current: { timestamp: number; codec: VideoCodec; atMs: number; bytes: number } | undefined;
  /** Packets are missing before the one that comes next. */
  private gap = false;
  private readonly deliver: (frame: Frame) => void;

  constructor(deliver: (frame: Frame) => void) {
    this.deliver = deliver;
  }

  /** A packet came; `head` is read at once and not kept, `payload` is kept. */
  push(head: PacketHead, payload: Uint8Array, codec: VideoCodec, nowMs: number): void {
    const { sequence, timestamp, marker } = head;
    const ahead = circularDistance(sequence, this.next, 16);
    if (this.ssrc !== head.ssrc || ahead > farAway || ahead < -farAway) this.begin(head);
    else {
      if (this.missing !== undefined) this.missed(this.missing, sequence, nowMs);
      if (ahead < 0 || this.waiting.has(sequence)) {
        this.late++;
        this.patienceMs = Math.min(reorder.mostMs, this.patienceMs + reorder.stepMs);
        return;
      }
    }
    // Nearly always the next, with none waiting.
    if (sequence === this.next) {
      this.next = (sequence + 1) & 0xffff;
      this.take(payload, timestamp, marker, codec, nowMs);
      if (this.waiting.size > 0) this.drain();
      return;
    }
    this.waiting.set(sequence, { payload, timestamp, marker, codec, atMs: nowMs });
    if (this.waiting.size > mostWaiting) this.skip();
  }

  /** Gives up on packets that were waited for too long. Call every beat. */
  tick(nowMs: number): void {
    while (this.waiting.size > 0) {
      let oldest = Number.POSITIVE_INFINITY;
      for (const packet of this.waiting.values()) oldest = Math.min(oldest, packet.atMs);
      if (nowMs - oldest < Math.max(this.patienceMs, this.missing?.patienceMs ?? 0)) return;
      this.skip();
    }
  }

  private begin(packet: PacketHead): void {
    this.waiting.clear();
    this.fragments = [];
    this.current = undefined;
    this.gap = this.ssrc !== undefined;
    this.ssrc = packet.ssrc;
    this.next = packet.sequence;
    this.ahead = (packet.sequence + 1) & 0xffff;
    this.missing?.clear();
  }

  private missed(missing: MissingPackets, sequence: number, nowMs: number): void {
    if (circularDistance(sequence, this.ahead, 16) < 0) {
      missing.came(sequence, nowMs);
      return;
    }
    if (sequence !== this.ahead) missing.noticed(this.ahead, sequence, nowMs);
    this.ahead = (sequence + 1) & 0xffff;
  }

  private drain(): void {
    for (let packet = this.waiting.get(this.next); packet !== undefined; packet = this.waiting.get(this.next)) {
      this.waiting.delete(this.next);
      this.next = (this.next + 1) & 0xffff;
      this.take(packet.payload, packet.timestamp, packet.marker, packet.codec, packet.atMs);
    }
  }

  /** Goes on with the nearest packet that is there. */
  private skip(): void {
    let nearest = Number.POSITIVE_INFINITY;
    for (const sequence of this.waiting.keys()) {
      nearest = Math.min(nearest, (sequence - this.next) & 0xffff);
    }
    if (!Number.isFinite(nearest)) return;
    this.lost += nearest;
    this.next = (this.next + nearest) & 0xffff;
    this.missing?.passed(this.next);
    this.gap = true;
    this.drain();
  }

  private take(payload: Uint8Array, timestamp: number, marker: boolean, codec: VideoCodec, atMs: number): void {
    if (this.current !== undefined && this.current.timestamp !== timestamp) this.finish(this.gap);
    this.current ??= { timestamp, codec, atMs, bytes: 0 };
    const { current } = this;
    current.atMs = Math.max(current.atMs, atMs);
    current.bytes += payload.length;
    if (this.fragments.length < mostPackets) this.fragments.push({ payload, afterGap: this.gap });
    this.gap = false;
    if (marker) this.finish(false);
  }

  private finish(tailMissing: boolean): void {
    const { current, fragments } = this;
    this.current = undefined;
    this.fragments = [];
    if (current === undefined) return;
    this.patienceMs = Math.max(reorder.leastMs, this.patienceMs - reorder.forgottenAFrame);
    const { timestamp, codec, atMs, bytes } = current;
    const base = { codec, timestamp, atMs, bytes, cuts: new Map<number, Buffer[]>() };
    if (codec === 'H264') {
      const { units, damaged } = unitsOf(fragments);
      if (units.length === 0 && !damaged && !tailMissing) return;
      const key = startsDecoding(units);
      this.deliver({ ...base, units, damaged: damaged || tailMissing, key, size: undefined });
      return;
    }
    const units = fragments.map((fragment) => fragment.payload).filter((payload) => payload.length > 0);
    if (units.length === 0) return;
    const picture: OlderPicture | undefined = readers[codec](units[0]!);
    this.deliver({
      ...base,
      units,
      damaged: tailMissing || fragments.some((fragment) => fragment.afterGap),
      key: picture?.intra ?? false,
      size: picture?.size,
    });
  }
}

const readers = { H263: readH263, 'H263-1998': readH263Plus, H261: readH261 } as const;
