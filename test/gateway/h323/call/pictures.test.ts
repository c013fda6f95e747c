import { deepEqual, equal, ok } from 'node:assert/strict';
import { once } from 'node:events';
import type { DataType, TerminalCapabilitySet } from '../../../../gateway/h323/h245/index.ts';
import { connectPair, gist, type House, offerOf, openHouse } from './house.ts';
import { alaw, faultsOfHeard, Terminal, table } from './terminal.ts';

const ours = '127.0.0.47';
const theirs = '127.0.0.48';

/** H.264 Baseline, level 3.1, as H.241 writes it (table 8.4: level 3.1 is 71). */
const h264 = {
  genericVideoCapability: {
    capabilityIdentifier: { standard: '0.0.8.241.0.0.1' },
    maxBitRate: 10_000,
    collapsing: [
      { parameterIdentifier: { standard: 41 }, parameterValue: { booleanArray: 64 } },
      { parameterIdentifier: { standard: 42 }, parameterValue: { unsignedMin: 71 } },
    ],
  },
};
const picture: DataType = { videoData: h264 };
const capabilities: NonNullable<TerminalCapabilitySet['capabilityTable']> = table(
  { receiveAudioCapability: { g711Alaw64k: 20 } },
  { receiveVideoCapability: h264 },
);

