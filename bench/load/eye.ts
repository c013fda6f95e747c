import { AV_CODEC_ID_H264, AV_LOG_QUIET } from 'node-av/constants';
import { Codec, CodecContext, Frame, Log, Packet } from 'node-av/lib';
import { joinByteStream } from '../../embedded/freeswitch/video/h264/nal.ts';
import { type PictureFragment, unitsOf } from '../../embedded/freeswitch/video/h264/packets.ts';

/* What one viewer sees: its packets are kept with their times, and decoded when the load is over. */

/** A decoded picture, small. */
export interface Sight {
  atMs: number;
  /** Luma on a grid of `across` × `down`, and the mean chroma of the left half's middle. */
  luma: Uint8Array;
  u: number;
  v: number;
}

const across = 32;
const down = 18;
/** Mean difference of luma to the clip's own picture below which one counts as whole; its neighbours differ by more. */
export const whole = 2.5;
/** And below which it is the clip's at all, torn but not grey. */
export const recognisable = 15;

export class Eye {
  private readonly packets: { data: Buffer; atMs: number }[] = [];

  take(packet: Buffer, atMs: number): void {
    this.packets.push({ data: Buffer.from(packet), atMs });
  }

  /** Each once, in the order of the stream. */
  private inOrder(): { data: Buffer; atMs: number }[] {
    let newest = 0;
    const numbered = this.packets.map((packet, at) => {
      const number = packet.data.readUInt16BE(2);
      newest = at === 0 ? number : newest + (((number - newest) << 16) >> 16);
      return { ...packet, number: newest };
    });
    numbered.sort((a, b) => a.number - b.number);
    return numbered.filter(({ number }, at) => number !== numbered[at - 1]?.number);
  }

  /** Decodes all that came, as a terminal would: what is broken included. */
  open(): Sight[] {
    const pictures: { atMs: number; fragments: PictureFragment[]; timestamp: number }[] = [];
    let sequence = -1;
    for (const { data, atMs } of this.inOrder()) {
      const timestamp = data.readUInt32BE(4);
      const number = data.readUInt16BE(2);
      let last = pictures.at(-1);
      if (last?.timestamp !== timestamp) {
        // A picture that waits for its packets holds back those behind it.
        last = { atMs: Math.max(atMs, last?.atMs ?? 0), fragments: [], timestamp };
        pictures.push(last);
      }
      const afterGap = sequence >= 0 && number !== ((sequence + 1) & 0xffff);
      last.fragments.push({ payload: data.subarray(12), afterGap });
      last.atMs = Math.max(last.atMs, atMs);
      sequence = number;
    }
    return decode(pictures.map(({ atMs, fragments }) => ({ atMs, units: unitsOf(fragments).units })));
  }
}

/** Times at which a new picture of a clip came, at most so unlike its own: none while it is frozen or grey. */
export function newSights(sights: readonly Sight[], clip: readonly Sight[], mostUnlike: number): number[] {
  let last = -1;
  return sights.flatMap((sight) => {
    let nearest = -1;
    let least = mostUnlike;
    for (const [at, one] of clip.entries()) {
      const unlike = unlikeness(sight, one);
      if (unlike >= least) continue;
      least = unlike;
      nearest = at;
    }
    // The same again is a frozen picture.
    if (nearest < 0 || nearest === last) return [];
    last = nearest;
    return [sight.atMs];
  });
}

/** Mean difference of luma. */
function unlikeness(one: Sight, other: Sight): number {
  let sum = 0;
  for (let at = 0; at < one.luma.length; at++) sum += Math.abs(one.luma[at]! - other.luma[at]!);
  return sum / one.luma.length;
}

/** Decodes pictures one by one. */
export function decode(pictures: readonly { atMs: number; units: readonly Uint8Array[] }[]): Sight[] {
  Log.setLevel(AV_LOG_QUIET);
  const codec = Codec.findDecoder(AV_CODEC_ID_H264);
  if (codec === null) throw new Error('no decoder');
  const context = new CodecContext();
  context.allocContext3(codec);
  context.threadCount = 1;
  context.open2Sync(codec, null);
  const packet = new Packet();
  packet.alloc();
  const frame = new Frame();
  frame.alloc();
  const sights: Sight[] = [];
  for (const { atMs, units } of pictures) {
    if (units.length === 0) continue;
    packet.data = joinByteStream(units);
    context.sendPacketSync(packet);
    packet.unref();
    while (context.receiveFrameSync(frame) >= 0) {
      sights.push(look(frame, atMs));
      frame.unref();
    }
  }
  packet.free();
  frame.free();
  context.freeContext();
  return sights;
}

function look(frame: Frame, atMs: number): Sight {
  const [y, u, v] = frame.data!;
  const { width, height } = frame;
  const strides = frame.linesize;
  const luma = new Uint8Array(across * down);
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const from =
        Math.floor(((row + 0.5) * height) / down) * strides[0]! + Math.floor(((column + 0.5) * width) / across);
      luma[row * across + column] = y![from]!;
    }
  }
  const middle = Math.floor(height / 4) * strides[1]! + Math.floor(width / 8);
  return { atMs, luma, u: u![middle]!, v: v![middle]! };
}
