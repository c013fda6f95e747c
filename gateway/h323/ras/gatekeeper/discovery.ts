import type { GatekeeperRejectReason, GatekeeperRequest, RasMessage } from '../../h225/index.ts';
import { toTransport } from '../address.ts';
import { protocolIdentifier, versionOf } from '../message.ts';
import { hmacSha1, md5, timeSync } from '../security/identifiers.ts';
import { needsFeatures } from './features.ts';
import type { GatekeeperSelf } from './settings.ts';

/** What is known of who asks, before it proved anything. */
export interface Discoverer {
  /** A device of ours has one of its aliases. */
  known: boolean;
  /** It will have to prove a password; so is everybody asked whom we do not know. */
  password: boolean;
  multicast: boolean;
}

/**
 * Answers a GRQ (H.225.0, clause 7.8). To the group only those answer who serve the terminal: silence else.
 */
export function discover(
  request: GatekeeperRequest,
  discoverer: Discoverer,
  self: Pick<GatekeeperSelf, 'identifier' | 'ras'>,
  nowS: number,
): RasMessage | undefined {
  const asked = request.gatekeeperIdentifier?.replace(/\0+$/, '');
  const foreign = asked !== undefined && asked !== '' && asked !== self.identifier;
  if (discoverer.multicast && (foreign || !discoverer.known)) return undefined;
  const security = discoverer.password ? chooseSecurity(request) : 'none';
  const reason: GatekeeperRejectReason | undefined =
    versionOf(request.protocolIdentifier) === 0
      ? { invalidRevision: null }
      : foreign
        ? { terminalExcluded: null }
        : needsFeatures(request.featureSet)
          ? { neededFeatureNotSupported: null }
          : security === 'impossible'
            ? { securityDenial: null }
            : undefined;
  if (reason !== undefined) {
    return {
      gatekeeperReject: {
        requestSeqNum: request.requestSeqNum,
        protocolIdentifier,
        gatekeeperIdentifier: self.identifier,
        rejectReason: reason,
      },
    };
  }
  const wantsTime = request.authenticationCapability?.some(({ keyExch }) => keyExch === timeSync) ?? false;
  return {
    gatekeeperConfirm: {
      requestSeqNum: request.requestSeqNum,
      protocolIdentifier,
      gatekeeperIdentifier: self.identifier,
      rasAddress: toTransport(self.ras),
      ...(typeof security === 'object' ? { authenticationMode: { pwdHash: null }, algorithmOID: security.oid } : {}),
      ...(wantsTime ? { tokens: [{ tokenOID: timeSync, timeStamp: nowS }] } : {}),
    },
  };
}

/**
 * The best way of proving a password that the terminal offers. One that offers nothing may know some all the same (H.225
 * version 1 had no such field): it is told nothing, and its registration decides.
 */
function chooseSecurity({
  algorithmOIDs,
  authenticationCapability,
}: GatekeeperRequest): 'none' | 'impossible' | { oid: string } {
  if (authenticationCapability === undefined || authenticationCapability.length === 0) return 'none';
  if (!authenticationCapability.some(({ pwdHash }) => pwdHash === null)) return 'impossible';
  const oid = [hmacSha1, md5].find((known) => algorithmOIDs?.includes(known));
  if (oid !== undefined) return { oid };
  return algorithmOIDs === undefined ? 'none' : 'impossible';
}
