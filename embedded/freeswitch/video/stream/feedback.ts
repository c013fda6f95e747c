/* RTCP feedback about pictures (RFC 4585 clause 6, RFC 5104 clause 4.3): ours written, theirs read. */

const transportFeedback = 205;
const payloadFeedback = 206;
/** Full intra request of RFC 2032, that H.261 equipment still sends. */
const oldFullIntra = 192;

/** What a far side asks for. */
export type FeedbackRequest =
  | { kind: 'pli'; media: number }
  | { kind: 'fir'; media: number; sequence: number }
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
