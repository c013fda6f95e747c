import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

/* SRTP and SRTCP (RFC 3711; AES-GCM by RFC 7714): one direction of one stream under one master key. */

export type SrtpSuite = 'AES_CM_128_HMAC_SHA1_80' | 'AES_CM_128_HMAC_SHA1_32' | 'AEAD_AES_128_GCM';

/** Master key and salt lengths, bytes: what `inline:` carries (RFC 4568, clause 6.1; RFC 7714, clause 14.1). */
export const srtpKeyBytes: Record<SrtpSuite, { key: number; salt: number }> = {
  AES_CM_128_HMAC_SHA1_80: { key: 16, salt: 14 },
  AES_CM_128_HMAC_SHA1_32: { key: 16, salt: 14 },
  AEAD_AES_128_GCM: { key: 16, salt: 12 },
};

const rtcpTagBytes = 10;
const gcmTagBytes = 16;
/** Packets that may come late, or again because they were asked for: of pictures a second. */
const replayWindow = 1_024;

/** Derived keys of one kind of packet (RFC 3711, clause 4.3). */
interface SessionKeys {
  key: Buffer;
  salt: Buffer;
  auth: Buffer;
}

function derive(masterKey: Buffer, masterSalt: Buffer, label: number, length: number): Buffer {
  const iv = Buffer.alloc(16);
  masterSalt.copy(iv, 0, 0, Math.min(14, masterSalt.length));
  iv[7] = iv[7]! ^ label;
  return createCipheriv('aes-128-ctr', masterKey, iv).update(Buffer.alloc(length));
}

function keysFor(suite: SrtpSuite, master: Buffer, rtcp: boolean): SessionKeys {
  const { key: keyBytes, salt: saltBytes } = srtpKeyBytes[suite];
  const masterKey = master.subarray(0, keyBytes);
  const masterSalt = master.subarray(keyBytes, keyBytes + saltBytes);
  const first = rtcp ? 3 : 0;
  return {
    key: derive(masterKey, masterSalt, first, keyBytes),
    auth: derive(masterKey, masterSalt, first + 1, 20),
    salt: derive(masterKey, masterSalt, first + 2, saltBytes),
  };
}

/** Counter-mode IV (clause 4.1.1): salt · 2^16 ^ SSRC · 2^64 ^ index · 2^16. */
function counterIv(salt: Buffer, ssrc: number, high: number, low: number): Buffer {
  const iv = Buffer.alloc(16);
  salt.copy(iv, 0);
  iv.writeUInt32BE((iv.readUInt32BE(4) ^ ssrc) >>> 0, 4);
  iv.writeUInt32BE((iv.readUInt32BE(8) ^ high) >>> 0, 8);
  iv.writeUInt16BE(iv.readUInt16BE(12) ^ low, 12);
  return iv;
}

/** GCM's IV (RFC 7714, clauses 8.1 and 9.1): salt ^ (0, SSRC, ROC and sequence number or SRTCP index). */
function gcmIv(salt: Buffer, ssrc: number, high: number, low: number): Buffer {
  const iv = Buffer.from(salt);
  iv.writeUInt32BE((iv.readUInt32BE(2) ^ ssrc) >>> 0, 2);
  iv.writeUInt32BE((iv.readUInt32BE(6) ^ high) >>> 0, 6);
  iv.writeUInt16BE(iv.readUInt16BE(10) ^ low, 10);
  return iv;
}

/** Header of an RTP packet, its contributors and extension; `undefined` when it does not fit. */
function headerLength(packet: Buffer): number | undefined {
  if (packet.length < 12) return undefined;
  let length = 12 + 4 * (packet[0]! & 0x0f);
  if ((packet[0]! & 0x10) !== 0) {
    if (packet.length < length + 4) return undefined;
    length += 4 + 4 * packet.readUInt16BE(length + 2);
  }
  return packet.length < length ? undefined : length;
}

/** What we send, under our key. */
export class SrtpSender {
  private readonly suite: SrtpSuite;
  private readonly rtp: SessionKeys;
  private readonly rtcp: SessionKeys;
  private rollover = 0;
  private last = -1;
  private rtcpIndex = 0;

  constructor(suite: SrtpSuite, master: Buffer) {
    this.suite = suite;
    this.rtp = keysFor(suite, master, false);
    this.rtcp = keysFor(suite, master, true);
  }

