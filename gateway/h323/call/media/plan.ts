import type {
  DataType,
  OpenLogicalChannel,
  OpenLogicalChannelAck,
  OpenLogicalChannelReject,
  TerminalCapabilitySet,
} from '../../h245/index.ts';
import type { ChannelFormat, Kind, LocalStream } from '../../interwork/index.ts';
import type { IncomingChannels } from '../control/incoming-channels.ts';
import type { Status } from '../control/master-slave.ts';
import type { OutgoingChannels } from '../control/outgoing-channels.ts';
import { type FarChannel, openAck, openRequest, readOpenAck, readOpenRequest } from './channel.ts';
import { ChannelTable, formatOf, type Receive } from './channel-table.ts';
import type { AcceptedPair } from './fast-start.ts';
import { openedRateOf, pictureRateOf } from './picture-rate.ts';
import { type Settlement, settlementOf } from './settlement.ts';
import { kindOf, type MediaTerms } from './terms.ts';

/** Channels of a kind that are tried before it is given up. */
const mostTries = 5;

/**
 * Which channels a call has, and which it opens next: symmetrical codecs, conflicts by master and slave (H.245, clause
 * C.4.1.3), pause and resume by the empty capability set (H.323, clause 8.4.6). Decides; sends through the entities.
 */
export class ChannelPlan {
  /** What we told that we can: codecs are taken from it. */
  private abilities: string | undefined;
  /** Our present description: addresses are taken from it. */
  private local: string | undefined;
  private far: TerminalCapabilitySet | undefined;
  private status: Status | undefined;
  /** The far side knows our capabilities. */
  private told = false;
  readonly channels = new ChannelTable();
  private readonly refused = new Map<Kind, DataType[]>();
  private readonly tries = new Map<Kind, number>();
  private readonly conflicts = new Map<Kind, number>();
  private readonly impossible = new Set<Kind>();
  private readonly early: FarChannel[] = [];
  /** Streams that the media engine has; `undefined` while all that we described are open. */
  private engaged: ReadonlySet<Kind> | undefined;
  /** The far side told an empty capability set: nothing is sent to it. */
  paused = false;
  /** Fast connect is not decided: nothing is opened by H.245 meanwhile. */
  held = false;
  private readonly terms: MediaTerms;
  private readonly outgoing: OutgoingChannels;
  private readonly incoming: IncomingChannels;
  private readonly changed: () => void;

  /** @param changed is called when the far side's description may have changed. */
  constructor(terms: MediaTerms, outgoing: OutgoingChannels, incoming: IncomingChannels, changed: () => void) {
    this.terms = terms;
    this.outgoing = outgoing;
    this.incoming = incoming;
    this.changed = changed;
  }

  get farCapabilities(): TerminalCapabilitySet | undefined {
    return this.far;
  }

  /** Our description, with all that we can. */
  describe(sdp: string): void {
    this.abilities = sdp;
    this.local = sdp;
    this.engaged = undefined;
    this.impossible.clear();
    this.refused.clear();
    this.tries.clear();
    for (const channel of this.early.splice(0)) this.requested(channel);
    this.advance();
  }

  /**
   * The far side's description went to the media engine: from now on streams that it does not have are asked for before
   * a channel of theirs is opened.
   */
  engage(): void {
    this.engaged = kindsIn(this.remoteSdp ?? '');
  }

