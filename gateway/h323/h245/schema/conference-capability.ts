import {
  BOOLEAN,
  choice,
  extensions,
  type Infer,
  NULL,
  OBJECT_IDENTIFIER,
  optional,
  sequence,
  sequenceOf,
  setOf,
  size,
} from '../../per/index.ts';
import {
  AlternativeCapabilitySet,
  CapabilityTableEntryNumber,
  MaxRedundancy,
  NonStandardParameter,
} from './generic.ts';
import { GenericCapability } from './generic-capability.ts';
import { H222Capability, H223Capability } from './multiplex-capability.ts';

/* H.245 capability exchange: user input, conference, multiplexed streams, redundancy. */

export const UserInputCapability = choice(
  {
    nonStandard: sequenceOf(NonStandardParameter, size(1, 16)),
    basicString: NULL,
    iA5String: NULL,
    generalString: NULL,
    dtmf: NULL,
    hookflash: NULL,
  },
  extensions({
    extendedAlphanumeric: NULL,
    encryptedBasicString: NULL,
    encryptedIA5String: NULL,
    encryptedGeneralString: NULL,
    secureDTMF: NULL,
    genericUserInputCapability: GenericCapability,
  }),
);
export type UserInputCapability = Infer<typeof UserInputCapability>;

export const ConferenceCapability = sequence(
  {
    nonStandardData: optional(sequenceOf(NonStandardParameter)),
    chairControlCapability: BOOLEAN,
  },
  extensions({
    videoIndicateMixingCapability: BOOLEAN,
    multipointVisualizationCapability: optional(BOOLEAN),
  }),
);
export type ConferenceCapability = Infer<typeof ConferenceCapability>;

export const MultiplexFormat = choice(
  {
    nonStandard: NonStandardParameter,
    h222Capability: H222Capability,
    h223Capability: H223Capability,
  },
  extensions(),
);
export type MultiplexFormat = Infer<typeof MultiplexFormat>;

export const MultiplexedStreamCapability = sequence(
  {
    multiplexFormat: MultiplexFormat,
    controlOnMuxStream: BOOLEAN,
    capabilityOnMuxStream: optional(setOf(AlternativeCapabilitySet, size(1, 256))),
  },
  extensions(),
);
export type MultiplexedStreamCapability = Infer<typeof MultiplexedStreamCapability>;

export const MultiplePayloadStreamCapability = sequence(
  {
    capabilities: setOf(AlternativeCapabilitySet, size(1, 256)),
  },
  extensions(),
);
export type MultiplePayloadStreamCapability = Infer<typeof MultiplePayloadStreamCapability>;

export const DepFECCapability = choice(
  {
    rfc2733: sequence(
      {
        redundancyEncoding: BOOLEAN,
        separateStream: sequence(
          {
            separatePort: BOOLEAN,
            samePort: BOOLEAN,
          },
          extensions(),
        ),
      },
      extensions(),
    ),
  },
  extensions(),
);
export type DepFECCapability = Infer<typeof DepFECCapability>;

export const FECCapability = sequence(
  {
    protectedCapability: CapabilityTableEntryNumber,
    fecScheme: optional(OBJECT_IDENTIFIER),
    rfc2733Format: optional(
      choice({
        rfc2733rfc2198: MaxRedundancy,
        rfc2733sameport: MaxRedundancy,
        rfc2733diffport: MaxRedundancy,
      }),
    ),
  },
  extensions(),
);
export type FECCapability = Infer<typeof FECCapability>;
