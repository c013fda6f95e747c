import { EventEmitter } from 'node:events';
import type { Clock } from '../../../../platform/clock.ts';
import type { Logger } from '../../../../platform/log.ts';
import { ClearError } from '../../../call.ts';
import type { AdmissionConfirm, RasMessage } from '../../h225/index.ts';
import { addressText, fromTransport, resolveHost } from '../address.ts';
import { aliasText } from '../alias.ts';
import {
  type Admission,
  type AdmissionQuestion,
  type ClientState,
  callKey,
  type GatekeeperClient,
  type GatekeeperClientEvents,
  type HostPort,
} from '../interface.ts';
import { bodyOf, isAnswer, kindOf } from '../message.ts';
import { AnswerBook } from '../transport/answer-book.ts';
import { type Arrival, RasSocket } from '../transport/ras-socket.ts';
import { RasRequests } from '../transport/requests.ts';
import { unknownMessage } from '../transport/unknown-message.ts';
import { Credentials } from './credentials.ts';
import { type Action, type Candidate, type Input, type Machine, next, stopped } from './machine.ts';
import {
  admissionRequest,
  againAfter,
  alternatesOf,
  bandwidthRequest,
  type Call,
  discoveryRequest,
  disengageRequest,
  information,
  isGroup,
  nameOf,
  registrationRequest,
  type Self,
  unregistrationRequest,
} from './messages.ts';
import { noAnswer, notRegistered, refusalCause } from './refusals.ts';

export interface ClientParts {
  clock: Clock;
  logger: Logger;
  /** Address to bind (H323_HOST). */
  host: string;
  /** Name or address that the gatekeeper reaches us at. */
  publicHost: string;
  /** Port of our call signalling, on `publicHost`. */
  signallingPort: () => number;
  /** Factor on all waiting times; 1 outside of tests. */
  pace?: number;
}

/** The far gatekeeper, and who we are there. */
export interface ClientAccount {
  host: string;
  port: number;
  identifier: string | undefined;
  username: string;
  aliases: string[];
  password: string | undefined;
}

/** Our registration with one far gatekeeper (H.225.0, clause 7, as a terminal), and the calls that it lets us make. */
export class FarGatekeeperClient extends EventEmitter<GatekeeperClientEvents> implements GatekeeperClient {
  readonly siteId: string;
  private readonly parts: ClientParts;
  private readonly account: ClientAccount;
  private readonly socket = new RasSocket();
  private readonly requests: RasRequests;
  private readonly credentials: Credentials;
  private readonly answers = new AnswerBook();
  private readonly calls = new Map<string, Call>();
  /** Addresses that the gatekeeper's messages and calls come from. */
  private readonly sources = new Set<string>();
  private machine: Machine | undefined;
  private gatekeeper: HostPort | undefined;
  private publicAddress = '';
  private timer: NodeJS.Timeout | undefined;
  private told: { state: ClientState; text: string } = { state: 'none', text: '' };
  private settled: (() => void)[] = [];
  /** URQ is on its way. */
  private leaving = false;

  constructor(siteId: string, account: ClientAccount, parts: ClientParts) {
    super();
    this.siteId = siteId;
    this.account = account;
    this.parts = parts;
    this.credentials = new Credentials(account, () => Math.floor(parts.clock.now().getTime() / 1000));
    this.requests = new RasRequests((bytes, to) => this.socket.send(bytes, to), parts.pace);
    this.socket.on('message', (arrival) => this.arrived(arrival));
    this.socket.on('broken', ({ bytes, from }) => {
      const message = from.host === this.gatekeeper?.host ? unknownMessage(bytes) : undefined;
      if (message !== undefined) this.send(message, from);
    });
    this.socket.on('error', (error) => parts.logger.error({ err: error, siteId }, 'RAS socket failed'));
  }

  get state(): ClientState {
    return this.told.state;
  }

  get text(): string {
    return this.told.text;
  }

