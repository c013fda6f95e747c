import type { LocationRejectReason, LocationRequest, RasMessage } from '../../h225/index.ts';
import { toTransport } from '../address.ts';
import { aliasTexts, toAlias } from '../alias.ts';
import type { GatekeeperSelf } from './settings.ts';

/** What a look-up needs to know. */
export interface LocationView {
  /** The asker is a device of ours, or a gatekeeper that we know. */
  trusted: boolean;
  /** Somebody holds the alias, or the dial plan takes it somewhere. */
  reaches: (alias: string) => Promise<boolean>;
}

/** Answers an LRQ (H.225.0, clause 7.14): calls to whom we reach come to our call signalling. */
export async function locate(
  request: LocationRequest,
  view: LocationView,
  self: Pick<GatekeeperSelf, 'ras' | 'signalling'>,
): Promise<RasMessage> {
  const { requestSeqNum } = request;
  const reject = (rejectReason: LocationRejectReason): RasMessage => ({
    locationReject: { requestSeqNum, rejectReason },
  });
  if (!view.trusted) return reject({ invalidPermission: null });
  const aliases = aliasTexts(request.destinationInfo).slice(0, 10);
  if (aliases.length === 0) return reject({ incompleteAddress: null });
  for (const alias of aliases) {
    if (!(await view.reaches(alias))) continue;
    return {
      locationConfirm: {
        requestSeqNum,
        callSignalAddress: toTransport(self.signalling()),
        rasAddress: toTransport(self.ras),
        destinationInfo: [toAlias(alias)],
      },
    };
  }
  return reject({ notRegistered: null });
}
