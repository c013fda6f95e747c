import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { mediaAddress, signallingAddress } from '../../../../gateway/h323/call/media/address.ts';
import { aliasOf, type Envelope, MessageBuilder } from '../../../../gateway/h323/call/signalling/messages.ts';
import {
  decodeSignalling,
  encodeSignalling,
  frameTpkt,
  type SignallingMessage,
  TpktReader,
} from '../../../../gateway/h323/h225/index.ts';
import {
  type DataType,
  decodeH245,
  encodeH245,
  type MultimediaSystemControlMessage,
  type TerminalCapabilitySet,
} from '../../../../gateway/h323/h245/index.ts';
import { readByTshark } from '../tshark.ts';

const heard: SignallingMessage[] = [];

/** What tshark finds wrong with the messages of ours that terminals of this process heard since the last look. */
export function faultsOfHeard(): string[] {
  const messages = heard.splice(0).map((signalling) => ({ signalling }));
  return messages.length === 0 ? ['nothing was heard'] : readByTshark(messages, ['frame.number']).faults;
}

/** A far terminal whose every message a test writes itself; H.245 is tunnelled. */
export class Terminal extends EventEmitter {
  readonly host: string;
  readonly build: MessageBuilder;
  private readonly socket: Socket;
  private readonly reader = new TpktReader();
  /** Everything that came and was not yet asked for. */
  private signals: SignallingMessage[] = [];
  private controls: MultimediaSystemControlMessage[] = [];
  private sequence = 0;
  closed = false;
  tunnelling = true;

  private constructor(host: string, socket: Socket, callReference: number, fromDestination: boolean, guid: Uint8Array) {
    super();
    this.host = host;
    this.socket = socket;
    this.build = new MessageBuilder({
      callReference,
      fromDestination,
      callIdentifier: guid,
      conferenceId: new Uint8Array(16).fill(7),
    });
    socket.on('data', (data) => {
      for (const packet of this.reader.push(data)) this.take(decodeSignalling(packet));
    });
    const gone = (): void => {
      this.closed = true;
      this.emit('any');
    };
    socket.on('error', gone);
    socket.on('close', gone);
  }

  /** Connects to our port, to call. */
  static async dial(host: string, to: { host: string; port: number }): Promise<Terminal> {
    const socket = connect({ ...to, localAddress: host, noDelay: true });
    await once(socket, 'connect');
    return new Terminal(host, socket, 4_711, false, crypto.getRandomValues(new Uint8Array(16)));
  }

  /** Waits at an address to be called; what it answers is the terminal with its SETUP. */
  static async wait(host: string): Promise<{ port: number; called: Promise<Terminal>; close(): void }> {
    const server: Server = createServer({ noDelay: true });
    server.listen(0, host);
    await once(server, 'listening');
    const called = once(server, 'connection').then(async ([socket]) => {
      const connection = socket as Socket;
      const first = await new Promise<Buffer>((resolve) => connection.once('data', resolve));
      connection.pause();
      const [packet] = new TpktReader().push(first);
      if (packet === undefined) throw new Error('no SETUP');
      const setup = decodeSignalling(packet);
      const guid = setup.userInformation?.['h323-uu-pdu']['h323-message-body'].setup?.callIdentifier?.guid;
      const terminal = new Terminal(host, connection, setup.callReference, true, guid ?? new Uint8Array(16));
      terminal.signals.push(setup);
      connection.resume();
      return terminal;
    });
    const address = server.address();
    return {
      port: typeof address === 'object' && address !== null ? address.port : 0,
      called,
      close: () => server.close(),
    };
  }

  setup(called: string, envelope: Partial<Envelope> = {}): void {
    this.send(
      this.build.setup(
        {
          called: called === '' ? [] : [aliasOf(called)],
          calledAddress: signallingAddress({ host: this.host, port: 1720 }),
          caller: { number: '801', name: 'Máy cũ' },
          callerAddress: signallingAddress({ host: this.host, port: 1720 }),
          withVideo: false,
        },
        { tunnelling: this.tunnelling, control: [], ...envelope },
      ),
    );
  }

  send(message: SignallingMessage): void {
    this.raw(encodeSignalling(message));
  }

  raw(packet: Uint8Array): void {
    this.socket.write(frameTpkt(packet));
  }