  /** The protected packet. Sequence numbers must rise by one. */
  protect(packet: Buffer): Buffer {
    const sequence = packet.readUInt16BE(2);
    if (this.last >= 0 && sequence < this.last && this.last - sequence > 0x8000)
      this.rollover = (this.rollover + 1) >>> 0;
    this.last = sequence;
    const ssrc = packet.readUInt32BE(8);
    const start = headerLength(packet) ?? 12;
    const head = packet.subarray(0, start);
    if (this.suite === 'AEAD_AES_128_GCM') {
      const cipher = createCipheriv('aes-128-gcm', this.rtp.key, gcmIv(this.rtp.salt, ssrc, this.rollover, sequence));
      cipher.setAAD(head);
      const body = cipher.update(packet.subarray(start));
      cipher.final();
      return Buffer.concat([head, body, cipher.getAuthTag()]);
    }
    const iv = counterIv(this.rtp.salt, ssrc, this.rollover, sequence);
    const body = createCipheriv('aes-128-ctr', this.rtp.key, iv).update(packet.subarray(start));
    const tag = this.tag(head, body, this.rollover);
    return Buffer.concat([head, body, tag]);
  }

  /** The protected compound packet (clause 3.4), encrypted. */
  protectRtcp(packet: Buffer): Buffer {
    this.rtcpIndex = (this.rtcpIndex + 1) & 0x7fffffff;
    const trailer = Buffer.alloc(4);
    trailer.writeUInt32BE((0x80000000 | this.rtcpIndex) >>> 0);
    const ssrc = packet.readUInt32BE(4);
    const head = packet.subarray(0, 8);
    const high = this.rtcpIndex >>> 16;
    const low = this.rtcpIndex & 0xffff;
    if (this.suite === 'AEAD_AES_128_GCM') {
      const cipher = createCipheriv('aes-128-gcm', this.rtcp.key, gcmIv(this.rtcp.salt, ssrc, high, low));
      cipher.setAAD(Buffer.concat([head, trailer]));
      const body = cipher.update(packet.subarray(8));
      cipher.final();
      return Buffer.concat([head, body, cipher.getAuthTag(), trailer]);
    }
    const iv = counterIv(this.rtcp.salt, ssrc, high, low);
    const body = createCipheriv('aes-128-ctr', this.rtcp.key, iv).update(packet.subarray(8));
    const whole = Buffer.concat([head, body, trailer]);
    return Buffer.concat([whole, createHmac('sha1', this.rtcp.auth).update(whole).digest().subarray(0, rtcpTagBytes)]);
  }

  private tag(head: Buffer, body: Buffer, rollover: number): Buffer {
    return authTag(this.rtp.auth, head, body, rollover).subarray(0, tagBytes(this.suite));
  }
}

const tagBytes = (suite: SrtpSuite): number => (suite === 'AES_CM_128_HMAC_SHA1_32' ? 4 : 10);

function authTag(key: Buffer, head: Buffer, body: Buffer, rollover: number): Buffer {
  const roc = Buffer.alloc(4);
  roc.writeUInt32BE(rollover);
  return createHmac('sha1', key).update(head).update(body).update(roc).digest();
}

/** Which indices were seen (clause 3.3.2). */
class ReplayList {
  private highest = -1;
  /** A bit for each index, at its place on a circle of the window's length. */
  private readonly seen = new Uint32Array(replayWindow / 32);

  fresh(index: number): boolean {
    if (index > this.highest) return true;
    return this.highest - index < replayWindow && (this.seen[wordOf(index)]! & bitOf(index)) === 0;
  }

  take(index: number): void {
    if (index > this.highest) {
      if (index - this.highest >= replayWindow) this.seen.fill(0);
      else for (let one = this.highest + 1; one <= index; one++) this.seen[wordOf(one)]! &= ~bitOf(one);
      this.highest = index;
    }
    this.seen[wordOf(index)]! |= bitOf(index);
  }
}

const wordOf = (index: number): number => (index % replayWindow) >>> 5;
const bitOf = (index: number): number => 1 << (index & 31);

/** What we receive, under the far side's key. Packets that do not prove themselves are `undefined`. */
export class SrtpReceiver {
  private readonly suite: SrtpSuite;
  private readonly rtp: SessionKeys;
  private readonly rtcp: SessionKeys;
  private ssrc = -1;
  private rollover = 0;
  private highest = -1;
  private replay = new ReplayList();
  private readonly rtcpReplay = new ReplayList();

  constructor(suite: SrtpSuite, master: Buffer) {
    this.suite = suite;
    this.rtp = keysFor(suite, master, false);
    this.rtcp = keysFor(suite, master, true);
  }

