import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { AV_LOG_QUIET } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { Canvas } from '../../../../embedded/freeswitch/video/compose/studio/canvas.ts';
import { StudioSource } from '../../../../embedded/freeswitch/video/compose/studio/source.ts';
import { joinByteStream, nalType, splitByteStream } from '../../../../embedded/freeswitch/video/h264/nal.ts';
import { mutate, randomFrom } from '../random.ts';

/** Pictures of a clip of one colour, each as a byte stream; parameter sets stand before the key frame. */
function clip(colour: string, size: string, format = 'yuv420p', frames = 20): Buffer[] {
  const made = spawnSync(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', `color=${colour}:s=${size}:r=25,noise=alls=8:allf=t`],
      ...['-frames:v', String(frames), '-pix_fmt', format, '-c:v', 'libx264', '-preset', 'ultrafast'],
      ...['-tune', 'zerolatency', '-x264-params', 'sliced-threads=0', '-f', 'h264', '-'],
    ],
    { maxBuffer: 1 << 26 },
  );
  assert.equal(made.status, 0, made.stderr.toString());
  const pictures: Buffer[] = [];
  let units: Uint8Array[] = [];
  for (const unit of splitByteStream(made.stdout)) {
    units.push(unit);
    if (nalType(unit) !== 1 && nalType(unit) !== 5) continue;
    pictures.push(joinByteStream(units));
    units = [];
  }
  return pictures;
}

/** Y, U and V in the middle of a rectangle of a canvas. */
function shade(canvas: Canvas, x: number, y: number): number[] {
  const planes = canvas.picture.data ?? [];
  const strides = canvas.picture.linesize;
  return [planes[0]![y * strides[0]! + x]!, ...[1, 2].map((at) => planes[at]![(y >> 1) * strides[at]! + (x >> 1)]!)];
}

const isRed = ([y, u, v]: number[]): boolean => y! > 50 && y! < 110 && u! < 115 && v! > 200;
const isBlack = ([y, u, v]: number[]): boolean => y === 16 && u === 128 && v === 128;
const tile = (member: number, x: number, y: number) => ({ member, x, y, width: 160, height: 90, name: '' });

describe('media engine: the studio', () => {
  const sources = new Map<number, StudioSource>();
  let canvas: Canvas;
  let asked = 0;

  before(() => Log.setLevel(AV_LOG_QUIET));
  beforeEach(() => {
    asked = 0;
    canvas = new Canvas(320, 180);
    for (const id of [1, 2]) sources.set(id, new StudioSource('H264', () => asked++));
  });
  afterEach(() => {
    canvas.close();
    for (const source of sources.values()) source.close();
    sources.clear();
  });

  const play = (id: number, pictures: Buffer[]): void => {
    for (const [at, picture] of pictures.entries()) sources.get(id)!.push(picture, at === 0, false);
  };

  for (const [name, size, format] of [
    ['of the tile’s own size', '160x90', 'yuv420p'],
    ['larger', '640x360', 'yuv420p'],
    ['smaller', '80x46', 'yuv420p'],
    ['of full range', '640x360', 'yuvj420p'],
    ['of odd proportions', '352x288', 'yuv420p'],
  ] as const) {
    it(`draws a picture ${name} into its tile and nowhere else`, () => {
      play(1, clip('red', size, format));
      canvas.place([tile(1, 160, 90), tile(2, 0, 0)]);
      canvas.draw(sources);
      assert.ok(isRed(shade(canvas, 240, 135)), String(shade(canvas, 240, 135)));
      for (const [x, y] of [
        [80, 45],
        [240, 45],
        [80, 135],
        [158, 92],
      ] as const)
        assert.ok(isBlack(shade(canvas, x, y)), `${x},${y}: ${shade(canvas, x, y)}`);
      assert.equal(asked, 0);
    });
  }

  it('shows the new picture when a camera changes its size', () => {
    canvas.place([tile(1, 0, 0)]);
    play(1, clip('blue', '640x360'));
    canvas.draw(sources);
    play(1, clip('red', '320x240'));
    canvas.draw(sources);
    assert.ok(isRed(shade(canvas, 80, 45)), String(shade(canvas, 80, 45)));
  });

  it('asks for a key frame until it has one, and takes a torn one rather than none', () => {
    const pictures = clip('red', '160x90');
    const [one, other] = [sources.get(1)!, sources.get(2)!];
    one.push(pictures[1]!, false, false);
    one.push(pictures[0]!, true, true);
    assert.deepEqual([asked, one.generation], [2, 0]);
    play(1, pictures);
    assert.deepEqual([asked, one.generation], [2, 20]);
    other.push(pictures[0]!, true, true);
    other.push(pictures[0]!, true, true);
    assert.deepEqual([asked, other.generation], [3, 1]);
  });

  it('takes 2,000 broken pictures, and shows the next whole one', () => {
    const below = randomFrom(21);
    const pictures = clip('green', '160x90');
    for (let count = 0; count < 2_000; count++) {
      const at = below(pictures.length);
      sources.get(1)!.push(mutate(pictures[at]!, below), at === 0, below(2) === 0);
      if (count % 10 === 0) canvas.draw(sources);
    }
    play(1, clip('red', '160x90'));
    canvas.place([tile(1, 0, 0)]);
    canvas.draw(sources);
    assert.ok(isRed(shade(canvas, 80, 45)), String(shade(canvas, 80, 45)));
  });
});
