import type { Shape } from './shapes.ts';

/*
 * What the engine and a room's studio tell each other over the pipes of the child process: length (4 bytes), kind (1),
 * a number (4), a time in ms of the monotonic clock that both share (8), flags (1), then the body.
 */

export const kinds = {
  /** To the studio: the wanted state as JSON (`Plan`). */
  plan: 1,
  /** To the studio: a member's frame, number = member. */
  frame: 2,
  /** To the studio: a key frame of a composition, number = composition. */
  key: 3,
  /** To the studio: 20 ms of the room's mix (16-bit samples), number = film; flags = by how much
   * it is later than the speakers' pictures, in units of 4 ms. */
  sound: 4,
  /** To the studio: a film's order as JSON (`FilmOrder`), number = film. */
  film: 5,
  /** From the studio: it runs. */
  ready: 16,
  /** From the studio: an encoded picture, number = composition. */
  picture: 17,
  /** From the studio: a member's decoder needs a key frame, number = member. */
  needKey: 18,
  /** From the studio: the frame rate that it keeps, number = frames a second; 0 when it keeps none. */
  pace: 19,
  /** From the studio: a film was closed or failed, number = film, JSON (`FilmEnd`). */
  filmed: 20,
} as const;

/** A sound's delay travels in the flags, in units of so many ms. */
export const delayUnitMs = 4;

/** Without a codec's own: H.264. */
export const flags = { key: 1, damaged: 2, h263: 4, h261: 8 } as const;

/** A picture in a composition. */
export interface PlacedTile {
  member: number;
  /** In samples, even. */
  x: number;
  y: number;
  width: number;
  height: number;
  name: string;
}

/** The wanted state of a studio. */
export interface Plan {
  compositions: { id: number; shape: Shape; tiles: PlacedTile[] }[];
}

export type FilmOrder =
  | { action: 'start'; path: string; shape: Shape; rate: number }
  | { action: 'tiles'; tiles: PlacedTile[] }
  | { action: 'card'; lines: readonly string[] }
  | { action: 'pause' | 'resume' | 'stop' };

export interface FilmEnd {
  path: string;
  bytes: number;
  milliseconds: number;
  error?: string;
}

export interface WireMessage {
  kind: number;
  number: number;
  atMs: number;
  flags: number;
  body: Buffer;
}

const headLength = 18;
/** A longer message is a fault: no picture is so large. */
const longest = 16 << 20;

export function writeMessage(kind: number, number: number, atMs: number, flagBits: number, body: Uint8Array): Buffer {
  const message = Buffer.allocUnsafe(headLength + body.length);
  message.writeUInt32LE(headLength + body.length, 0);
  message[4] = kind;
  message.writeUInt32LE(number >>> 0, 5);
  message.writeDoubleLE(atMs, 9);
  message[17] = flagBits;
  message.set(body, headLength);
  return message;
}

/** Cuts a stream into messages. */
export class WireReader {
  private parts: Buffer[] = [];
  private length = 0;
  private needed = headLength;

  /** @throws RangeError when the stream is not ours. */
  push(chunk: Buffer): WireMessage[] {
    this.parts.push(chunk);
    this.length += chunk.length;
    const messages: WireMessage[] = [];
    if (this.length < this.needed) return messages;
    let data = this.parts.length === 1 ? chunk : Buffer.concat(this.parts, this.length);
    while (data.length >= headLength) {
      const length = data.readUInt32LE(0);
      if (length < headLength || length > longest) throw new RangeError(`message of ${length} bytes`);
      this.needed = length;
      if (data.length < length) break;
      this.needed = headLength;
      messages.push({
        kind: data[4]!,
        number: data.readUInt32LE(5),
        atMs: data.readDoubleLE(9),
        flags: data[17]!,
        body: data.subarray(headLength, length),
      });
      data = data.subarray(length);
    }
    this.parts = data.length === 0 ? [] : [data];
    this.length = data.length;
    return messages;
  }
}
