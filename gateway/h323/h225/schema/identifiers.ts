import {
  BMPString,
  extensions,
  type Infer,
  integer,
  OBJECT_IDENTIFIER,
  octetString,
  sequence,
  size,
} from '../../per/index.ts';

/* H.225.0: identifiers that calls and RAS share. */

export const GloballyUniqueID = octetString(size(16));
export type GloballyUniqueID = Infer<typeof GloballyUniqueID>;

export const ConferenceIdentifier = GloballyUniqueID;
export type ConferenceIdentifier = Infer<typeof ConferenceIdentifier>;

export const RequestSeqNum = integer(1, 65535);
export type RequestSeqNum = Infer<typeof RequestSeqNum>;

export const GatekeeperIdentifier = BMPString({ size: size(1, 128) });
export type GatekeeperIdentifier = Infer<typeof GatekeeperIdentifier>;

export const BandWidth = integer(0, 4294967295);
export type BandWidth = Infer<typeof BandWidth>;

export const CallReferenceValue = integer(0, 65535);
export type CallReferenceValue = Infer<typeof CallReferenceValue>;

export const EndpointIdentifier = BMPString({ size: size(1, 128) });
export type EndpointIdentifier = Infer<typeof EndpointIdentifier>;

export const ProtocolIdentifier = OBJECT_IDENTIFIER;
export type ProtocolIdentifier = Infer<typeof ProtocolIdentifier>;

export const TimeToLive = integer(1, 4294967295);
export type TimeToLive = Infer<typeof TimeToLive>;

export const H248PackagesDescriptor = octetString();
export type H248PackagesDescriptor = Infer<typeof H248PackagesDescriptor>;

export const H248SignalsDescriptor = octetString();
export type H248SignalsDescriptor = Infer<typeof H248SignalsDescriptor>;

export const CallIdentifier = sequence(
  {
    guid: GloballyUniqueID,
  },
  extensions(),
);
export type CallIdentifier = Infer<typeof CallIdentifier>;
