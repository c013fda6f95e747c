/* G.711 by table (ITU-T G.711): one look-up a sample in each direction. Linear samples are 16 bit. */

export type G711 = 'PCMU' | 'PCMA';

function muLawToLinear(code: number): number {
  const inverted = ~code & 0xff;
  const magnitude = (((inverted & 0x0f) << 3) + 0x84) << ((inverted & 0x70) >> 4);
  return (inverted & 0x80) !== 0 ? 0x84 - magnitude : magnitude - 0x84;
}

function aLawToLinear(code: number): number {
  const toggled = code ^ 0x55;
  const exponent = (toggled & 0x70) >> 4;
  let magnitude = (toggled & 0x0f) << 4;
  magnitude = exponent === 0 ? magnitude + 8 : (magnitude + 0x108) << (exponent - 1);
  return (toggled & 0x80) !== 0 ? magnitude : -magnitude;
}

/** The inverse of a decoding table: the code whose value lies nearest to each 16-bit sample. */
function encodingTable(decode: Int16Array): Uint8Array {
  const order = [...decode.keys()].sort((a, b) => (decode[a] ?? 0) - (decode[b] ?? 0));
  const table = new Uint8Array(65536);
  let place = 0;
  for (let sample = -32768; sample <= 32767; sample++) {
    const distance = (at: number): number => Math.abs((decode[order[at] ?? 0] ?? 0) - sample);
    while (place + 1 < order.length && distance(place + 1) <= distance(place)) place++;
    table[sample & 0xffff] = order[place] ?? 0;
  }
  return table;
}

const decodeMu = Int16Array.from({ length: 256 }, (_, code) => muLawToLinear(code));
const decodeA = Int16Array.from({ length: 256 }, (_, code) => aLawToLinear(code));
const encodeMu = encodingTable(decodeMu);
const encodeA = encodingTable(decodeA);

/** Code → linear sample. */
export function decodingTable(codec: G711): Int16Array {
  return codec === 'PCMU' ? decodeMu : decodeA;
}

/** Encodes linear samples into `into`, from `at`. */
export function encode(codec: G711, samples: Int16Array, into: Uint8Array, at = 0): void {
  const table = codec === 'PCMU' ? encodeMu : encodeA;
  for (let place = 0; place < samples.length; place++) into[at + place] = table[samples[place]! & 0xffff]!;
}
