/* RTCP sender and receiver reports (RFC 3550, clause 6.4): ours written, theirs read. */

export interface ReportBlock {
  ssrc: number;
  /** Lost since the last report, of 256. */
  fractionLost: number;
  cumulativeLost: number;
  highestSequence: number;
  jitter: number;
  lastSr: number;
  delaySinceLastSr: number;
}

export interface RtcpReport {
  ssrc: number;
  /** Middle 32 bits of the sender's NTP time; for a sender report. */
  ntpMiddle?: number;
  blocks: ReportBlock[];
}

const ntpEpochOffset = 2_208_988_800;

/** Middle 32 bits of an NTP time stamp for a moment in ms since 1970. */
export function ntpMiddle(ms: number): number {
  const seconds = ms / 1000 + ntpEpochOffset;
  return ((Math.floor(seconds) & 0xffff) * 65536 + Math.floor((seconds % 1) * 65536)) >>> 0;
}

/** A sender report with CNAME (a compound packet as clause 6.1 asks for). */
export function writeReport(
  ssrc: number,
  nowMs: number,
  sent: { timestamp: number; packets: number; bytes: number },
  block: ReportBlock | undefined,
  cname: string,
): Buffer {
  const report = Buffer.alloc(28 + (block === undefined ? 0 : 24));
  report[0] = 0x80 | (block === undefined ? 0 : 1);
  report[1] = 200;
  report.writeUInt16BE(report.length / 4 - 1, 2);
  report.writeUInt32BE(ssrc, 4);
  const seconds = nowMs / 1000 + ntpEpochOffset;
  report.writeUInt32BE(Math.floor(seconds) >>> 0, 8);
  report.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32) >>> 0, 12);
  report.writeUInt32BE(sent.timestamp >>> 0, 16);
  report.writeUInt32BE(sent.packets >>> 0, 20);
  report.writeUInt32BE(sent.bytes >>> 0, 24);
  if (block !== undefined) {
    report.writeUInt32BE(block.ssrc, 28);
    report[32] = block.fractionLost;
    report.writeIntBE(Math.max(-0x800000, Math.min(0x7fffff, block.cumulativeLost)), 33, 3);
    report.writeUInt32BE(block.highestSequence >>> 0, 36);
    report.writeUInt32BE(block.jitter >>> 0, 40);
    report.writeUInt32BE(block.lastSr >>> 0, 44);
    report.writeUInt32BE(block.delaySinceLastSr >>> 0, 48);
  }
  const name = Buffer.from(cname).subarray(0, 255);
  const itemLength = 4 + 2 + name.length;
  const description = Buffer.alloc(4 + itemLength + (4 - (itemLength % 4)));
  description[0] = 0x81;
  description[1] = 202;
  description.writeUInt16BE(description.length / 4 - 1, 2);
  description.writeUInt32BE(ssrc, 4);
  description[8] = 1;
  description[9] = name.length;
  name.copy(description, 10);
  return Buffer.concat([report, description]);
}

/** Reads the reports of a compound packet; what is malformed ends the reading. */
export function parseRtcp(data: Buffer): RtcpReport[] {
  const reports: RtcpReport[] = [];
  let at = 0;
  while (at + 8 <= data.length && data[at]! >> 6 === 2) {
    const type = data[at + 1];
    const end = at + 4 + 4 * data.readUInt16BE(at + 2);
    if (end > data.length) break;
    const blocksAt = type === 200 ? at + 28 : at + 8;
    if (type === 200 || type === 201) {
      const report: RtcpReport = { ssrc: data.readUInt32BE(at + 4), blocks: [] };
      if (type === 200 && at + 28 <= end) report.ntpMiddle = data.readUInt32BE(at + 10);
      const count = data[at]! & 0x1f;
      for (let place = blocksAt; place + 24 <= end && report.blocks.length < count; place += 24) {
        report.blocks.push({
          ssrc: data.readUInt32BE(place),
          fractionLost: data[place + 4]!,
          cumulativeLost: data.readIntBE(place + 5, 3),
          highestSequence: data.readUInt32BE(place + 8),
          jitter: data.readUInt32BE(place + 12),
          lastSr: data.readUInt32BE(place + 16),
          delaySinceLastSr: data.readUInt32BE(place + 20),
        });
      }
      reports.push(report);
    }
    at = end;
  }
  return reports;
}
