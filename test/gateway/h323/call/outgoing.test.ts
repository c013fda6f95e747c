import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { ClearError, type PlaceOptions } from '../../../../gateway/call.ts';
import { signallingAddress } from '../../../../gateway/h323/call/media/address.ts';
import { acceptedChannel, acceptProposals, readFastStart } from '../../../../gateway/h323/call/media/fast-start.ts';
import { decodeFastStart, type SignallingMessage } from '../../../../gateway/h323/h225/index.ts';
import { mediaTerms } from '../../../../gateway/h323/interwork/index.ts';
import { gist, type House, offerOf, openHouse } from './house.ts';
import { faultsOfHeard, Terminal } from './terminal.ts';

const ours = '127.0.0.35';
const theirs = '127.0.0.36';
const plain = { tunnelling: true, control: [] };
const options = (more: Partial<PlaceOptions> = {}): PlaceOptions => ({
  offer: offerOf(ours, 3_000),
  caller: { number: '801', name: 'Phòng họp' },
  ringTimeoutMs: 8_000,
  ...more,
});
const cleared =
  (q850: number, sip: number) =>
  (error: unknown): boolean => {
    ok(error instanceof ClearError);
    deepEqual([error.cause.q850, error.cause.sip], [q850, sip], error.cause.text);
    return true;
  };

