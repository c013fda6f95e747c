import { EventEmitter } from 'node:events';
import type { Clock } from '../../../../platform/clock.ts';
import type { Logger } from '../../../../platform/log.ts';
import type { RasMessage } from '../../h225/index.ts';
import { addressText, fromTransport, resolveHost } from '../address.ts';
import type {
  Admission,
  AdmissionQuestion,
  ClientState,
  GatekeeperClient,
  GatekeeperClientEvents,
  HostPort,
} from '../interface.ts';
import { bodyOf, isAnswer, kindOf } from '../message.ts';
import { AnswerBook } from '../transport/answer-book.ts';
import { type Arrival, RasSocket } from '../transport/ras-socket.ts';
import { RasRequests } from '../transport/requests.ts';
import { unknownMessage } from '../transport/unknown-message.ts';
import { AdmittedCalls } from './admitted-calls.ts';
import { Credentials } from './credentials.ts';
import { type Action, type Candidate, type Input, type Machine, next, stopped } from './machine.ts';
import {
  alternatesOf,
  discoveryRequest,
  information,
  isGroup,
  nameOf,
  registrationRequest,
  type Self,
  unregistrationRequest,
} from './messages.ts';

import { discovered, registered } from './outcomes.ts';

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
  private readonly calls: AdmittedCalls;
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
    this.calls = new AdmittedCalls(
      {
        self: () => this.self,
        number: () => this.requests.number(),
        ask: async (message) => (await this.ask(message))?.message,
        tell: (message) => this.report(message),
        isRegistered: () => this.isRegistered(),
        forgotten: (reason, alternates) => this.feed({ kind: 'lost', reason, alternates }),
        routes: (host) => this.sources.add(host),
      },
      parts.pace ?? 1,
    );
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
    this.calls.close();
    this.requests.close();
    await this.socket.close();
  }

  admit(question: AdmissionQuestion): Promise<Admission> {
    return this.calls.admit(question, false);
  }

  admitAnswer(question: AdmissionQuestion): Promise<Admission> {
    return this.calls.admit(question, true);
  }

  changeBandwidth(key: string, bandwidth: number): Promise<number> {
    return this.calls.changeBandwidth(key, bandwidth);
  }

  async callEnded(key: string): Promise<void> {
    await this.calls
      .ended(key)
      .catch((error: unknown) => this.parts.logger.warn({ err: error, siteId: this.siteId }, 'disengage not told'));
  }

  isSource({ host }: HostPort): boolean {
    return this.sources.has(host);
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
    const confirmed = answer?.message.gatekeeperConfirm;
    if (confirmed !== undefined) {
      this.credentials.choose(confirmed.algorithmOID);
      this.credentials.gatekeeperId = confirmed.gatekeeperIdentifier ?? identifier;
    }
    return answer === undefined ? { kind: 'silent' } : discovered(answer.message, answer.from);
  }

  private async register(ras: HostPort, full: boolean): Promise<Input> {
    this.gatekeeper = ras;
    this.sources.add(ras.host);
    if (full) this.credentials.endpointId = undefined;
    const { gatekeeperId } = this.credentials;
    const answer = await this.ask(registrationRequest(this.self, this.requests.number(), full));
    const confirmed = answer?.message.registrationConfirm;
    if (confirmed !== undefined) {
      this.credentials.endpointId = confirmed.endpointIdentifier;
      this.credentials.gatekeeperId = confirmed.gatekeeperIdentifier ?? gatekeeperId;
      for (const address of confirmed.callSignalAddress) {
        const host = fromTransport(address)?.host;
        if (host !== undefined) this.sources.add(host);
      }
    }
    return answer === undefined ? { kind: 'silent' } : registered(answer.message);
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
    if (infoRequest !== undefined) return information(this.self, infoRequest.requestSeqNum, this.calls.all);
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
    const cleared = disengageRequest === undefined ? undefined : this.calls.cleared(disengageRequest);
    if (cleared !== undefined) this.emit('clear', cleared);
  }

  private ask(message: RasMessage): Promise<Arrival | undefined> {
    if (this.gatekeeper === undefined) return Promise.resolve(undefined);
    return this.requests.ask(message, this.gatekeeper, { encode: (one) => this.credentials.encode(one) });
  }

  /** Tells the gatekeeper something that it does not answer. */
  private report(message: RasMessage): void {
    if (this.gatekeeper !== undefined) this.send(message, this.gatekeeper);
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
