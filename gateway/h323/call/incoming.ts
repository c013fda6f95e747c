import { EventEmitter } from 'node:events';
import type { ClearCause } from '../../../store/schema/names.ts';
import { type CallDialog, type CallParty, ClearError, type IncomingCall } from '../../call.ts';
import type { H323Call } from './call.ts';
import { H323CallDialog } from './dialog.ts';

const cancelled: ClearCause = { sip: 487, q850: 16, text: 'caller hung up before the answer' };

/**
 * An H.323 call that came in. It has no offer: our description comes first, with all that we can, and the far side's is
 * made of the channels that fast connect or H.245 bring about. So fast start's few proposals never narrow what H.245
 * may open later, pictures above all.
 */
export class H323IncomingCall extends EventEmitter<{ cancelled: [cause: ClearCause] }> implements IncomingCall {
  readonly protocol = 'h323' as const;
  readonly callId: string;
  readonly party: CallParty;
  readonly called: string;
  readonly offer = undefined;
  private readonly call: H323Call;
  private readonly nowMs: () => number;
  private state: 'waiting' | 'answering' | 'over' = 'waiting';

  constructor(call: H323Call, party: CallParty, called: string, nowMs: () => number) {
    super();
    this.call = call;
    this.callId = call.callId;
    this.party = party;
    this.called = called;
    this.nowMs = nowMs;
    call.once('ended', (cause) => {
      if (this.state !== 'waiting') return;
      this.state = 'over';
      this.emit('cancelled', cause.q850 === 16 ? cancelled : cause);
    });
  }

  ring(): void {
    if (this.state === 'waiting') this.call.control.alert();
  }

  async answer(sdp: string): Promise<CallDialog> {
    if (this.state !== 'waiting') throw new ClearError(cancelled);
    this.state = 'answering';
    const dialog = await establishment(this.call, this.party, this.nowMs, () => this.call.answer(sdp));
    this.state = 'over';
    return dialog;
  }

  reject(cause: ClearCause): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.call.end(cause);
  }
}

/** Waits until a call is established and makes its dialog. @throws ClearError when it ends before. */
export function establishment(
  call: H323Call,
  party: CallParty,
  nowMs: () => number,
  begin: () => Promise<void> | void,
): Promise<CallDialog> {
  return new Promise((resolve, reject) => {
    const ended = (cause: ClearCause): void => {
      call.off('established', established);
      reject(new ClearError(cause));
    };
    const established = (): void => {
      call.off('ended', ended);
      resolve(new H323CallDialog(call, party, nowMs));
    };
    call.once('established', established);
    call.once('ended', ended);
    if (call.isOver) ended(cancelled);
    else void Promise.resolve(begin()).catch(reject);
  });
}