  /**
   * Our description as the media engine has it now, its answer to `offered`; channels that waited for it are answered,
   * those that were asked for meanwhile wait for the next.
   */
  relocate(sdp: string, offered: string): void {
    const before = this.local === undefined ? [] : this.terms.streams(this.local);
    this.local = sdp;
    this.engaged = kindsIn(sdp);
    for (const { kind, rtp } of this.terms.streams(sdp)) {
      const old = before.find((one) => one.kind === kind)?.rtp;
      const open = this.channels.receive.get(kind);
      // The engine moved: the far side has to send elsewhere.
      if (old !== undefined && open?.state === 'open' && (old.port !== rtp.port || old.host !== rtp.host)) {
        this.incoming.requestClose(open.number);
      }
    }
    for (const [kind, channel] of this.channels.receive) {
      if (channel.state !== 'asked') continue;
      const stream = this.stream(kind);
      if (stream !== undefined) this.accept(kind, channel, stream);
      else if (kindsIn(offered).has(kind)) this.refuse(channel.number, kind, { dataTypeNotAvailable: null });
    }
    this.advance();
  }

  /** The media engine does not take what the far side wants: what waits is refused. */
  keep(): void {
    for (const [kind, channel] of this.channels.receive) {
      if (channel.state === 'asked') this.refuse(channel.number, kind, { dataTypeNotAvailable: null });
    }
  }

  /** Channels that fast connect brought. @param weCalled whether forward is our direction. */
  adopt(pairs: readonly Omit<AcceptedPair, 'stream'>[], weCalled: boolean): void {
    for (const { forward, reverse } of pairs) {
      const [out, back] = weCalled ? [forward, reverse] : [reverse, forward];
      if (out?.rtp !== undefined) {
        this.outgoing.adopt(out.number);
        this.channels.adoptTransmit(out, out.rtp);
      }
      if (back !== undefined) {
        this.incoming.adopt(back.number);
        this.channels.adoptReceive(back);
      }
    }
    this.changed();
  }

  /** Fast connect is decided. */
  release(): void {
    this.held = false;
    this.advance();
    this.changed();
  }

  capabilitiesReceived(far: TerminalCapabilitySet, paused: boolean): void {
    if (paused) {
      this.paused = true;
      for (const [kind, { number }] of this.channels.transmit) {
        this.channels.transmit.delete(kind);
        this.outgoing.close(number);
      }
    } else {
      this.far = far;
      this.paused = false;
      this.impossible.clear();
      this.refused.clear();
      this.tries.clear();
      this.reconsider(far);
    }
    this.advance();
    this.changed();
  }

  capabilitiesAcknowledged(): void {
    this.told = true;
    this.advance();
  }

  determined(status: Status | undefined): void {
    this.status = status;
    this.advance();
  }

  channelRequested(request: OpenLogicalChannel): void {
    const channel = readOpenRequest(request);
    if ('refuse' in channel) this.incoming.refuse(request.forwardLogicalChannelNumber, channel.refuse);
    else this.requested(channel);
  }

  channelOpened(number: number, ack: OpenLogicalChannelAck): void {
    const kind = this.channels.kindOf(number);
    const channel = kind === undefined ? undefined : this.channels.transmit.get(kind);
    if (kind === undefined || channel === undefined) {
      this.outgoing.close(number);
      return;
    }
    const addresses = readOpenAck(ack);
    if (addresses === undefined) {
      this.channels.transmit.delete(kind);
      this.impossible.add(kind);
      this.outgoing.close(number);
    } else Object.assign(channel, addresses, { state: 'open' });
    this.changed();
  }

  channelRefused(number: number, cause: OpenLogicalChannelReject['cause'] | 'no answer'): void {
    const kind = this.channels.kindOf(number);
    const channel = kind === undefined ? undefined : this.channels.transmit.get(kind);
    if (kind === undefined || channel === undefined) return;
    this.channels.transmit.delete(kind);
    if (cause === 'no answer') this.impossible.add(kind);
    // In a conflict the codec of the master's channel is next; else another codec.
    else if (cause.masterSlaveConflict === undefined || !this.channels.receive.has(kind)) {
      this.refused.set(kind, [...(this.refused.get(kind) ?? []), channel.dataType]);
    }
    this.advance();
    this.changed();
  }

