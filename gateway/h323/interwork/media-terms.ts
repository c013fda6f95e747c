import { capabilitiesOf } from './capability-set.ts';
import { choose, farTakes, same, takes } from './choose.ts';
import { describe } from './describe.ts';
import { proposalsOf } from './fast-start.ts';
import type { HostPort, Kind } from './format.ts';
import { sectionsOf } from './sdp-section.ts';

/** A stream of our own description. */
export interface LocalStream {
  kind: Kind;
  rtp: HostPort;
  rtcp: HostPort;
}

/** The streams that a description of ours has, in its order; refused ones (port 0) and second pictures are left out. */
function streams(sdp: string): LocalStream[] {
  return sectionsOf(sdp).flatMap(({ kind, rtcp, rtp }) => (kind === undefined ? [] : [{ kind, rtp, rtcp }]));
}

/** Capabilities and channels of H.245 in SDP's terms: all that a call needs to know of codecs. Pure functions. */
export const mediaTerms = {
  streams,
  capabilities: capabilitiesOf,
  proposals: proposalsOf,
  choose,
  takes,
  farTakes,
  same,
  describe,
};
