import { joinByteStream, splitByteStream } from '../h264/nal.ts';
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
    const units = codec === 'H264' ? splitByteStream(data) : h263Payloads(data);
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

/** Payloads of an H.263 picture (RFC 4629, clause 5.1): the first without the two zero bytes of its start code. */
function h263Payloads(picture: Buffer): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  const room = mostPayload - 2;
  for (let at = 2; at < picture.length; at += room) {
    const part = picture.subarray(at, at + room);
    payloads.push(Buffer.concat([Buffer.from([at === 2 ? 0x04 : 0x00, 0x00]), part]));
  }
  return payloads;
}

/** A frame as one byte stream for a decoder; `undefined` for codecs that the studio does not decode. */
export function decodable(frame: Frame): Uint8Array | undefined {
  if (frame.codec === 'H264') return joinByteStream(frame.units);
  if (frame.codec !== 'H263-1998') return undefined;
  return Buffer.concat(
    frame.units.flatMap((payload) => {
      if (payload.length < 2) return [];
      const extra = ((payload[0]! & 1) << 5) | (payload[1]! >> 3);
      const redundancy = (payload[0]! & 0x02) !== 0 ? 1 : 0;
      const body = payload.subarray(2 + redundancy + extra);
      return (payload[0]! & 0x04) !== 0 ? [Buffer.from([0, 0]), body] : [body];
    }),
  );
}
