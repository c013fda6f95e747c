import type { Clock } from '../../../../platform/clock.ts';
import type { Logger } from '../../../../platform/log.ts';
import { RateLimit } from '../../../../platform/rate-limit.ts';
import type { RasMessage } from '../../h225/index.ts';
import { addressText, fromTransport } from '../address.ts';
import type { HostPort } from '../interface.ts';
import { bodyOf, isAnswer, kindOf } from '../message.ts';
import { AnswerBook } from '../transport/answer-book.ts';
import type { Arrival } from '../transport/ras-socket.ts';
import { unknownMessage } from '../transport/unknown-message.ts';
import type { Reply } from './reply.ts';

const windowMs = 10_000;
/** A request that takes longer is told so (RIP), again and again; and how long it is told to wait, both in ms. */
const slowMs = 1_500;
const announcedMs = 5_000;
const mostWaitingPerSender = 64;
/** Answers to what is no RAS message, a source: enough to tell a device, too few to be used against somebody. */
const complaintsPerSource = 10;

export interface InboxParts {
  clock: Clock;
  logger: Logger;
  /** Messages from one source address within ten seconds, and from all together. */
  limits: { perSource: number; total: number };
  pace: number;
  /** Sends bytes as they are. */
  transmit: (bytes: Uint8Array, to: HostPort) => void;
  /** Encodes and signs. */
  encode: (reply: Reply) => Uint8Array;
  /** Whether it answers a question of ours. */
  answered: (arrival: Arrival) => boolean;
  /** Answers a request; `undefined`: with silence. */
  work: (arrival: Arrival) => Promise<Reply | undefined>;
}

/**
 * What comes to the gatekeeper: floods cut off, repetitions answered from memory, one sender's requests one after the
 * other, slow answers announced, and what is not understood complained of.
 */
export class Inbox {
  private readonly parts: InboxParts;
  private readonly answers = new AnswerBook();
  private readonly turns = new Map<string, { last: Promise<void>; waiting: number }>();
  private readonly bySource: RateLimit;
  private readonly overall: RateLimit;
  private readonly floods = new RateLimit(1, windowMs);
  private readonly complaints = new RateLimit(complaintsPerSource, windowMs);

  constructor(parts: InboxParts) {
    this.parts = parts;
    this.bySource = new RateLimit(parts.limits.perSource, windowMs);
    this.overall = new RateLimit(parts.limits.total, windowMs);
  }

  /** A RAS message came. */
  take(arrival: Arrival): void {
    const { bytes, from, message, multicast } = arrival;
    if (!this.hasRoom(from) || this.parts.answered(arrival)) return;
    const kind = kindOf(message);
    if (kind === undefined) {
      this.complain(bytes, from, multicast);
      return;
    }
    if (isAnswer(kind) || (multicast && kind !== 'gatekeeperRequest' && kind !== 'locationRequest')) return;
    const number = bodyOf(message)?.requestSeqNum ?? 0;
    const to = replyAddress(message, from);
    const before = this.answers.begin(from, kind, number, bytes, this.nowMs());
    if (before === 'pending') return;
    if (before !== 'new') {
      this.parts.transmit(before, to);
      return;
    }
    const taken = this.inTurn(from, async () => {
      const answer = await this.answer(arrival, number, to);
      this.answers.end(from, kind, number, answer);
      if (kind === 'unregistrationRequest') {
        this.answers.forget(from, ['gatekeeperRequest', 'registrationRequest', 'admissionRequest']);
      }
    });
    if (!taken) this.answers.end(from, kind, number, undefined);
  }

  /** Something came that is no RAS message. */
  broken({
    bytes,
    from,
    multicast,
    why,
  }: {
    bytes: Uint8Array;
    from: HostPort;
    multicast: boolean;
    why: string;
  }): void {
    if (!this.hasRoom(from)) return;
    this.parts.logger.debug({ source: addressText(from), why }, 'no RAS message');
    this.complain(bytes, from, multicast);
  }

  /** XRS (H.225.0, clause 7.16). */
  complain(bytes: Uint8Array, from: HostPort, multicast: boolean): void {
    if (multicast || !this.complaints.take(from.host, this.nowMs())) return;
    const message = unknownMessage(bytes);
    if (message !== undefined) this.parts.transmit(this.parts.encode({ message }), from);
  }

  /** Resolves when nobody waits for an answer any more. */
  async idle(): Promise<void> {
    await Promise.all([...this.turns.values()].map(({ last }) => last));
  }

  private async answer(arrival: Arrival, requestSeqNum: number, to: HostPort): Promise<Uint8Array | undefined> {
    const { encode, logger, pace, transmit, work } = this.parts;
    const inProgress: RasMessage = { requestInProgress: { requestSeqNum, delay: announcedMs } };
    const slow = setInterval(() => transmit(encode({ message: inProgress }), to), slowMs * pace);
    try {
      const reply = await work(arrival);
      if (reply === undefined) return undefined;
      const bytes = encode(reply);
      transmit(bytes, to);
      return bytes;
    } catch (error) {
      logger.error(
        { err: error, kind: kindOf(arrival.message), source: addressText(arrival.from) },
        'RAS request failed',
      );
      return undefined;
    } finally {
      clearInterval(slow);
    }
  }

  /** Whether there is room for one more message; a flood is told to the log once. */
  private hasRoom({ host }: HostPort): boolean {
    const now = this.nowMs();
    const { perSource } = this.parts.limits;
    if (!this.bySource.over(host, now)) return this.bySource.take(host, now) && this.overall.take('all', now);
    if (this.floods.take(host, now)) {
      this.parts.logger.warn({ source: host, perSource }, 'too many RAS messages from one source');
    }
    return false;
  }

  /** One sender's requests one after the other; who sends faster than we work is not heard. */
  private inTurn(from: HostPort, work: () => Promise<void>): boolean {
    const key = addressText(from);
    const turn = this.turns.get(key) ?? { last: Promise.resolve(), waiting: 0 };
    if (turn.waiting >= mostWaitingPerSender) return false;
    turn.waiting++;
    turn.last = turn.last.then(work).then(() => {
      turn.waiting--;
      if (turn.waiting === 0) this.turns.delete(key);
    });
    this.turns.set(key, turn);
    return true;
  }

  private nowMs(): number {
    return this.parts.clock.now().getTime();
  }
}

/** Answers go to the RAS address that the request names, where it is its sender's; else to where it came from. */
function replyAddress(message: RasMessage, from: HostPort): HostPort {
  const named =
    message.gatekeeperRequest?.rasAddress ??
    message.registrationRequest?.rasAddress[0] ??
    message.locationRequest?.replyAddress;
  const address = fromTransport(named);
  return address !== undefined && address.host === from.host && address.port !== 0 ? address : from;
}
