import { type Codec, type CodecName, codecs, type SoundEncoder } from '../sound/codec.ts';
import { Resampler } from '../sound/resample.ts';

/*
 * What all hear who say nothing: one frame at the room's rate, brought to each other rate once and encoded once a codec,
 * however many listen.
 */

interface Encoded {
  fresh: boolean;
  encoder: SoundEncoder;
  payload: Uint8Array;
  length: number;
  /** Beats since somebody last listened in this codec. */
  idle: number;
}

/** A coder that nobody listened to for so long is given up. */
const idleBeats = 500;

export class SharedMix {
  readonly rate: number;
  readonly samples: Int16Array;
  private readonly others = new Map<number, { resampler: Resampler; samples: Int16Array; fresh: boolean }>();
  private readonly coders = new Map<CodecName, Encoded>();

  constructor(rate: number) {
    this.rate = rate;
    this.samples = new Int16Array(rate / 50);
  }

  /** `samples` hold a new frame. */
  next(): void {
    for (const other of this.others.values()) other.fresh = false;
    for (const coder of this.coders.values()) coder.fresh = false;
  }

  /** Nobody listens any more in this frame. Coders and filters lately in use hear it too: their streams have no gap. */
  finish(): void {
    for (const [name, coder] of this.coders) {
      if (coder.fresh) coder.idle = 0;
      else if (++coder.idle > idleBeats) this.coders.delete(name);
      else this.encode(codecs[name], coder);
    }
    for (const rate of this.others.keys()) this.at(rate);
  }

  /** The frame at another rate. */
  at(rate: number): Int16Array {
    if (rate === this.rate) return this.samples;
    let other = this.others.get(rate);
    if (other === undefined) {
      other = { resampler: new Resampler(this.rate, rate), samples: new Int16Array(rate / 50), fresh: false };
      this.others.set(rate, other);
    }
    if (!other.fresh) {
      other.resampler.process(this.samples, other.samples);
      other.fresh = true;
    }
    return other.samples;
  }

  /** The frame's packet in a codec. */
  encoded(codec: Codec): Encoded {
    let coder = this.coders.get(codec.name);
    if (coder === undefined) {
      const payload = new Uint8Array(codec.mostBytes);
      coder = { fresh: false, encoder: codec.newEncoder(), payload, length: 0, idle: 0 };
      this.coders.set(codec.name, coder);
    }
    if (!coder.fresh) this.encode(codec, coder);
    return coder;
  }

  /** Filter to a rate as it is after the frame before, when one runs. */
  resamplerTo(rate: number): Resampler | undefined {
    return this.others.get(rate)?.resampler;
  }

  /** Coder as it is after the frame before, when one runs. */
  encoderFor(codec: Codec): SoundEncoder | undefined {
    return this.coders.get(codec.name)?.encoder;
  }

  private encode(codec: Codec, coder: Encoded): void {
    coder.length = coder.encoder.encode(this.at(codec.rate), coder.payload, 0);
    coder.fresh = true;
  }
}
