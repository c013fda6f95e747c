/* Where each picture stands in a composed one. Pure; names as mod_conference's. */

/** A tile in parts of the picture's width and height. */
export interface Tile {
  x: number;
  y: number;
  width: number;
  height: number;
  /** The video floor's holder stands here. */
  floor: boolean;
}

const grid = (across: number, down: number): Tile[] =>
  Array.from({ length: across * down }, (_none, place) => ({
    x: (place % across) / across,
    y: Math.floor(place / across) / down,
    width: 1 / across,
    height: 1 / down,
    floor: false,
  }));

/** One large tile over two thirds, small ones below and beside it. */
const oneAndFive: Tile[] = [
  { x: 0, y: 0, width: 2 / 3, height: 2 / 3, floor: true },
  ...[
    [2, 0],
    [2, 1],
    [2, 2],
    [1, 2],
    [0, 2],
  ].map(([x = 0, y = 0]) => ({ x: x / 3, y: y / 3, width: 1 / 3, height: 1 / 3, floor: false })),
];

const sideBySide: Tile[] = [
  { x: 0, y: 0.25, width: 0.5, height: 0.5, floor: false },
  { x: 0.5, y: 0.25, width: 0.5, height: 0.5, floor: false },
];

const layouts: Record<string, Tile[]> = {
  '1x1': [{ x: 0, y: 0, width: 1, height: 1, floor: true }],
  '2x1': sideBySide,
  '2x2': grid(2, 2),
  '3x3': grid(3, 3),
  '4x4': grid(4, 4),
  '1up_top_left+5': oneAndFive,
};

const growing = ['1x1', '2x1', '2x2', '3x3', '4x4'];

/** Whether a name is a layout's. */
export function isLayout(name: string): boolean {
  return name === 'group:grid' || Object.hasOwn(layouts, name);
}

/** The tiles of a layout for so many pictures; `group:grid` grows with them. */
export function tilesOf(name: string, count: number): readonly Tile[] {
  if (name !== 'group:grid') return layouts[name] ?? [];
  const fitting = growing.find((one) => (layouts[one]?.length ?? 0) >= count) ?? '4x4';
  return layouts[fitting] ?? [];
}

/**
 * Who stands in which tile: the floor's holder in the tile that is for it, the others in the order that they came; when
 * not all fit, the holder and the one before are among those who do.
 */
export function seat(
  tiles: readonly Tile[],
  senders: readonly number[],
  floor: { holder: number | undefined; previous: number | undefined },
): { tile: Tile; member: number }[] {
  const special = tiles.find((tile) => tile.floor);
  const holder = floor.holder !== undefined && senders.includes(floor.holder) ? floor.holder : undefined;
  const seated: { tile: Tile; member: number }[] = [];
  let others = [...senders];
  const plain = tiles.filter((tile) => !tile.floor);
  if (special !== undefined) {
    const member = holder ?? others[0];
    if (member === undefined) return seated;
    seated.push({ tile: special, member });
    others = others.filter((one) => one !== member);
  }
  if (others.length > plain.length) {
    const first = [holder, floor.previous].filter((one): one is number => one !== undefined && others.includes(one));
    const kept = new Set([...first, ...others].slice(0, plain.length));
    others = others.filter((one) => kept.has(one));
  }
  for (const [place, member] of others.slice(0, plain.length).entries()) seated.push({ tile: plain[place]!, member });
  return seated;
}
