import { DataProtocolCapability, T38FaxProfile } from '../../h245/index.ts';
import {
  BOOLEAN,
  bitString,
  choice,
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
import { ClearToken } from '../h235/tokens.ts';
import { AliasAddress, H221NonStandard, NonStandardParameter, TransportAddress } from './address.ts';
import { CircuitInfo } from './circuit.ts';
import { FeatureSet } from './generic.ts';
import { BandWidth, GatekeeperIdentifier, GloballyUniqueID } from './identifiers.ts';
import { CryptoH323Token } from './security.ts';

/* H.225.0: kinds of endpoint, and where they are reached. */

export const VendorIdentifier = sequence(
  {
    vendor: H221NonStandard,
    productId: optional(octetString(size(1, 256))),
    versionId: optional(octetString(size(1, 256))),
  },
  extensions({
    enterpriseNumber: optional(OBJECT_IDENTIFIER),
  }),
);
export type VendorIdentifier = Infer<typeof VendorIdentifier>;

export const GatekeeperInfo = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
  },
  extensions(),
);
export type GatekeeperInfo = Infer<typeof GatekeeperInfo>;

export const DataRate = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    channelRate: BandWidth,
    channelMultiplier: optional(integer(1, 256)),
  },
  extensions(),
);
export type DataRate = Infer<typeof DataRate>;

export const SupportedPrefix = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    prefix: AliasAddress,
  },
  extensions(),
);
export type SupportedPrefix = Infer<typeof SupportedPrefix>;

export const H310Caps = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    dataRatesSupported: optional(sequenceOf(DataRate)),
    supportedPrefixes: sequenceOf(SupportedPrefix),
  }),
);
export type H310Caps = Infer<typeof H310Caps>;

export const H320Caps = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    dataRatesSupported: optional(sequenceOf(DataRate)),
    supportedPrefixes: sequenceOf(SupportedPrefix),
  }),
);
export type H320Caps = Infer<typeof H320Caps>;

export const H321Caps = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    dataRatesSupported: optional(sequenceOf(DataRate)),
    supportedPrefixes: sequenceOf(SupportedPrefix),
  }),
);
export type H321Caps = Infer<typeof H321Caps>;

export const H322Caps = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    dataRatesSupported: optional(sequenceOf(DataRate)),
    supportedPrefixes: sequenceOf(SupportedPrefix),
  }),
);
export type H322Caps = Infer<typeof H322Caps>;

export const H323Caps = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    dataRatesSupported: optional(sequenceOf(DataRate)),
    supportedPrefixes: sequenceOf(SupportedPrefix),
  }),
);
export type H323Caps = Infer<typeof H323Caps>;

export const H324Caps = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    dataRatesSupported: optional(sequenceOf(DataRate)),
    supportedPrefixes: sequenceOf(SupportedPrefix),
  }),
);
export type H324Caps = Infer<typeof H324Caps>;

export const VoiceCaps = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    dataRatesSupported: optional(sequenceOf(DataRate)),
    supportedPrefixes: sequenceOf(SupportedPrefix),
  }),
);
export type VoiceCaps = Infer<typeof VoiceCaps>;

export const T120OnlyCaps = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    dataRatesSupported: optional(sequenceOf(DataRate)),
    supportedPrefixes: sequenceOf(SupportedPrefix),
  }),
);
export type T120OnlyCaps = Infer<typeof T120OnlyCaps>;

export const NonStandardProtocol = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    dataRatesSupported: optional(sequenceOf(DataRate)),
    supportedPrefixes: sequenceOf(SupportedPrefix),
  },
  extensions(),
);
export type NonStandardProtocol = Infer<typeof NonStandardProtocol>;

export const T38FaxAnnexbOnlyCaps = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    dataRatesSupported: optional(sequenceOf(DataRate)),
    supportedPrefixes: sequenceOf(SupportedPrefix),
    t38FaxProtocol: DataProtocolCapability,
    t38FaxProfile: T38FaxProfile,
  },
  extensions(),
);
export type T38FaxAnnexbOnlyCaps = Infer<typeof T38FaxAnnexbOnlyCaps>;

export const SIPCaps = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    dataRatesSupported: optional(sequenceOf(DataRate)),
    supportedPrefixes: optional(sequenceOf(SupportedPrefix)),
  },
  extensions(),
);
export type SIPCaps = Infer<typeof SIPCaps>;

