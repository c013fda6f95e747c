import { deepEqual, equal } from 'node:assert/strict';
import { CapabilityExchange } from '../../../../gateway/h323/call/control/capability-exchange.ts';
import { IncomingChannels } from '../../../../gateway/h323/call/control/incoming-channels.ts';
import { determine, MasterSlaveEntity } from '../../../../gateway/h323/call/control/master-slave.ts';
import { OutgoingChannels } from '../../../../gateway/h323/call/control/outgoing-channels.ts';
import type { EntityPort } from '../../../../gateway/h323/call/control/port.ts';
import { RoundTrip } from '../../../../gateway/h323/call/control/round-trip.ts';
import { digitMethod } from '../../../../gateway/h323/call/control/user-input.ts';
import { isSmaller } from '../../../../gateway/h323/call/media/address.ts';
import { parseFarAddress } from '../../../../gateway/h323/call/peers/far-address.ts';
import { ownAddress } from '../../../../gateway/h323/call/peers/own-address.ts';
import { causeOfRelease, releaseOfCause } from '../../../../gateway/h323/call/signalling/release.ts';
import type { OpenLogicalChannel } from '../../../../gateway/h323/h245/index.ts';
import { table } from './terminal.ts';

/** Writes down what an entity does. */
class Notebook implements EntityPort {
  did: string[] = [];
  readonly timers = new Set<string>();
  send(message: object): void {
    const kind = Object.values(message)[0] as object;
    this.did.push(Object.keys(kind)[0] ?? '');
  }
  startTimer(name: string): void {
    this.timers.add(name);
  }
  stopTimer(name: string): void {
    this.timers.delete(name);
  }
  told(name: string): (...values: unknown[]) => void {
    return (...values) => void this.did.push([name, ...values.filter((value) => typeof value !== 'object')].join(' '));
  }
  /** What happened since the last look. */
  look(): string[] {
    return this.did.splice(0);
  }
}

describe('master/slave determination (H.245, clause C.2)', () => {
  // The numbers of fixtures/h323, and what both sides made of them.
  const table: [string, number, number, number, number, string | undefined][] = [
    ['h323plus-h264-slow-tunnel, caller', 50, 11_439_703, 50, 2_385_616, 'master'],
    ['h323plus-h264-slow-tunnel, callee', 50, 2_385_616, 50, 11_439_703, 'slave'],
    ['ooh323-a-fast-tunnel, identical numbers', 60, 1_255_332, 60, 1_255_332, undefined],
    ['half the circle apart', 60, 0, 60, 0x800000, undefined],
    ['a gateway and a terminal', 60, 5, 50, 9_000_000, 'master'],
    ['a terminal and an MCU', 60, 5, 190, 9, 'slave'],
    ['just below half', 60, 0, 60, 0x7fffff, 'master'],
    ['just above half', 60, 0, 60, 0x800001, 'slave'],
    ['around the end', 60, 0xffffff, 60, 0, 'master'],
  ];
  for (const [name, type, number, farType, farNumber, status] of table) {
    it(`${name}: ${status ?? 'undecided'}`, () => {
      const numbers = (terminalType: number, statusDeterminationNumber: number) => ({
        terminalType,
        statusDeterminationNumber,
      });
      equal(determine(numbers(type, number), numbers(farType, farNumber)), status);
    });
  }

  const made = (...numbers: number[]) => {
    const notebook = new Notebook();
    const entity = new MasterSlaveEntity(60, () => numbers.shift() ?? 1, notebook, {
      determined: notebook.told('determined'),
      undetermined: notebook.told('undetermined'),
    });
    return { entity, notebook };
  };
  const far = (statusDeterminationNumber: number, terminalType = 60) => ({ terminalType, statusDeterminationNumber });

  it('both ask at once', () => {
    const { entity, notebook } = made(10);
    entity.begin();
    entity.request(far(20));
    equal(entity.state, 'incoming awaiting response');
    entity.acknowledged({ decision: { master: null } });
    deepEqual(notebook.look(), ['masterSlaveDetermination', 'masterSlaveDeterminationAck', 'determined master']);
    deepEqual([entity.state, notebook.timers.size], ['idle', 0]);
  });

  it('only we ask', () => {
    const { entity, notebook } = made(10);
    entity.begin();
    entity.acknowledged({ decision: { slave: null } });
    deepEqual(notebook.look(), ['masterSlaveDetermination', 'masterSlaveDeterminationAck', 'determined slave']);
  });

  it('only the far side asks, and never sends the last acknowledgement', () => {
    const { entity, notebook } = made(10);
    entity.request(far(20));
    entity.timeout();
    deepEqual(notebook.look(), ['masterSlaveDeterminationAck', 'determined master']);
  });

  it('identical numbers are drawn again, and not for ever', () => {
    const { entity, notebook } = made(7, 7, 8);
    entity.begin();
    entity.rejected();
    entity.request(far(7));
    entity.request(far(9));
    deepEqual(notebook.look().slice(-2), ['masterSlaveDetermination', 'masterSlaveDeterminationAck']);
    const stubborn = made(...new Array<number>(20).fill(3));
    stubborn.entity.begin();
    for (let round = 0; round < 20; round++) stubborn.entity.rejected();
    equal(stubborn.notebook.did.at(-1), 'undetermined numbers stayed identical');
    equal(stubborn.notebook.did.length, 9);
  });

  it('idle with identical numbers: the far side is told to draw', () => {
    const { entity, notebook } = made(7);
    entity.request(far(7));
    deepEqual(notebook.look(), ['masterSlaveDeterminationReject']);
  });

  it('no answer, a contradiction, a release', () => {
    const { entity, notebook } = made(10, 11, 12);
    entity.begin();
    entity.timeout();
    deepEqual(notebook.look().slice(1), ['masterSlaveDeterminationRelease', 'undetermined no answer']);
    entity.request(far(20));
    entity.acknowledged({ decision: { slave: null } });
    equal(notebook.look().at(-1), 'undetermined both sides think themselves the same');
    entity.begin();
    entity.released();
    equal(notebook.look().at(-1), 'undetermined given up by the far side');
  });
});