  octets(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** H.245, several messages in one FACILITY. */
  tell(...messages: MultimediaSystemControlMessage[]): void {
    this.send(this.build.carrier({ tunnelling: true, control: messages.map(encodeH245) }));
  }

  /** Tells capabilities: one of each kind at once. */
  capabilities(table: TerminalCapabilitySet['capabilityTable']): void {
    this.sequence++;
    const entries = table ?? [];
    const sets = new Map<string, number[]>();
    for (const { capability, capabilityTableEntryNumber } of entries) {
      const kind = Object.keys(capability ?? {})[0] ?? '';
      sets.set(kind, [...(sets.get(kind) ?? []), capabilityTableEntryNumber]);
    }
    this.tell({
      request: {
        terminalCapabilitySet: {
          sequenceNumber: this.sequence,
          protocolIdentifier: '0.0.8.245.0.7',
          ...(entries.length === 0
            ? {}
            : {
                capabilityTable: entries,
                capabilityDescriptors: [
                  {
                    capabilityDescriptorNumber: 0,
                    simultaneousCapabilities: [...sets.values()],
                  },
                ],
              }),
        },
      },
    });
  }

  open(number: number, dataType: DataType, port: number): void {
    this.tell({
      request: {
        openLogicalChannel: {
          forwardLogicalChannelNumber: number,
          forwardLogicalChannelParameters: {
            dataType,
            multiplexParameters: {
              h2250LogicalChannelParameters: {
                sessionID: dataType.videoData === undefined ? 1 : 2,
                mediaControlChannel: mediaAddress({ host: this.host, port: port + 1 }),
                ...(dataType.videoData === undefined ? {} : { dynamicRTPPayloadType: 109 }),
              },
            },
          },
        },
      },
    });
  }

  accept(number: number, port: number): void {
    this.tell({
      response: {
        openLogicalChannelAck: {
          forwardLogicalChannelNumber: number,
          forwardMultiplexAckParameters: {
            h2250LogicalChannelAckParameters: {
              mediaChannel: mediaAddress({ host: this.host, port }),
              mediaControlChannel: mediaAddress({ host: this.host, port: port + 1 }),
              flowControlToZero: false,
            },
          },
        },
      },
    });
  }

  /** The next call signalling message of a type; others before it stay. */
  async signal(type: SignallingMessage['type']): Promise<SignallingMessage> {
    return this.find(() => {
      const at = this.signals.findIndex((message) => message.type === type);
      return at < 0 ? undefined : this.signals.splice(at, 1)[0];
    }, type);
  }

  /** The next H.245 message that the reader takes; others before it stay. */
  async hears<T>(
    read: (message: MultimediaSystemControlMessage) => T | undefined,
    what = 'an H.245 message',
  ): Promise<T> {
    return this.find(() => {
      for (const [at, message] of this.controls.entries()) {
        const found = read(message);
        if (found === undefined) continue;
        this.controls.splice(at, 1);
        return found;
      }
      return undefined;
    }, what);
  }

  /** H.245 messages that came and that nobody asked for. */
  get unheard(): MultimediaSystemControlMessage[] {
    return this.controls;
  }

  /** Determination and capabilities, as a plain terminal does them: it is the slave. */
  async agree(table: NonNullable<TerminalCapabilitySet['capabilityTable']>): Promise<TerminalCapabilitySet> {
    this.capabilities(table);
    const theirs = await this.hears((message) => message.request?.terminalCapabilitySet, 'capabilities');
    this.tell({ response: { terminalCapabilitySetAck: { sequenceNumber: theirs.sequenceNumber } } });
    await this.hears((message) => message.request?.masterSlaveDetermination, 'determination');
    this.tell({ response: { masterSlaveDeterminationAck: { decision: { master: null } } } });
    await this.hears((message) => message.response?.masterSlaveDeterminationAck, 'acknowledged determination');
    await this.hears((message) => message.response?.terminalCapabilitySetAck, 'acknowledged capabilities');
    return theirs;
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  close(): void {
    this.socket.destroy();
  }

  private take(message: SignallingMessage): void {
    heard.push(message);
    this.signals.push(message);
    const pdu = message.userInformation?.['h323-uu-pdu'];
    for (const bytes of pdu?.h245Control ?? []) this.controls.push(decodeH245(bytes));
    this.emit('any');
  }

  private async find<T>(look: () => T | undefined, what: string): Promise<T> {
    const limit = AbortSignal.timeout(5_000);
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.closed) throw new Error(`connection closed while waiting for ${what}`);
      await once(this, 'any', { signal: limit }).catch(() => {
        throw new Error(`no ${what}; came: ${this.describe()}`);
      });
    }
  }

  private describe(): string {
    const inner = (value: object): string => Object.keys(Object.values(value)[0] ?? {})[0] ?? '';
    return [...this.signals.map(({ type }) => type), ...this.controls.map(inner)].join(', ');
  }
}

/** Capabilities of a terminal, numbered from 1. */
export function table(
  ...capabilities: NonNullable<NonNullable<TerminalCapabilitySet['capabilityTable']>[number]['capability']>[]
): NonNullable<TerminalCapabilitySet['capabilityTable']> {
  return capabilities.map((capability, place) => ({ capabilityTableEntryNumber: place + 1, capability }));
}

export const alaw: DataType = { audioData: { g711Alaw64k: 20 } };
export const ulaw: DataType = { audioData: { g711Ulaw64k: 20 } };
export const g711Table = table(
  { receiveAudioCapability: { g711Alaw64k: 20 } },
  { receiveAudioCapability: { g711Ulaw64k: 20 } },
  { receiveUserInputCapability: { dtmf: null } },
);
