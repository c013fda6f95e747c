import {
  choice,
  extensions,
  type Infer,
  integer,
  lazy,
  NULL,
  optional,
  type Schema,
  sequence,
  sequenceOf,
  setOf,
  size,
} from '../../per/index.ts';
import { MultiplexTableEntryNumber, SequenceNumber } from './generic.ts';

/* H.223 multiplex table (H.245). */

export interface MultiplexElement {
  type:
    | { logicalChannelNumber: number; subElementList?: undefined }
    | { subElementList: MultiplexElement[]; logicalChannelNumber?: undefined };
  repeatCount: { finite: number; untilClosingFlag?: undefined } | { untilClosingFlag: null; finite?: undefined };
}
export const MultiplexElement: Schema<MultiplexElement> = sequence({
  type: choice({
    logicalChannelNumber: integer(0, 65535),
    subElementList: sequenceOf(
      lazy<MultiplexElement>(() => MultiplexElement),
      size(2, 255),
    ),
  }),
  repeatCount: choice({
    finite: integer(1, 65535),
    untilClosingFlag: NULL,
  }),
});

export const MultiplexEntryDescriptor = sequence({
  multiplexTableEntryNumber: MultiplexTableEntryNumber,
  elementList: optional(sequenceOf(MultiplexElement, size(1, 256))),
});
export type MultiplexEntryDescriptor = Infer<typeof MultiplexEntryDescriptor>;

export const MultiplexEntrySend = sequence(
  {
    sequenceNumber: SequenceNumber,
    multiplexEntryDescriptors: setOf(MultiplexEntryDescriptor, size(1, 15)),
  },
  extensions(),
);
export type MultiplexEntrySend = Infer<typeof MultiplexEntrySend>;

export const MultiplexEntrySendAck = sequence(
  {
    sequenceNumber: SequenceNumber,
    multiplexTableEntryNumber: setOf(MultiplexTableEntryNumber, size(1, 15)),
  },
  extensions(),
);
export type MultiplexEntrySendAck = Infer<typeof MultiplexEntrySendAck>;

export const MultiplexEntryRejectionDescriptions = sequence(
  {
    multiplexTableEntryNumber: MultiplexTableEntryNumber,
    cause: choice(
      {
        unspecifiedCause: NULL,
        descriptorTooComplex: NULL,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type MultiplexEntryRejectionDescriptions = Infer<typeof MultiplexEntryRejectionDescriptions>;

export const MultiplexEntrySendReject = sequence(
  {
    sequenceNumber: SequenceNumber,
    rejectionDescriptions: setOf(MultiplexEntryRejectionDescriptions, size(1, 15)),
  },
  extensions(),
);
export type MultiplexEntrySendReject = Infer<typeof MultiplexEntrySendReject>;

export const MultiplexEntrySendRelease = sequence(
  {
    multiplexTableEntryNumber: setOf(MultiplexTableEntryNumber, size(1, 15)),
  },
  extensions(),
);
export type MultiplexEntrySendRelease = Infer<typeof MultiplexEntrySendRelease>;

export const RequestMultiplexEntry = sequence(
  {
    entryNumbers: setOf(MultiplexTableEntryNumber, size(1, 15)),
  },
  extensions(),
);
export type RequestMultiplexEntry = Infer<typeof RequestMultiplexEntry>;

export const RequestMultiplexEntryAck = sequence(
  {
    entryNumbers: setOf(MultiplexTableEntryNumber, size(1, 15)),
  },
  extensions(),
);
export type RequestMultiplexEntryAck = Infer<typeof RequestMultiplexEntryAck>;

export const RequestMultiplexEntryRejectionDescriptions = sequence(
  {
    multiplexTableEntryNumber: MultiplexTableEntryNumber,
    cause: choice(
      {
        unspecifiedCause: NULL,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type RequestMultiplexEntryRejectionDescriptions = Infer<typeof RequestMultiplexEntryRejectionDescriptions>;

export const RequestMultiplexEntryReject = sequence(
  {
    entryNumbers: setOf(MultiplexTableEntryNumber, size(1, 15)),
    rejectionDescriptions: setOf(RequestMultiplexEntryRejectionDescriptions, size(1, 15)),
  },
  extensions(),
);
export type RequestMultiplexEntryReject = Infer<typeof RequestMultiplexEntryReject>;

export const RequestMultiplexEntryRelease = sequence(
  {
    entryNumbers: setOf(MultiplexTableEntryNumber, size(1, 15)),
  },
  extensions(),
);
export type RequestMultiplexEntryRelease = Infer<typeof RequestMultiplexEntryRelease>;
