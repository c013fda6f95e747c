import type { TerminalCapabilitySet, TerminalCapabilitySetReject } from '../../h245/index.ts';
import { type EntityPort, waitMs } from './port.ts';

/** A capability set as it is told, without its running number. */
export type CapabilityContent = Omit<TerminalCapabilitySet, 'sequenceNumber'>;

export interface CapabilityUser {
  /** The far side knows what we can. */
  capabilitiesAcknowledged(): void;
  /** It refused, or never answered. */
  capabilitiesRefused(reason: string): void;
  /** What the far side can now; `paused` when it told an empty set (H.323, clause 8.4.6). */
  capabilitiesReceived(capabilities: TerminalCapabilitySet, paused: boolean): void;
}

const timer = 'T101';

/** The capability exchange entities, CESE, both directions (H.245, clause C.3). */
export class CapabilityExchange {
  /** As in H.245, figure C.5: outgoing side; the incoming side answers at once and needs no state. */
  state: 'idle' | 'awaiting response' = 'idle';
  private sequence = 0;
  private next: CapabilityContent | undefined;
  private readonly port: EntityPort;
  private readonly user: CapabilityUser;

  constructor(port: EntityPort, user: CapabilityUser) {
    this.port = port;
    this.user = user;
  }

  /** TRANSFER.request. A set told while another waits for its answer follows it; only the newest counts. */
  tell(content: CapabilityContent): void {
    if (this.state === 'awaiting response') {
      this.next = content;
      return;
    }
    this.sequence = (this.sequence + 1) & 0xff;
    this.state = 'awaiting response';
    this.port.send({ request: { terminalCapabilitySet: { ...content, sequenceNumber: this.sequence } } });
    this.port.startTimer(timer, waitMs.T101);
  }

  /** Tells a set anew, where one told before cannot have arrived. */
  tellAgain(content: CapabilityContent): void {
    this.state = 'idle';
    this.next = undefined;
    this.tell(content);
  }

  request(set: TerminalCapabilitySet): void {
    this.port.send({ response: { terminalCapabilitySetAck: { sequenceNumber: set.sequenceNumber } } });
    this.user.capabilitiesReceived(set, set.capabilityTable === undefined || set.capabilityTable.length === 0);
  }

  acknowledged(sequenceNumber: number): void {
    if (this.state !== 'awaiting response' || sequenceNumber !== this.sequence) return;
    this.finish();
    if (this.next === undefined) this.user.capabilitiesAcknowledged();
    else this.follow();
  }

  rejected({ sequenceNumber, cause }: TerminalCapabilitySetReject): void {
    if (this.state !== 'awaiting response' || sequenceNumber !== this.sequence) return;
    this.finish();
    if (this.next === undefined) this.user.capabilitiesRefused(`capability set refused: ${Object.keys(cause)[0]}`);
    else this.follow();
  }

  timeout(): void {
    if (this.state !== 'awaiting response') return;
    this.finish();
    this.next = undefined;
    this.port.send({ indication: { terminalCapabilitySetRelease: {} } });
    this.user.capabilitiesRefused('no answer to our capability set');
  }

  private finish(): void {
    this.port.stopTimer(timer);
    this.state = 'idle';
  }

  private follow(): void {
    const content = this.next;
    this.next = undefined;
    if (content !== undefined) this.tell(content);
  }
}
