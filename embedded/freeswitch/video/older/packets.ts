import type { VideoCodec } from '../sdp/format.ts';

/*
 * Pictures of the older codecs as bit streams for a decoder, and back into the payloads of their RTP: H.261 (RFC 4587),
 * H.263 (RFC 2190), H.263 version 2 (RFC 4629). Their packets may begin and end within a byte.
 */

export type OlderCodec = Exclude<VideoCodec, 'H264'>;

/** Longest picture that is put together, bytes. */
const longestPicture = 1 << 20;

/** Part of a bit stream: bytes, and how many bits at their start and end are not of it. */
interface Bits {
  bytes: Uint8Array;
  skipFirst: number;
  skipLast: number;
}

/** The bit stream of a picture; what is no payload is left out. */
export function joinOlder(codec: OlderCodec, payloads: readonly Uint8Array[]): Buffer {
  const parts = payloads.flatMap((payload) => readers[codec](payload) ?? []);
  const length = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const stream = Buffer.alloc(Math.min(length, longestPicture));
  let at = 0;
  let open = 0;
  for (const { bytes, skipFirst, skipLast } of parts) {
    if (bytes.length === 0 || at + bytes.length > stream.length) continue;
    const first = bytes[0]! & (0xff >> skipFirst);
    // The byte that the packet before left unfinished goes on here.
    if (open > 0 && skipFirst > 0) stream[at - 1]! |= first;
    else stream[at++] = first;
    stream.set(bytes.subarray(1), at);
    at += bytes.length - 1;
    stream[at - 1]! &= (0xff << skipLast) & 0xff;
    open = skipLast;
  }
  return stream.subarray(0, at);
}

const readers: Record<OlderCodec, (payload: Uint8Array) => Bits | undefined> = {
  // SBIT, EBIT, I and V fill the first byte (RFC 4587, clause 4.1).
  H261: (payload) =>
    payload.length <= 4
      ? undefined
      : { bytes: payload.subarray(4), skipFirst: payload[0]! >> 5, skipLast: (payload[0]! >> 2) & 7 },
  H263: (payload) => {
    // Modes A, B and C by the flags F and P (RFC 2190, clause 5).
    const head = (payload[0]! & 0x80) === 0 ? 4 : (payload[0]! & 0x40) === 0 ? 8 : 12;
    if (payload.length <= head) return undefined;
    return { bytes: payload.subarray(head), skipFirst: (payload[0]! >> 3) & 7, skipLast: payload[0]! & 7 };
  },
  'H263-1998': (payload) => {
    if (payload.length < 3) return undefined;
    const extra = ((payload[0]! & 1) << 5) | (payload[1]! >> 3);
    const redundancy = (payload[0]! & 0x02) !== 0 ? 1 : 0;
    const body = payload.subarray(2 + redundancy + extra);
    // Two zero bytes of a start code are left out on the way.
    const bytes = (payload[0]! & 0x04) !== 0 ? Buffer.concat([Buffer.alloc(2), body]) : body;
    return { bytes, skipFirst: 0, skipLast: 0 };
  },
};

/** Payloads for a picture of ours; of `mostBytes` where its groups of blocks are no longer. */
export function cutOlder(codec: OlderCodec, picture: Buffer, key: boolean, mostBytes: number): Uint8Array[] {
  if (codec === 'H263-1998') return cutAnywhere(picture, mostBytes);
  if (codec === 'H261') {
    // Starts of groups (16 bits) need not stand at a byte's start; motion vectors may be used.
    return groups(picture, startsOfH261(picture), mostBytes - 4).map(({ bytes, skipFirst, skipLast }) =>
      Buffer.concat([Buffer.from([(skipFirst << 5) | (skipLast << 2) | (key ? 2 : 0) | 1, 0, 0, 0]), bytes]),
    );
  }
  const { source, inter, reference } = h263Head(picture);
  return groups(picture, startsOfH263(picture), mostBytes - 4).map(({ bytes, skipFirst, skipLast }) =>
    Buffer.concat([Buffer.from([(skipFirst << 3) | skipLast, (source << 5) | (inter << 4), 0, reference]), bytes]),
  );
}

/** H.263 version 2: the first without the two zero bytes of its start code (RFC 4629, clause 5.1). */
function cutAnywhere(picture: Buffer, mostBytes: number): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  const room = mostBytes - 2;
  for (let at = 2; at < picture.length; at += room) {
    payloads.push(Buffer.concat([Buffer.from([at === 2 ? 0x04 : 0, 0]), picture.subarray(at, at + room)]));
  }
  return payloads;
}

/** Places of 16-bit start codes (0000 0000 0000 0001), in bits, the picture's own first. */
function startsOfH261(picture: Buffer): number[] {
  const starts: number[] = [];
  let window = 0xffff;
  for (let bit = 0; bit < picture.length * 8; bit++) {
    window = ((window << 1) | ((picture[bit >> 3]! >> (7 - (bit & 7))) & 1)) & 0xffff;
    if (window === 1) starts.push(bit - 15);
  }
  return starts;
}

/** Places of start codes (16 zeros and a 1) at bytes' starts, in bits. */
function startsOfH263(picture: Buffer): number[] {
  const starts: number[] = [];
  for (let at = 0; at + 2 < picture.length; at++) {
    if (picture[at] === 0 && picture[at + 1] === 0 && (picture[at + 2]! & 0x80) !== 0) starts.push(at * 8);
  }
  return starts;
}

/** What RFC 2190's header repeats of a picture's: source format, whether it is predicted, temporal reference. */
function h263Head(picture: Buffer): { source: number; inter: number; reference: number } {
  return {
    source: (picture[4]! >> 2) & 7,
    inter: (picture[4]! >> 1) & 1,
    reference: ((picture[2]! & 3) << 6) | (picture[3]! >> 2),
  };
}

/** A stream cut at some of the places where it may be, into as few parts as fit. */
function groups(picture: Buffer, starts: readonly number[], mostBytes: number): Bits[] {
  const parts: Bits[] = [];
  const end = picture.length * 8;
  const bytesOf = (from: number, to: number): number => ((to + 7) >> 3) - (from >> 3);
  const ends = [...starts.slice(1), end];
  let from = 0;
  for (const [place, here] of ends.entries()) {
    const following = ends[place + 1];
    if (following !== undefined && bytesOf(from, following) <= mostBytes) continue;
    parts.push({
      bytes: picture.subarray(from >> 3, (here + 7) >> 3),
      skipFirst: from & 7,
      skipLast: (8 - (here & 7)) & 7,
    });
    from = here;
  }
  return parts;
}
