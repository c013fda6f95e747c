import { SrtpReceiver, SrtpSender, type SrtpSuite } from './srtp.ts';

/** What a description agreed on: master keys, ours and theirs. */
export interface Security {
  suite: SrtpSuite;
  /** Tag of the `crypto` line (RFC 4568, clause 4). */
  tag: number;
  ours: Buffer;
  theirs: Buffer;
}

/** Packets in a row that do not prove themselves until it is told. */
const unauthenticAlarm = 50;

/** Both directions of one stream under the keys agreed on; without any, packets pass as they are. */
export class StreamProtection {
  private agreed: Security | undefined;
  private sealing: SrtpSender | undefined;
  private opening: SrtpReceiver | undefined;
  private inRow = 0;

  /** Whether packets are sealed, and so are copies. */
  get on(): boolean {
    return this.sealing !== undefined;
  }

  /**
   * Takes what was agreed on; the same key goes on counting, a new start would be a replay to the far side. `true` when
   * what is sent is under other keys from now on.
   */
  update(now: Security | undefined): boolean {
    const before = this.agreed;
    this.agreed = now;
    if (now === undefined) {
      this.sealing = undefined;
      this.opening = undefined;
      return before !== undefined;
    }
    const rekeyed = before?.suite !== now.suite || !before.ours.equals(now.ours);
    if (rekeyed) this.sealing = new SrtpSender(now.suite, now.ours);
    if (before?.suite !== now.suite || !before.theirs.equals(now.theirs)) {
      this.opening = new SrtpReceiver(now.suite, now.theirs);
      this.inRow = 0;
    }
    return rekeyed;
  }

  seal(packet: Buffer): Buffer {
    return this.sealing?.protect(packet) ?? packet;
  }

  sealRtcp(packet: Buffer): Buffer {
    return this.sealing?.protectRtcp(packet) ?? packet;
  }

  /** The plain packet; `undefined` when it does not prove itself. */
  open(packet: Buffer): Buffer | undefined {
    if (this.opening === undefined) return packet;
    const plain = this.opening.unprotect(packet);
    if (plain === undefined) this.inRow++;
    else this.inRow = 0;
    return plain;
  }

  openRtcp(packet: Buffer): Buffer | undefined {
    return this.opening === undefined ? packet : this.opening.unprotectRtcp(packet);
  }

  /** Once in a row of packets: nothing that comes proves itself. */
  get doubtful(): boolean {
    return this.inRow === unauthenticAlarm;
  }
}
