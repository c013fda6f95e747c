import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { once } from 'node:events';
import type { CallDialog, ClearError } from '../../../../gateway/call.ts';
import { gist, type House, offerOf, openHouse } from './house.ts';
import { alaw, faultsOfHeard, g711Table, Terminal, table, ulaw } from './terminal.ts';

const ours = '127.0.0.33';
const theirs = '127.0.0.34';

describe('an H.323 terminal in a call with us', () => {
  after(() => deepEqual(faultsOfHeard(), []));

  let house: House;
  let terminal: Terminal;

  beforeEach(async () => {
    house = await openHouse(ours);
    house.know('codec', theirs);
    terminal = await Terminal.dial(theirs, house);
  });

  afterEach(async () => {
    terminal.close();
    await house.close();
    equal(house.signalling.callCount, 0);
  });

  /** Slow start, tunnelled: it calls, and both channels are open. */
  async function answered(offer = offerOf(ours, 3_000)): Promise<CallDialog> {
    const coming = house.nextCall();
    terminal.setup('9000');
    const call = await coming;
    equal(call.called, '9000');
    equal(call.party.endpointId, 'codec');
    const answer = call.answer(offer);
    await terminal.signal('connect');
    await terminal.agree(g711Table);
    const open = await terminal.hears((message) => message.request?.openLogicalChannel, 'a channel');
    terminal.accept(open.forwardLogicalChannelNumber, 5_000);
    terminal.open(21, open.forwardLogicalChannelParameters.dataType, 5_000);
    await terminal.hears((message) => message.response?.openLogicalChannelAck, 'an acknowledged channel');
    const dialog = await answer;
    deepEqual(gist(dialog.remoteSdp), [`audio ${theirs}:5000 8 sendrecv`]);
    return dialog;
  }

  it('pauses us with an empty capability set and takes us back', async () => {
    const dialog = await answered();
    const offers: string[] = [];
    dialog.onOffer(async (offer) => {
      offers.push(gist(offer)[0] ?? '');
      return offerOf(ours, 3_000);
    });
    const held = once(dialog, 'hold');
    terminal.capabilities([]);
    const closed = await terminal.hears((message) => message.request?.closeLogicalChannel, 'a closed channel');
    terminal.tell({
      response: { closeLogicalChannelAck: { forwardLogicalChannelNumber: closed.forwardLogicalChannelNumber } },
    });
    deepEqual(await held, [true]);
    const resumed = once(dialog, 'hold');
    await terminal.agree(g711Table);
    const again = await terminal.hears((message) => message.request?.openLogicalChannel, 'a channel again');
    terminal.accept(again.forwardLogicalChannelNumber, 5_100);
    deepEqual(await resumed, [false]);
    while (offers.at(-1) !== `audio ${theirs}:5100 8 sendrecv`) await new Promise((resolve) => setTimeout(resolve, 5));
    equal(offers[0], `audio ${theirs}:5000 8 sendonly`);
    await dialog.end();
    await terminal.signal('releaseComplete');
  });

  it('is the slave in a conflict of codecs: refused once, then it has our codec', async () => {
    const coming = house.nextCall();
    terminal.setup('9000');
    const answer = (await coming).answer(offerOf(ours, 3_000));
    await terminal.signal('connect');
    await terminal.agree(g711Table);
    const open = await terminal.hears((message) => message.request?.openLogicalChannel, 'a channel');
    ok(open.forwardLogicalChannelParameters.dataType.audioData?.g711Alaw64k);
    terminal.open(21, ulaw, 5_000);
    const refused = await terminal.hears((message) => message.response?.openLogicalChannelReject, 'a refusal');
    deepEqual(refused, { forwardLogicalChannelNumber: 21, cause: { masterSlaveConflict: null } });
    terminal.open(22, alaw, 5_000);
    await terminal.hears((message) => message.response?.openLogicalChannelAck, 'an acknowledged channel');
    terminal.accept(open.forwardLogicalChannelNumber, 5_000);
    deepEqual(gist((await answer).remoteSdp), [`audio ${theirs}:5000 8 sendrecv`]);
  });

  it('insists on its codec: we follow', async () => {
    const coming = house.nextCall();
    terminal.setup('9000');
    const answer = (await coming).answer(offerOf(ours, 3_000));
    await terminal.signal('connect');
    await terminal.agree(g711Table);
    const open = await terminal.hears((message) => message.request?.openLogicalChannel, 'a channel');
    for (const number of [21, 22]) terminal.open(number, ulaw, 5_000);
    await terminal.hears((message) => message.response?.openLogicalChannelReject, 'a refusal');
    await terminal.hears((message) => message.response?.openLogicalChannelAck, 'an acknowledged channel');
    const closed = await terminal.hears((message) => message.request?.closeLogicalChannel, 'a closed channel');
    equal(closed.forwardLogicalChannelNumber, open.forwardLogicalChannelNumber);
    const again = await terminal.hears((message) => message.request?.openLogicalChannel, 'another channel');
    ok(again.forwardLogicalChannelParameters.dataType.audioData?.g711Ulaw64k);
    terminal.accept(again.forwardLogicalChannelNumber, 5_000);
    deepEqual(gist((await answer).remoteSdp), [`audio ${theirs}:5000 0 sendrecv`]);
  });

  it('refuses our first codec: the next is tried', async () => {
    const coming = house.nextCall();
    terminal.setup('9000');
    const answer = (await coming).answer(offerOf(ours, 3_000));
    await terminal.signal('connect');
    await terminal.agree(g711Table);
    const open = await terminal.hears((message) => message.request?.openLogicalChannel, 'a channel');
    terminal.tell({
      response: {
        openLogicalChannelReject: {
          forwardLogicalChannelNumber: open.forwardLogicalChannelNumber,
          cause: { dataTypeNotAvailable: null },
        },
      },
    });
    const next = await terminal.hears((message) => message.request?.openLogicalChannel, 'another channel');
    ok(next.forwardLogicalChannelParameters.dataType.audioData?.g711Ulaw64k);
    terminal.accept(next.forwardLogicalChannelNumber, 5_000);
    terminal.open(21, ulaw, 5_000);
    deepEqual(gist((await answer).remoteSdp), [`audio ${theirs}:5000 0 sendrecv`]);
  });

  it('has no codec of ours: cleared with a reason', async () => {
    const coming = house.nextCall();
    terminal.setup('9000');
    const answer = (await coming).answer(offerOf(ours, 3_000));
    const failed = rejects(answer, (error: ClearError) => error.cause.q850 === 65 && error.cause.sip === 488);
    await terminal.signal('connect');
    await terminal.agree(table({ receiveAudioCapability: { g728: 4 } }));
    const release = await terminal.signal('releaseComplete');
    equal(release.elements.cause?.value, 65);
    await failed;
  });

  it('only speaks, and never opens an ear', async () => {
    const coming = house.nextCall();
    terminal.setup('9000');
    const answer = (await coming).answer(offerOf(ours, 3_000));
    await terminal.signal('connect');
    await terminal.agree(g711Table);
    const open = await terminal.hears((message) => message.request?.openLogicalChannel, 'a channel');
    terminal.accept(open.forwardLogicalChannelNumber, 5_000);
    deepEqual(gist((await answer).remoteSdp), [`audio ${theirs}:5000 8 recvonly`]);
  });

  it('keys digits in every form', async () => {
    const dialog = await answered();
    const digits: [string, number][] = [];
    dialog.on('digit', (...digit) => digits.push(digit));
    terminal.tell({ indication: { userInput: { alphanumeric: '12' } } });
    terminal.tell({ indication: { userInput: { signal: { signalType: '3', duration: 250 } } } });
    terminal.tell({ indication: { userInput: { signalUpdate: { duration: 300 } } } });
    terminal.tell({ indication: { userInput: { extendedAlphanumeric: { alphanumeric: '4' } } } });
    terminal.tell({ indication: { userInput: { signal: { signalType: '!' } } } });
    terminal.send(terminal.build.information('#*', { tunnelling: true, control: [] }));
    while (digits.length < 6) await once(dialog, 'digit');
    deepEqual(digits, [
      ['1', 100],
      ['2', 100],
      ['3', 250],
      ['4', 100],
      ['#', 100],
      ['*', 100],
    ]);
    equal(await dialog.sendDigits('7'), true);
    const sent = await terminal.hears((message) => message.indication?.userInput, 'a digit');
    deepEqual(sent, { signal: { signalType: '7', duration: 160 } });
  });

  it('gets an answer to everything that we do not do', async () => {
    await answered();
    terminal.tell(
      { request: { conferenceRequest: { makeMeChair: null } } },
      { request: { conferenceRequest: { dropTerminal: { mcuNumber: 1, terminalNumber: 2 } } } },
      { request: { conferenceRequest: { terminalListRequest: null } } },
      { request: { maintenanceLoopRequest: { type: { systemLoop: null } } } },
      { request: { roundTripDelayRequest: { sequenceNumber: 9 } } },
      {
        request: {
          requestMode: { sequenceNumber: 3, requestedModes: [[{ type: { audioMode: { g711Alaw64k: null } } }]] },
        },
      },
      { request: { requestMode: { sequenceNumber: 4, requestedModes: [[{ type: { audioMode: { g728: null } } }]] } } },
      { request: { requestChannelClose: { forwardLogicalChannelNumber: 999 } } },
      {
        request: {
          genericRequest: {
            messageIdentifier: { standard: '0.0.8.239.2' },
            subMessageIdentifier: 3,
            messageContent: [
              { parameterIdentifier: { standard: 44 }, parameterValue: { unsignedMin: 0 } },
              { parameterIdentifier: { standard: 42 }, parameterValue: { unsignedMin: 103 } },
              { parameterIdentifier: { standard: 43 }, parameterValue: { unsignedMin: 99 } },
            ],
          },
        },
      },
    );
    const response = <T>(read: (found: NonNullable<(typeof terminal.unheard)[number]['response']>) => T | undefined) =>
      terminal.hears((message) => (message.response === undefined ? undefined : read(message.response)));
    deepEqual(await response((found) => found.conferenceResponse?.makeMeChairResponse), { deniedChairToken: null });
    equal(await response((found) => (found.conferenceResponse?.terminalDropReject === null ? true : undefined)), true);
    const unsupported = await terminal.hears((message) => message.indication?.functionNotSupported);
    deepEqual(unsupported.cause, { unknownFunction: null });
    deepEqual((await response((found) => found.maintenanceLoopReject))?.cause, { canNotPerformLoop: null });
    equal((await response((found) => found.roundTripDelayResponse))?.sequenceNumber, 9);
    equal((await response((found) => found.requestModeAck))?.sequenceNumber, 3);
    deepEqual(await response((found) => found.requestModeReject), {
      sequenceNumber: 4,
      cause: { modeUnavailable: null },
    });
    equal((await response((found) => found.requestChannelCloseReject))?.forwardLogicalChannelNumber, 999);
    const token = await response((found) => found.genericResponse);
    equal(token?.subMessageIdentifier, 4);
    deepEqual(
      token?.messageContent?.map(({ parameterIdentifier }) => parameterIdentifier.standard),
      [127, 44, 42],
    );
  });

  it('asks how the call stands, and is told', async () => {
    await answered();
    terminal.send(terminal.build.statusEnquiry({ tunnelling: true, control: [] }));
    const status = await terminal.signal('status');
    deepEqual([status.elements.callState, status.elements.cause?.value], [10, 30]);
  });

  it('ends the session and is answered; so does the call', async () => {
    const dialog = await answered();
    const ended = once(dialog, 'ended');
    terminal.tell({ command: { endSessionCommand: { disconnect: null } } });
    await terminal.hears((message) => message.command?.endSessionCommand, 'the end of the session');
    terminal.send(terminal.build.releaseComplete(16, { undefinedReason: null }, { tunnelling: true, control: [] }));
    equal((await ended)[0].q850, 16);
  });

  it('is cut off by a reset: the call ends', async () => {
    const dialog = await answered();
    const ended = once(dialog, 'ended');
    terminal.reset();
    equal((await ended)[0].q850, 41);
  });

  it('moves when our media moves', async () => {
    const dialog = await answered();
    const moved = dialog.offer(offerOf(ours, 3_500));
    const closed = await terminal.hears((message) => message.request?.closeLogicalChannel, 'a closed channel');
    terminal.tell({
      response: { closeLogicalChannelAck: { forwardLogicalChannelNumber: closed.forwardLogicalChannelNumber } },
    });
    const empty = await terminal.hears((message) => message.request?.terminalCapabilitySet, 'the empty set');
    equal(empty.capabilityTable, undefined);
    terminal.tell({
      response: { terminalCapabilitySetAck: { sequenceNumber: empty.sequenceNumber } },
    });
    terminal.tell({ request: { closeLogicalChannel: { forwardLogicalChannelNumber: 21, source: { user: null } } } });
    await terminal.hears((message) => message.response?.closeLogicalChannelAck, 'our acknowledgement');
    const whole = await terminal.hears((message) => message.request?.terminalCapabilitySet, 'the whole set');
    ok((whole.capabilityTable?.length ?? 0) > 0);
    terminal.tell({ response: { terminalCapabilitySetAck: { sequenceNumber: whole.sequenceNumber } } });
    await terminal.hears((message) => message.request?.masterSlaveDetermination, 'determination');
    terminal.tell({ response: { masterSlaveDeterminationAck: { decision: { master: null } } } });
    const open = await terminal.hears((message) => message.request?.openLogicalChannel, 'a channel');
    terminal.accept(open.forwardLogicalChannelNumber, 5_000);
    terminal.open(23, alaw, 5_000);
    const ack = await terminal.hears((message) => message.response?.openLogicalChannelAck, 'an acknowledged channel');
    const to =
      ack.forwardMultiplexAckParameters?.h2250LogicalChannelAckParameters?.mediaChannel?.unicastAddress?.iPAddress;
    equal(to?.tsapIdentifier, 3_500);
    deepEqual(gist(await moved), [`audio ${theirs}:5000 8 sendrecv`]);
  });
});
