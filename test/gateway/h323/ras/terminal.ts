import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeRas, encodeRas, type RasMessage } from '../../../../gateway/h323/h225/index.ts';
import { toTransport } from '../../../../gateway/h323/ras/address.ts';
import { toAlias } from '../../../../gateway/h323/ras/alias.ts';
import type { HostPort } from '../../../../gateway/h323/ras/interface.ts';
import { type BodyOf, bodyOf, ourVendor } from '../../../../gateway/h323/ras/message.ts';
import { md5, procedureVersions } from '../../../../gateway/h323/ras/security/identifiers.ts';
import { passwordHashToken } from '../../../../gateway/h323/ras/security/password-hash.ts';
import { encodeSigned } from '../../../../gateway/h323/ras/security/procedure-one.ts';

const vendor = { ...ourVendor, productId: Buffer.from('Phòng họp 300'), versionId: Buffer.from('4.2') };
const terminalType = { vendor, terminal: {}, mc: false, undefinedNode: false };

/** How a terminal proves itself in what it sends. */
export type Proves = 'nothing' | 'password-hash' | 'procedure-one';

/** An H.323 terminal's RAS side, which says whatever a test wants it to say. */
export class Terminal {
  readonly received: { message: RasMessage; bytes: Uint8Array }[] = [];
  /** Answers to what the gatekeeper asks. */
  respond: ((message: RasMessage) => RasMessage | undefined) | undefined;
  proves: Proves = 'nothing';
  password = '';
  name = 'codec';
  endpointIdentifier = '';
  clockOffsetS = 0;
  random = 1;
  private readonly socket: Socket;
  private readonly gatekeeper: HostPort;
  private number = Math.floor(Math.random() * 60_000);
  private readonly waiting = new Set<() => void>();

  private constructor(socket: Socket, gatekeeper: HostPort) {
    this.socket = socket;
    this.gatekeeper = gatekeeper;
    socket.on('message', (bytes, from) => {
      const message = decodeRas(bytes);
      this.received.push({ message, bytes: Uint8Array.from(bytes) });
      const answer = this.respond?.(message);
      if (answer !== undefined) socket.send(this.encode(answer), from.port, from.address);
      for (const wake of [...this.waiting]) wake();
    });
  }

  static async open(host: string, gatekeeper: HostPort): Promise<Terminal> {
    const socket = createSocket('udp4');
    socket.bind(0, host);
    await once(socket, 'listening');
    return new Terminal(socket, gatekeeper);
  }

  get ras(): HostPort {
    const { address, port } = this.socket.address();
    return { host: address, port };
  }

  get signalling(): HostPort {
    return { host: this.ras.host, port: 1720 };
  }

  next(): number {
    this.number = (this.number % 65_000) + 1;
    return this.number;
  }

  encode(message: RasMessage): Uint8Array {
    const body = bodyOf(message)!;
    const timeS = Math.floor(Date.now() / 1000) + this.clockOffsetS;
    if (this.proves === 'nothing' || message.gatekeeperRequest !== undefined) return encodeRas(message);
    if (this.proves === 'password-hash') {
      body.cryptoTokens = [passwordHashToken(toAlias(this.name), this.password, timeS)];
      return encodeRas(message);
    }
    return encodeSigned(message, {
      password: this.password,
      sendersId: this.endpointIdentifier || this.name,
      generalId: 'diemcau',
      timeS,
      random: this.random++,
      oids: procedureVersions[0]!,
    });
  }

  /** Sends and resolves to the answer with the same number; `undefined` when none comes. */
  async ask(sent: RasMessage | Uint8Array, waitMs = 3_000): Promise<RasMessage | undefined> {
    const bytes = sent instanceof Uint8Array ? sent : this.encode(sent);
    const number = bodyOf(sent instanceof Uint8Array ? decodeRas(sent) : sent)!.requestSeqNum;
    const from = this.received.length;
    this.socket.send(bytes, this.gatekeeper.port, this.gatekeeper.host);
    const found = (): RasMessage | undefined =>
      this.received
        .slice(from)
        .map(({ message }) => message)
        .find((message) => message.requestInProgress === undefined && bodyOf(message)?.requestSeqNum === number);
    return this.until(found, waitMs);
  }

  send(bytes: Uint8Array): void {
    this.socket.send(bytes, this.gatekeeper.port, this.gatekeeper.host);
  }

  /** Resolves to what `found` finds among what came; `undefined` after the wait. */
  until<T>(found: () => T | undefined, waitMs = 3_000): Promise<T | undefined> {
    return new Promise((resolve) => {
      const look = (): void => {
        const value = found();
        if (value === undefined) return;
        finish(value);
      };
      const finish = (value: T | undefined): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve(value);
      };
      const timer = setTimeout(() => finish(undefined), waitMs);
      this.waiting.add(look);
      look();
    });
  }

  discovery(change: Partial<BodyOf<'gatekeeperRequest'>> = {}): RasMessage {
    return {
      gatekeeperRequest: {
        requestSeqNum: this.next(),
        protocolIdentifier: '0.0.8.2250.0.6',
        rasAddress: toTransport(this.ras),
        endpointType: terminalType,
        endpointAlias: [toAlias(this.name)],
        authenticationCapability: [{ pwdHash: null }],
        algorithmOIDs: [md5],
        supportsAssignedGK: false,
        ...change,
      },
    };
  }

  registration(aliases: string[], change: Partial<BodyOf<'registrationRequest'>> = {}): RasMessage {
    return {
      registrationRequest: {
        requestSeqNum: this.next(),
        protocolIdentifier: '0.0.8.2250.0.6',
        discoveryComplete: true,
        callSignalAddress: [toTransport(this.signalling)],
        rasAddress: [toTransport(this.ras)],
        terminalType,
        terminalAlias: aliases.map(toAlias),
        endpointVendor: vendor,
        timeToLive: 60,
        keepAlive: false,
        willSupplyUUIEs: false,
        maintainConnection: false,
        ...change,
      },
    };
  }

  keepAlive(): RasMessage {
    const { registrationRequest } = this.registration([], {
      keepAlive: true,
      endpointIdentifier: this.endpointIdentifier,
    });
    delete registrationRequest!.terminalAlias;
    return { registrationRequest: registrationRequest! };
  }

  /** Registers, and keeps the endpoint identifier. */
  async register(aliases: string[]): Promise<RasMessage | undefined> {
    const answer = await this.ask(this.registration(aliases));
    this.endpointIdentifier = answer?.registrationConfirm?.endpointIdentifier ?? '';
    return answer;
  }

  admission(called: string, change: Partial<BodyOf<'admissionRequest'>> = {}): RasMessage {
    return {
      admissionRequest: {
        requestSeqNum: this.next(),
        callType: { pointToPoint: null },
        endpointIdentifier: this.endpointIdentifier,
        destinationInfo: [toAlias(called)],
        srcInfo: [toAlias(this.name)],
        bandWidth: 3_840,
        callReferenceValue: 77,
        conferenceID: new Uint8Array(16).fill(7),
        activeMC: false,
        answerCall: false,
        canMapAlias: true,
        callIdentifier: { guid: new Uint8Array(16).fill(9) },
        willSupplyUUIEs: false,
        ...change,
      },
    };
  }

  close(): void {
    this.socket.close();
  }
}
