/** A file that is no capture, or ends in the middle of one. */
export class CaptureError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'CaptureError';
  }
}

/** A packet as it stands in a capture. */
export interface CapturedPacket {
  /** Number within the file, from 1, as capture programs count. */
  frame: number;
  /** Link-layer type (LINKTYPE_ value). */
  link: number;
  data: Uint8Array;
}

const pcapMicroseconds = 0xa1b2c3d4;
const pcapNanoseconds = 0xa1b23c4d;
const pcapngSection = 0x0a0d0d0a;

/**
 * Packets of a pcap or pcapng file, in the order in which they stand there.
 * @throws CaptureError after the last whole packet, when the file is cut; before the first, when it is no capture
 */
export function* readCapture(bytes: Uint8Array): Generator<CapturedPacket> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) throw new CaptureError(`no capture: ${bytes.length} octets`);
  const magic = view.getUint32(0);
  if (magic === pcapngSection) yield* readPcapng(bytes, view);
  else {
    const little = view.getUint32(0, true);
    if (magic === pcapMicroseconds || magic === pcapNanoseconds) yield* readPcap(bytes, view, false);
    else if (little === pcapMicroseconds || little === pcapNanoseconds) yield* readPcap(bytes, view, true);
    else throw new CaptureError('neither pcap nor pcapng');
  }
}

function* readPcap(bytes: Uint8Array, view: DataView, little: boolean): Generator<CapturedPacket> {
  if (bytes.length < 24) throw new CaptureError('cut within the header');
  // The upper bits tell of frame check sequences, which the IP layer's lengths leave out by themselves.
  const link = view.getUint32(20, little) & 0x0fffffff;
  let frame = 0;
  for (let at = 24; at < bytes.length; ) {
    if (bytes.length - at < 16) throw new CaptureError(`cut after packet ${frame}`);
    const length = view.getUint32(at + 8, little);
    at += 16;
    if (length > bytes.length - at) throw new CaptureError(`cut after packet ${frame}`);
    yield { frame: ++frame, link, data: bytes.subarray(at, at + length) };
    at += length;
  }
}

const interfaceBlock = 1;
const oldPacketBlock = 2;
const simplePacketBlock = 3;
const enhancedPacketBlock = 6;

function* readPcapng(bytes: Uint8Array, view: DataView): Generator<CapturedPacket> {
  let little = false;
  let links: number[] = [];
  let snapLengths: number[] = [];
  let frame = 0;
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < 12) throw new CaptureError(`cut after packet ${frame}`);
    // A section's byte order is told by the word behind its length.
    if (view.getUint32(at) === pcapngSection) {
      little = view.getUint32(at + 8) !== 0x1a2b3c4d;
      links = [];
      snapLengths = [];
    }
    const type = view.getUint32(at, little);
    const length = view.getUint32(at + 4, little);
    if (length < 12 || length > bytes.length - at) throw new CaptureError(`cut after packet ${frame}`);
    const end = at + length - 4;
    const packet = (interfaceId: number, from: number, captured: number): CapturedPacket => {
      const link = links[interfaceId];
      if (link === undefined || from + captured > end) throw new CaptureError(`broken block after packet ${frame}`);
      return { frame: ++frame, link, data: bytes.subarray(from, from + captured) };
    };
    if (type === interfaceBlock && length >= 20) {
      links.push(view.getUint16(at + 8, little));
      snapLengths.push(view.getUint32(at + 12, little));
    } else if (type === enhancedPacketBlock && length >= 32) {
      yield packet(view.getUint32(at + 8, little), at + 28, view.getUint32(at + 20, little));
    } else if (type === oldPacketBlock && length >= 32) {
      yield packet(view.getUint16(at + 8, little), at + 28, view.getUint32(at + 20, little));
    } else if (type === simplePacketBlock && length >= 16) {
      const snap = snapLengths[0] === 0 ? Number.POSITIVE_INFINITY : (snapLengths[0] ?? 0);
      yield packet(0, at + 12, Math.min(view.getUint32(at + 8, little), snap));
    }
    at += length;
  }
}
