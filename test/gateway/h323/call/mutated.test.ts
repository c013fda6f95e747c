import { equal, ok } from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { encodeSignalling, frameTpkt } from '../../../../gateway/h323/h225/index.ts';
import { encodeH245 } from '../../../../gateway/h323/h245/index.ts';
import { capabilitiesOf, proposalsOf } from '../../../../gateway/h323/interwork/index.ts';
import { offerOf, openHouse } from './house.ts';
import { Terminal } from './terminal.ts';

const ours = '127.0.0.49';
const theirs = '127.0.0.50';
const rounds = 1_500;

/** Mulberry32: the same mutations every time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('changed H.323 call signalling', () => {
  it(`${rounds} changed calls leave our side alive, without calls and of its size`, async () => {
    const house = await openHouse(ours, {}, { limits: { callsPerSource: 100_000, setupWaitMs: 200, calls: 5_000 } });
    house.know('codec', theirs);
    house.signalling.on('call', (call) => {
      call.on('cancelled', () => {});
      call.ring();
      call.answer(offerOf(ours, 3_000, '8 101', 3_002)).then(
        (dialog) => dialog.on('ended', () => {}),
        () => {},
      );
    });
    const terminal = await Terminal.dial(theirs, house);
    const offer = offerOf(theirs, 5_000);
    const control = [
      { request: { terminalCapabilitySet: { ...capabilitiesOf(offer), sequenceNumber: 1 } } },
      { request: { masterSlaveDetermination: { terminalType: 50, statusDeterminationNumber: 77 } } },
      { response: { masterSlaveDeterminationAck: { decision: { master: null } } } },
    ].map(encodeH245);
    const fastStart = proposalsOf(offer);
    const setup = encodeSignalling(
      terminal.build.setup(
        {
          called: [{ dialedDigits: '9000' }],
          calledAddress: { ipAddress: { ip: Uint8Array.of(127, 0, 0, 49), port: 1720 } },
          caller: { number: '801', name: 'Máy cũ' },
          callerAddress: { ipAddress: { ip: Uint8Array.of(127, 0, 0, 50), port: 1720 } },
          withVideo: false,
        },
        { tunnelling: true, control: [], fastStart },
      ),
    );
    const envelope = { tunnelling: true, control };
    const packets = [
      setup,
      encodeSignalling(terminal.build.carrier(envelope)),
      encodeSignalling(terminal.build.information('5', envelope)),
      encodeSignalling(terminal.build.statusEnquiry(envelope)),
    ];
    terminal.close();
    const random = generator(2_026);
    const changed = (packet: Uint8Array): Uint8Array => {
      const copy = new Uint8Array(packet);
      const pick = Math.floor(random() * 4);
      if (pick === 0) return copy.subarray(0, 1 + Math.floor(random() * copy.length));
      for (let change = 0; change <= random() * 6; change++) {
        copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
      }
      return copy;
    };
    const before = process.memoryUsage().heapUsed;
    const round = async (): Promise<void> => {
      const socket = connect({ host: ours, port: house.port, localAddress: theirs });
      socket.on('error', () => {});
      await once(socket, 'connect');
      // Half of the calls begin well and go wrong later.
      socket.write(frameTpkt(random() < 0.5 ? setup : changed(setup)));
      for (const packet of packets.slice(1)) socket.write(frameTpkt(changed(packet)));
      socket.resume();
      socket.end();
      await once(socket, 'close');
    };
    for (let at = 0; at < rounds; at += 10) await Promise.all(Array.from({ length: 10 }, round));
    // It still takes a call as if nothing had been.
    const sane = await Terminal.dial(theirs, house);
    sane.setup('9000');
    await sane.signal('connect');
    sane.close();
    for (let look = 0; look < 250 && house.signalling.callCount > 0; look++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    equal(house.signalling.callCount, 0);
    ok(process.memoryUsage().heapUsed - before < 100_000_000);
    ok(house.lines.length < rounds * 25, `${house.lines.length} lines`);
    await house.close();
  }).timeout(60_000);
});
