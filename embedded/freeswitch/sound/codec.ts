import { Decoder as OpusLibraryDecoder, Encoder as OpusLibraryEncoder } from '@evan/opus';
import { decodingTable, encode, type G711 } from './g711.ts';
import { G722Decoder, G722Encoder } from './g722.ts';

/* The sound codecs as the media path sees them. */

export type CodecName = G711 | 'G722' | 'opus';

/** Packets of one stream to samples. */
export interface SoundDecoder {
  /** Decodes `length` bytes of `data` from `from`; writes samples into `into` from `at` and answers how many. */
  decode(data: Uint8Array, from: number, length: number, into: Int16Array, at: number): number;
}

/** Frames of 20 ms of one stream to packets. */
export interface SoundEncoder {
  /** Writes the packet into `into` from `at`; answers its bytes. */
  encode(samples: Int16Array, into: Uint8Array, at: number): number;
  /** Goes on where `other` is, as far as the codec's state can be handed on. */
  follow(other: object): void;
}

export interface Codec {
  name: CodecName;
  /** Samples a second that its decoder gives and its encoder takes. */
  rate: 8000 | 16000;
  /** Clock of its RTP time stamps, Hz. */
  clockHz: number;
  /** Largest packet of 20 ms, bytes. */
  mostBytes: number;
  newDecoder(): SoundDecoder;
  newEncoder(): SoundEncoder;
}

/** G.711: no state, one table. */
class TableCoder implements SoundDecoder, SoundEncoder {
  private readonly law: G711;
  private readonly table: Int16Array;

  constructor(law: G711) {
    this.law = law;
    this.table = decodingTable(law);
  }

  decode(data: Uint8Array, from: number, length: number, into: Int16Array, at: number): number {
    const { table } = this;
    const most = Math.min(length, into.length - at);
    for (let place = 0; place < most; place++) into[at + place] = table[data[from + place]!]!;
    return most;
  }

  encode(samples: Int16Array, into: Uint8Array, at: number): number {
    encode(this.law, samples, into, at);
    return samples.length;
  }

  follow(): void {}
}

/** Opus of a conversation's bit rate: more than 6 complexity steps cost time and are not heard at 16 kHz. */
const opusBitrate = 32_000;
const opusComplexity = 5;
const opusMostBytes = 400;

class OpusDecoder implements SoundDecoder {
  private readonly library = new OpusLibraryDecoder({ channels: 1, sample_rate: 16_000 });

  decode(data: Uint8Array, from: number, length: number, into: Int16Array, at: number): number {
    let bytes: Uint8Array;
    try {
      bytes = this.library.decode(data.subarray(from, from + length));
    } catch {
      return 0;
    }
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
    const most = Math.min(samples.length, into.length - at);
    for (let place = 0; place < most; place++) into[at + place] = samples[place]!;
    return most;
  }
}

class OpusEncoder implements SoundEncoder {
  private readonly library = new OpusLibraryEncoder({ channels: 1, sample_rate: 16_000, application: 'voip' });

  constructor() {
    this.library.bitrate = opusBitrate;
    this.library.complexity = opusComplexity;
    this.library.inband_fec = true;
    this.library.packet_loss = 5;
  }

  encode(samples: Int16Array, into: Uint8Array, at: number): number {
    const packet = this.library.encode(samples);
    const length = Math.min(packet.length, opusMostBytes, into.length - at);
    for (let place = 0; place < length; place++) into[at + place] = packet[place]!;
    return length;
  }

  /** The library's state cannot be copied: it finds its way within a few frames. */
  follow(): void {}
}

const tableCodec = (name: G711): Codec => {
  const coder = new TableCoder(name);
  return { name, rate: 8000, clockHz: 8000, mostBytes: 160, newDecoder: () => coder, newEncoder: () => coder };
};

export const codecs: Record<CodecName, Codec> = {
  PCMU: tableCodec('PCMU'),
  PCMA: tableCodec('PCMA'),
  G722: {
    name: 'G722',
    rate: 16_000,
    // RFC 3551, clause 4.5.2: the clock stays 8000 by an old mistake.
    clockHz: 8000,
    mostBytes: 160,
    newDecoder: () => new G722Decoder(),
    newEncoder: () => new G722Encoder(),
  },
  opus: {
    name: 'opus',
    rate: 16_000,
    clockHz: 48_000,
    mostBytes: opusMostBytes,
    newDecoder: () => new OpusDecoder(),
    newEncoder: () => new OpusEncoder(),
  },
};
