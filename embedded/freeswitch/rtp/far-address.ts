import type { RemoteInfo } from 'node:dgram';

/** A source that fell silent for so long may be followed by another, ms. */
const relockAfterMs = 1_000;

interface HostPort {
  host: string;
  port: number;
}

/** RTCP's port beside RTP's (RFC 3550, clause 11). */
export const besidePort = (port: number): number => Math.min(port + 1, 65_535);

/** The port that a description names for RTCP (RFC 3605), else the one beside RTP's. */
export function rtcpPortOf(media: { port: number; rtcp?: { port: number } | undefined }): number {
  const named = Number(media.rtcp?.port);
  return Number.isInteger(named) && named > 0 && named < 65_536 ? named : besidePort(Number(media.port));
}

/**
 * Where a stream's far side is: where its description says, until its packets come from elsewhere (symmetric RTP,
 * RFC 4961). The first valid source is taken and kept; another only after that one fell silent.
 */
export class FarAddress {
  /** Where RTP goes; nothing is known before the first description. */
  rtp: HostPort | undefined;
  /** Where RTCP goes. */
  rtcp: HostPort | undefined;
  private locked = false;
  /** Where RTCP last came from: it may come before the first RTP. */
  private heard: HostPort | undefined;

  /** Takes what a description says, where it differs from what the one before said. */
  told(now: HostPort & { rtcpPort: number }, before: (HostPort & { rtcpPort: number }) | undefined): void {
    if (before?.host !== now.host || before.port !== now.port) {
      this.rtp = { host: now.host, port: now.port };
      this.locked = false;
    } else if (before.rtcpPort === now.rtcpPort) return;
    this.rtcp = { host: now.host, port: now.rtcpPort };
  }

  /** Whether RTP may come from there; `silentMs` for how long none came. */
  mayCome(source: RemoteInfo, silentMs: number): boolean {
    return !this.locked || this.isRtp(source) || silentMs >= relockAfterMs;
  }

  /** RTP came from there, and it was valid. */
  rtpCame(source: RemoteInfo): void {
    this.locked = true;
    if (this.isRtp(source)) return;
    this.rtp = { host: source.address, port: source.port };
    const heard = this.heard?.host === source.address ? this.heard : undefined;
    this.rtcp = heard ?? { host: source.address, port: besidePort(source.port) };
  }

  /** Whether RTCP may come from there. */
  mayReport(source: RemoteInfo): boolean {
    return !this.locked || source.address === this.rtp?.host;
  }

  /** RTCP came from there, and it was valid. */
  rtcpCame(source: RemoteInfo): void {
    const { heard } = this;
    if (heard?.host !== source.address || heard.port !== source.port)
      this.heard = { host: source.address, port: source.port };
    if (this.locked) this.rtcp = this.heard;
  }

  private isRtp(source: RemoteInfo): boolean {
    return this.rtp?.port === source.port && this.rtp.host === source.address;
  }
}
