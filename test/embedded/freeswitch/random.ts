/** A whole number in [0, limit) each time, the same row for the same seed (xorshift32). */
export function randomFrom(seed: number): (limit: number) => number {
  let state = seed | 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * limit);
  };
}

/** A copy with a few bytes changed, cut out, doubled, or with a wild number in place of a digit. */
export function mutate(original: Buffer, below: (limit: number) => number): Buffer {
  let data = Buffer.from(original);
  for (let change = below(4) + 1; change > 0; change--) {
    if (data.length === 0) return data;
    const at = below(data.length);
    switch (below(6)) {
      case 0:
        data[at] = below(256);
        break;
      case 1:
        data = data.subarray(0, at);
        break;
      case 2:
        data = Buffer.concat([data.subarray(0, at), data.subarray(Math.min(data.length, at + below(20)))]);
        break;
      case 3:
        data = Buffer.concat([data.subarray(0, at), data.subarray(at, at + below(40)), data.subarray(at)]);
        break;
      case 4:
        data = Buffer.from(
          data.toString('latin1').replace(/\d+/, () => ['-1', '4294967296', '0', '99999999999999'][below(4)]!),
          'latin1',
        );
        break;
      default:
        data[at] = data[at]! ^ (1 << below(8));
    }
    data = Buffer.from(data);
  }
  return data;
}
