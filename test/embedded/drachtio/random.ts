/** Whole numbers in [0, limit), the same for the same seed (mulberry-style mixing). */
export function randomFrom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** A message with some bytes turned, taken out, doubled, or cut off. */
export function mutate(original: Buffer, random: (limit: number) => number): Buffer {
  let data = Buffer.from(original);
  for (let times = 1 + random(6); times > 0 && data.length > 2; times--) {
    const at = random(data.length);
    const to = Math.min(data.length, at + 1 + random(40));
    const kind = random(6);
    if (kind === 0) data[at] = random(256);
    else if (kind === 1) data = Buffer.concat([data.subarray(0, at), data.subarray(to)]);
    else if (kind === 2) data = Buffer.concat([data.subarray(0, to), data.subarray(at)]);
    else if (kind === 3) data = data.subarray(0, at);
    else if (kind === 4)
      data = Buffer.concat([data.subarray(0, at), Buffer.alloc(1 + random(3_000), random(256)), data.subarray(at)]);
    else data = Buffer.concat([data.subarray(0, at), Buffer.from('\r\n'), data.subarray(at)]);
  }
  return data;
}
