import type { MasterSlaveDetermination, MasterSlaveDeterminationAck } from '../../h245/index.ts';
import { type EntityPort, waitMs } from './port.ts';

/** What a terminal is in a call: the master decides conflicts (H.245, clause 5.2). */
export type Status = 'master' | 'slave';

/** The numbers by which both sides find out (H.245, clause 6.2.1). */
interface Numbers {
  /** H.323, table 1: 60 is a gateway without an MC. */
  terminalType: number;
  /** 24 bits, drawn at random. */
  statusDeterminationNumber: number;
}

/** Our status by the numbers of both sides; `undefined` when they do not decide (H.245, clause C.2.4.1). */
export function determine(own: Numbers, far: Numbers): Status | undefined {
  if (own.terminalType !== far.terminalType) return own.terminalType > far.terminalType ? 'master' : 'slave';
  const difference = (far.statusDeterminationNumber - own.statusDeterminationNumber) & 0xffffff;
  if (difference === 0 || difference === 0x800000) return undefined;
  return difference < 0x800000 ? 'master' : 'slave';
}

/** How often numbers are drawn before the determination is given up (N100). */
const mostDraws = 8;
const timer = 'T106';

/** Outcome of the determination. */
export interface MasterSlaveUser {
  determined(status: Status): void;
  /** The far side never agreed; the call cannot open channels safely. */
  undetermined(reason: string): void;
}

/** The master/slave determination entity, MSDSE (H.245, clause C.2). */
export class MasterSlaveEntity {
  /** As in H.245, figure C.2. */
  state: 'idle' | 'outgoing awaiting response' | 'incoming awaiting response' = 'idle';
  status: Status | undefined;
  private draws = 0;
  private number = 0;
  private readonly terminalType: number;
  private readonly draw: () => number;
  private readonly port: EntityPort;
  private readonly user: MasterSlaveUser;

  /** @param draw gives a number of 24 bits. */
  constructor(terminalType: number, draw: () => number, port: EntityPort, user: MasterSlaveUser) {
    this.terminalType = terminalType;
    this.draw = draw;
    this.port = port;
    this.user = user;
  }

  /** DETERMINE.request; nothing when a determination runs already or is done. */
  begin(): void {
    if (this.state !== 'idle' || this.status !== undefined) return;
    this.draws = 0;
    this.propose();
  }

  /** Forgets the outcome: capabilities after an empty set begin anew (H.323, clause 8.4.6). */
  reset(): void {
    this.port.stopTimer(timer);
    this.state = 'idle';
    this.status = undefined;
  }

  request(far: MasterSlaveDetermination): void {
    if (this.draws === 0) this.redraw();
    const status = determine({ terminalType: this.terminalType, statusDeterminationNumber: this.number }, far);
    if (status === undefined) {
      // While our own request runs, both simply draw again; otherwise the far side is told to.
      if (this.state === 'outgoing awaiting response') this.again();
      else this.port.send({ response: { masterSlaveDeterminationReject: { cause: { identicalNumbers: null } } } });
      return;
    }
    this.status = status;
    this.acknowledge(status);
    this.state = 'incoming awaiting response';
    this.port.startTimer(timer, waitMs.T106);
  }

  acknowledged({ decision }: MasterSlaveDeterminationAck): void {
    if (this.state === 'idle') return;
    const told: Status | undefined =
      decision.master !== undefined ? 'master' : decision.slave !== undefined ? 'slave' : undefined;
    const wasOutgoing = this.state === 'outgoing awaiting response';
    if (told === undefined || (!wasOutgoing && told !== this.status)) {
      this.fail('both sides think themselves the same');
      return;
    }
    this.status = told;
    if (wasOutgoing) this.acknowledge(told);
    this.settle();
  }

  rejected(): void {
    if (this.state === 'outgoing awaiting response') this.again();
    else if (this.state === 'incoming awaiting response') this.fail('rejected after it was determined');
  }

  released(): void {
    if (this.state !== 'idle') this.fail('given up by the far side');
  }

  timeout(): void {
    if (this.state === 'incoming awaiting response') {
      // Some terminals never send the last acknowledgement; both know the outcome all the same.
      this.settle();
    } else if (this.state === 'outgoing awaiting response') {
      this.port.send({ indication: { masterSlaveDeterminationRelease: {} } });
      this.fail('no answer');
    }
  }

  private settle(): void {
    this.port.stopTimer(timer);
    this.state = 'idle';
    if (this.status !== undefined) this.user.determined(this.status);
  }

  private fail(reason: string): void {
    this.port.stopTimer(timer);
    this.state = 'idle';
    this.status = undefined;
    this.user.undetermined(reason);
  }

  private again(): void {
    if (this.draws >= mostDraws) this.fail('numbers stayed identical');
    else this.propose();
  }

  private propose(): void {
    this.redraw();
    this.state = 'outgoing awaiting response';
    this.port.send({
      request: {
        masterSlaveDetermination: { terminalType: this.terminalType, statusDeterminationNumber: this.number },
      },
    });
    this.port.startTimer(timer, waitMs.T106);
  }

  private redraw(): void {
    this.draws++;
    this.number = this.draw() & 0xffffff;
  }

  /** The acknowledgement tells the far side what it is. */
  private acknowledge(own: Status): void {
    const decision = own === 'master' ? { slave: null } : { master: null };
    this.port.send({ response: { masterSlaveDeterminationAck: { decision } } });
  }
}
