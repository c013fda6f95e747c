import {
  choice,
  extensions,
  IA5String,
  type Infer,
  OBJECT_IDENTIFIER,
  octetString,
  optional,
  sequence,
  sequenceOf,
  size,
} from '../../per/index.ts';
import { NonStandardParameter } from './generic.ts';
import { GenericCapability } from './generic-capability.ts';

/* H.245 capability exchange: encryption, authentication, integrity. */

export const DTLSSecurityCapability = sequence(
  {
    hashFunction: sequenceOf(IA5String({ size: size(1, 65535) })),
    setupInformation: optional(IA5String({ size: size(1, 65535) })),
    connectionInformation: optional(IA5String({ size: size(1, 65535) })),
    fingerprint: optional(IA5String({ size: size(1, 65535) })),
  },
  extensions(),
);
export type DTLSSecurityCapability = Infer<typeof DTLSSecurityCapability>;

export const MediaEncryptionAlgorithm = choice(
  {
    nonStandard: NonStandardParameter,
    algorithm: OBJECT_IDENTIFIER,
  },
  extensions(),
);
export type MediaEncryptionAlgorithm = Infer<typeof MediaEncryptionAlgorithm>;

export const EncryptionCapability = sequenceOf(MediaEncryptionAlgorithm, size(1, 256));
export type EncryptionCapability = Infer<typeof EncryptionCapability>;

export const AuthenticationCapability = sequence(
  {
    nonStandard: optional(NonStandardParameter),
  },
  extensions({
    antiSpamAlgorithm: optional(OBJECT_IDENTIFIER),
  }),
);
export type AuthenticationCapability = Infer<typeof AuthenticationCapability>;

export const IntegrityCapability = sequence(
  {
    nonStandard: optional(NonStandardParameter),
  },
  extensions(),
);
export type IntegrityCapability = Infer<typeof IntegrityCapability>;

export const EncryptionAuthenticationAndIntegrity = sequence(
  {
    encryptionCapability: optional(EncryptionCapability),
    authenticationCapability: optional(AuthenticationCapability),
    integrityCapability: optional(IntegrityCapability),
  },
  extensions({
    genericH235SecurityCapability: optional(GenericCapability),
    dtlsSecurityCapability: optional(DTLSSecurityCapability),
  }),
);
export type EncryptionAuthenticationAndIntegrity = Infer<typeof EncryptionAuthenticationAndIntegrity>;

export const IV8 = octetString(size(8));
export type IV8 = Infer<typeof IV8>;

export const IV16 = octetString(size(16));
export type IV16 = Infer<typeof IV16>;

export const Params = sequence(
  {
    iv8: optional(IV8),
    iv16: optional(IV16),
    iv: optional(octetString()),
  },
  extensions(),
);
export type Params = Infer<typeof Params>;
