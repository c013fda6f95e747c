import { PerError } from './error.ts';
import { bitsFor } from './number.ts';
import type { Reader } from './reader.ts';
import type { Schema } from './schema.ts';
import { lengthField, type Size } from './size.ts';
import type { Writer } from './writer.ts';

/** Characters of one width (X.691 30.5): which codes they have on the wire. */
interface Alphabet {
  /** Bits a character. */
  bits: number;
  /** Code → character code and back, when the permitted alphabet is narrower than its bits; else they are the same. */
  codes?: readonly number[];
  places?: ReadonlyMap<number, number>;
}

export interface StringOptions {
  size?: Size;
  /** The permitted alphabet, in any order. */
  from?: string;
}

function alphabetOf(from: string): Alphabet {
  const codes = [...new Set(from)].map((character) => character.charCodeAt(0)).sort((a, b) => a - b);
  const bits = 2 ** bitsFor(bitsFor(codes.length));
  if (codes.length > 0 && codes[codes.length - 1] < 2 ** bits) return { bits };
  return { bits, codes, places: new Map(codes.map((code, place) => [code, place])) };
}

const octetWide: Alphabet = { bits: 8 };
const bmp: Alphabet = { bits: 16 };

/** IA5String (X.691 30); `size` in characters. The other strings of 7-bit characters differ in name only. */
export const IA5String = (options: StringOptions = {}): Schema<string> =>
  knownMultiplier(options.from === undefined ? octetWide : alphabetOf(options.from), options.size);
export const VisibleString = IA5String;
export const PrintableString = IA5String;
/** NumericString: digits and space in 4 bits each. */
export const NumericString = (options: StringOptions = {}): Schema<string> =>
  knownMultiplier(alphabetOf(options.from ?? ' 0123456789'), options.size);
/** BMPString: 16 bits a character, surrogates as they are. */
export const BMPString = (options: { size?: Size } = {}): Schema<string> => knownMultiplier(bmp, options.size);

/** A string type whose characters do not all take the same room: octets behind a general length (X.691 30.6). */
export const GeneralString: Schema<string> = {
  minBits: 8,
  read(reader) {
    let text = reader.latin1(reader.length());
    while (reader.more) text += reader.latin1(reader.length());
    return text;
  },
  write(writer, value) {
    const octets = new Uint8Array(value.length);
    for (let i = 0; i < value.length; i++) octets[i] = checkCode(value, i, 0xff);
    writer.lengthAndOctets(octets);
  },
};

function knownMultiplier(alphabet: Alphabet, size: Size | undefined): Schema<string> {
  const { bits } = alphabet;
  const field = lengthField(size);
  const { fixed, max } = field;
  const unaligned = fixed !== undefined ? fixed * bits <= 16 : max * bits < 16;
  return {
    minBits: field.minBits + (fixed ?? 0) * bits,
    read(reader) {
      const count = field.read(reader);
      let { more } = reader;
      let text = characters(reader, count, alphabet, unaligned);
      while (more) {
        const next = reader.length();
        more = reader.more;
        text += characters(reader, next, alphabet, unaligned);
      }
      return text;
    },
    write(writer, value) {
      if (typeof value !== 'string') throw new PerError('value', `${String(value)} is no string`);
      if (field.write(writer, value.length)) putCharacters(writer, value, alphabet, unaligned);
      else
        writer.fragments(value.length, (from, to) => putCharacters(writer, value.slice(from, to), alphabet, unaligned));
    },
  };
}

function characters(reader: Reader, count: number, alphabet: Alphabet, unaligned: boolean): string {
  if (count > 0 && !unaligned) reader.align();
  const { bits, codes } = alphabet;
  if (bits === 8 && codes === undefined && !unaligned) return reader.latin1(count);
  if (count * bits > reader.left)
    throw new PerError('truncated', `${count} characters wanted, ${reader.left} bits left`);
  let text = '';
  for (let i = 0; i < count; i++) {
    const code = reader.bits(bits);
    const character = codes === undefined ? code : codes[code];
    if (character === undefined) throw new PerError('range', `no character ${code} in the permitted alphabet`);
    text += String.fromCharCode(character);
  }
  return text;
}

function putCharacters(writer: Writer, text: string, alphabet: Alphabet, unaligned: boolean): void {
  if (text.length > 0 && !unaligned) writer.align();
  const { bits, places } = alphabet;
  const highest = 2 ** bits - 1;
  for (let i = 0; i < text.length; i++) {
    const code = places === undefined ? checkCode(text, i, highest) : places.get(text.charCodeAt(i));
    if (code === undefined) throw new PerError('value', `"${text[i]}" not in the permitted alphabet`);
    writer.bits(code, bits);
  }
}

function checkCode(text: string, index: number, highest: number): number {
  const code = text.charCodeAt(index);
  if (code > highest) throw new PerError('value', `"${text[index]}" not in the permitted alphabet`);
  return code;
}
