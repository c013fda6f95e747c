import type { OpenLogicalChannel } from '../../h245/index.ts';
import type { ChannelFormat, Kind, LocalStream } from '../../interwork/index.ts';
import type { HostPort } from '../../ras/interface.ts';
import { mediaAddress, mediaHostPort } from './address.ts';
import { parameters, payloadOf } from './channel.ts';
import { kindOf, type MediaTerms, sessionOf } from './terms.ts';

/*
 * Fast connect (H.323, clause 8.1.7). `forward` is the direction from the caller to the called side; a proposal for the
 * other direction carries nullData forward and its format in the reverse parameters. Pure.
 */

/** A proposal or an accepted channel, understood. */
export interface FastChannel extends ChannelFormat {
  number: number;
  kind: Kind;
  direction: 'forward' | 'reverse';
  sessionId: number;
  rtp: HostPort | undefined;
  rtcp: HostPort | undefined;
  /** As it came. */
  request: OpenLogicalChannel;
}

/** What is proposed or accepted; what we do not understand is left out. */
export function readFastStart(channels: readonly OpenLogicalChannel[]): FastChannel[] {
  return channels.flatMap((request): FastChannel[] => {
    const forward = request.forwardLogicalChannelParameters;
    const reverse = request.reverseLogicalChannelParameters;
    const isReverse = forward.dataType.nullData !== undefined && reverse !== undefined;
    const dataType = isReverse ? reverse.dataType : forward.dataType;
    const found = (isReverse ? reverse.multiplexParameters : forward.multiplexParameters)
      ?.h2250LogicalChannelParameters;
    const kind = kindOf(dataType);
    if (kind === undefined || found === undefined || (!isReverse && reverse !== undefined)) return [];
    return [
      {
        number: request.forwardLogicalChannelNumber,
        kind,
        direction: isReverse ? 'reverse' : 'forward',
        sessionId: found.sessionID,
        dataType,
        ...payloadOf(found),
        rtp: mediaHostPort(found.mediaChannel),
        rtcp: mediaHostPort(found.mediaControlChannel),
        request,
      },
    ];
  });
}

/** What is taken for one stream. */
export interface AcceptedPair {
  forward: FastChannel | undefined;
  reverse: FastChannel | undefined;
  stream: LocalStream;
}

/** What of the proposals the called side takes: for each kind the first format that both can, the same both ways. */
export function acceptProposals(proposals: readonly FastChannel[], local: string, terms: MediaTerms): AcceptedPair[] {
  const pairs = terms.streams(local).flatMap((stream): AcceptedPair[] => {
    const able = proposals.filter(({ dataType, kind }) => kind === stream.kind && terms.takes(local, dataType));
    const ways = (direction: FastChannel['direction']): FastChannel[] =>
      able.filter((one) => one.direction === direction && (direction === 'forward' || one.rtp !== undefined));
    const backward = ways('reverse');
    for (const forward of ways('forward')) {
      const reverse = backward.find(({ dataType }) => terms.same(dataType, forward.dataType));
      if (reverse !== undefined) return [{ forward, reverse, stream }];
    }
    // One way only is better than none, but never two different codecs.
    const [forward] = ways('forward');
    const [reverse] = backward;
    if (forward !== undefined && backward.length === 0) return [{ forward, reverse: undefined, stream }];
    return forward === undefined && reverse !== undefined ? [{ forward: undefined, reverse, stream }] : [];
  });
  return numbered(pairs);
}

/**
 * The called side's channels under numbers of their own: many callers propose all of them under one, since the number is
 * the called side's to give. Others look for their proposal by it, so it stays where it can.
 */
function numbered(pairs: readonly AcceptedPair[]): AcceptedPair[] {
  const taken = new Set<number>();
  return pairs.map((pair) => {
    if (pair.reverse === undefined) return pair;
    let { number } = pair.reverse;
    while (taken.has(number)) number = (number % 0xffff) + 1;
    taken.add(number);
    return { ...pair, reverse: { ...pair.reverse, number } };
  });
}

/** An accepted channel as the called side returns it, with its addresses (H.323, clause 8.1.7.1). */
export function acceptedChannel(channel: FastChannel, stream: LocalStream): OpenLogicalChannel {
  const { request } = channel;
  const own = parameters(channel.sessionId === 0 ? sessionOf[channel.kind] : channel.sessionId, stream, channel);
  if (channel.direction === 'forward') {
    return {
      forwardLogicalChannelNumber: channel.number,
      forwardLogicalChannelParameters: {
        dataType: channel.dataType,
        multiplexParameters: { h2250LogicalChannelParameters: { ...own, mediaChannel: mediaAddress(stream.rtp) } },
      },
    };
  }
  return {
    forwardLogicalChannelNumber: channel.number,
    forwardLogicalChannelParameters: request.forwardLogicalChannelParameters,
    reverseLogicalChannelParameters: {
      dataType: channel.dataType,
      multiplexParameters: {
        h2250LogicalChannelParameters: {
          ...own,
          ...(channel.rtp === undefined ? {} : { mediaChannel: mediaAddress(channel.rtp) }),
        },
      },
    },
  };
}
