import { deepEqual, equal, ok } from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { encodeSignalling, frameTpkt } from '../../../../gateway/h323/h225/index.ts';
import { type House, offerOf, openHouse } from './house.ts';
import { faultsOfHeard, Terminal } from './terminal.ts';

const ours = '127.0.0.37';
const theirs = '127.0.0.38';
const plain = { tunnelling: true, control: [] };

describe('H.323 call signalling in foul weather', () => {
  after(() => deepEqual(faultsOfHeard(), []));

  let house: House;
  const terminals: Terminal[] = [];
  const dial = async (): Promise<Terminal> => {
    const terminal = await Terminal.dial(theirs, house);
    terminals.push(terminal);
    return terminal;
  };

  const open = async (setupWaitMs?: number): Promise<void> => {
    const limits = { calls: 2, connectionsPerSource: 4, ...(setupWaitMs === undefined ? {} : { setupWaitMs }) };
    house = await openHouse(ours, {}, { limits });
    house.know('codec', theirs);
  };

  beforeEach(() => open());

  afterEach(async () => {
    for (const terminal of terminals.splice(0)) terminal.close();
    await house.close();
    equal(house.signalling.callCount, 0);
  });

  it('refuses a stranger with one line', async () => {
    const stranger = await Terminal.dial('127.0.0.39', house);
    terminals.push(stranger);
    stranger.setup('9000');
    const release = await stranger.signal('releaseComplete');
    equal(release.elements.cause?.value, 21);
    const body = release.userInformation?.['h323-uu-pdu']['h323-message-body'].releaseComplete;
    deepEqual(body?.reason, { securityDenied: null });
    equal(house.lines.length, 1);
    ok(house.lines[0]?.includes('127.0.0.39'));
  });

  it('refuses calls over the limit at once, and leaves those that run alone', async () => {
    for (let call = 0; call < 2; call++) {
      const coming = house.nextCall();
      (await dial()).setup('9000');
      (await coming).ring();
    }
    const late = await dial();
    late.setup('9000');
    const release = await late.signal('releaseComplete');
    equal(release.elements.cause?.value, 42);
    const body = release.userInformation?.['h323-uu-pdu']['h323-message-body'].releaseComplete;
    deepEqual(body?.reason, { adaptiveBusy: null });
    equal(house.signalling.callCount, 2);
  });

  it('closes a connection that says nothing', async () => {
    await house.close();
    await open(150);
    const silent = await dial();
    await once(silent, 'any');
    ok(silent.closed);
  });

  it('closes a connection too many of an address', async () => {
    for (let held = 0; held < 4; held++) await dial();
    const fifth = await dial();
    await once(fifth, 'any');
    ok(fifth.closed);
    equal(terminals.at(-2)?.closed, false);
  });

  it('answers unreadable and unknown messages as Q.931 asks', async () => {
    const terminal = await dial();
    const coming = house.nextCall();
    terminal.setup('9000');
    await coming;
    await terminal.signal('callProceeding');
    // A user-user element of nonsense in this call.
    terminal.raw(Uint8Array.of(0x08, 0x02, 0x12, 0x67, 0x7b, 0x7e, 0x00, 0x03, 0x05, 0xff, 0xff));
    const contents = await terminal.signal('status');
    deepEqual([contents.elements.cause?.value, contents.elements.callState], [100, 9]);
    // A message type that does not exist.
    terminal.raw(Uint8Array.of(0x08, 0x02, 0x12, 0x67, 0x6a));
    const unknown = await terminal.signal('status');
    equal(unknown.elements.cause?.value, 97);
    // Messages of a call that does not exist.
    terminal.raw(Uint8Array.of(0x08, 0x02, 0x00, 0x55, 0x01));
    const stray = await terminal.signal('releaseComplete');
    deepEqual([stray.callReference, stray.elements.cause?.value], [0x55, 81]);
    terminal.raw(Uint8Array.of(0x08, 0x02, 0x00, 0x56, 0x75));
    const status = await terminal.signal('status');
    deepEqual([status.callReference, status.elements.callState], [0x56, 0]);
    // Another protocol's discriminator is passed over; the call still stands.
    terminal.raw(Uint8Array.of(0x09, 0x02, 0x12, 0x67, 0x01));
    terminal.send(terminal.build.statusEnquiry(plain));
    equal((await terminal.signal('status')).elements.cause?.value, 30);
    equal(house.signalling.callCount, 1);
  });

  it('answers a SETUP without its contents', async () => {
    const terminal = await dial();
    terminal.raw(Uint8Array.of(0x08, 0x02, 0x00, 0x07, 0x05));
    equal((await terminal.signal('releaseComplete')).elements.cause?.value, 96);
    const second = await dial();
    second.raw(Uint8Array.of(0x08, 0x02, 0x00, 0x07, 0x05, 0x7e, 0x00, 0x03, 0x05, 0x20, 0xff));
    equal((await second.signal('releaseComplete')).elements.cause?.value, 100);
  });

  it('answers H.245 that cannot be read, but not without end', async () => {
    const terminal = await dial();
    const coming = house.nextCall();
    terminal.setup('9000');
    const call = await coming;
    void call.answer(offerOf(ours, 3_000)).catch(() => {});
    await terminal.signal('connect');
    for (let message = 0; message < 30; message++) {
      terminal.send(terminal.build.carrier({ tunnelling: true, control: [Uint8Array.of(0x7f, 0xff, 0xff)] }));
    }
    terminal.tell({ request: { roundTripDelayRequest: { sequenceNumber: 1 } } });
    await terminal.hears((message) => message.response?.roundTripDelayResponse, 'a sign of life');
    const answers = terminal.unheard.filter((message) => message.indication?.functionNotSupported !== undefined);
    equal(answers.length, 20);
    ok(house.lines.length <= 20);
  });

  it('closes what is no TPKT, and what is too long', async () => {
    for (const octets of [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.from([3, 0, 0xff, 0xff, 1, 2, 3])]) {
      const socket = connect({ host: ours, port: house.port, localAddress: theirs });
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(octets);
      await once(socket.resume(), 'close');
    }
  });

  it('takes a SETUP in pieces, and two messages in one', async () => {
    const terminal = await dial();
    const coming = house.nextCall();
    const setup = frameTpkt(
      encodeSignalling(
        terminal.build.setup(
          {
            called: [{ dialedDigits: '77' }],
            calledAddress: { ipAddress: { ip: Uint8Array.of(127, 0, 0, 37), port: 1720 } },
            caller: { number: '1', name: 'x\u0000' },
            callerAddress: { ipAddress: { ip: Uint8Array.of(127, 0, 0, 38), port: 1720 } },
            withVideo: false,
          },
          plain,
        ),
      ),
    );
    for (const octet of setup.subarray(0, 40)) terminal.octets(Uint8Array.of(octet));
    const enquiry = frameTpkt(encodeSignalling(terminal.build.statusEnquiry(plain)));
    terminal.octets(Buffer.concat([setup.subarray(40), enquiry]));
    equal((await coming).called, '77');
    await terminal.signal('status');
  });

  it('ends a call whose caller vanishes before the answer', async () => {
    const terminal = await dial();
    const coming = house.nextCall();
    terminal.setup('9000');
    const call = await coming;
    const cancelled = once(call, 'cancelled');
    terminal.reset();
    equal((await cancelled)[0].q850, 41);
    call.reject({ q850: 17, text: 'too late' });
  });

  it('ends its calls when it closes', async () => {
    const terminal = await dial();
    const coming = house.nextCall();
    terminal.setup('9000');
    (await coming).ring();
    await house.close();
    equal((await terminal.signal('releaseComplete')).elements.cause?.value, 41);
  });
});
