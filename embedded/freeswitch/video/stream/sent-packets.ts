/*
 * What was sent of late, to be sent again to who misses it (RFC 4585, clause 6.2.1): the same packet, the same numbers. A
 * protected packet is kept as it went out, since nothing else may ever go under its index (RFC 3711, clause 3.3.1); of a
 * plain one, which all viewers share but for the header, the header alone is our own.
 */

const headerBytes = 12;
/** Kept at most: packets of a power of two, and not longer than so many ms. */
const places = 512;
const keptMs = 1_000;

export class SentPackets {
  private readonly packets: (Buffer | undefined)[] = new Array<Buffer | undefined>(places).fill(undefined);
  private readonly numbers = new Int32Array(places).fill(-1);
  private readonly headers = new Uint8Array(places * headerBytes);
  private readonly sentMs = new Float64Array(places);
  private readonly againMs = new Float64Array(places);
  /** Numbers of the oldest that may be kept, and of the one behind the newest. */
  private first = 0;
  private next = 0;

  /** Keeps a packet that was sent; `plain` has its header, `sent` what went out: the same buffer, or its sealed copy. */
  keep(plain: Buffer, sent: Buffer, nowMs: number): void {
    const sequence = plain.readUInt16BE(2);
    const at = sequence & (places - 1);
    this.packets[at] = sent;
    this.numbers[at] = sequence;
    this.sentMs[at] = nowMs;
    this.againMs[at] = Number.NEGATIVE_INFINITY;
    // The header is written anew for the next viewer; a sealed copy is nobody else's.
    this.headers.set(plain.subarray(0, headerBytes), at * headerBytes);
    if (this.first === this.next) this.first = sequence;
    this.next = (sequence + 1) & 0xffff;
  }

  /** Lets go of what is too old. Call every beat. */
  sweep(nowMs: number): void {
    for (; this.first !== this.next; this.first = (this.first + 1) & 0xffff) {
      const at = this.first & (places - 1);
      if (this.numbers[at] !== this.first) continue;
      if (nowMs - this.sentMs[at]! <= keptMs) return;
      this.packets[at] = undefined;
    }
  }

  /**
   * A packet to be sent again: as it went out, on a buffer of its own. None when it is not kept any more, or went out again
   * less than `spacingMs` ago.
   */
  again(sequence: number, nowMs: number, spacingMs: number): Buffer | undefined {
    const at = sequence & (places - 1);
    const packet = this.packets[at];
    if (packet === undefined || this.numbers[at] !== sequence || nowMs - this.sentMs[at]! > keptMs) return undefined;
    if (nowMs - this.againMs[at]! < spacingMs) return undefined;
    this.againMs[at] = nowMs;
    const copy = Buffer.from(packet);
    copy.set(this.headers.subarray(at * headerBytes, (at + 1) * headerBytes));
    return copy;
  }
}