export const SupportedProtocols = choice(
  {
    nonStandardData: NonStandardParameter,
    h310: H310Caps,
    h320: H320Caps,
    h321: H321Caps,
    h322: H322Caps,
    h323: H323Caps,
    h324: H324Caps,
    voice: VoiceCaps,
    't120-only': T120OnlyCaps,
  },
  extensions({
    nonStandardProtocol: NonStandardProtocol,
    t38FaxAnnexbOnly: T38FaxAnnexbOnlyCaps,
    sip: SIPCaps,
  }),
);
export type SupportedProtocols = Infer<typeof SupportedProtocols>;

export const GatewayInfo = sequence(
  {
    protocol: optional(sequenceOf(SupportedProtocols)),
    nonStandardData: optional(NonStandardParameter),
  },
  extensions(),
);
export type GatewayInfo = Infer<typeof GatewayInfo>;

export const McuInfo = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    protocol: optional(sequenceOf(SupportedProtocols)),
  }),
);
export type McuInfo = Infer<typeof McuInfo>;

export const TerminalInfo = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
  },
  extensions(),
);
export type TerminalInfo = Infer<typeof TerminalInfo>;

export const TunnelledProtocolAlternateIdentifier = sequence(
  {
    protocolType: IA5String({ size: size(1, 64) }),
    protocolVariant: optional(IA5String({ size: size(1, 64) })),
  },
  extensions(),
);
export type TunnelledProtocolAlternateIdentifier = Infer<typeof TunnelledProtocolAlternateIdentifier>;

export const TunnelledProtocol = sequence(
  {
    id: choice(
      {
        tunnelledProtocolObjectID: OBJECT_IDENTIFIER,
        tunnelledProtocolAlternateID: TunnelledProtocolAlternateIdentifier,
      },
      extensions(),
    ),
    subIdentifier: optional(IA5String({ size: size(1, 64) })),
  },
  extensions(),
);
export type TunnelledProtocol = Infer<typeof TunnelledProtocol>;

export const EndpointType = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    vendor: optional(VendorIdentifier),
    gatekeeper: optional(GatekeeperInfo),
    gateway: optional(GatewayInfo),
    mcu: optional(McuInfo),
    terminal: optional(TerminalInfo),
    mc: BOOLEAN,
    undefinedNode: BOOLEAN,
  },
  extensions({
    set: optional(bitString(size(32))),
    supportedTunnelledProtocols: optional(sequenceOf(TunnelledProtocol)),
  }),
);
export type EndpointType = Infer<typeof EndpointType>;

export const AlternateTransportAddresses = sequence(
  {
    annexE: optional(sequenceOf(TransportAddress)),
  },
  extensions({
    sctp: optional(sequenceOf(TransportAddress)),
  }),
);
export type AlternateTransportAddresses = Infer<typeof AlternateTransportAddresses>;

export const Endpoint = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    aliasAddress: optional(sequenceOf(AliasAddress)),
    callSignalAddress: optional(sequenceOf(TransportAddress)),
    rasAddress: optional(sequenceOf(TransportAddress)),
    endpointType: optional(EndpointType),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    priority: optional(integer(0, 127)),
    remoteExtensionAddress: optional(sequenceOf(AliasAddress)),
    destExtraCallInfo: optional(sequenceOf(AliasAddress)),
  },
  extensions({
    alternateTransportAddresses: optional(AlternateTransportAddresses),
    circuitInfo: optional(CircuitInfo),
    featureSet: optional(FeatureSet),
  }),
);
export type Endpoint = Infer<typeof Endpoint>;

export const UseSpecifiedTransport = choice(
  {
    tcp: NULL,
    annexE: NULL,
  },
  extensions({
    sctp: NULL,
  }),
);
export type UseSpecifiedTransport = Infer<typeof UseSpecifiedTransport>;

export const AlternateGK = sequence(
  {
    rasAddress: TransportAddress,
    gatekeeperIdentifier: optional(GatekeeperIdentifier),
    needToRegister: BOOLEAN,
    priority: integer(0, 127),
  },
  extensions(),
);
export type AlternateGK = Infer<typeof AlternateGK>;

export const AltGKInfo = sequence(
  {
    alternateGatekeeper: sequenceOf(AlternateGK),
    altGKisPermanent: BOOLEAN,
  },
  extensions(),
);
export type AltGKInfo = Infer<typeof AltGKInfo>;

export const CallLinkage = sequence(
  {
    globalCallId: optional(GloballyUniqueID),
    threadId: optional(GloballyUniqueID),
  },
  extensions(),
);
export type CallLinkage = Infer<typeof CallLinkage>;