describe('pictures in H.323 calls', () => {
  after(() => deepEqual(faultsOfHeard(), []));

  let house: House;
  const houses: House[] = [];

  beforeEach(async () => {
    house = await openHouse(ours);
    houses.push(house);
  });
  afterEach(async () => {
    await Promise.all(houses.splice(0).map((one) => one.close()));
  });

  it('are in the far description of both, with the codec’s parameters', async () => {
    const other = await openHouse(theirs);
    houses.push(other);
    const { callee, caller } = await connectPair(house, other, {
      a: offerOf(ours, 3_000, '8 101', 3_002),
      b: offerOf(theirs, 4_000, '8 101', 4_002),
    });
    const seen = (sdp: string): boolean => / sendrecv$/.test(gist(sdp)[1] ?? '');
    const whole = async (dialog: typeof caller, local: string): Promise<string> => {
      if (seen(dialog.remoteSdp)) return dialog.remoteSdp;
      return new Promise((resolve) =>
        dialog.onOffer(async (offer) => {
          if (seen(offer)) resolve(offer);
          return local;
        }),
      );
    };
    const [a, b] = await Promise.all([
      whole(caller, offerOf(ours, 3_000, '8 101', 3_002)),
      whole(callee, offerOf(theirs, 4_000, '8 101', 4_002)),
    ]);
    deepEqual(gist(a)[1], `video ${theirs}:4002 97 sendrecv`);
    deepEqual(gist(b)[1], `video ${ours}:3002 97 sendrecv`);
    ok(/a=rtpmap:97 H264\/90000/.test(a) && /profile-level-id=42/i.test(a));
    const asked = once(callee, 'keyFrameRequest');
    await caller.requestKeyFrame();
    await asked;
    await caller.end();
  });

  it('go and come again as one side describes itself anew', async () => {
    const other = await openHouse(theirs);
    houses.push(other);
    const { callee, caller } = await connectPair(house, other, {
      a: offerOf(ours, 3_000, '8 101', 3_002),
      b: offerOf(theirs, 4_000, '8 101', 4_002),
    });
    // As a media engine answers: no pictures where none are offered.
    const seen: string[] = [];
    let wake = (): void => {};
    callee.onOffer(async (offer) => {
      seen.push(gist(offer)[1] ?? '');
      wake();
      const pictures = !/^m=video 0 /m.test(offer);
      return `${offerOf(theirs, 4_000, '8 101', pictures ? 4_002 : undefined)}${pictures ? '' : 'm=video 0 RTP/AVP 19\r\n'}`;
    });
    caller.onOffer(async () => offerOf(ours, 3_000, '8 101', 3_002));
    const until = async (wanted: string): Promise<void> => {
      const limit = performance.now() + 3_000;
      while (seen.at(-1) !== wanted) {
        if (performance.now() > limit) throw new Error(`not ${wanted}: ${seen.join(', ')}`);
        await Promise.race([
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
          new Promise((resolve) => setTimeout(resolve, 100)),
        ]);
      }
    };
    for (let round = 0; round < 2; round++) {
      equal(gist(await caller.offer(offerOf(ours, 3_000, '8 101')))[1], undefined);
      await until('video refused');
      await caller.offer(offerOf(ours, 3_000, '8 101', 3_002));
      await until(`video ${ours}:3002 97 sendrecv`);
      equal(gist(caller.remoteSdp)[1], `video ${theirs}:4002 97 sendrecv`);
    }
    await caller.end();
  });

  it('come with the far side’s own payload type, late, and go again', async () => {
    house.know('codec', theirs);
    const terminal = await Terminal.dial(theirs, house);
    const coming = house.nextCall();
    terminal.setup('9000');
    const answer = (await coming).answer(offerOf(ours, 3_000, '8 101', 3_002));
    await terminal.signal('connect');
    await terminal.agree(capabilities);
    const opens = [];
    for (let channel = 0; channel < 2; channel++) {
      opens.push(await terminal.hears((message) => message.request?.openLogicalChannel, 'a channel'));
    }
    const [sound, video] = opens.sort((a) => (a.forwardLogicalChannelParameters.dataType.audioData ? -1 : 1));
    terminal.accept(sound?.forwardLogicalChannelNumber ?? 0, 5_000);
    terminal.open(21, alaw, 5_000);
    const dialog = await answer;
    equal(gist(dialog.remoteSdp)[0], `audio ${theirs}:5000 8 sendrecv`);
    const offers: string[][] = [];
    dialog.onOffer(async (offer) => {
      offers.push(gist(offer));
      return offerOf(ours, 3_000, '8 101', 3_002);
    });
    terminal.accept(video?.forwardLogicalChannelNumber ?? 0, 5_002);
    terminal.open(22, picture, 5_002);
    const ack = await terminal.hears(
      (message) =>
        message.response?.openLogicalChannelAck?.forwardLogicalChannelNumber === 22
          ? message.response.openLogicalChannelAck
          : undefined,
      'an acknowledged picture channel',
    );
    const to = ack.forwardMultiplexAckParameters?.h2250LogicalChannelAckParameters?.mediaChannel;
    equal(to?.unicastAddress?.iPAddress?.tsapIdentifier, 3_002);
    const until = async (wanted: RegExp): Promise<void> => {
      while (!wanted.test(offers.at(-1)?.[1] ?? '')) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await until(/^video 127\.0\.0\.48:5002 98 109 sendrecv$/);
    terminal.tell({
      command: { flowControlCommand: { scope: { wholeMultiplex: null }, restriction: { maximumBitRate: 2_560 } } },
    });
    const asked = once(dialog, 'keyFrameRequest');
    terminal.tell({
      command: {
        miscellaneousCommand: {
          logicalChannelNumber: video?.forwardLogicalChannelNumber ?? 0,
          type: { videoFastUpdatePicture: null },
        },
      },
    });
    await asked;
    terminal.tell({ request: { closeLogicalChannel: { forwardLogicalChannelNumber: 22, source: { user: null } } } });
    await until(/^video 127\.0\.0\.48:5002 98 recvonly$/);
    await dialog.end();
    terminal.close();
  });

  it('that are asked for while the media engine still answers something else are opened with its next answer', async () => {
    house.know('codec', theirs);
    const terminal = await Terminal.dial(theirs, house);
    const coming = house.nextCall();
    terminal.setup('9000');
    const sound = offerOf(ours, 3_000, '8 101');
    const answer = (await coming).answer(offerOf(ours, 3_000, '8 101', 3_002));
    await terminal.signal('connect');
    await terminal.agree(table({ receiveAudioCapability: { g711Alaw64k: 20 } }));
    const open = await terminal.hears((message) => message.request?.openLogicalChannel, 'a channel');
    terminal.accept(open.forwardLogicalChannelNumber, 5_000);
    terminal.open(21, alaw, 5_000);
    const dialog = await answer;
    let offers = 0;
    dialog.onOffer(async (offer) => {
      // Meanwhile the terminal goes on: the answer that is on its way knows nothing of it.
      if (++offers === 1) {
        terminal.open(22, picture, 5_002);
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      return /^m=video [1-9]/m.test(offer) ? offerOf(ours, 3_000, '8 101', 3_002) : `${sound}m=video 0 RTP/AVP 19\r\n`;
    });
    terminal.accept(open.forwardLogicalChannelNumber, 5_000);
    terminal.tell({ request: { closeLogicalChannel: { forwardLogicalChannelNumber: 21, source: { user: null } } } });
    const became = await terminal.hears(
      ({ response }) =>
        response?.openLogicalChannelReject ??
        (response?.openLogicalChannelAck?.forwardLogicalChannelNumber === 22
          ? response.openLogicalChannelAck
          : undefined),
      'an answer to the picture channel',
    );
    ok('forwardMultiplexAckParameters' in became, JSON.stringify(became));
    await dialog.end();
    terminal.close();
  });

  it('are limited by a flow control command when they are opened with more than we take', async () => {
    house.know('codec', theirs);
    for (const [kbps, wanted] of [
      [512, 5_120],
      [4_000, undefined],
    ] as const) {
      const terminal = await Terminal.dial(theirs, house);
      const coming = house.nextCall();
      terminal.setup('9000');
      const answer = (await coming).answer(offerOf(ours, 3_000, '8 101', 3_002, kbps));
      await terminal.signal('connect');
      await terminal.agree(table({ receiveAudioCapability: { g711Alaw64k: 20 } }));
      const open = await terminal.hears((message) => message.request?.openLogicalChannel, 'a channel');
      terminal.accept(open.forwardLogicalChannelNumber, 5_000);
      terminal.open(21, alaw, 5_000);
      terminal.open(22, picture, 5_002);
      const dialog = await answer;
      dialog.onOffer(async () => offerOf(ours, 3_000, '8 101', 3_002, kbps));
      const acknowledged = (number: number) =>
        terminal.hears(
          ({ response }) =>
            response?.openLogicalChannelAck?.forwardLogicalChannelNumber === number ? true : undefined,
          `channel ${number}`,
        );
      await acknowledged(22);
      // What comes behind the acknowledgement has come when an answer to a later request has.
      terminal.tell({ request: { roundTripDelayRequest: { sequenceNumber: 9 } } });
      await terminal.hears(({ response }) => response?.roundTripDelayResponse, 'a round trip');
      const told = terminal.unheard.flatMap(({ command }) => command?.flowControlCommand ?? []);
      deepEqual(
        told,
        wanted === undefined ? [] : [{ scope: { logicalChannelNumber: 22 }, restriction: { maximumBitRate: wanted } }],
      );
      await dialog.end();
      terminal.close();
    }
  });

  it('that show a second picture (H.239) are refused, and the call goes on', async () => {
    house.know('codec', theirs);
    const terminal = await Terminal.dial(theirs, house);
    const coming = house.nextCall();
    terminal.setup('9000');
    const answer = (await coming).answer(offerOf(ours, 3_000, '8 101', 3_002));
    await terminal.signal('connect');
    await terminal.agree(table({ receiveAudioCapability: { g711Alaw64k: 20 } }));
    const open = await terminal.hears((message) => message.request?.openLogicalChannel, 'a channel');
    terminal.accept(open.forwardLogicalChannelNumber, 5_000);
    terminal.open(21, alaw, 5_000);
    terminal.open(32, { videoData: { extendedVideoCapability: { videoCapability: [h264] } } }, 5_004);
    const refused = await terminal.hears((message) => message.response?.openLogicalChannelReject, 'a refusal');
    deepEqual(refused, { forwardLogicalChannelNumber: 32, cause: { dataTypeNotSupported: null } });
    await (await answer).end();
    terminal.close();
  });
});
