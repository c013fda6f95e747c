import type { Reception } from './reception.ts';
import { ntpMiddle, type RtcpReport } from './rtcp.ts';

/** A round trip longer than this is a report about something else, ms. */
const longestTripMs = 10_000;

/** What the far side tells of what it got of us, by its reports (RFC 3550, clause 6.4). */
export class FarReports {
  roundTripMs: number | undefined;
  /** What it lost of ours by its last report, of 100. */
  lossPercent: number | undefined;

  /** Takes reports that came at a moment (ms since 1970); `ssrc` is ours. */
  take(reports: readonly RtcpReport[], ssrc: number, reception: Reception, nowMs: number): void {
    for (const report of reports) {
      if (report.ntpMiddle !== undefined && report.ssrc === reception.ssrc)
        reception.senderReport(report.ntpMiddle, nowMs);
      const own = report.blocks.find((block) => block.ssrc === ssrc);
      if (own === undefined) continue;
      this.lossPercent = own.fractionLost / 2.56;
      if (own.lastSr === 0) continue;
      const trip = ((ntpMiddle(nowMs) - own.lastSr - own.delaySinceLastSr) | 0) / 65.536;
      if (trip >= 0 && trip < longestTripMs) this.roundTripMs = trip;
    }
  }
}
