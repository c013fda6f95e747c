import {
  BMPString,
  BOOLEAN,
  choice,
  extensions,
  IA5String,
  type Infer,
  integer,
  lazy,
  OBJECT_IDENTIFIER,
  octetString,
  optional,
  type Schema,
  sequence,
  sequenceOf,
  size,
  type UnknownExtension,
} from '../../per/index.ts';
import { AliasAddress, TransportAddress } from './address.ts';
import { GloballyUniqueID } from './identifiers.ts';

/* H.225.0: the generic extensibility framework (H.460 features). */

export const GenericIdentifier = choice(
  {
    standard: integer(0, 16383, { extensible: true }),
    oid: OBJECT_IDENTIFIER,
    nonStandard: GloballyUniqueID,
  },
  extensions(),
);
export type GenericIdentifier = Infer<typeof GenericIdentifier>;

export interface EnumeratedParameter {
  id: GenericIdentifier;
  content?: Content;
  unknownExtensions?: UnknownExtension[];
}
export const EnumeratedParameter: Schema<EnumeratedParameter> = sequence(
  {
    id: GenericIdentifier,
    content: optional(lazy<Content>(() => Content)),
  },
  extensions(),
);

export const GenericData = sequence(
  {
    id: GenericIdentifier,
    parameters: optional(sequenceOf(EnumeratedParameter, size(1, 512))),
  },
  extensions(),
);
export type GenericData = Infer<typeof GenericData>;

export const FeatureDescriptor = GenericData;
export type FeatureDescriptor = Infer<typeof FeatureDescriptor>;

export const Content = choice(
  {
    raw: octetString(),
    text: IA5String(),
    unicode: BMPString(),
    bool: BOOLEAN,
    number8: integer(0, 255),
    number16: integer(0, 65535),
    number32: integer(0, 4294967295),
    id: GenericIdentifier,
    alias: AliasAddress,
    transport: TransportAddress,
    compound: sequenceOf(EnumeratedParameter, size(1, 512)),
    nested: sequenceOf(GenericData, size(1, 16)),
  },
  extensions(),
);
export type Content = Infer<typeof Content>;

export const FeatureSet = sequence(
  {
    replacementFeatureSet: BOOLEAN,
    neededFeatures: optional(sequenceOf(FeatureDescriptor)),
    desiredFeatures: optional(sequenceOf(FeatureDescriptor)),
    supportedFeatures: optional(sequenceOf(FeatureDescriptor)),
  },
  extensions(),
);
export type FeatureSet = Infer<typeof FeatureSet>;
