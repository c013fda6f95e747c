/** Reads bits and Exp-Golomb codes (ITU-T H.264, clause 9.1) of a payload without emulation prevention bytes. */
export class BitReader {
  private at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length * 8 - this.at;
  }

  /** @throws RangeError past the end. */
  bit(): number {
    if (this.left < 1) throw new RangeError('bits exhausted');
    const value = (this.bytes[this.at >> 3]! >> (7 - (this.at & 7))) & 1;
    this.at++;
    return value;
  }

  /** An unsigned number of up to 32 bits. @throws RangeError */
  bits(count: number): number {
    let value = 0;
    for (let place = 0; place < count; place++) value = value * 2 + this.bit();
    return value;
  }

  /** ue(v). @throws RangeError */
  unsigned(): number {
    let zeros = 0;
    while (this.bit() === 0) if (++zeros > 31) throw new RangeError('no Exp-Golomb code');
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v). @throws RangeError */
  signed(): number {
    const code = this.unsigned();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}

/** Takes the emulation prevention bytes out of a NAL unit's payload (clause 7.4.1). */
export function withoutEmulation(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[length++] = byte;
  }
  return out.subarray(0, length);
}
