import {
  choice,
  extensions,
  IA5String,
  type Infer,
  integer,
  NULL,
  NumericString,
  optional,
  sequence,
  setOf,
  size,
} from '../../per/index.ts';
import { LogicalChannelNumber, MaximumBitRate, NonStandardMessage, SequenceNumber } from './generic.ts';

/* H.245 multilink and channel rate. */

export const DialingInformationNetworkType = choice(
  {
    nonStandard: NonStandardMessage,
    'n-isdn': NULL,
    gstn: NULL,
  },
  extensions({
    mobile: NULL,
  }),
);
export type DialingInformationNetworkType = Infer<typeof DialingInformationNetworkType>;

export const DialingInformationNumber = sequence(
  {
    networkAddress: NumericString({ size: size(0, 40) }),
    subAddress: optional(IA5String({ size: size(1, 40) })),
    networkType: setOf(DialingInformationNetworkType, size(1, 255)),
  },
  extensions(),
);
export type DialingInformationNumber = Infer<typeof DialingInformationNumber>;

export const DialingInformation = choice(
  {
    nonStandard: NonStandardMessage,
    differential: setOf(DialingInformationNumber, size(1, 65535)),
    infoNotAvailable: integer(1, 65535),
  },
  extensions(),
);
export type DialingInformation = Infer<typeof DialingInformation>;

export const ConnectionIdentifier = sequence(
  {
    channelTag: integer(0, 4294967295),
    sequenceNumber: integer(0, 4294967295),
  },
  extensions(),
);
export type ConnectionIdentifier = Infer<typeof ConnectionIdentifier>;

export const MultilinkRequest = choice(
  {
    nonStandard: NonStandardMessage,
    callInformation: sequence(
      {
        maxNumberOfAdditionalConnections: integer(1, 65535),
      },
      extensions(),
    ),
    addConnection: sequence(
      {
        sequenceNumber: SequenceNumber,
        dialingInformation: DialingInformation,
      },
      extensions(),
    ),
    removeConnection: sequence(
      {
        connectionIdentifier: ConnectionIdentifier,
      },
      extensions(),
    ),
    maximumHeaderInterval: sequence(
      {
        requestType: choice(
          {
            currentIntervalInformation: NULL,
            requestedInterval: integer(0, 65535),
          },
          extensions(),
        ),
      },
      extensions(),
    ),
  },
  extensions(),
);
export type MultilinkRequest = Infer<typeof MultilinkRequest>;

export const MultilinkResponse = choice(
  {
    nonStandard: NonStandardMessage,
    callInformation: sequence(
      {
        dialingInformation: DialingInformation,
        callAssociationNumber: integer(0, 4294967295),
      },
      extensions(),
    ),
    addConnection: sequence(
      {
        sequenceNumber: SequenceNumber,
        responseCode: choice(
          {
            accepted: NULL,
            rejected: choice(
              {
                connectionsNotAvailable: NULL,
                userRejected: NULL,
              },
              extensions(),
            ),
          },
          extensions(),
        ),
      },
      extensions(),
    ),
    removeConnection: sequence(
      {
        connectionIdentifier: ConnectionIdentifier,
      },
      extensions(),
    ),
    maximumHeaderInterval: sequence(
      {
        currentInterval: integer(0, 65535),
      },
      extensions(),
    ),
  },
  extensions(),
);
export type MultilinkResponse = Infer<typeof MultilinkResponse>;

export const MultilinkIndication = choice(
  {
    nonStandard: NonStandardMessage,
    crcDesired: sequence({}, extensions()),
    excessiveError: sequence(
      {
        connectionIdentifier: ConnectionIdentifier,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type MultilinkIndication = Infer<typeof MultilinkIndication>;

export const LogicalChannelRateRequest = sequence(
  {
    sequenceNumber: SequenceNumber,
    logicalChannelNumber: LogicalChannelNumber,
    maximumBitRate: MaximumBitRate,
  },
  extensions(),
);
export type LogicalChannelRateRequest = Infer<typeof LogicalChannelRateRequest>;

export const LogicalChannelRateAcknowledge = sequence(
  {
    sequenceNumber: SequenceNumber,
    logicalChannelNumber: LogicalChannelNumber,
    maximumBitRate: MaximumBitRate,
  },
  extensions(),
);
export type LogicalChannelRateAcknowledge = Infer<typeof LogicalChannelRateAcknowledge>;

export const LogicalChannelRateRejectReason = choice(
  {
    undefinedReason: NULL,
    insufficientResources: NULL,
  },
  extensions(),
);
export type LogicalChannelRateRejectReason = Infer<typeof LogicalChannelRateRejectReason>;

export const LogicalChannelRateReject = sequence(
  {
    sequenceNumber: SequenceNumber,
    logicalChannelNumber: LogicalChannelNumber,
    rejectReason: LogicalChannelRateRejectReason,
    currentMaximumBitRate: optional(MaximumBitRate),
  },
  extensions(),
);
export type LogicalChannelRateReject = Infer<typeof LogicalChannelRateReject>;

export const LogicalChannelRateRelease = sequence({}, extensions());
export type LogicalChannelRateRelease = Infer<typeof LogicalChannelRateRelease>;
