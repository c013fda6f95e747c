import { joinByteStream, splitByteStream } from '../h264/nal.ts';
import { cutOlder, joinOlder } from '../older/packets.ts';
import type { PictureSource } from '../room/feed.ts';
import { Feed } from '../room/feed.ts';
import type { Frame, StreamFacts } from '../stream/frame.ts';
import { mostPayload } from '../stream/sender.ts';
import { StreamWatch } from '../stream/stream-watch.ts';
import type { Shape } from './shapes.ts';

/** One composed stream, as viewers are fed with it. */
export class Composition implements PictureSource {
  readonly id: number;
  readonly shape: Shape;
  readonly feed: Feed;
  /** Since when nobody is shown it. */
  unusedSinceMs: number | undefined;
  private readonly watch = new StreamWatch();
  private readonly ask: (id: number) => void;

  constructor(id: number, shape: Shape, ask: (id: number) => void) {
    this.id = id;
    this.shape = shape;
    this.ask = ask;
    this.feed = new Feed(this);
  }

  get facts(): StreamFacts {
    return this.watch.facts;
  }

  requestKeyFrame(): void {
    this.ask(this.id);
  }

  /** An encoded picture from the studio. */
  push(data: Buffer, key: boolean, atMs: number): void {
    const { codec, width, height } = this.shape;
    const units = codec === 'H264' ? splitByteStream(data) : cutOlder(codec, data, key, mostPayload);
    const frame: Frame = {
      codec,
      timestamp: Math.round(atMs * 90) >>> 0,
      atMs,
      units,
      damaged: false,
      key,
      size: { width, height },
      bytes: data.length,
      cuts: new Map(),
    };
    this.watch.push(frame);
    this.feed.push(frame);
  }
}

/** A frame as one stream for a decoder. */
export function decodable(frame: Frame): Uint8Array {
  return frame.codec === 'H264' ? joinByteStream(frame.units) : joinOlder(frame.codec, frame.units);
}
