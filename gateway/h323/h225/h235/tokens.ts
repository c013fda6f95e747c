import {
  BMPString,
  BOOLEAN,
  bitString,
  choice,
  extensions,
  type Infer,
  integer,
  NULL,
  OBJECT_IDENTIFIER,
  octetString,
  optional,
  sequence,
  sequenceOf,
} from '../../per/index.ts';
import {
  ChallengeString,
  DHset,
  DHsetExt,
  ECKASDH,
  ENCRYPTED,
  H235Key,
  HASHED,
  Identifier,
  Params,
  Password,
  RandomVal,
  SIGNED,
  TimeStamp,
  TypedCertificate,
} from './keys.ts';

/* H.235.0 tokens and authentication mechanisms. */

const NonStandardParameter = sequence({
  nonStandardIdentifier: OBJECT_IDENTIFIER,
  data: octetString(),
});

export const AuthenticationBES = choice(
  {
    default: NULL,
    radius: NULL,
  },
  extensions(),
);
export type AuthenticationBES = Infer<typeof AuthenticationBES>;

export const AuthenticationMechanism = choice(
  {
    dhExch: NULL,
    pwdSymEnc: NULL,
    pwdHash: NULL,
    certSign: NULL,
    ipsec: NULL,
    tls: NULL,
    nonStandard: NonStandardParameter,
  },
  extensions({
    authenticationBES: AuthenticationBES,
    keyExch: OBJECT_IDENTIFIER,
  }),
);
export type AuthenticationMechanism = Infer<typeof AuthenticationMechanism>;

export const Element = choice(
  {
    octets: octetString(),
    integer: integer(),
    bits: bitString(),
    name: BMPString(),
    flag: BOOLEAN,
  },
  extensions(),
);
export type Element = Infer<typeof Element>;

export const ProfileElement = sequence(
  {
    elementID: integer(0, 255),
    paramS: optional(Params),
    element: optional(Element),
  },
  extensions(),
);
export type ProfileElement = Infer<typeof ProfileElement>;

export const ClearToken = sequence(
  {
    tokenOID: OBJECT_IDENTIFIER,
    timeStamp: optional(TimeStamp),
    password: optional(Password),
    dhkey: optional(DHset),
    challenge: optional(ChallengeString),
    random: optional(RandomVal),
    certificate: optional(TypedCertificate),
    generalID: optional(Identifier),
    nonStandard: optional(NonStandardParameter),
  },
  extensions({
    eckasdhkey: optional(ECKASDH),
    sendersID: optional(Identifier),
    h235Key: optional(H235Key),
    profileInfo: optional(sequenceOf(ProfileElement)),
    dhkeyext: optional(DHsetExt),
  }),
);
export type ClearToken = Infer<typeof ClearToken>;

export const PwdCertToken = ClearToken;
export type PwdCertToken = Infer<typeof PwdCertToken>;

export const CryptoToken = choice(
  {
    cryptoEncryptedToken: sequence({
      tokenOID: OBJECT_IDENTIFIER,
      token: ENCRYPTED,
    }),
    cryptoSignedToken: sequence({
      tokenOID: OBJECT_IDENTIFIER,
      token: SIGNED,
    }),
    cryptoHashedToken: sequence({
      tokenOID: OBJECT_IDENTIFIER,
      hashedVals: ClearToken,
      token: HASHED,
    }),
    cryptoPwdEncr: ENCRYPTED,
  },
  extensions(),
);
export type CryptoToken = Infer<typeof CryptoToken>;

export const H235CertificateSignature = sequence(
  {
    certificate: TypedCertificate,
    responseRandom: RandomVal,
    requesterRandom: optional(RandomVal),
    signature: SIGNED,
  },
  extensions(),
);
export type H235CertificateSignature = Infer<typeof H235CertificateSignature>;

export const ReturnSig = sequence({
  generalId: Identifier,
  responseRandom: RandomVal,
  requestRandom: optional(RandomVal),
  certificate: optional(TypedCertificate),
});
export type ReturnSig = Infer<typeof ReturnSig>;
