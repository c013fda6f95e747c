import {
  BMPString,
  choice,
  extensibleEnumerated,
  extensions,
  IA5String,
  type Infer,
  integer,
  NULL,
  OBJECT_IDENTIFIER,
  octetString,
  optional,
  sequence,
  sequenceOf,
  size,
} from '../../per/index.ts';

/* H.225.0: addresses of transport, aliases, party numbers. */

export const PresentationIndicator = choice(
  {
    presentationAllowed: NULL,
    presentationRestricted: NULL,
    addressNotAvailable: NULL,
  },
  extensions(),
);
export type PresentationIndicator = Infer<typeof PresentationIndicator>;

export const ScreeningIndicator = extensibleEnumerated([
  'userProvidedNotScreened',
  'userProvidedVerifiedAndPassed',
  'userProvidedVerifiedAndFailed',
  'networkProvided',
]);
export type ScreeningIndicator = Infer<typeof ScreeningIndicator>;

export const H221NonStandard = sequence(
  {
    t35CountryCode: integer(0, 255),
    t35Extension: integer(0, 255),
    manufacturerCode: integer(0, 65535),
  },
  extensions(),
);
export type H221NonStandard = Infer<typeof H221NonStandard>;

export const NonStandardIdentifier = choice(
  {
    object: OBJECT_IDENTIFIER,
    h221NonStandard: H221NonStandard,
  },
  extensions(),
);
export type NonStandardIdentifier = Infer<typeof NonStandardIdentifier>;

export const NonStandardParameter = sequence({
  nonStandardIdentifier: NonStandardIdentifier,
  data: octetString(),
});
export type NonStandardParameter = Infer<typeof NonStandardParameter>;

export const TransportAddress = choice(
  {
    ipAddress: sequence({
      ip: octetString(size(4)),
      port: integer(0, 65535),
    }),
    ipSourceRoute: sequence(
      {
        ip: octetString(size(4)),
        port: integer(0, 65535),
        route: sequenceOf(octetString(size(4))),
        routing: choice(
          {
            strict: NULL,
            loose: NULL,
          },
          extensions(),
        ),
      },
      extensions(),
    ),
    ipxAddress: sequence({
      node: octetString(size(6)),
      netnum: octetString(size(4)),
      port: octetString(size(2)),
    }),
    ip6Address: sequence(
      {
        ip: octetString(size(16)),
        port: integer(0, 65535),
      },
      extensions(),
    ),
    netBios: octetString(size(16)),
    nsap: octetString(size(1, 20)),
    nonStandardAddress: NonStandardParameter,
  },
  extensions(),
);
export type TransportAddress = Infer<typeof TransportAddress>;

export const PublicTypeOfNumber = choice(
  {
    unknown: NULL,
    internationalNumber: NULL,
    nationalNumber: NULL,
    networkSpecificNumber: NULL,
    subscriberNumber: NULL,
    abbreviatedNumber: NULL,
  },
  extensions(),
);
export type PublicTypeOfNumber = Infer<typeof PublicTypeOfNumber>;

export const NumberDigits = IA5String({ size: size(1, 128), from: '0123456789#*,' });
export type NumberDigits = Infer<typeof NumberDigits>;

export const PublicPartyNumber = sequence({
  publicTypeOfNumber: PublicTypeOfNumber,
  publicNumberDigits: NumberDigits,
});
export type PublicPartyNumber = Infer<typeof PublicPartyNumber>;

export const PrivateTypeOfNumber = choice(
  {
    unknown: NULL,
    level2RegionalNumber: NULL,
    level1RegionalNumber: NULL,
    pISNSpecificNumber: NULL,
    localNumber: NULL,
    abbreviatedNumber: NULL,
  },
  extensions(),
);
export type PrivateTypeOfNumber = Infer<typeof PrivateTypeOfNumber>;

export const PrivatePartyNumber = sequence({
  privateTypeOfNumber: PrivateTypeOfNumber,
  privateNumberDigits: NumberDigits,
});
export type PrivatePartyNumber = Infer<typeof PrivatePartyNumber>;

export const PartyNumber = choice(
  {
    e164Number: PublicPartyNumber,
    dataPartyNumber: NumberDigits,
    telexPartyNumber: NumberDigits,
    privateNumber: PrivatePartyNumber,
    nationalStandardPartyNumber: NumberDigits,
  },
  extensions(),
);
export type PartyNumber = Infer<typeof PartyNumber>;

/** Telephony digits as the mobile identities carry them. */
const tbcd = '0123456789#*abc';

