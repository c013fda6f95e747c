export type {
  BearerCapability,
  Cause,
  Location,
  PartyNumber,
  ProgressIndicator,
  TransferCapability,
} from './element-values.ts';
export type { Elements, RawElement } from './elements.ts';
export * from './h235/keys.ts';
export * from './h235/tokens.ts';
export { SignallingError, type SignallingFault } from './q931.ts';
export { decodeRas, encodeRas } from './ras.ts';
export * from './schema/address.ts';
export * from './schema/call.ts';
export * from './schema/circuit.ts';
export * from './schema/endpoint.ts';
export * from './schema/generic.ts';
export * from './schema/identifiers.ts';
export * from './schema/ras.ts';
export * from './schema/ras-admission.ts';
export * from './schema/ras-information.ts';
export * from './schema/ras-registration.ts';
export * from './schema/security.ts';
export * from './schema/signalling.ts';
export { decodeSignalling, encodeSignalling, type MessageType, type SignallingMessage } from './signalling.ts';
export { frameTpkt, TpktError, TpktReader } from './tpkt.ts';
export { decodeFastStart, encodeFastStart, fastStartOf, tunnelH245, tunnelledH245, tunnelOf } from './tunnel.ts';