describe('capability exchange (H.245, clause C.3)', () => {
  const made = () => {
    const notebook = new Notebook();
    const entity = new CapabilityExchange(notebook, {
      capabilitiesAcknowledged: notebook.told('acknowledged'),
      capabilitiesRefused: notebook.told('refused'),
      capabilitiesReceived: notebook.told('received'),
    });
    return { entity, notebook };
  };
  const content = { protocolIdentifier: '0.0.8.245.0.8' };

  it('only the newest of sets that wait counts; answers to older ones are passed over', () => {
    const { entity, notebook } = made();
    for (let set = 0; set < 3; set++) entity.tell(content);
    entity.acknowledged(9);
    entity.acknowledged(1);
    entity.acknowledged(2);
    entity.acknowledged(2);
    deepEqual(notebook.look(), ['terminalCapabilitySet', 'terminalCapabilitySet', 'acknowledged']);
  });

  it('refused, silent, told again', () => {
    const { entity, notebook } = made();
    entity.tell(content);
    entity.rejected({ sequenceNumber: 1, cause: { undefinedTableEntryUsed: null } });
    entity.tell(content);
    entity.timeout();
    entity.tell(content);
    entity.tellAgain(content);
    deepEqual(notebook.look(), [
      'terminalCapabilitySet',
      'refused capability set refused: undefinedTableEntryUsed',
      'terminalCapabilitySet',
      'terminalCapabilitySetRelease',
      'refused no answer to our capability set',
      'terminalCapabilitySet',
      'terminalCapabilitySet',
    ]);
  });

  it('the far side’s set is acknowledged at once; an empty one is a pause', () => {
    const { entity, notebook } = made();
    entity.request({ ...content, sequenceNumber: 3 });
    entity.request({
      ...content,
      sequenceNumber: 4,
      capabilityTable: table({ receiveAudioCapability: { g711Alaw64k: 20 } }),
    });
    deepEqual(notebook.look(), [
      'terminalCapabilitySetAck',
      'received true',
      'terminalCapabilitySetAck',
      'received false',
    ]);
  });
});

