import type { Frame } from 'node-av/lib';
import type { PlacedTile } from '../wire.ts';
import { drawLabel, labelOf } from './label.ts';
import { blacken, newPicture, type Planes, planesOf } from './picture.ts';
import type { StudioSource } from './source.ts';

/** A composed picture, drawn anew where something is new. */
export class Canvas {
  readonly picture: Frame;
  private tiles: PlacedTile[] = [];
  private drawn = new Map<PlacedTile, number>();
  private planes: Planes;

  constructor(width: number, height: number) {
    this.picture = newPicture(width, height);
    this.planes = planesOf(this.picture);
    blacken(this.planes, 0, 0, width, height);
  }

  place(tiles: PlacedTile[]): void {
    this.tiles = tiles;
    this.drawn = new Map();
    if (!this.ours()) return;
    blacken(this.planes, 0, 0, this.picture.width, this.picture.height);
  }

  /** Black, everything to be drawn anew. */
  clear(): void {
    this.place(this.tiles);
  }

  /** Whether any of the pictures that it is to show is there. */
  shows(sources: ReadonlyMap<number, StudioSource>): boolean {
    return this.tiles.some(({ member }) => (sources.get(member)?.generation ?? 0) > 0);
  }

  /** How long the pictures that would be drawn anew have been there, in the mean, ms; `undefined` when none would. */
  lag(sources: ReadonlyMap<number, StudioSource>, nowMs: number): number | undefined {
    let sum = 0;
    let count = 0;
    for (const tile of this.tiles) {
      const source = sources.get(tile.member);
      if (source === undefined || source.generation === 0 || this.drawn.get(tile) === source.generation) continue;
      sum += nowMs - source.arrivedMs;
      count++;
    }
    return count === 0 ? undefined : sum / count;
  }

  /** A still card in the pictures' place: lines of letters in the middle, the first larger. */
  drawCard(lines: readonly string[]): void {
    this.clear();
    const { height, width } = this.picture;
    const rows = lines.flatMap((line, place) => folded(line, place === 0 ? 40 : 60).map((text) => ({ text, place })));
    const labels = rows.map(({ place, text }) =>
      labelOf(text, Math.round(height / (place === 0 ? 16 : 26)), width - 64),
    );
    const tall = labels.reduce((sum, label) => sum + (label === undefined ? 0 : label.height), 0);
    let y = Math.floor((height - tall) / 4) * 2;
    for (const label of labels) {
      if (label === undefined) continue;
      drawLabel(this.planes, label, Math.max(0, Math.floor((width - label.width) / 4) * 2), y, 0);
      y += label.height;
    }
  }

  /** Whether a member has a tile. */
  seats(member: number): boolean {
    return this.tiles.some((tile) => tile.member === member);
  }

  /** Draws what is new. */
  draw(sources: ReadonlyMap<number, StudioSource>): void {
    if (!this.ours()) return;
    for (const tile of this.tiles) {
      const source = sources.get(tile.member);
      const generation = source?.generation ?? 0;
      if (source === undefined || generation === 0 || this.drawn.get(tile) === generation) continue;
      this.drawn.set(tile, generation);
      source.draw(this.planes, tile);
      const size = Math.max(12, Math.round(tile.height / 16));
      const padding = Math.ceil(size / 4) * 2;
      const label = labelOf(tile.name, size, tile.width - 6 * padding);
      if (label === undefined) continue;
      const x = tile.x + padding;
      const y = tile.y + Math.floor((tile.height - label.height - padding) / 2) * 2;
      drawLabel(this.planes, label, x, Math.min(y, tile.y + tile.height - label.height), padding);
    }
  }

  /** The encoder may still hold the picture that it was given last: then it is drawn on in other memory. */
  private ours(): boolean {
    const { picture } = this;
    if (picture.isWritable) return true;
    if (picture.makeWritable() < 0) return false;
    this.planes = planesOf(picture);
    return true;
  }

  close(): void {
    this.picture.free();
  }
}

/** A line as lines of at most so many letters, broken between words. */
function folded(line: string, most: number): string[] {
  const rows: string[] = [];
  for (const word of line.split(/\s+/)) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + word.length < most) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word);
  }
  return rows.slice(0, 4);
}
