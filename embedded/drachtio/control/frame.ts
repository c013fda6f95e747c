/* drachtio's framing on the control connection: `LENGTH#TEXT`, the length in bytes of UTF-8. */

/** A message that cannot be framed: the connection is to be closed. */
export class FrameError extends Error {}

export function frame(text: string): string {
  return `${Buffer.byteLength(text, 'utf8')}#${text}`;
}

/** Cuts a stream into texts. */
export class FrameReader {
  private pending: Buffer = Buffer.alloc(0);
  private readonly longest: number;

  constructor(longestBytes = 1 << 20) {
    this.longest = longestBytes;
  }

  /** Takes what came; answers the texts that are whole. @throws FrameError when no length stands where one must. */
  push(data: Buffer): string[] {
    this.pending = this.pending.length === 0 ? data : Buffer.concat([this.pending, data]);
    const texts: string[] = [];
    for (;;) {
      const hash = this.pending.indexOf('#');
      if (hash === -1 || hash > 8) {
        if (this.pending.length > 8) throw new FrameError('no length');
        if (this.pending.length > 0 && !/^\d+$/.test(this.pending.toString('latin1')))
          throw new FrameError('no length');
        return texts;
      }
      const digits = this.pending.toString('latin1', 0, hash);
      const length = Number(digits);
      if (!/^\d+$/.test(digits) || length === 0 || length > this.longest) throw new FrameError('bad length');
      if (this.pending.length < hash + 1 + length) return texts;
      texts.push(this.pending.toString('utf8', hash + 1, hash + 1 + length));
      this.pending = this.pending.subarray(hash + 1 + length);
    }
  }
}
