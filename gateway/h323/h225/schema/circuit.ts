import {
  extensions,
  IA5String,
  type Infer,
  integer,
  octetString,
  optional,
  sequence,
  sequenceOf,
  size,
} from '../../per/index.ts';
import { GenericData } from './generic.ts';

/* H.225.0: circuits of a trunk. */

export const CicInfo = sequence(
  {
    cic: sequenceOf(octetString(size(2, 4))),
    pointCode: octetString(size(2, 5)),
  },
  extensions(),
);
export type CicInfo = Infer<typeof CicInfo>;

export const GroupID = sequence(
  {
    member: optional(sequenceOf(integer(0, 65535))),
    group: IA5String({ size: size(1, 128) }),
  },
  extensions(),
);
export type GroupID = Infer<typeof GroupID>;

export const CarrierInfo = sequence(
  {
    carrierIdentificationCode: optional(octetString(size(3, 4))),
    carrierName: optional(IA5String({ size: size(1, 128) })),
  },
  extensions(),
);
export type CarrierInfo = Infer<typeof CarrierInfo>;

export const CircuitIdentifier = sequence(
  {
    cic: optional(CicInfo),
    group: optional(GroupID),
  },
  extensions({
    carrier: optional(CarrierInfo),
  }),
);
export type CircuitIdentifier = Infer<typeof CircuitIdentifier>;

export const CircuitInfo = sequence(
  {
    sourceCircuitID: optional(CircuitIdentifier),
    destinationCircuitID: optional(CircuitIdentifier),
    genericData: optional(sequenceOf(GenericData)),
  },
  extensions(),
);
export type CircuitInfo = Infer<typeof CircuitInfo>;