describe('a call of ours to an H.323 terminal', () => {
  after(() => deepEqual(faultsOfHeard(), []));

  let house: House;
  let port: Awaited<ReturnType<typeof Terminal.wait>>;

  beforeEach(async () => {
    house = await openHouse(ours);
    port = await Terminal.wait(theirs);
    house.know('codec', `${theirs}:${port.port}`, '802');
  });

  afterEach(async () => {
    port.close();
    await house.close();
    equal(house.signalling.callCount, 0);
  });

  const place = (more: Partial<PlaceOptions> = {}) =>
    house.signalling.place({ kind: 'endpoint', endpointId: 'codec' }, options(more));

  /** What it takes of our fast start, as it returns it. */
  function accepted(setup: SignallingMessage) {
    const proposals = setup.userInformation?.['h323-uu-pdu']['h323-message-body'].setup?.fastStart ?? [];
    return acceptProposals(readFastStart(decodeFastStart(proposals)), offerOf(theirs, 5_000, '0'), mediaTerms).flatMap(
      ({ forward, reverse, stream }) =>
        [forward, reverse].flatMap((channel) => (channel === undefined ? [] : [acceptedChannel(channel, stream)])),
    );
  }

  it('says who calls whom', async () => {
    const placed = place();
    const terminal = await port.called;
    const setup = await terminal.signal('setup');
    const body = setup.userInformation?.['h323-uu-pdu']['h323-message-body'].setup;
    deepEqual(body?.destinationAddress, [{ dialedDigits: '802' }]);
    deepEqual(body?.sourceAddress, [{ 'h323-ID': 'Phòng họp' }, { dialedDigits: '801' }]);
    equal(setup.elements.calledPartyNumber?.digits, '802');
    equal(setup.elements.display, 'Phòng họp');
    equal(body?.fastStart?.length, 4);
    terminal.send(terminal.build.releaseComplete(17, { inConf: null }, plain));
    await rejects(placed, cleared(17, 486));
  });

  for (const [message, answer] of [
    ['callProceeding', 'connect'],
    ['alerting', 'connect'],
    ['connect', undefined],
  ] as const) {
    it(`takes fast start in ${message}, and a second time, without H.245 ever: keypad`, async () => {
      const placed = place();
      const terminal = await port.called;
      const fastStart = accepted(await terminal.signal('setup'));
      const quiet = { tunnelling: false, control: [] };
      if (message === 'callProceeding') terminal.send(terminal.build.callProceeding({ ...quiet, fastStart }));
      if (message === 'alerting') terminal.send(terminal.build.alerting({ ...quiet, fastStart }));
      terminal.send(
        terminal.build.connect(false, { ...quiet, ...(answer === undefined ? { fastStart } : { fastStart }) }),
      );
      const dialog = await placed;
      deepEqual(gist(dialog.remoteSdp), [`audio ${theirs}:5000 0 sendrecv`]);
      // It asked for an H.245 connection, which never comes.
      const wish = await terminal.signal('facility');
      ok(wish.userInformation?.['h323-uu-pdu']['h323-message-body'].facility?.reason.startH245 === null);
      equal(await dialog.sendDigits('5'), true);
      equal((await terminal.signal('information')).elements.keypad, '5');
      let keyed = '';
      dialog.on('digit', (digit) => {
        keyed += digit;
      });
      terminal.send(terminal.build.information('9', quiet));
      await once(dialog, 'digit');
      equal(keyed, '9');
      await dialog.end();
      equal((await terminal.signal('releaseComplete')).elements.cause?.value, 16);
    });
  }

  it('is cancelled while it rings', async () => {
    const abort = new AbortController();
    let rang = false;
    const placed = place({
      signal: abort.signal,
      onRinging: () => {
        rang = true;
        abort.abort();
      },
    });
    const terminal = await port.called;
    await terminal.signal('setup');
    terminal.send(terminal.build.alerting(plain));
    await rejects(placed, cleared(16, 487));
    ok(rang);
    equal((await terminal.signal('releaseComplete')).elements.cause?.value, 16);
  });

  it('is not answered in time', async () => {
    const placed = place({ ringTimeoutMs: 100 });
    const terminal = await port.called;
    await terminal.signal('setup');
    terminal.send(terminal.build.alerting(plain));
    await rejects(placed, cleared(19, 408));
    equal((await terminal.signal('releaseComplete')).elements.cause?.value, 19);
  });

  it('is answered without any channel: cleared', async () => {
    const placed = place();
    const terminal = await port.called;
    await terminal.signal('setup');
    terminal.send(terminal.build.connect(false, plain));
    const failed = rejects(placed, cleared(65, 488));
    await terminal.agree([{ capabilityTableEntryNumber: 1, capability: { receiveAudioCapability: { g728: 4 } } }]);
    await terminal.signal('releaseComplete');
    await failed;
  });

  it('goes where nobody listens', async () => {
    port.close();
    const silent = createServer();
    silent.listen(0, theirs);
    await once(silent, 'listening');
    const address = silent.address();
    silent.close();
    await once(silent, 'close');
    house.know('codec', `${theirs}:${typeof address === 'object' ? address?.port : 0}`, '802');
    await rejects(place(), cleared(27, 502));
  });

  it('dies without a word', async () => {
    const placed = place();
    const terminal = await port.called;
    await terminal.signal('setup');
    const failed = rejects(placed, cleared(41, 480));
    terminal.reset();
    await failed;
  });

  it('is told to call another alias of the same side', async () => {
    const second = await Terminal.wait(theirs);
    const placed = place();
    const terminal = await port.called;
    await terminal.signal('setup');
    terminal.send(redirection(terminal, { host: theirs, port: second.port }, '803'));
    equal((await terminal.signal('releaseComplete')).elements.cause?.value, 16);
    const next = await second.called;
    const setup = await next.signal('setup');
    deepEqual(setup.userInformation?.['h323-uu-pdu']['h323-message-body'].setup?.destinationAddress, [
      { dialedDigits: '803' },
    ]);
    next.send(next.build.connect(false, { tunnelling: false, control: [], fastStart: accepted(setup) }));
    const dialog = await placed;
    equal(dialog.party.address, `${theirs}:${second.port}`);
    await dialog.end();
    second.close();
  });

  it('is told to call a stranger: not followed', async () => {
    const placed = place();
    const terminal = await port.called;
    await terminal.signal('setup');
    const failed = rejects(placed, cleared(21, 403));
    terminal.send(redirection(terminal, { host: '127.0.0.99', port: 1_720 }, '803'));
    await failed;
    equal(house.lines.length, 1);
  });

  it('has no registration', async () => {
    house.know('codec', '');
    await rejects(place(), cleared(28, 484));
    await rejects(house.signalling.place({ kind: 'trunk', trunkId: 't', number: '1' }, options()), cleared(79, 501));
    await rejects(house.signalling.place({ kind: 'uplink', siteId: 'nowhere' }, options()), cleared(1, 404));
  });
});

function redirection(terminal: Terminal, to: { host: string; port: number }, alias: string): SignallingMessage {
  const message = terminal.build.facility({ callForwarded: null }, plain);
  const facility = message.userInformation?.['h323-uu-pdu']['h323-message-body'].facility;
  if (facility !== undefined) {
    facility.alternativeAddress = signallingAddress(to);
    facility.alternativeAliasAddress = [{ dialedDigits: alias }];
  }
  return message;
}
