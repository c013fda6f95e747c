import type { Frame } from 'node-av/lib';
import type { PlacedTile } from '../wire.ts';
import { drawLabel, labelOf } from './label.ts';
import { blacken, blackPicture } from './picture.ts';
import type { StudioSource } from './source.ts';

/** A composed picture, drawn anew where something is new. */
export class Canvas {
  readonly picture: Frame;
  private tiles: PlacedTile[] = [];
  private drawn = new Map<PlacedTile, number>();

  constructor(width: number, height: number) {
    this.picture = blackPicture(width, height);
  }

  place(tiles: PlacedTile[]): void {
    this.tiles = tiles;
    this.drawn = new Map();
    if (this.picture.makeWritable() < 0) return;
    blacken(this.picture, 0, 0, this.picture.width, this.picture.height);
  }

  /** Draws what is new. */
  draw(sources: ReadonlyMap<number, StudioSource>): void {
    // The encoder may still hold the picture that it was given last.
    if (this.picture.makeWritable() < 0) return;
    for (const tile of this.tiles) {
      const source = sources.get(tile.member);
      const generation = source?.generation ?? 0;
      if (source === undefined || generation === 0 || this.drawn.get(tile) === generation) continue;
      this.drawn.set(tile, generation);
      source.draw(this.picture, tile);
      const size = Math.max(12, Math.round(tile.height / 16));
      const padding = Math.ceil(size / 4) * 2;
      const label = labelOf(tile.name, size, tile.width - 6 * padding);
      if (label === undefined) continue;
      const x = tile.x + padding;
      const y = tile.y + Math.floor((tile.height - label.height - padding) / 2) * 2;
      drawLabel(this.picture, label, x, Math.min(y, tile.y + tile.height - label.height), padding);
    }
  }

  close(): void {
    this.picture.free();
  }
}
