import type { ChannelFormat, ChannelPair, DescribedChannel, Kind } from '../../interwork/index.ts';
import type { HostPort } from '../../ras/interface.ts';
import type { FastChannel } from './fast-start.ts';

/** A channel that we transmit on. */
export interface Transmit extends ChannelFormat {
  number: number;
  state: 'opening' | 'open';
  rtp?: HostPort;
  rtcp?: HostPort;
}

/** A channel that the far side transmits on. */
export interface Receive extends ChannelFormat {
  number: number;
  sessionId: number;
  rtcp: HostPort | undefined;
  /** `asked`: our answer waits until the media engine has a place for it. */
  state: 'asked' | 'open';
  /** Not muted by the far side. */
  active: boolean;
}

/** The channels of a call, at most one of a kind in each direction. */
export class ChannelTable {
  readonly transmit = new Map<Kind, Transmit>();
  readonly receive = new Map<Kind, Receive>();
  /** What the far side lets us send, bit/s. */
  private readonly limits = new Map<Kind, number>();

  get isEmpty(): boolean {
    return this.transmit.size === 0 && this.receive.size === 0;
  }

  /** Whether a channel waits for the media engine. */
  get asks(): boolean {
    return [...this.receive.values()].some(({ state }) => state === 'asked');
  }

  /** The kind of our channel with this number. */
  kindOf(number: number): Kind | undefined {
    for (const [kind, channel] of this.transmit) if (channel.number === number) return kind;
    return undefined;
  }

  /** The far side's channel with this number is gone. */
  forget(number: number): void {
    for (const [kind, channel] of this.receive) if (channel.number === number) this.receive.delete(kind);
  }

  setActive(number: number, active: boolean): void {
    for (const channel of this.receive.values()) if (channel.number === number) channel.active = active;
  }

  /** @param number of our channel; without one, sound is left alone. */
  limit(number: number | undefined, bitsPerSecond: number | undefined): void {
    for (const [kind, channel] of this.transmit) {
      if (number === undefined ? kind !== 'video' : channel.number !== number) continue;
      if (bitsPerSecond === undefined) this.limits.delete(kind);
      else this.limits.set(kind, bitsPerSecond);
    }
  }

  /** A channel that fast connect brought, in which we transmit. */
  adoptTransmit(channel: FastChannel, rtp: HostPort): void {
    const rtcp = channel.rtcp ?? { host: rtp.host, port: rtp.port + 1 };
    this.transmit.set(channel.kind, { ...formatOf(channel), number: channel.number, state: 'open', rtp, rtcp });
  }

  /** A channel that fast connect brought, in which the far side transmits. */
  adoptReceive(channel: FastChannel): void {
    const { kind, number, rtcp, sessionId } = channel;
    this.receive.set(kind, { ...formatOf(channel), number, sessionId, rtcp, state: 'open', active: true });
  }

  /** Both directions of a kind as the far side's description needs them. */
  pair(kind: Kind): ChannelPair {
    return { transmit: this.described(kind), receive: this.receive.get(kind) as DescribedChannel | undefined };
  }

  private described(kind: Kind): DescribedChannel | undefined {
    const channel = this.transmit.get(kind);
    if (channel?.state !== 'open') return undefined;
    const bitRate = this.limits.get(kind);
    return { ...channel, ...(bitRate === undefined ? {} : { bitRate }) };
  }
}

/** Only what a channel carries. */
export function formatOf({ dataType, packetization, payloadType }: ChannelFormat): ChannelFormat {
  return {
    dataType,
    ...(payloadType === undefined ? {} : { payloadType }),
    ...(packetization === undefined ? {} : { packetization }),
  };
}