  unprotect(packet: Buffer): Buffer | undefined {
    const start = headerLength(packet);
    const tagLength = this.suite === 'AEAD_AES_128_GCM' ? gcmTagBytes : tagBytes(this.suite);
    if (start === undefined || packet.length < start + tagLength) return undefined;
    const sequence = packet.readUInt16BE(2);
    const ssrc = packet.readUInt32BE(8);
    const anew = ssrc !== this.ssrc;
    const rollover = anew ? 0 : this.guess(sequence);
    if (rollover < 0) return undefined;
    // 48 bits: a number holds them.
    const index = rollover * 0x10000 + sequence;
    if (!anew && !this.replay.fresh(index)) return undefined;
    const body = packet.subarray(start, packet.length - tagLength);
    const plain = this.open(packet, start, body, rollover, sequence, ssrc);
    if (plain === undefined) return undefined;
    if (anew) {
      this.ssrc = ssrc;
      this.rollover = 0;
      this.highest = -1;
      this.replay = new ReplayList();
    }
    this.replay.take(index);
    if (rollover > this.rollover || sequence > this.highest || this.highest < 0) {
      if (rollover >= this.rollover) {
        this.rollover = rollover;
        this.highest = sequence;
      }
    }
    return plain;
  }

  unprotectRtcp(packet: Buffer): Buffer | undefined {
    const gcm = this.suite === 'AEAD_AES_128_GCM';
    const end = packet.length - (gcm ? 4 : 4 + rtcpTagBytes);
    if (end < 8 + (gcm ? gcmTagBytes : 0)) return undefined;
    const word = packet.readUInt32BE(end);
    const encrypted = word >>> 31 === 1;
    const index = word & 0x7fffffff;
    const ssrc = packet.readUInt32BE(4);
    if (!this.rtcpReplay.fresh(index)) return undefined;
    let plain: Buffer | undefined;
    if (gcm) {
      if (!encrypted) return undefined;
      plain = openGcm(
        this.rtcp.key,
        gcmIv(this.rtcp.salt, ssrc, index >>> 16, index & 0xffff),
        Buffer.concat([packet.subarray(0, 8), packet.subarray(end)]),
        packet.subarray(8, end),
      );
    } else {
      const tag = createHmac('sha1', this.rtcp.auth)
        .update(packet.subarray(0, end + 4))
        .digest()
        .subarray(0, rtcpTagBytes);
      if (!timingSafeEqual(tag, packet.subarray(end + 4))) return undefined;
      const iv = counterIv(this.rtcp.salt, ssrc, index >>> 16, index & 0xffff);
      plain = encrypted
        ? createDecipheriv('aes-128-ctr', this.rtcp.key, iv).update(packet.subarray(8, end))
        : packet.subarray(8, end);
    }
    if (plain === undefined) return undefined;
    this.rtcpReplay.take(index);
    return Buffer.concat([packet.subarray(0, 8), plain]);
  }

  /** The roll-over counter that a sequence number most likely belongs to (clause 3.3.1, appendix A). */
  private guess(sequence: number): number {
    const { rollover, highest } = this;
    if (highest < 0) return rollover;
    if (highest < 0x8000) return sequence - highest > 0x8000 ? rollover - 1 : rollover;
    return highest - 0x8000 > sequence ? rollover + 1 : rollover;
  }

  private open(
    packet: Buffer,
    start: number,
    body: Buffer,
    rollover: number,
    sequence: number,
    ssrc: number,
  ): Buffer | undefined {
    const head = packet.subarray(0, start);
    if (this.suite === 'AEAD_AES_128_GCM') {
      const plain = openGcm(this.rtp.key, gcmIv(this.rtp.salt, ssrc, rollover, sequence), head, packet.subarray(start));
      return plain === undefined ? undefined : Buffer.concat([head, plain]);
    }
    const tag = authTag(this.rtp.auth, head, body, rollover).subarray(0, tagBytes(this.suite));
    if (!timingSafeEqual(tag, packet.subarray(packet.length - tag.length))) return undefined;
    const iv = counterIv(this.rtp.salt, ssrc, rollover, sequence);
    return Buffer.concat([head, createDecipheriv('aes-128-ctr', this.rtp.key, iv).update(body)]);
  }
}

function openGcm(key: Buffer, iv: Buffer, associated: Buffer, sealed: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-128-gcm', key, iv, { authTagLength: gcmTagBytes });
    decipher.setAAD(associated);
    decipher.setAuthTag(sealed.subarray(sealed.length - gcmTagBytes));
    const plain = decipher.update(sealed.subarray(0, sealed.length - gcmTagBytes));
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}
