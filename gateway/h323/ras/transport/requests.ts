import type { RasMessage } from '../../h225/index.ts';
import type { HostPort } from '../interface.ts';
import { answersTo, bodyOf, kindOf, type RasKind } from '../message.ts';
import type { Arrival } from './ras-socket.ts';

/** Waiting times of H.225.0, clause 7.19: until a request is sent again, and how often it is. */
const patience: Partial<Record<RasKind, { waitMs: number; again: number }>> = {
  gatekeeperRequest: { waitMs: 5_000, again: 2 },
  registrationRequest: { waitMs: 3_000, again: 2 },
  unregistrationRequest: { waitMs: 3_000, again: 1 },
  admissionRequest: { waitMs: 5_000, again: 2 },
  bandwidthRequest: { waitMs: 3_000, again: 2 },
  disengageRequest: { waitMs: 3_000, again: 2 },
  locationRequest: { waitMs: 5_000, again: 2 },
  infoRequest: { waitMs: 3_000, again: 1 },
};
const usual = { waitMs: 3_000, again: 1 };

/** At most this often a far side may ask us to wait on (RIP), and this long at once. */
const mostDelays = 20;
const longestDelayMs = 30_000;

interface Waiting {
  kind: RasKind;
  to: HostPort;
  anybody: boolean;
  delays: number;
  timer: NodeJS.Timeout | undefined;
  settle: (answer: Arrival | undefined) => void;
  /** Starts the wait anew. */
  wait: (ms: number) => void;
}

export interface RequestOptions {
  /** Any sender may answer: the request went to a group. */
  anybody?: boolean;
  /** Encodes and signs, for each sending. */
  encode: (message: RasMessage) => Uint8Array;
}

/** Our own requests: numbered, sent again, matched with their answers. */
export class RasRequests {
  private readonly send: (bytes: Uint8Array, to: HostPort) => void;
  private readonly pace: number;
  private readonly waiting = new Map<number, Waiting>();
  private last: number;

  /** @param pace factor on all waiting times; 1 outside of tests */
  constructor(send: (bytes: Uint8Array, to: HostPort) => void, pace = 1) {
    this.send = send;
    this.pace = pace;
    this.last = Math.floor(Math.random() * 30_000);
  }

  /** The next requestSeqNum, 1 to 65535. */
  number(): number {
    do this.last = (this.last % 65_535) + 1;
    while (this.waiting.has(this.last) && this.waiting.size < 60_000);
    return this.last;
  }

  /** Sends a request until it is answered; `undefined`: nobody answered. The message carries its number. */
  ask(message: RasMessage, to: HostPort, options: RequestOptions): Promise<Arrival | undefined> {
    const kind = kindOf(message);
    const number = bodyOf(message)?.requestSeqNum;
    if (kind === undefined || number === undefined) throw new TypeError('no request');
    const { again, waitMs } = patience[kind] ?? usual;
    return new Promise((resolve, reject) => {
      let left = again;
      const entry: Waiting = {
        kind,
        to,
        anybody: options.anybody ?? false,
        delays: 0,
        timer: undefined,
        settle: (answer) => {
          clearTimeout(entry.timer);
          this.waiting.delete(number);
          resolve(answer);
        },
        wait: (ms) => {
          clearTimeout(entry.timer);
          entry.timer = setTimeout(() => {
            if (left === 0) {
              entry.settle(undefined);
              return;
            }
            left--;
            transmit();
          }, ms * this.pace);
        },
      };
      const transmit = (): void => {
        try {
          this.send(options.encode(message), to);
          entry.wait(waitMs);
        } catch (error) {
          clearTimeout(entry.timer);
          this.waiting.delete(number);
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.waiting.set(number, entry);
      transmit();
    });
  }

  /**
   * Takes an answer. `false`: it answers nothing that we asked.
   * @param genuine judges whether the answer is what its sender signed; asked only where it would be taken
   */
  answered(arrival: Arrival, genuine: (arrival: Arrival) => boolean = () => true): boolean {
    const kind = kindOf(arrival.message);
    const number = bodyOf(arrival.message)?.requestSeqNum;
    const entry = number === undefined ? undefined : this.waiting.get(number);
    if (kind === undefined || entry === undefined) return false;
    if (!entry.anybody && entry.to.host !== arrival.from.host) return false;
    const fits =
      kind === 'requestInProgress' || kind === 'unknownMessageResponse' || answersTo(entry.kind).includes(kind);
    if (!fits || !genuine(arrival)) return false;
    if (kind === 'requestInProgress') {
      const delay = arrival.message.requestInProgress?.delay ?? 1;
      if (++entry.delays <= mostDelays) entry.wait(Math.min(delay, longestDelayMs));
      return true;
    }
    entry.settle(arrival);
    return true;
  }

  /** Gives up everything that is asked. */
  close(): void {
    for (const entry of [...this.waiting.values()]) entry.settle(undefined);
  }
}
