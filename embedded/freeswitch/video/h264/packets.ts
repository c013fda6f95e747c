import { nalType, nalTypes } from './nal.ts';

/* H.264 in RTP (RFC 6184): payloads of one picture to NAL units, and back. */

/** One packet's payload, and whether packets are missing just before it. */
export interface PictureFragment {
  payload: Uint8Array;
  afterGap: boolean;
}

/** A NAL unit longer than this is not put together: no level's picture needs it. */
const longestUnit = 4 << 20;

/**
 * NAL units of one picture from its packets in order. Single NAL unit packets, STAP-A and FU-A are read (packetization
 * modes 0 and 1); other kinds, and units with missing parts, are left out and the picture counts as damaged.
 */
export function unitsOf(fragments: readonly PictureFragment[]): { units: Uint8Array[]; damaged: boolean } {
  const units: Uint8Array[] = [];
  let damaged = false;
  let parts: Uint8Array[] | undefined;
  let length = 0;
  for (const { payload, afterGap } of fragments) {
    if (payload.length === 0) continue;
    if (afterGap) {
      damaged = true;
      parts = undefined;
    }
    const type = payload[0]! & 0x1f;
    if (type !== nalTypes.fuA && parts !== undefined) {
      damaged = true;
      parts = undefined;
    }
    if (type >= 1 && type <= 23) units.push(payload);
    else if (type === nalTypes.stapA) damaged = !aggregated(payload, units) || damaged;
    else if (type === nalTypes.fuA && payload.length > 2) {
      const header = payload[1]!;
      if ((header & 0x80) !== 0) {
        parts = [Uint8Array.of((payload[0]! & 0xe0) | (header & 0x1f)), payload.subarray(2)];
        length = payload.length - 1;
      } else if (parts !== undefined) {
        parts.push(payload.subarray(2));
        length += payload.length - 2;
      } else damaged = true;
      if (parts !== undefined && length > longestUnit) {
        damaged = true;
        parts = undefined;
      }
      if ((header & 0x40) !== 0 && parts !== undefined) {
        units.push(Buffer.concat(parts, length));
        parts = undefined;
      }
    } else damaged = true;
  }
  return { units, damaged: damaged || parts !== undefined };
}

function aggregated(payload: Uint8Array, units: Uint8Array[]): boolean {
  let at = 1;
  while (at + 2 <= payload.length) {
    const size = payload[at]! * 256 + payload[at + 1]!;
    if (size === 0 || at + 2 + size > payload.length) return false;
    units.push(payload.subarray(at + 2, at + 2 + size));
    at += 2 + size;
  }
  return at === payload.length;
}

/** Whether NAL units can be sent without fragmenting, as packetization mode 0 must. */
export function fitsMode0(units: readonly Uint8Array[], mostBytes: number): boolean {
  return units.every((unit) => unit.length <= mostBytes);
}

/**
 * Payloads for NAL units, each of at most `mostBytes`: one unit a packet, longer ones as FU-A in mode 1. In mode 0 a
 * longer unit goes out whole all the same (see `fitsMode0`).
 */
export function payloadsOf(units: readonly Uint8Array[], mode: 0 | 1, mostBytes: number): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  for (const unit of units) {
    if (unit.length <= mostBytes || mode === 0) {
      payloads.push(unit);
      continue;
    }
    const indicator = (unit[0]! & 0xe0) | nalTypes.fuA;
    const type = nalType(unit);
    const room = mostBytes - 2;
    // Parts of like size: no packet of a few bytes at the end.
    const count = Math.ceil((unit.length - 1) / room);
    const size = Math.ceil((unit.length - 1) / count);
    for (let at = 1; at < unit.length; at += size) {
      const end = Math.min(at + size, unit.length);
      const payload = Buffer.allocUnsafe(2 + end - at);
      payload[0] = indicator;
      payload[1] = (at === 1 ? 0x80 : 0) | (end === unit.length ? 0x40 : 0) | type;
      payload.set(unit.subarray(at, end), 2);
      payloads.push(payload);
    }
  }
  return payloads;
}
