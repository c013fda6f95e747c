import { decodeFastStart } from '../../h225/index.ts';
import type { OpenLogicalChannel } from '../../h245/index.ts';
import { acceptedChannel, acceptProposals, type FastChannel, readFastStart } from './fast-start.ts';
import type { ChannelPlan } from './plan.ts';
import type { MediaTerms } from './terms.ts';

/**
 * Fast connect of one call (H.323, clause 8.1.7): `proposed` by us, `offered` by the far side, and how it came out. A
 * refusal is final for the call; H.245 then opens the channels.
 */
export class FastConnect {
  state: 'none' | 'proposed' | 'offered' | 'accepted' | 'refused' = 'none';
  private offered: FastChannel[] = [];
  private accepted: OpenLogicalChannel[] = [];
  private readonly terms: MediaTerms;
  private readonly plan: ChannelPlan;

  constructor(terms: MediaTerms, plan: ChannelPlan) {
    this.terms = terms;
    this.plan = plan;
  }

  /** SETUP proposes channels: until the answer nothing is opened by H.245. */
  propose(): void {
    this.state = 'proposed';
    this.plan.held = true;
  }

  /** The far side's SETUP proposes channels. @throws PerError */
  offer(octets: readonly Uint8Array[]): void {
    if (this.state !== 'none') return;
    this.offered = readFastStart(decodeFastStart(octets));
    this.state = 'offered';
  }

  /** Takes what our description takes of the far side's proposals. */
  answer(local: string): void {
    if (this.state !== 'offered') return;
    const pairs = acceptProposals(this.offered, local, this.terms);
    this.accepted = pairs.flatMap(({ forward, reverse, stream }) =>
      [forward, reverse].flatMap((channel) => (channel === undefined ? [] : [acceptedChannel(channel, stream)])),
    );
    this.state = this.accepted.length > 0 ? 'accepted' : 'refused';
    if (this.state === 'accepted') this.plan.adopt(pairs, false);
  }

  /** What CONNECT returns; `undefined` when nothing was accepted by us. */
  get returned(): OpenLogicalChannel[] | undefined {
    return this.accepted.length > 0 ? this.accepted : undefined;
  }

  /** The far side's answer to ours, in any message up to CONNECT; a second one changes nothing. @throws PerError */
  answered(octets: readonly Uint8Array[], local: string): void {
    if (this.state !== 'proposed') return;
    const able = readFastStart(decodeFastStart(octets)).filter(
      ({ dataType }) => this.terms.takes(local, dataType) !== undefined,
    );
    const pairs = (['audio', 'video'] as const).map((kind) => ({
      forward: able.find((one) => one.kind === kind && one.direction === 'forward' && one.rtp !== undefined),
      reverse: able.find((one) => one.kind === kind && one.direction === 'reverse'),
    }));
    if (pairs.every(({ forward, reverse }) => forward === undefined && reverse === undefined)) return;
    this.state = 'accepted';
    this.plan.adopt(pairs, true);
    this.plan.release();
  }

  /** The far side refused ours, or passed over it. */
  refuse(): void {
    if (this.state !== 'proposed') return;
    this.state = 'refused';
    this.plan.release();
  }
}
