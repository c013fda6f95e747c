export { capabilitiesOf } from './capability-set.ts';
export { type ChannelFormat, type Choice, choose, farTakes, same, takes } from './choose.ts';
export { type ChannelPair, type DescribedChannel, describe } from './describe.ts';
export { type FarCapabilities, type FarCapability, type FarFeatures, farCapabilities } from './far-capabilities.ts';
export { proposalsOf } from './fast-start.ts';
export type { Format, HostPort, Kind } from './format.ts';
export { type LocalStream, mediaTerms } from './media-terms.ts';