  channelCloseRequested(number: number, reopen: boolean): void {
    const kind = this.channels.kindOf(number);
    if (kind !== undefined) this.channels.transmit.delete(kind);
    this.outgoing.close(number);
    if (kind !== undefined && !reopen) this.impossible.add(kind);
    this.advance();
    this.changed();
  }

  channelClosed(number: number): void {
    this.channels.forget(number);
    const early = this.early.findIndex((channel) => channel.number === number);
    if (early >= 0) this.early.splice(early, 1);
    this.changed();
  }

  /** The far side limits what we send, bit/s. @param number of our channel, or all of them. */
  limit(number: number | undefined, bitsPerSecond: number | undefined): void {
    this.channels.limit(number, bitsPerSecond);
    this.changed();
  }

  /** Number of the channel on which the far side sends us pictures. */
  get pictureChannel(): number | undefined {
    return this.channels.receive.get('video')?.number;
  }

  /** Closes what we transmit on, and has the far side open its channels anew (addresses of ours have changed). */
  closeAll(): void {
    for (const { number } of this.channels.transmit.values()) this.outgoing.close(number);
    this.channels.transmit.clear();
    this.told = false;
    this.status = undefined;
  }

  /** Asks for the data type of a requested mode: whether we can transmit so, and do from now on. */
  prefer(dataType: DataType): 'as now' | 'changed' | 'unavailable' {
    const kind = kindOf(dataType);
    const current = kind === undefined ? undefined : this.channels.transmit.get(kind);
    if (kind === undefined || this.abilities === undefined || this.far === undefined) return 'unavailable';
    if (current !== undefined && this.terms.same(current.dataType, dataType)) return 'as now';
    const format = this.terms.takes(this.abilities, dataType);
    if (format === undefined || !this.terms.farTakes(this.far, dataType)) return 'unavailable';
    if (current !== undefined) this.outgoing.close(current.number);
    this.channels.transmit.delete(kind);
    this.open(kind, format);
    return 'changed';
  }

  get settlement(): Settlement {
    const { abilities, far, local } = this;
    if (local === undefined) return 'opening';
    return settlementOf({
      transmit: new Map([...this.channels.transmit].map(([kind, { state }]) => [kind, state])),
      receive: new Map([...this.channels.receive].map(([kind, { state }]) => [kind, state])),
      impossible: this.impossible,
      pictures: this.terms.streams(local).some(({ kind }) => kind === 'video'),
      capabilitiesExchanged: far !== undefined && this.told,
      farKnown: far !== undefined,
      farSpeaks: () =>
        abilities !== undefined &&
        far !== undefined &&
        this.terms.choose(abilities, far, 'audio', { order: 'ours', not: [] }) !== undefined,
    });
  }

  /** The far side's description of the channels that stand; `undefined` while ours is not known. */
  get remoteSdp(): string | undefined {
    if (this.local === undefined) return undefined;
    const channels = { audio: this.channels.pair('audio'), video: this.channels.pair('video') };
    return this.terms.describe(this.abilities ?? this.local, channels, this.far);
  }

  private get ready(): boolean {
    return (
      this.abilities !== undefined && this.far !== undefined && !this.paused && this.told && this.status !== undefined
    );
  }

  /** Opens what is missing. */
  private advance(): void {
    if (!this.ready || this.held || this.local === undefined) return;
    for (const { kind } of this.terms.streams(this.local)) {
      if (this.channels.transmit.has(kind) || this.impossible.has(kind) || this.stream(kind) === undefined) continue;
      const format = this.choice(kind);
      if (format === undefined) this.impossible.add(kind);
      else this.open(kind, format);
    }
  }