describe('logical channels (H.245, clauses C.4 and C.6)', () => {
  const channel = (forwardLogicalChannelNumber: number): OpenLogicalChannel => ({
    forwardLogicalChannelNumber,
    forwardLogicalChannelParameters: {
      dataType: { audioData: { g711Alaw64k: 20 } },
      multiplexParameters: { h2250LogicalChannelParameters: { sessionID: 1 } },
    },
  });

  it('ours: opened, refused, unanswered, closed, asked to be closed', () => {
    const notebook = new Notebook();
    const entity = new OutgoingChannels(notebook, {
      channelOpened: notebook.told('opened'),
      channelRefused: notebook.told('refused'),
      channelCloseRequested: notebook.told('close requested'),
    });
    for (const number of [1, 2, 3]) entity.open(channel(number));
    entity.acknowledged({ forwardLogicalChannelNumber: 1 });
    entity.acknowledged({ forwardLogicalChannelNumber: 1 });
    entity.rejected({ forwardLogicalChannelNumber: 2, cause: { unspecified: null } });
    notebook.stopTimer('T103:3');
    entity.timeout('T103:3');
    deepEqual(notebook.look().slice(3), ['opened 1', 'refused 2', 'closeLogicalChannel', 'refused 3 no answer']);
    entity.closeRequested(1, true);
    entity.close(1);
    entity.close(1);
    entity.closeRequested(1, false);
    entity.closeAcknowledged(1);
    deepEqual(notebook.look(), [
      'requestChannelCloseAck',
      'close requested 1 true',
      'closeLogicalChannel',
      'requestChannelCloseReject',
    ]);
    deepEqual([entity.states.size, notebook.timers.size], [0, 0]);
    equal(entity.free(), 1);
  });

  it('theirs: accepted, refused, replaced, closed twice, asked to be closed', () => {
    const notebook = new Notebook();
    const entity = new IncomingChannels(notebook, {
      channelRequested: notebook.told('requested'),
      channelClosed: notebook.told('closed'),
      channelCloseRefused: notebook.told('close refused'),
    });
    entity.request(channel(5));
    entity.accept({ forwardLogicalChannelNumber: 5 });
    entity.request(channel(5));
    entity.refuse(5, { unspecified: null });
    entity.accept({ forwardLogicalChannelNumber: 5 });
    deepEqual(notebook.look(), [
      'requested',
      'openLogicalChannelAck',
      'closed 5',
      'requested',
      'openLogicalChannelReject',
    ]);
    entity.adopt(6);
    entity.requestClose(6);
    entity.timeout('T108:6');
    entity.close({ forwardLogicalChannelNumber: 6, source: { user: null } });
    entity.close({ forwardLogicalChannelNumber: 6, source: { user: null } });
    deepEqual(notebook.look(), [
      'requestChannelClose',
      'requestChannelCloseRelease',
      'close refused 6',
      'closeLogicalChannelAck',
      'closed 6',
      'closeLogicalChannelAck',
    ]);
    deepEqual([entity.states.size, notebook.timers.size], [0, 0]);
  });

  it('theirs: more than any terminal has are refused, those that stand go on', () => {
    const notebook = new Notebook();
    const entity = new IncomingChannels(notebook, {
      channelRequested: notebook.told('requested'),
      channelClosed: notebook.told('closed'),
      channelCloseRefused: notebook.told('close refused'),
    });
    for (let number = 1; number <= 5_000; number++) entity.request(channel(number));
    equal(entity.states.size, 32);
    const did = notebook.look();
    equal(did.filter((one) => one === 'requested').length, 32);
    equal(did.filter((one) => one === 'openLogicalChannelReject').length, 5_000 - 32);
    entity.request(channel(7));
    entity.accept({ forwardLogicalChannelNumber: 7 });
    deepEqual(notebook.look(), ['closed 7', 'requested', 'openLogicalChannelAck']);
    entity.close({ forwardLogicalChannelNumber: 7, source: { user: null } });
    entity.request(channel(6_000));
    deepEqual(notebook.look(), ['closeLogicalChannelAck', 'closed 7', 'requested']);
  });
});

describe('round trip delay as a sign of life (H.245, clause C.9)', () => {
  it('a far side that answered before and is silent twice is gone; one that never answered is let be', () => {
    let now = 0;
    const notebook = new Notebook();
    const entity = new RoundTrip(notebook, () => now, {
      measured: notebook.told('measured'),
      lost: notebook.told('lost'),
    });
    entity.start();
    entity.timeout('round trip interval');
    entity.timeout('T105');
    entity.timeout('round trip interval');
    now = 30;
    entity.response(2);
    entity.timeout('round trip interval');
    entity.timeout('T105');
    entity.timeout('T105');
    deepEqual(notebook.look(), [
      'roundTripDelayRequest',
      'roundTripDelayRequest',
      'measured 30',
      'roundTripDelayRequest',
      'roundTripDelayRequest',
      'lost',
    ]);
    deepEqual([entity.state, notebook.timers.size], ['stopped', 0]);
  });
});

