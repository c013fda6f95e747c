import {
  BMPString,
  bitString,
  choice,
  extensions,
  type Infer,
  integer,
  OBJECT_IDENTIFIER,
  octetString,
  openType,
  optional,
  sequence,
  size,
} from '../../per/index.ts';

/* H.235.0 keys: Diffie-Hellman sets, elliptic curves, key material, and how they are protected. */

export const ChallengeString = octetString(size(8, 128));
export type ChallengeString = Infer<typeof ChallengeString>;

export const TimeStamp = integer(1, 4294967295);
export type TimeStamp = Infer<typeof TimeStamp>;

export const RandomVal = integer();
export type RandomVal = Infer<typeof RandomVal>;

export const Password = BMPString({ size: size(1, 128) });
export type Password = Infer<typeof Password>;

export const Identifier = BMPString({ size: size(1, 128) });
export type Identifier = Infer<typeof Identifier>;

export const KeyMaterial = bitString(size(1, 2048));
export type KeyMaterial = Infer<typeof KeyMaterial>;

export const KeyMaterialExt = bitString(size(2049, 65536));
export type KeyMaterialExt = Infer<typeof KeyMaterialExt>;

export const DHset = sequence(
  {
    halfkey: bitString(size(0, 2048)),
    modSize: bitString(size(0, 2048)),
    generator: bitString(size(0, 2048)),
  },
  extensions(),
);
export type DHset = Infer<typeof DHset>;

export const DHsetExt = sequence(
  {
    halfkey: bitString(size(2049, 65536)),
    modSize: optional(bitString(size(2049, 65536))),
    generator: optional(bitString(size(2049, 65536))),
  },
  extensions(),
);
export type DHsetExt = Infer<typeof DHsetExt>;

export const ECpoint = sequence(
  {
    x: optional(bitString(size(0, 511))),
    y: optional(bitString(size(0, 511))),
  },
  extensions(),
);
export type ECpoint = Infer<typeof ECpoint>;

export const ECKASDH = choice(
  {
    eckasdhp: sequence({
      'public-key': ECpoint,
      modulus: bitString(size(0, 511)),
      base: ECpoint,
      weierstrassA: bitString(size(0, 511)),
      weierstrassB: bitString(size(0, 511)),
    }),
    eckasdh2: sequence({
      'public-key': ECpoint,
      fieldSize: bitString(size(0, 511)),
      base: ECpoint,
      weierstrassA: bitString(size(0, 511)),
      weierstrassB: bitString(size(0, 511)),
    }),
  },
  extensions(),
);
export type ECKASDH = Infer<typeof ECKASDH>;

export const ECGDSASignature = sequence({
  r: bitString(size(0, 511)),
  s: bitString(size(0, 511)),
});
export type ECGDSASignature = Infer<typeof ECGDSASignature>;

export const TypedCertificate = sequence(
  {
    type: OBJECT_IDENTIFIER,
    certificate: octetString(),
  },
  extensions(),
);
export type TypedCertificate = Infer<typeof TypedCertificate>;

export const IV8 = octetString(size(8));
export type IV8 = Infer<typeof IV8>;

export const IV16 = octetString(size(16));
export type IV16 = Infer<typeof IV16>;

export const Params = sequence(
  {
    ranInt: optional(integer()),
    iv8: optional(IV8),
  },
  extensions({
    iv16: optional(IV16),
    iv: optional(octetString()),
    clearSalt: optional(octetString()),
  }),
);
export type Params = Infer<typeof Params>;

export const SIGNED = sequence({
  toBeSigned: openType,
  algorithmOID: OBJECT_IDENTIFIER,
  paramS: Params,
  signature: bitString(),
});
export type SIGNED = Infer<typeof SIGNED>;

export const ENCRYPTED = sequence({
  algorithmOID: OBJECT_IDENTIFIER,
  paramS: Params,
  encryptedData: octetString(),
});
export type ENCRYPTED = Infer<typeof ENCRYPTED>;

export const HASHED = sequence({
  algorithmOID: OBJECT_IDENTIFIER,
  paramS: Params,
  hash: bitString(),
});
export type HASHED = Infer<typeof HASHED>;

export const V3KeySyncMaterial = sequence(
  {
    generalID: optional(Identifier),
    algorithmOID: optional(OBJECT_IDENTIFIER),
    paramS: Params,
    encryptedSessionKey: optional(octetString()),
    encryptedSaltingKey: optional(octetString()),
    clearSaltingKey: optional(octetString()),
    paramSsalt: optional(Params),
    keyDerivationOID: optional(OBJECT_IDENTIFIER),
  },
  extensions({
    genericKeyMaterial: optional(octetString()),
  }),
);
export type V3KeySyncMaterial = Infer<typeof V3KeySyncMaterial>;

export const H235Key = choice(
  {
    secureChannel: KeyMaterial,
    sharedSecret: ENCRYPTED,
    certProtectedKey: SIGNED,
  },
  extensions({
    secureSharedSecret: V3KeySyncMaterial,
    secureChannelExt: KeyMaterialExt,
  }),
);
export type H235Key = Infer<typeof H235Key>;

export const KeySignedMaterial = sequence({
  generalId: Identifier,
  mrandom: RandomVal,
  srandom: optional(RandomVal),
  timeStamp: optional(TimeStamp),
  encrptval: ENCRYPTED,
});
export type KeySignedMaterial = Infer<typeof KeySignedMaterial>;

export const KeySyncMaterial = sequence(
  {
    generalID: Identifier,
    keyMaterial: KeyMaterial,
  },
  extensions(),
);
export type KeySyncMaterial = Infer<typeof KeySyncMaterial>;
