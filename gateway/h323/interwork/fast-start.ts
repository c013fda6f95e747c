import type { OpenLogicalChannel } from '../h245/index.ts';
import { plainCapability } from './capability-set.ts';
import { fixedPayloadType } from './sdp-format.ts';
import { sectionsOf } from './sdp-section.ts';
import { transportAddress } from './transport-address.ts';

/** RTP session of the main sound (H.323, clause 6.2.8.2). */
const audioSession = 1;
/** Codecs proposed at most: SETUP has to stay small. */
const mostCodecs = 8;

/**
 * Fast start's proposals for the sound of a description, both directions of each codec, the best first (H.323, clause
 * 8.1.7.1). Pictures are opened by H.245 afterwards: old codecs that meet video in fast start refuse all of it.
 */
export function proposalsOf(sdp: string): OpenLogicalChannel[] {
  const section = sectionsOf(sdp).find(({ kind }) => kind === 'audio');
  if (section === undefined) return [];
  const formats = section.formats.filter(({ format }) => format.kind === 'audio').slice(0, mostCodecs);
  return formats.flatMap(({ format, payloadType }, place): OpenLogicalChannel[] => {
    if (format.kind !== 'audio') return [];
    const dataType = { audioData: plainCapability(format) };
    const own = {
      sessionID: audioSession,
      mediaGuaranteedDelivery: false,
      mediaControlChannel: transportAddress(section.rtcp),
      ...(fixedPayloadType(format.codec) === undefined ? { dynamicRTPPayloadType: payloadType } : {}),
    };
    const mediaChannel = transportAddress(section.rtp);
    return [
      {
        forwardLogicalChannelNumber: place * 2 + 1,
        forwardLogicalChannelParameters: { dataType: { nullData: null }, multiplexParameters: { none: null } },
        reverseLogicalChannelParameters: {
          dataType,
          multiplexParameters: { h2250LogicalChannelParameters: { ...own, mediaChannel } },
        },
      },
      {
        forwardLogicalChannelNumber: place * 2 + 2,
        forwardLogicalChannelParameters: { dataType, multiplexParameters: { h2250LogicalChannelParameters: own } },
      },
    ];
  });
}
