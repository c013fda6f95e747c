import { AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { Frame } from 'node-av/lib';

/* Pictures of planar 4:2:0 samples in FFmpeg's memory. */

/**
 * A picture's memory, a buffer a plane. To be kept: each time FFmpeg's binding gives it, V8 counts all of it as garbage to
 * come and collects often.
 */
export interface Planes {
  data: Buffer[];
  strides: number[];
}

export function planesOf(picture: Frame): Planes {
  return { data: (picture.data ?? []).slice(0, 3), strides: picture.linesize.slice(0, 3) };
}

/** A picture with memory of its own. @throws Error without memory */
export function newPicture(width: number, height: number): Frame {
  const picture = new Frame();
  picture.alloc();
  picture.width = width;
  picture.height = height;
  picture.format = AV_PIX_FMT_YUV420P;
  if (picture.getBuffer(32) < 0) throw new Error('no memory for a picture');
  return picture;
}

/** Planes from a place on, for drawing into them; even `x` and `y`. */
export function rectangle({ data, strides }: Planes, x: number, y: number): Planes {
  const from = data.map((plane, place) => {
    const half = place === 0 ? 1 : 2;
    return plane.subarray((y / half) * strides[place]! + x / half);
  });
  return { data: from, strides };
}

/** Paints a rectangle black (16, 128, 128). */
export function blacken(planes: Planes, x: number, y: number, width: number, height: number): void {
  const { data, strides } = rectangle(planes, x, y);
  for (let place = 0; place < 3; place++) {
    const half = place === 0 ? 1 : 2;
    for (let row = 0; row < height / half; row++) {
      data[place]!.fill(place === 0 ? 16 : 128, row * strides[place]!, row * strides[place]! + width / half);
    }
  }
}

/** Copies a whole picture of a size into a rectangle of another. */
export function copyInto(from: Planes, width: number, height: number, into: Planes, x: number, y: number): void {
  for (let place = 0; place < 3; place++) {
    const half = place === 0 ? 1 : 2;
    const [source, target] = [from.data[place]!, into.data[place]!];
    const [sourceStride, targetStride] = [from.strides[place]!, into.strides[place]!];
    let to = (y / half) * targetStride + x / half;
    for (let row = 0, at = 0; row < height / half; row++, at += sourceStride, to += targetStride) {
      source.copy(target, to, at, at + width / half);
    }
  }
}
