import { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  acceptedChannel,
  acceptProposals,
  type FastChannel,
  readFastStart,
} from '../../../../gateway/h323/call/media/fast-start.ts';
import { decodeFastStart, encodeFastStart } from '../../../../gateway/h323/h225/index.ts';
import { mediaTerms } from '../../../../gateway/h323/interwork/index.ts';
import { readCapture } from '../../../../tools/capture/file.ts';
import { H323Finder } from '../../../../tools/capture/h323.ts';

/** The channels in the SETUP of a captured call. */
function proposalsIn(capture: string): FastChannel[] {
  const finder = new H323Finder();
  const found = [...readCapture(readFileSync(`fixtures/h323/${capture}.pcap`))].flatMap((packet) =>
    finder.push(packet),
  );
  const carried = found.filter((one) => one.carried === 'fastStart');
  const setup = carried.filter(({ frame }) => frame === carried[0]?.frame);
  return readFastStart(decodeFastStart(setup.map(({ bytes }) => bytes)));
}

const local = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 5000 RTP/AVP 8 0',
  'm=video 5002 RTP/AVP 31',
  'a=rtpmap:31 H261/90000',
  'a=fmtp:31 CIF=1;QCIF=1',
  '',
].join('\r\n');

describe('fast start as it is accepted (H.323, clause 8.1.7.1)', () => {
  const accept = (capture: string) => acceptProposals(proposalsIn(capture), local, mediaTerms);

  it('channels of ours have numbers of their own, though the caller proposes all under one', () => {
    const proposals = proposalsIn('h323plus-fast-tunnel');
    equal(new Set(proposals.filter(({ direction }) => direction === 'reverse').map(({ number }) => number)).size, 1);
    const pairs = accept('h323plus-fast-tunnel');
    deepEqual(
      pairs.map(({ stream }) => stream.kind),
      ['audio', 'video'],
    );
    equal(new Set(pairs.map(({ reverse }) => reverse?.number)).size, 2);
    // As it goes onto the wire.
    const sent = decodeFastStart(
      encodeFastStart(
        pairs.flatMap(({ forward, reverse, stream }) =>
          [forward, reverse].flatMap((one) => (one === undefined ? [] : [acceptedChannel(one, stream)])),
        ),
      ),
    );
    const ours = sent.filter((one) => one.reverseLogicalChannelParameters !== undefined);
    deepEqual(
      ours.map((one) => one.forwardLogicalChannelNumber),
      pairs.map(({ reverse }) => reverse?.number),
    );
  });

  it('a caller that gives each proposal a number finds it again', () => {
    const proposals = proposalsIn('ooh323-a-fast-tunnel');
    const [pair] = accept('ooh323-a-fast-tunnel');
    for (const channel of [pair?.forward, pair?.reverse])
      equal(
        proposals.some(({ direction, number }) => direction === channel?.direction && number === channel.number),
        true,
      );
  });
});
