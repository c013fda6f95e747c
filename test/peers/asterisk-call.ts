import { EventEmitter } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AsteriskManager, ManagerMessage } from './asterisk-manager.ts';
import { part, readWav, type Sound } from './tones.ts';

/** How far a call has come, in Asterisk's eyes. */
export type AsteriskCallState = 'new' | 'ringing' | 'up' | 'ended';

/** One H.323 call of an Asterisk, in or out. */
export class AsteriskCall extends EventEmitter<{ change: [] }> {
  readonly uniqueId: string;
  readonly direction: 'in' | 'out';
  /** The number that was called. */
  readonly number: string;
  /** Recording of what Asterisk hears (8 kHz, 16 bit), growing while the call is up; not for 600, 601, 607. */
  readonly heardFile: string;
  channel = '';
  state: AsteriskCallState = 'new';
  /** Digits received so far, by whichever method. */
  digits = '';
  /** Q.850 cause, once the call has ended. */
  cause: number | undefined;
  callerNumber = '';
  callerName = '';
  private readonly manager: AsteriskManager;

  constructor(
    manager: AsteriskManager,
    folder: string,
    of: { uniqueId: string; direction: 'in' | 'out'; number: string },
  ) {
    super();
    this.setMaxListeners(0);
    this.manager = manager;
    this.uniqueId = of.uniqueId;
    this.direction = of.direction;
    this.number = of.number;
    this.heardFile = join(folder, `${of.uniqueId}-heard.wav`);
  }

  /** Resolves when it rings (or is answered). @throws when the call ends instead, or `ms` pass. */
  async ringing(ms = 10_000): Promise<this> {
    await this.until('ringing', () => this.state === 'ringing' || this.state === 'up', ms);
    return this;
  }

  /** Resolves when it is answered. @throws when the call ends instead, or `ms` pass. */
  async answered(ms = 10_000): Promise<this> {
    await this.until('answer', () => this.state === 'up', ms);
    return this;
  }

  /** Resolves to the Q.850 cause when the call is over. @throws when `ms` pass. */
  async ended(ms = 10_000): Promise<number> {
    await this.until('end', () => this.state === 'ended', ms);
    return this.cause ?? 0;
  }

  /** Resolves when at least these digits came, in this order. @throws when the call ends before, or `ms` pass. */
  async receivedDigits(digits: string, ms = 10_000): Promise<void> {
    await this.until(`digits ${digits}`, () => this.digits.includes(digits), ms);
  }

  /** What it hears in the next so many seconds. @throws when its recording does not grow so far. */
  async listen(seconds: number): Promise<Sound> {
    const bytes = (): number => statSync(this.heardFile, { throwIfNoEntry: false })?.size ?? 0;
    const wanted = bytes() + seconds * 16_000;
    for (const until = performance.now() + seconds * 1000 + 5000; bytes() < wanted; ) {
      if (performance.now() > until) throw new Error(`${this.heardFile} has ${bytes()} bytes, not ${wanted}`);
      await pause(50);
    }
    return part(readWav(this.heardFile), -seconds);
  }

  /** Sends digits in the way that `dtmfMode` says, one after the other. */
  async sendDigits(digits: string, { durationMs = 160, gapMs = 120 } = {}): Promise<void> {
    for (const digit of digits) {
      const answer = await this.manager.action({
        Action: 'PlayDTMF',
        Channel: this.channel,
        Digit: digit,
        Duration: String(durationMs),
      });
      if (answer.Response !== 'Success') throw new Error(`digit ${digit} not sent: ${answer.Message}`);
      await pause(durationMs + gapMs);
    }
  }

  /** Hangs up with a Q.850 cause, and waits for the end. */
  async hangUp(cause = 16): Promise<void> {
    if (this.state === 'ended') return;
    await this.manager.action({ Action: 'Hangup', Channel: this.channel, Cause: String(cause) });
    await this.ended();
  }

  /** Takes an event of the manager interface that is about this call. */
  take(event: ManagerMessage): void {
    if (event.Channel !== undefined) this.channel = event.Channel;
    if (event.CallerIDNum !== undefined && event.CallerIDNum !== '<unknown>') this.callerNumber = event.CallerIDNum;
    if (event.CallerIDName !== undefined && event.CallerIDName !== '<unknown>') this.callerName = event.CallerIDName;
    if (event.Event === 'Hangup') {
      this.state = 'ended';
      this.cause = Number(event.Cause);
    } else if (event.Event === 'DTMFEnd') {
      if (event.Direction === 'Received') this.digits += event.Digit ?? '';
    } else if (event.ChannelState === '6') this.state = 'up';
    else if ((event.ChannelState === '4' && this.direction === 'in') || event.ChannelState === '5')
      this.state = 'ringing';
    this.emit('change');
  }

  /** Asterisk could not even make the channel. */
  fail(cause: number): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.cause = cause;
    this.emit('change');
  }

  private until(what: string, reached: () => boolean, ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const here = `call ${this.direction} ${this.number} (${this.state}, cause ${this.cause}, digits '${this.digits}')`;
      const look = () => {
        if (reached()) finish();
        else if (this.state === 'ended') finish(new Error(`ended with cause ${this.cause}, awaited ${what}: ${here}`));
      };
      const timer = setTimeout(() => finish(new Error(`no ${what} within ${ms} ms: ${here}`)), ms);
      const finish = (error?: Error) => {
        clearTimeout(timer);
        this.off('change', look);
        if (error === undefined) resolve();
        else reject(error);
      };
      this.on('change', look);
      look();
    });
  }
}
