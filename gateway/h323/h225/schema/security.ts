import {
  bitString,
  choice,
  extensions,
  type Infer,
  NULL,
  OBJECT_IDENTIFIER,
  optional,
  sequence,
} from '../../per/index.ts';
import { ENCRYPTED, HASHED, SIGNED, TimeStamp } from '../h235/keys.ts';
import { ClearToken, CryptoToken } from '../h235/tokens.ts';
import { AliasAddress, NonStandardParameter } from './address.ts';
import { GatekeeperIdentifier } from './identifiers.ts';

/* H.225.0: capabilities and errors of security, integrity, tokens (H.235). */

export const SecurityServiceMode = choice(
  {
    nonStandard: NonStandardParameter,
    none: NULL,
    default: NULL,
  },
  extensions(),
);
export type SecurityServiceMode = Infer<typeof SecurityServiceMode>;

export const SecurityCapabilities = sequence(
  {
    nonStandard: optional(NonStandardParameter),
    encryption: SecurityServiceMode,
    authenticaton: SecurityServiceMode,
    integrity: SecurityServiceMode,
  },
  extensions(),
);
export type SecurityCapabilities = Infer<typeof SecurityCapabilities>;

export const SecurityErrors = choice(
  {
    securityWrongSyncTime: NULL,
    securityReplay: NULL,
    securityWrongGeneralID: NULL,
    securityWrongSendersID: NULL,
    securityIntegrityFailed: NULL,
    securityWrongOID: NULL,
    securityDHmismatch: NULL,
    securityCertificateExpired: NULL,
    securityCertificateDateInvalid: NULL,
    securityCertificateRevoked: NULL,
    securityCertificateNotReadable: NULL,
    securityCertificateSignatureInvalid: NULL,
    securityCertificateMissing: NULL,
    securityCertificateIncomplete: NULL,
    securityUnsupportedCertificateAlgOID: NULL,
    securityUnknownCA: NULL,
  },
  extensions(),
);
export type SecurityErrors = Infer<typeof SecurityErrors>;

export const SecurityErrors2 = choice(
  {
    securityWrongSyncTime: NULL,
    securityReplay: NULL,
    securityWrongGeneralID: NULL,
    securityWrongSendersID: NULL,
    securityIntegrityFailed: NULL,
    securityWrongOID: NULL,
  },
  extensions(),
);
export type SecurityErrors2 = Infer<typeof SecurityErrors2>;

export const H245Security = choice(
  {
    nonStandard: NonStandardParameter,
    noSecurity: NULL,
    tls: SecurityCapabilities,
    ipsec: SecurityCapabilities,
  },
  extensions(),
);
export type H245Security = Infer<typeof H245Security>;

export const EncryptIntAlg = choice(
  {
    nonStandard: NonStandardParameter,
    isoAlgorithm: OBJECT_IDENTIFIER,
  },
  extensions(),
);
export type EncryptIntAlg = Infer<typeof EncryptIntAlg>;

export const NonIsoIntegrityMechanism = choice(
  {
    'hMAC-MD5': NULL,
    'hMAC-iso10118-2-s': EncryptIntAlg,
    'hMAC-iso10118-2-l': EncryptIntAlg,
    'hMAC-iso10118-3': OBJECT_IDENTIFIER,
  },
  extensions(),
);
export type NonIsoIntegrityMechanism = Infer<typeof NonIsoIntegrityMechanism>;

export const IntegrityMechanism = choice(
  {
    nonStandard: NonStandardParameter,
    digSig: NULL,
    iso9797: OBJECT_IDENTIFIER,
    nonIsoIM: NonIsoIntegrityMechanism,
  },
  extensions(),
);
export type IntegrityMechanism = Infer<typeof IntegrityMechanism>;

export const ICV = sequence({
  algorithmOID: OBJECT_IDENTIFIER,
  icv: bitString(),
});
export type ICV = Infer<typeof ICV>;

export const FastStartToken = ClearToken;
export type FastStartToken = Infer<typeof FastStartToken>;

export const CryptoH323Token = choice(
  {
    cryptoEPPwdHash: sequence({
      alias: AliasAddress,
      timeStamp: TimeStamp,
      token: HASHED,
    }),
    cryptoGKPwdHash: sequence({
      gatekeeperId: GatekeeperIdentifier,
      timeStamp: TimeStamp,
      token: HASHED,
    }),
    cryptoEPPwdEncr: ENCRYPTED,
    cryptoGKPwdEncr: ENCRYPTED,
    cryptoEPCert: SIGNED,
    cryptoGKCert: SIGNED,
    cryptoFastStart: SIGNED,
    nestedcryptoToken: CryptoToken,
  },
  extensions(),
);
export type CryptoH323Token = Infer<typeof CryptoH323Token>;