export const ANSI_41_UIM = sequence(
  {
    imsi: optional(IA5String({ size: size(3, 16), from: tbcd })),
    min: optional(IA5String({ size: size(3, 16), from: tbcd })),
    mdn: optional(IA5String({ size: size(3, 16), from: tbcd })),
    msisdn: optional(IA5String({ size: size(3, 16), from: tbcd })),
    esn: optional(IA5String({ size: size(16), from: tbcd })),
    mscid: optional(IA5String({ size: size(3, 16), from: tbcd })),
    'system-id': choice(
      {
        sid: IA5String({ size: size(1, 4), from: tbcd }),
        mid: IA5String({ size: size(1, 4), from: tbcd }),
      },
      extensions(),
    ),
    systemMyTypeCode: optional(octetString(size(1))),
    systemAccessType: optional(octetString(size(1))),
    qualificationInformationCode: optional(octetString(size(1))),
    sesn: optional(IA5String({ size: size(16), from: tbcd })),
    soc: optional(IA5String({ size: size(3, 16), from: tbcd })),
  },
  extensions(),
);
export type ANSI_41_UIM = Infer<typeof ANSI_41_UIM>;

export const GSM_UIM = sequence(
  {
    imsi: optional(IA5String({ size: size(3, 16), from: tbcd })),
    tmsi: optional(octetString(size(1, 4))),
    msisdn: optional(IA5String({ size: size(3, 16), from: tbcd })),
    imei: optional(IA5String({ size: size(15, 16), from: tbcd })),
    hplmn: optional(IA5String({ size: size(1, 4), from: tbcd })),
    vplmn: optional(IA5String({ size: size(1, 4), from: tbcd })),
  },
  extensions(),
);
export type GSM_UIM = Infer<typeof GSM_UIM>;

export const MobileUIM = choice(
  {
    'ansi-41-uim': ANSI_41_UIM,
    'gsm-uim': GSM_UIM,
  },
  extensions(),
);
export type MobileUIM = Infer<typeof MobileUIM>;

export const NatureOfAddress = choice(
  {
    unknown: NULL,
    subscriberNumber: NULL,
    nationalNumber: NULL,
    internationalNumber: NULL,
    networkSpecificNumber: NULL,
    routingNumberNationalFormat: NULL,
    routingNumberNetworkSpecificFormat: NULL,
    routingNumberWithCalledDirectoryNumber: NULL,
  },
  extensions(),
);
export type NatureOfAddress = Infer<typeof NatureOfAddress>;

export const IsupDigits = IA5String({ size: size(1, 128), from: '0123456789ABCDE' });
export type IsupDigits = Infer<typeof IsupDigits>;

export const IsupPublicPartyNumber = sequence(
  {
    natureOfAddress: NatureOfAddress,
    address: IsupDigits,
  },
  extensions(),
);
export type IsupPublicPartyNumber = Infer<typeof IsupPublicPartyNumber>;

export const IsupPrivatePartyNumber = sequence(
  {
    privateTypeOfNumber: PrivateTypeOfNumber,
    address: IsupDigits,
  },
  extensions(),
);
export type IsupPrivatePartyNumber = Infer<typeof IsupPrivatePartyNumber>;

export const IsupNumber = choice(
  {
    e164Number: IsupPublicPartyNumber,
    dataPartyNumber: IsupDigits,
    telexPartyNumber: IsupDigits,
    privateNumber: IsupPrivatePartyNumber,
    nationalStandardPartyNumber: IsupDigits,
  },
  extensions(),
);
export type IsupNumber = Infer<typeof IsupNumber>;

export const AliasAddress = choice(
  {
    dialedDigits: IA5String({ size: size(1, 128), from: '0123456789#*,' }),
    'h323-ID': BMPString({ size: size(1, 256) }),
  },
  extensions({
    'url-ID': IA5String({ size: size(1, 512) }),
    transportID: TransportAddress,
    'email-ID': IA5String({ size: size(1, 512) }),
    partyNumber: PartyNumber,
    mobileUIM: MobileUIM,
    isupNumber: IsupNumber,
  }),
);
export type AliasAddress = Infer<typeof AliasAddress>;

export const AddressPattern = choice(
  {
    wildcard: AliasAddress,
    range: sequence({
      startOfRange: PartyNumber,
      endOfRange: PartyNumber,
    }),
  },
  extensions(),
);
export type AddressPattern = Infer<typeof AddressPattern>;

export const DisplayName = sequence({
  language: optional(IA5String()),
  name: BMPString({ size: size(1, 80) }),
});
export type DisplayName = Infer<typeof DisplayName>;

export const ExtendedAliasAddress = sequence(
  {
    address: AliasAddress,
    presentationIndicator: optional(PresentationIndicator),
    screeningIndicator: optional(ScreeningIndicator),
  },
  extensions(),
);
export type ExtendedAliasAddress = Infer<typeof ExtendedAliasAddress>;
