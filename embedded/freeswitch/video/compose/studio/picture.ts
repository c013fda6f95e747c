import { AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { Frame } from 'node-av/lib';

/* Pictures of planar 4:2:0 samples in FFmpeg's memory. */

/** A black picture. */
export function blackPicture(width: number, height: number): Frame {
  const picture = new Frame();
  picture.alloc();
  picture.width = width;
  picture.height = height;
  picture.format = AV_PIX_FMT_YUV420P;
  if (picture.getBuffer(32) < 0) throw new Error('no memory for a picture');
  blacken(picture, 0, 0, width, height);
  return picture;
}

/** The planes of a picture from a place on, for drawing into it; even `x` and `y`. */
export function rectangle(picture: Frame, x: number, y: number): { data: Buffer[]; strides: number[] } {
  const planes = picture.data ?? [];
  const strides = picture.linesize.slice(0, 3);
  const data = planes.slice(0, 3).map((plane, place) => {
    const half = place === 0 ? 1 : 2;
    return plane.subarray((y / half) * strides[place]! + x / half);
  });
  return { data, strides };
}

/** Paints a rectangle of a picture black (16, 128, 128). */
export function blacken(picture: Frame, x: number, y: number, width: number, height: number): void {
  const { data, strides } = rectangle(picture, x, y);
  for (let place = 0; place < 3; place++) {
    const half = place === 0 ? 1 : 2;
    for (let row = 0; row < height / half; row++) {
      data[place]!.fill(place === 0 ? 16 : 128, row * strides[place]!, row * strides[place]! + width / half);
    }
  }
}