  private choice(kind: Kind): ChannelFormat | undefined {
    const { abilities, far } = this;
    if (abilities === undefined || far === undefined || (this.tries.get(kind) ?? 0) >= mostTries) return undefined;
    const not = this.refused.get(kind) ?? [];
    const order = this.status === 'slave' ? 'theirs' : 'ours';
    const chosen = this.terms.choose(abilities, far, kind, { order, not });
    const theirs = this.channels.receive.get(kind);
    if (theirs === undefined || not.some((one) => this.terms.same(one, theirs.dataType))) return chosen;
    // The same codec in both directions, and one payload type for both: engines know no other way.
    const payload = theirs.payloadType === undefined ? {} : { payloadType: theirs.payloadType };
    if (chosen !== undefined && this.terms.same(chosen.dataType, theirs.dataType)) return { ...chosen, ...payload };
    return this.terms.farTakes(far, theirs.dataType) ? formatOf(theirs) : chosen;
  }

  private open(kind: Kind, chosen: ChannelFormat): void {
    const stream = this.stream(kind);
    if (stream === undefined) return;
    this.tries.set(kind, (this.tries.get(kind) ?? 0) + 1);
    const number = this.outgoing.free();
    this.channels.transmit.set(kind, { ...formatOf(chosen), number, state: 'opening' });
    this.outgoing.open(openRequest(number, kind, chosen, stream));
  }

  private requested(channel: FarChannel): void {
    const { abilities, local } = this;
    const kind = kindOf(channel.dataType);
    if (kind === undefined) {
      this.incoming.refuse(channel.number, { dataTypeNotSupported: null });
      return;
    }
    if (abilities === undefined || local === undefined) {
      this.early.push(channel);
      return;
    }
    if (this.terms.takes(abilities, channel.dataType) === undefined) {
      this.incoming.refuse(channel.number, { dataTypeNotSupported: null });
      return;
    }
    const ours = this.channels.transmit.get(kind);
    const conflict = ours !== undefined && !this.terms.same(ours.dataType, channel.dataType);
    if (conflict && this.status === 'master' && (this.conflicts.get(kind) ?? 0) === 0) {
      // The slave takes our codec instead; one that comes with its own again can do no other.
      this.conflicts.set(kind, 1);
      this.incoming.refuse(channel.number, { masterSlaveConflict: null });
      return;
    }
    const stream = this.stream(kind);
    const received: Receive = { ...channel, state: stream === undefined ? 'asked' : 'open', active: true };
    if (stream !== undefined) this.accept(kind, received, stream);
    else this.channels.receive.set(kind, received);
    if (conflict) {
      this.channels.transmit.delete(kind);
      this.outgoing.close(ours.number);
    }
    this.advance();
    this.changed();
  }

  private accept(kind: Kind, channel: Receive, stream: LocalStream): void {
    this.channels.receive.set(kind, { ...channel, state: 'open' });
    this.incoming.accept(openAck(channel.number, channel.sessionId, stream));
    const most = kind === 'video' && this.local !== undefined ? pictureRateOf(this.local) : undefined;
    if (most !== undefined && openedRateOf(channel.dataType) > most) this.incoming.limit(channel.number, most);
  }

  private refuse(number: number, kind: Kind, cause: OpenLogicalChannelReject['cause']): void {
    if (this.channels.receive.get(kind)?.number === number) this.channels.receive.delete(kind);
    this.incoming.refuse(number, cause);
  }

  /** Channels whose codec the far side does not take any more are closed, and opened with another. */
  private reconsider(far: TerminalCapabilitySet): void {
    for (const [kind, { dataType, number, state }] of this.channels.transmit) {
      if (state !== 'open' || this.terms.farTakes(far, dataType)) continue;
      this.channels.transmit.delete(kind);
      this.outgoing.close(number);
    }
  }

  private stream(kind: Kind): LocalStream | undefined {
    return this.local === undefined || this.engaged?.has(kind) === false
      ? undefined
      : this.terms.streams(this.local).find((one) => one.kind === kind);
  }
}

/** Kinds of stream that a description has. */
function kindsIn(sdp: string): ReadonlySet<Kind> {
  return new Set([...sdp.matchAll(/^m=(audio|video) [1-9]/gm)].map((match) => match[1] as Kind));
}
