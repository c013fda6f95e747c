/* RTCP feedback about pictures (RFC 4585 clause 6, RFC 5104 clause 4.3): ours written, theirs read. */

const transportFeedback = 205;
const payloadFeedback = 206;
/** Full intra request of RFC 2032, that H.261 equipment still sends. */
const oldFullIntra = 192;

/** What a far side asks for. */
export type FeedbackRequest =
  | { kind: 'pli'; media: number }
  | { kind: 'fir'; media: number; sequence: number }
  | { kind: 'nack'; media: number; lost: number[] }
  | { kind: 'tmmbr'; media: number; from: number; bitrate: number };

/** Reads the feedback of a compound packet; what is malformed ends the reading. */
export function parseFeedback(data: Buffer): FeedbackRequest[] {
  const requests: FeedbackRequest[] = [];
  let at = 0;
  while (at + 4 <= data.length && data[at]! >> 6 === 2) {
    const end = at + 4 + 4 * data.readUInt16BE(at + 2);
    if (end > data.length) break;
    const type = data[at + 1]!;
    const format = data[at]! & 0x1f;
    if (type === oldFullIntra && end - at >= 8) requests.push({ kind: 'pli', media: 0 });
    if (type === payloadFeedback && format === 1 && end - at >= 12) {
      requests.push({ kind: 'pli', media: data.readUInt32BE(at + 8) });
    }
    if (type === payloadFeedback && format === 4) {
      for (let entry = at + 12; entry + 8 <= end; entry += 8) {
        requests.push({ kind: 'fir', media: data.readUInt32BE(entry), sequence: data[entry + 4]! });
      }
    }
    if (type === transportFeedback && format === 1 && end - at >= 16) {
      const lost: number[] = [];
      for (let entry = at + 12; entry + 4 <= end; entry += 4) {
        const first = data.readUInt16BE(entry);
        const following = data.readUInt16BE(entry + 2);
        lost.push(first);
        for (let bit = 0; bit < 16; bit++) if ((following >> bit) & 1) lost.push((first + bit + 1) & 0xffff);
      }
      requests.push({ kind: 'nack', media: data.readUInt32BE(at + 8), lost });
    }
    if (type === transportFeedback && format === 3) {
      for (let entry = at + 12; entry + 8 <= end; entry += 8) {
        const word = data.readUInt32BE(entry + 4);
        // Exponent of 6 bits, mantissa of 17, overhead of 9.
        const bitrate = ((word >>> 9) & 0x1ffff) * 2 ** (word >>> 26);
        requests.push({ kind: 'tmmbr', media: data.readUInt32BE(entry), from: data.readUInt32BE(at + 4), bitrate });
      }
    }
    at = end;
  }
  return requests;
}

/** Picture loss indication (RFC 4585, clause 6.3.1). */
export function writePli(sender: number, media: number): Buffer {
  const packet = Buffer.alloc(12);
  packet[0] = 0x81;
  packet[1] = payloadFeedback;
  packet.writeUInt16BE(2, 2);
  packet.writeUInt32BE(sender, 4);
  packet.writeUInt32BE(media, 8);
  return packet;
}

/** Generic NACK: these packets are missing (RFC 4585, clause 6.2.1); `lost` in the order of the stream. */
export function writeNack(sender: number, media: number, lost: readonly number[]): Buffer {
  const entries: { first: number; following: number }[] = [];
  for (const sequence of lost) {
    const last = entries.at(-1);
    const behind = last === undefined ? 0 : (sequence - last.first) & 0xffff;
    if (last !== undefined && behind >= 1 && behind <= 16) last.following |= 1 << (behind - 1);
    else entries.push({ first: sequence, following: 0 });
  }
  const packet = Buffer.alloc(12 + 4 * entries.length);
  packet[0] = 0x81;
  packet[1] = transportFeedback;
  packet.writeUInt16BE(2 + entries.length, 2);
  packet.writeUInt32BE(sender, 4);
  packet.writeUInt32BE(media, 8);
  for (const [place, { first, following }] of entries.entries()) {
    packet.writeUInt16BE(first, 12 + 4 * place);
    packet.writeUInt16BE(following, 14 + 4 * place);
  }
  return packet;
}

/** Full intra request (RFC 5104, clause 4.3.1); a repeated request keeps its sequence number. */
export function writeFir(sender: number, media: number, sequence: number): Buffer {
  const packet = Buffer.alloc(20);
  packet[0] = 0x84;
  packet[1] = payloadFeedback;
  packet.writeUInt16BE(4, 2);
  packet.writeUInt32BE(sender, 4);
  packet.writeUInt32BE(media, 12);
  packet[16] = sequence;
  return packet;
}

/** Request to be sent no more than so many bit/s (RFC 5104, clause 4.2.1). */
export function writeTmmbr(sender: number, media: number, bitrate: number): Buffer {
  return rateFeedback(3, sender, media, bitrate);
}

/** Notification that a TMMBR was taken (RFC 5104, clause 4.2.2). */
export function writeTmmbn(sender: number, owner: number, bitrate: number): Buffer {
  return rateFeedback(4, sender, owner, bitrate);
}

function rateFeedback(format: 3 | 4, sender: number, about: number, bitrate: number): Buffer {
  const packet = Buffer.alloc(20);
  packet[0] = 0x80 | format;
  packet[1] = transportFeedback;
  packet.writeUInt16BE(4, 2);
  packet.writeUInt32BE(sender, 4);
  packet.writeUInt32BE(about, 12);
  let exponent = 0;
  let mantissa = Math.floor(bitrate);
  while (mantissa > 0x1ffff) {
    mantissa = Math.floor(mantissa / 2);
    exponent++;
  }
  packet.writeUInt32BE(((exponent << 26) | (mantissa << 9)) >>> 0, 16);
  return packet;
}