describe('small decisions of H.323 calls', () => {
  it('causes both ways (H.225.0, table 5)', () => {
    for (const [q850, reason, sip] of [
      [17, 'inConf', 486],
      [1, 'unreachableDestination', 404],
      [20, 'calledPartyNotRegistered', 480],
      [21, 'destinationRejection', 403],
      [28, 'badFormatAddress', 484],
      [34, 'noBandwidth', 503],
      [42, 'adaptiveBusy', 503],
      [16, 'undefinedReason', 480],
    ] as const) {
      deepEqual(releaseOfCause({ q850, text: '' }), { q850, reason: { [reason]: null } });
      const back = causeOfRelease(q850, { [reason]: null } as never);
      deepEqual([back.q850, back.sip], [q850, sip]);
    }
    equal(causeOfRelease(undefined, { calledPartyNotRegistered: null }).q850, 20);
    equal(causeOfRelease(undefined, { inConf: null }).sip, 486);
    equal(causeOfRelease(undefined, undefined).q850, 31);
    equal(releaseOfCause({ sip: 486, text: '' }).q850, 17);
  });

  it('how a far side takes digits', () => {
    const set = (...capabilities: Parameters<typeof table>) => ({
      sequenceNumber: 1,
      protocolIdentifier: '0.0.8.245.0.8',
      capabilityTable: table(...capabilities),
    });
    const rtp = {
      receiveRTPAudioTelephonyEventCapability: { dynamicRTPPayloadType: 101, audioTelephoneEvent: '0-15' },
    };
    equal(digitMethod(undefined), 'keypad');
    equal(digitMethod(set()), 'alphanumeric');
    equal(digitMethod(set(rtp)), 'rtp');
    equal(digitMethod(set(rtp, { receiveUserInputCapability: { basicString: null } })), 'alphanumeric');
    equal(digitMethod(set({ receiveAndTransmitUserInputCapability: { dtmf: null } })), 'signal');
  });

  it('addresses as people write them', () => {
    for (const [text, gatekeeper, alias, host, port] of [
      ['10.0.0.7', false, undefined, '10.0.0.7', 1720],
      ['10.0.0.7:1722', false, undefined, '10.0.0.7', 1722],
      ['phong.hop@mcu.tinh.vn:1719', false, 'phong.hop', 'mcu.tinh.vn', 1719],
      ['h323:8400@10.0.0.7;x=y', false, '8400', '10.0.0.7', 1720],
      ['[2001:db8::7]:1721', false, undefined, '2001:db8::7', 1721],
      ['2001:db8::7', false, undefined, '2001:db8::7', 1720],
      ['8400', true, '8400', undefined, 1720],
      ['8400@10.0.0.7', true, '8400', '10.0.0.7', 1720],
      ['10.0.0.7:99999', false, undefined, '10.0.0.7', 1720],
    ] as const) {
      deepEqual(parseFarAddress(text, gatekeeper), { alias, host, port }, text);
    }
  });

  it('which address of ours a far side can reach', () => {
    const machine = ['127.0.0.1', '192.168.1.5'];
    const own = (far: string, publicHost: string) => ownAddress({ local: '192.168.1.5', far }, publicHost, machine);
    equal(own('203.0.113.9', '192.168.1.5'), '192.168.1.5');
    equal(own('203.0.113.9', '198.51.100.7'), '198.51.100.7');
    equal(own('192.168.1.77', '198.51.100.7'), '192.168.1.5');
    equal(own('203.0.113.9', 'cong.xa.vn'), '192.168.1.5');
  });

  it('which of two H.245 connections stays (H.323, clause 8.2.3)', () => {
    const at = (host: string, port: number) => ({ host, port });
    equal(isSmaller(at('10.0.0.1', 9), at('10.0.0.2', 1)), true);
    equal(isSmaller(at('10.0.0.9', 1), at('10.0.0.10', 1)), true);
    equal(isSmaller(at('10.0.0.1', 256), at('10.0.0.1', 255)), false);
    equal(isSmaller(at('10.0.0.1', 9), at('10.0.0.1', 9)), false);
  });
});