  /** Begins to register; follows it up for ever. @throws when no socket can be had */
  async start(): Promise<void> {
    const { host, publicHost } = this.parts;
    this.publicAddress = await resolveHost(publicHost);
    await this.socket.bind(host, 0);
    const { identifier, port } = this.account;
    this.machine = stopped({ address: { host: this.account.host, port }, identifier });
    this.feed({ kind: 'start' });
  }

  /** Takes the registration back. */
  async close(): Promise<void> {
    const done = new Promise<void>((resolve) => this.settled.push(resolve));
    this.feed({ kind: 'stop' });
    if (this.gatekeeper !== undefined) {
      const patience = new Promise<void>((resolve) => setTimeout(resolve, 1_000).unref());
      await Promise.race([done, patience]);
    }
    clearTimeout(this.timer);
    this.requests.close();
    await this.socket.close();
  }

  admit(question: AdmissionQuestion): Promise<Admission> {
    return this.askAdmission(question, false);
  }

  admitAnswer(question: AdmissionQuestion): Promise<Admission> {
    return this.askAdmission(question, true);
  }

  async changeBandwidth(key: string, bandwidth: number): Promise<number> {
    const call = this.calls.get(key);
    if (call === undefined) throw new ClearError(notRegistered);
    const answer = await this.ask(bandwidthRequest(this.self, this.requests.number(), call, bandwidth));
    if (answer === undefined) throw new ClearError(noAnswer);
    const { bandwidthConfirm, bandwidthReject } = answer.message;
    if (bandwidthConfirm === undefined) {
      throw new ClearError(refusalCause(nameOf(bandwidthReject?.rejectReason)));
    }
    call.bandwidth = bandwidthConfirm.bandWidth;
    return call.bandwidth;
  }

  async callEnded(key: string): Promise<void> {
    const call = this.calls.get(key);
    if (call === undefined) return;
    this.calls.delete(key);
    if (this.gatekeeper === undefined) return;
    await this.ask(disengageRequest(this.self, this.requests.number(), call)).catch((error: unknown) =>
      this.parts.logger.warn({ err: error, siteId: this.siteId }, 'disengage not told'),
    );
  }

  isSource({ host }: HostPort): boolean {
    return this.sources.has(host);
  }

  private async askAdmission(question: AdmissionQuestion, answered: boolean): Promise<Admission> {
    let reason = 'callerNotRegistered';
    for (let round = 0; round < 2 && reason === 'callerNotRegistered'; round++) {
      if (!(await this.isRegistered())) throw new ClearError(notRegistered);
      const answer = await this.ask(admissionRequest(this.self, this.requests.number(), question, answered));
      if (answer === undefined) throw new ClearError(noAnswer);
      const { admissionConfirm, admissionReject } = answer.message;
      if (admissionConfirm !== undefined) return this.granted(question, answered, admissionConfirm);
      reason = nameOf(admissionReject?.rejectReason);
      // It forgot us: registered anew, the call is asked for once more.
      if (reason === 'invalidEndpointIdentifier') reason = 'callerNotRegistered';
      if (reason === 'callerNotRegistered') {
        this.feed({ kind: 'lost', reason, alternates: alternatesOf(admissionReject?.altGKInfo?.alternateGatekeeper) });
      }
    }
    throw new ClearError(refusalCause(reason));
  }

  private granted(question: AdmissionQuestion, answered: boolean, confirm: AdmissionConfirm): Admission {
    const address = fromTransport(confirm.destCallSignalAddress);
    if (address === undefined) throw new ClearError(refusalCause('noRouteToDestination'));
    const routed = confirm.callModel.gatekeeperRouted === null;
    if (routed) this.sources.add(address.host);
    this.calls.set(callKey(question.callIdentifier), { question, answered, bandwidth: confirm.bandWidth });
    return {
      address,
      model: routed ? 'gatekeeperRouted' : 'direct',
      called: confirm.destinationInfo?.map(aliasText).find((text) => text !== undefined) ?? question.called,
      bandwidth: confirm.bandWidth,
      endpointIdentifier: this.credentials.endpointId ?? '',
      tokens: confirm.tokens ?? [],
    };
  }

