import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { RateLimit } from '../../platform/rate-limit.ts';
import type { Asking } from './asking.ts';
import { type Face, faceFor } from './faces.ts';
import { Group } from './group.ts';
import {
  accepted,
  answerPlace,
  notifyPlace,
  type Place,
  type Question,
  readQuestion,
  readReply,
  told,
} from './message.ts';

/** A device repeats its question up to eleven times (RFC 3261, timer E), and asks again some times after its start. */
const mostPerSource = 40;
const windowMs = 60_000;
/** Questions of all devices within a second: a whole building after a power cut; what is beyond asks again. */
const mostPerSecond = 100;
/** Questions in hand or lately answered; the eldest makes room. */
const mostKept = 500;
const keptForMs = 32_000;
/** A NOTIFY is sent again until it is answered (RFC 3261, clause 17.1.2), ms after the time before. */
const againMs = [500, 1_000, 2_000, 4_000];

export interface ListenerParts {
  /** Interfaces that devices are answered on, as they are now. */
  faces: () => readonly Face[];
  /** Says where the device that asks finds its configuration; nothing when it is not to be told. */
  answer: (asking: Asking) => Promise<string | undefined>;
  clock: Clock;
  logger: Logger;
  lookEveryMs?: number;
}

/**
 * Hears devices that ask the group, and tells them. Who is not told hears nothing at all: in a group silence is the
 * answer of everybody whom a question does not concern, and it does not tell which devices we know.
 */
export class PlugAndPlayListener {
  private readonly parts: ListenerParts;
  private readonly group: Group;
  private readonly perSource = new RateLimit(mostPerSource, windowMs);
  private readonly overall = new RateLimit(mostPerSecond, 1_000);
  private readonly kept = new Map<string, { at: number; response: Buffer | undefined }>();
  private readonly waiting = new Map<string, { timer: NodeJS.Timeout; source: string }>();
  /** NOTIFY leaves here, and its answer comes here: the group's port may be SIP's own. */
  private own: Socket | undefined;

  constructor(parts: ListenerParts) {
    this.parts = parts;
    const heard = (data: Buffer, from: Place): void => {
      this.heard(data, from).catch((error: unknown) =>
        parts.logger.error({ err: error, source: from.address }, 'plug-and-play: a question could not be answered'),
      );
    };
    this.group = new Group({ ...parts, heard });
  }

  async open(): Promise<void> {
    const own = createSocket('udp4');
    own.bind(0);
    await once(own, 'listening');
    own.on('message', (data, from) => this.replied(data, from.address));
    own.on('error', () => {});
    own.unref();
    this.own = own;
    await this.group.open();
  }

  /** Names of the interfaces that devices are heard on. */
  get joined(): readonly string[] {
    return this.group.joined;
  }

  async close(): Promise<void> {
    await this.group.close();
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    this.own?.close();
    this.own = undefined;
  }

  private async heard(data: Buffer, from: Place): Promise<void> {
    const now = this.parts.clock.now().getTime();
    if (from.port === 0 || !this.overall.take('', now)) return;
    const face = faceFor(from.address, this.parts.faces());
    if (face === undefined || !this.perSource.take(from.address, now)) return;
    const question = readQuestion(data);
    if (question === undefined) return;
    const key = `${from.address} ${question.callId} ${question.cseq}`;
    const known = this.kept.get(key);
    if (known !== undefined && now - known.at < keptForMs) {
      if (known.response !== undefined) this.group.send(known.response, answerPlace(question, from));
      return;
    }
    const entry: { at: number; response: Buffer | undefined } = { at: now, response: undefined };
    this.keep(key, entry);
    const url = await this.parts.answer({
      event: question.event,
      from: question.from,
      userAgent: question.userAgent?.slice(0, 256),
      source: from.address,
    });
    if (url === undefined || this.own === undefined) return;
    const own = { address: face.address, port: this.own.address().port };
    const tag = randomBytes(8).toString('hex');
    entry.response = accepted(question, from, own, tag);
    this.group.send(entry.response, answerPlace(question, from));
    this.tell(question, from, own, tag, url);
  }

  private keep(key: string, entry: { at: number; response: Buffer | undefined }): void {
    this.kept.delete(key);
    this.kept.set(key, entry);
    for (const eldest of this.kept.keys()) {
      if (this.kept.size <= mostKept) break;
      this.kept.delete(eldest);
    }
  }

  private tell(question: Question, from: Place, own: Place, tag: string, url: string): void {
    if (this.waiting.size >= mostKept) return;
    const branch = `z9hG4bK${randomBytes(10).toString('hex')}`;
    const notify = told(question, from, own, { branch, tag, url });
    const to = notifyPlace(question, from);
    const send = (turn: number): void => {
      this.own?.send(notify, to.port, to.address, () => {});
      const wait = againMs[turn] ?? 4_000;
      const timer = setTimeout(() => {
        if (turn < againMs.length) send(turn + 1);
        else {
          this.waiting.delete(branch);
          this.parts.logger.warn(
            { source: from.address },
            'plug-and-play: a device did not take the address it was told',
          );
        }
      }, wait);
      timer.unref();
      this.waiting.set(branch, { timer, source: from.address });
    };
    send(0);
  }

  private replied(data: Buffer, source: string): void {
    const reply = readReply(data);
    const waits = reply === undefined ? undefined : this.waiting.get(reply.branch);
    if (reply === undefined || waits === undefined || waits.source !== source || reply.status < 200) return;
    clearTimeout(waits.timer);
    this.waiting.delete(reply.branch);
    if (reply.status >= 300)
      this.parts.logger.warn(
        { source, status: reply.status },
        'plug-and-play: a device did not take the address it was told',
      );
  }
}
