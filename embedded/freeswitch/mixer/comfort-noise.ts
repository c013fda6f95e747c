/* A little noise for a silent room, so that the line does not seem dead: at about −68 dBov, even over all frequencies. */

const amplitude = 22;
const length = 8_191;
const noise = new Int16Array(length);
let state = 0x2545f491;
for (let at = 0; at < length; at++) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  noise[at] = ((state >> 8) % (2 * amplitude + 1)) | 0;
}

export class ComfortNoise {
  private place = 0;

  /** Fills a frame. */
  fill(frame: Int16Array): void {
    for (let at = 0; at < frame.length; at++) {
      frame[at] = noise[this.place]!;
      this.place = this.place + 1 === length ? 0 : this.place + 1;
    }
  }
}