  /** Registered now, or within the wait for a registration that is on its way. */
  private async isRegistered(): Promise<boolean> {
    const onTheWay = (): boolean => ['registering', 'discovering'].includes(this.machine?.state.name ?? '');
    if (onTheWay()) await new Promise<void>((resolve) => this.settled.push(resolve));
    return this.machine?.state.name === 'registered' || this.machine?.state.name === 'renewing';
  }

  private feed(input: Input): void {
    if (this.machine === undefined) return;
    const { actions, machine } = next(this.machine, input);
    this.machine = machine;
    for (const action of actions) this.act(action);
    if (
      !['registering', 'discovering'].includes(machine.state.name) &&
      !actions.some((one) => one.do === 'unregister') &&
      !this.leaving
    ) {
      for (const settle of this.settled.splice(0)) settle();
    }
  }

  private act(action: Action): void {
    switch (action.do) {
      case 'discover':
        this.follow(this.discover(action.candidate));
        return;
      case 'register':
        this.follow(this.register(action.ras, action.full));
        return;
      case 'unregister':
        this.follow(this.unregister());
        return;
      case 'wait':
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.feed({ kind: 'due' }), action.ms * (this.parts.pace ?? 1));
        this.timer.unref();
        return;
      case 'tell':
        this.tell(action.state, action.text);
    }
  }

  private follow(work: Promise<Input | undefined>): void {
    work.then(
      (input) => {
        if (input !== undefined) this.feed(input);
      },
      (error: unknown) => {
        this.parts.logger.error({ err: error, siteId: this.siteId }, 'registration at the far gatekeeper failed');
        this.feed({ kind: 'silent' });
      },
    );
  }

  private async discover({ address, identifier }: Candidate): Promise<Input> {
    const to = { host: await resolveHost(address.host), port: address.port };
    const group = isGroup(to.host);
    const request = discoveryRequest(this.self, this.requests.number(), identifier, this.credentials.offer());
    const encode = (message: RasMessage): Uint8Array => this.credentials.encode(message);
    const answer = await this.requests.ask(request, to, { anybody: group, encode });
    const { gatekeeperConfirm, gatekeeperReject } = answer?.message ?? {};
    if (gatekeeperConfirm !== undefined) {
      this.credentials.choose(gatekeeperConfirm.algorithmOID);
      this.credentials.gatekeeperId = gatekeeperConfirm.gatekeeperIdentifier ?? identifier;
      return {
        kind: 'confirmed',
        ras: fromTransport(gatekeeperConfirm.rasAddress) ?? answer!.from,
        identifier: gatekeeperConfirm.gatekeeperIdentifier,
        alternates: alternatesOf(gatekeeperConfirm.alternateGatekeeper),
      };
    }
    if (gatekeeperReject === undefined) return { kind: 'silent' };
    const alternates = alternatesOf(gatekeeperReject.altGKInfo?.alternateGatekeeper);
    return { kind: 'rejected', reason: nameOf(gatekeeperReject.rejectReason), alternates };
  }

  private async register(ras: HostPort, full: boolean): Promise<Input> {
    this.gatekeeper = ras;
    this.sources.add(ras.host);
    if (full) this.credentials.endpointId = undefined;
    const { gatekeeperId } = this.credentials;
    const answer = await this.ask(registrationRequest(this.self, this.requests.number(), full));
    const { registrationConfirm, registrationReject } = answer?.message ?? {};
    if (registrationConfirm !== undefined) {
      this.credentials.endpointId = registrationConfirm.endpointIdentifier;
      this.credentials.gatekeeperId = registrationConfirm.gatekeeperIdentifier ?? gatekeeperId;
      for (const address of registrationConfirm.callSignalAddress) {
        const host = fromTransport(address)?.host;
        if (host !== undefined) this.sources.add(host);
      }
      const { alternateGatekeeper, timeToLive } = registrationConfirm;
      return { kind: 'registered', timeToLiveS: timeToLive, alternates: alternatesOf(alternateGatekeeper) };
    }
    if (registrationReject === undefined) return { kind: 'silent' };
    return {
      kind: 'refused',
      reason: nameOf(registrationReject.rejectReason),
      again: againAfter(registrationReject.rejectReason),
      alternates: alternatesOf(registrationReject.altGKInfo?.alternateGatekeeper),
    };
  }

  private async unregister(): Promise<undefined> {
    // The answer to a renewal that was on its way when we left must not be taken for the end of leaving.
    this.leaving = true;
    await this.ask(unregistrationRequest(this.self, this.requests.number()));
    this.leaving = false;
    for (const settle of this.settled.splice(0)) settle();
  }

  /** What the gatekeeper asks of us. */
  private arrived(arrival: Arrival): void {
    const { bytes, from, message } = arrival;
    const genuine = (one: Arrival): boolean => this.credentials.isGenuine(one.message, one.bytes);
    if (this.requests.answered(arrival, genuine)) return;
    const kind = kindOf(message);
    if (this.gatekeeper === undefined || from.host !== this.gatekeeper.host) return;
    if (kind !== undefined && (isAnswer(kind) || !genuine(arrival))) return;
    const number = bodyOf(message)?.requestSeqNum ?? 0;
    const now = this.parts.clock.now().getTime();
    const before = this.answers.begin(from, kind ?? '', number, bytes, now);
    if (before === 'pending') return;
    if (before !== 'new') {
      this.socket.send(before, from);
      return;
    }
    const answer = this.answer(message) ?? unknownMessage(bytes);
    const to = fromTransport(message.infoRequest?.replyAddress);
    const sent = answer === undefined ? undefined : this.send(answer, to?.host === from.host ? to : from);
    this.answers.end(from, kind ?? '', number, sent);
    this.afterwards(message);
  }

  private answer(message: RasMessage): RasMessage | undefined {
    const { disengageRequest, infoRequest, serviceControlIndication, unregistrationRequest } = message;
    if (unregistrationRequest !== undefined) {
      return { unregistrationConfirm: { requestSeqNum: unregistrationRequest.requestSeqNum } };
    }
    if (disengageRequest !== undefined) {
      return { disengageConfirm: { requestSeqNum: disengageRequest.requestSeqNum } };
    }
    if (infoRequest !== undefined) return information(this.self, infoRequest.requestSeqNum, [...this.calls.values()]);
    if (serviceControlIndication !== undefined) {
      const { requestSeqNum } = serviceControlIndication;
      return { serviceControlResponse: { requestSeqNum, result: { notAvailable: null } } };
    }
    return undefined;
  }

  private afterwards({ disengageRequest, unregistrationRequest }: RasMessage): void {
    if (unregistrationRequest !== undefined) {
      const alternates = alternatesOf(unregistrationRequest.alternateGatekeeper);
      this.feed({ kind: 'lost', reason: nameOf(unregistrationRequest.reason), alternates });
    }
    const guid = disengageRequest?.callIdentifier?.guid;
    if (guid !== undefined && this.calls.delete(callKey(guid))) this.emit('clear', callKey(guid));
  }

  private ask(message: RasMessage): Promise<Arrival | undefined> {
    if (this.gatekeeper === undefined) return Promise.resolve(undefined);
    return this.requests.ask(message, this.gatekeeper, { encode: (one) => this.credentials.encode(one) });
  }

  private send(message: RasMessage, to: HostPort): Uint8Array {
    const bytes = this.credentials.encode(message);
    this.socket.send(bytes, to);
    return bytes;
  }

  private tell(state: ClientState, text: string): void {
    if (this.told.state === state && this.told.text === text) return;
    this.told = { state, text };
    const { host, port } = this.account;
    this.parts.logger.info(
      { siteId: this.siteId, gatekeeper: addressText({ host, port }), state, text },
      'far gatekeeper',
    );
    this.emit('state', state, text);
  }

  /** Who we are, for the messages. */
  private get self(): Self {
    return {
      aliases: [this.account.username, ...this.account.aliases],
      ras: { host: this.publicAddress, port: this.socket.port },
      signalling: { host: this.publicAddress, port: this.parts.signallingPort() },
      endpointId: this.credentials.endpointId,
      gatekeeperId: this.credentials.gatekeeperId,
    };
  }
}
