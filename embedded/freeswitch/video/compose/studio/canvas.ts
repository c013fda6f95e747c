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
