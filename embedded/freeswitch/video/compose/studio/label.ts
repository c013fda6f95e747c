import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AV_PIX_FMT_GRAY8 } from 'node-av/constants';
import { Filter, FilterGraph, Frame } from 'node-av/lib';
import { type Planes, rectangle } from './picture.ts';

/* Site names in the picture: drawn once by FFmpeg's drawtext in DejaVu Sans, which has all Vietnamese letters. */

const fontFile = join(
  dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')),
  'ttf',
  'DejaVuSans-Bold.ttf',
);

/** Letters as how much of them covers each sample. */
export interface Label {
  width: number;
  height: number;
  cover: Uint8Array;
}

const kept = new Map<string, Label | undefined>();
const mostKept = 200;

/** A name as letters of so many samples' height, at most so wide; `undefined` when there is nothing to show. */
export function labelOf(name: string, fontSize: number, mostWidth: number): Label | undefined {
  const text = name.normalize('NFC').replace(/\p{C}/gu, '').trim().slice(0, 80);
  if (text === '') return undefined;
  const key = `${text}/${fontSize}/${mostWidth}`;
  if (!kept.has(key)) {
    if (kept.size >= mostKept) kept.clear();
    kept.set(key, render(text, fontSize, mostWidth));
  }
  return kept.get(key);
}

function render(text: string, fontSize: number, mostWidth: number): Label | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'label-'));
  const file = join(folder, 'text');
  const width = Math.ceil((mostWidth + 1) / 2) * 2;
  const height = Math.ceil((fontSize * 1.6) / 2) * 2;
  const graph = new FilterGraph();
  const drawn = new Frame();
  try {
    // From a file: no character of a name can be taken for the filter's own signs.
    writeFileSync(file, text);
    graph.alloc();
    const source = graph.createFilter(Filter.getByName('color')!, 'in', `c=black:s=${width}x${height}:r=1`);
    const letters = graph.createFilter(
      Filter.getByName('drawtext')!,
      'letters',
      `fontfile=${fontFile}:textfile=${file}:expansion=none:fontsize=${fontSize}:fontcolor=white:x=0:y=(h-lh)/2`,
    );
    const grey = graph.createFilter(Filter.getByName('format')!, 'grey', 'pix_fmts=gray');
    const sink = graph.createFilter(Filter.getByName('buffersink')!, 'out');
    if (source === null || letters === null || grey === null || sink === null) return undefined;
    source.link(0, letters, 0);
    letters.link(0, grey, 0);
    grey.link(0, sink, 0);
    if (graph.configSync() < 0) return undefined;
    drawn.alloc();
    if (sink.buffersinkGetFrameSync(drawn) < 0 || drawn.format !== AV_PIX_FMT_GRAY8) return undefined;
    return trimmed(drawn.data![0]!, drawn.linesize[0]!, width, height);
  } finally {
    drawn.free();
    graph.free();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without the empty columns at the right. */
function trimmed(plane: Buffer, stride: number, width: number, height: number): Label | undefined {
  let used = 0;
  for (let row = 0; row < height; row++) {
    for (let column = width - 1; column >= used; column--) {
      if (plane[row * stride + column]! > 32) {
        used = column + 1;
        break;
      }
    }
  }
  if (used === 0) return undefined;
  const even = Math.min(width, Math.ceil(used / 2) * 2);
  const cover = new Uint8Array(even * height);
  for (let row = 0; row < height; row++) cover.set(plane.subarray(row * stride, row * stride + even), row * even);
  return { width: even, height, cover };
}

/** Puts a label on a dark ground into a picture; even `x` and `y`. */
export function drawLabel(canvas: Planes, label: Label, x: number, y: number, padding: number): void {
  const width = label.width + 2 * padding;
  const { data, strides } = rectangle(canvas, x, y);
  const [luma, blue, red] = [data[0]!, data[1]!, data[2]!];
  for (let row = 0; row < label.height; row++) {
    const start = row * strides[0]!;
    for (let column = 0; column < width; column++) {
      const inside = column - padding;
      const cover = inside >= 0 && inside < label.width ? label.cover[row * label.width + inside]! : 0;
      const ground = 16 + ((luma[start + column]! - 16) >> 2);
      luma[start + column] = ground + (((235 - ground) * cover) >> 8);
    }
  }
  for (let row = 0; row < label.height / 2; row++) {
    for (let column = 0; column < width / 2; column++) {
      const at = row * strides[1]! + column;
      blue[at] = 128 + ((blue[at]! - 128) >> 2);
      red[at] = 128 + ((red[at]! - 128) >> 2);
    }
  }
}
