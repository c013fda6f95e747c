import { ClearError } from '../../../call.ts';
import type { AdmissionConfirm, DisengageRequest, RasMessage } from '../../h225/index.ts';
import { fromTransport } from '../address.ts';
import { aliasText } from '../alias.ts';
import { type Admission, type AdmissionQuestion, callKey } from '../interface.ts';
import type { Candidate } from './machine.ts';
import {
  admissionRequest,
  alternatesOf,
  bandwidthRequest,
  type Call,
  disengageRequest,
  information,
  nameOf,
  type Self,
} from './messages.ts';
import { noAnswer, notRegistered, refusalCause } from './refusals.ts';

/** What the calls need of the registration under which they are made. */
export interface Registration {
  self(): Self;
  /** The next requestSeqNum. */
  number(): number;
  /** Asks the gatekeeper; nothing when it does not answer. */
  ask(message: RasMessage): Promise<RasMessage | undefined>;
  /** Tells the gatekeeper, which does not answer. */
  tell(message: RasMessage): void;
  /** Registered now, or within the wait for a registration that is on its way. */
  isRegistered(): Promise<boolean>;
  /** The gatekeeper does not know us any more. */
  forgotten(reason: string, alternates: Candidate[]): void;
  /** The gatekeeper routes calls through this address. */
  routes(host: string): void;
}

interface Admitted extends Call {
  reports: NodeJS.Timeout | undefined;
}

/** The calls that a far gatekeeper lets us make and take (H.225.0, clauses 7.11 to 7.13, 7.15). */
export class AdmittedCalls {
  private readonly calls = new Map<string, Admitted>();
  private readonly registration: Registration;
  private readonly pace: number;

  /** @param pace factor on all waiting times; 1 outside of tests */
  constructor(registration: Registration, pace: number) {
    this.registration = registration;
    this.pace = pace;
  }

  /** All of them, for IRR. */
  get all(): Call[] {
    return [...this.calls.values()];
  }

  /** @throws ClearError when it is refused or nobody answers. */
  async admit(question: AdmissionQuestion, answered: boolean): Promise<Admission> {
    const { registration } = this;
    let reason = 'callerNotRegistered';
    for (let round = 0; round < 2 && reason === 'callerNotRegistered'; round++) {
      if (!(await registration.isRegistered())) throw new ClearError(notRegistered);
      const answer = await registration.ask(
        admissionRequest(registration.self(), registration.number(), question, answered),
      );
      if (answer === undefined) throw new ClearError(noAnswer);
      const { admissionConfirm, admissionReject } = answer;
      if (admissionConfirm !== undefined) return this.granted(question, answered, admissionConfirm);
      reason = nameOf(admissionReject?.rejectReason);
      // It forgot us: registered anew, the call is asked for once more.
      if (reason === 'invalidEndpointIdentifier') reason = 'callerNotRegistered';
      if (reason === 'callerNotRegistered')
        registration.forgotten(reason, alternatesOf(admissionReject?.altGKInfo?.alternateGatekeeper));
    }
    throw new ClearError(refusalCause(reason));
  }

  /** What is granted, 100 bit/s. @throws ClearError when it is refused or nobody answers. */
  async changeBandwidth(key: string, bandwidth: number): Promise<number> {
    const { registration } = this;
    const call = this.calls.get(key);
    if (call === undefined) throw new ClearError(notRegistered);
    const answer = await registration.ask(
      bandwidthRequest(registration.self(), registration.number(), call, bandwidth),
    );
    if (answer === undefined) throw new ClearError(noAnswer);
    const { bandwidthConfirm, bandwidthReject } = answer;
    if (bandwidthConfirm === undefined) throw new ClearError(refusalCause(nameOf(bandwidthReject?.rejectReason)));
    call.bandwidth = bandwidthConfirm.bandWidth;
    return call.bandwidth;
  }

  /** A call is over: tells the gatekeeper (DRQ). */
  async ended(key: string): Promise<void> {
    const call = this.forget(key);
    const { registration } = this;
    if (call !== undefined) await registration.ask(disengageRequest(registration.self(), registration.number(), call));
  }

  /** The gatekeeper has a call cleared (its DRQ): which of ours that is, and it is ours no more. */
  cleared({ callIdentifier, callReferenceValue, conferenceID }: DisengageRequest): string | undefined {
    // Gatekeepers of H.225.0 version 1 know no call identifier.
    const key =
      callIdentifier === undefined
        ? [...this.calls].find(
            ([, { question }]) =>
              question.callReference === callReferenceValue && callKey(question.conferenceId) === callKey(conferenceID),
          )?.[0]
        : callKey(callIdentifier.guid);
    return key === undefined || this.forget(key) === undefined ? undefined : key;
  }

  close(): void {
    for (const key of [...this.calls.keys()]) this.forget(key);
  }

  private forget(key: string): Admitted | undefined {
    const call = this.calls.get(key);
    clearInterval(call?.reports);
    this.calls.delete(key);
    return call;
  }

  private granted(question: AdmissionQuestion, answered: boolean, confirm: AdmissionConfirm): Admission {
    const address = fromTransport(confirm.destCallSignalAddress);
    if (address === undefined) throw new ClearError(refusalCause('noRouteToDestination'));
    const model = confirm.callModel.gatekeeperRouted === null ? 'gatekeeperRouted' : 'direct';
    const { registration } = this;
    if (model === 'gatekeeperRouted') registration.routes(address.host);
    const key = callKey(question.callIdentifier);
    this.forget(key);
    const call: Admitted = { question, answered, model, bandwidth: confirm.bandWidth, reports: undefined };
    this.calls.set(key, call);
    // Some gatekeepers take a call for lost when these stay away.
    if (confirm.irrFrequency !== undefined)
      call.reports = setInterval(() => this.report(call), confirm.irrFrequency * 1_000 * this.pace).unref();
    return {
      address,
      model,
      called: confirm.destinationInfo?.map(aliasText).find((text) => text !== undefined) ?? question.called,
      bandwidth: confirm.bandWidth,
      endpointIdentifier: registration.self().endpointId ?? '',
      tokens: confirm.tokens ?? [],
    };
  }

  /** IRR of our own accord, as often as the ACF asked for (H.225.0, clause 7.11.2). */
  private report(call: Call): void {
    const { registration } = this;
    registration.tell(information(registration.self(), registration.number(), [call], { unsolicited: true }));
  }
}
