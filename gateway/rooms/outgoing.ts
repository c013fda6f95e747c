import type { ClearCause } from '../../store/schema/names.ts';
import type { LegRecord } from '../../store/schema/session.ts';
import { ClearError, causeOf } from '../call.ts';
import { type Leg, placeCall } from '../legs/leg.ts';
import type { Callee } from './callee.ts';
import { bearsOneMore } from './line-capacity.ts';
import type { GatewayParts } from './parts.ts';
import type { Sessions } from './sessions.ts';

/* A call out that we make ourselves, for a session, a rehearsal or a test: from its place in the book to the answered leg. */

/** Q.850: no circuit or channel available. */
export const lineFull: ClearCause = { sip: 503, q850: 34, text: 'all calls that the line bears are in use' };

export interface OutgoingOptions {
  /** Number and name shown to the far side. */
  caller: { number: string; name: string };
  /** Cancels the attempt. */
  signal: AbortSignal;
}

/** Enters a call that begins into the book of legs; '' is a call outside of any session. */
export function beginCall({ clock, legBook, newId }: GatewayParts, callee: Callee, sessionId = ''): LegRecord {
  const { endpointId, name, number, protocol, siteId, trunkId } = callee;
  return legBook.open(
    {
      id: newId(),
      sessionId,
      protocol,
      direction: 'out',
      name,
      number,
      ...(endpointId === undefined ? {} : { endpointId }),
      ...(siteId === undefined ? {} : { siteId }),
      ...(trunkId === undefined ? {} : { trunkId }),
      state: 'calling',
      muted: false,
    },
    clock.now(),
  );
}

/** Places the call and hands the answered leg to the sessions. @throws ClearError when it does not come about. */
export async function makeCall(
  parts: GatewayParts,
  sessions: Sessions,
  legId: string,
  callee: Callee,
  { caller, signal }: OutgoingOptions,
): Promise<Leg> {
  const { legBook, media, ringTimeoutMs, signallings } = parts;
  const signalling = signallings[callee.protocol];
  if (signalling === undefined)
    throw new ClearError({ sip: 501, q850: 79, text: `${callee.protocol} is not available` });
  if (!bearsOneMore(legBook.all(), callee, legId)) throw new ClearError(lineFull);
  const leg = await placeCall(legId, signalling, callee.target, media, {
    caller,
    ringTimeoutMs,
    signal,
    onRinging: () => {
      legBook.change(legId, { state: 'ringing' });
    },
  });
  legBook.change(legId, { address: leg.party.address });
  sessions.adopt(leg);
  return leg;
}

/** Ends a call that failed, however far it had come; answers why. */
export async function dropCall(
  { clock, legBook }: GatewayParts,
  sessions: Sessions,
  legId: string,
  error: unknown,
): Promise<ClearCause> {
  const cause = causeOf(error);
  const leg = sessions.legs.get(legId);
  if (leg !== undefined) await leg.end(cause);
  else legBook.change(legId, { state: 'ended', endedAt: clock.now(), cause });
  return cause;
}
