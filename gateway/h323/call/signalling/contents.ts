import { type FacilityReason, fastStartOf, type SignallingMessage, type TransportAddress } from '../../h225/index.ts';

/* What a received message says about media control, whichever kind of message it is. Pure. */

export interface MediaNews {
  /** h245Tunneling; `undefined` when the message does not say, or says it for the time being only. */
  tunnelling: boolean | undefined;
  /** H.245 messages that travelled in it, as octets. */
  control: readonly Uint8Array[];
  /** H.245 beside fast start; only in SETUP (H.323, clause 8.2.4). */
  parallelControl: readonly Uint8Array[];
  /** Proposed or accepted channels, as octets. */
  fastStart: readonly Uint8Array[] | undefined;
  fastConnectRefused: boolean;
  /** Where the far side takes an H.245 connection. */
  h245Address: TransportAddress | undefined;
  facility: FacilityReason | undefined;
}

export function mediaNews({ userInformation }: SignallingMessage): MediaNews {
  const pdu = userInformation?.['h323-uu-pdu'];
  const body = pdu?.['h323-message-body'];
  const answer = body?.callProceeding ?? body?.alerting ?? body?.progress ?? body?.connect ?? body?.facility;
  return {
    tunnelling: pdu === undefined || pdu.provisionalRespToH245Tunneling !== undefined ? undefined : pdu.h245Tunneling,
    control: pdu?.h245Control ?? [],
    parallelControl: body?.setup?.parallelH245Control ?? [],
    fastStart: userInformation === undefined ? undefined : fastStartOf(userInformation),
    fastConnectRefused: answer?.fastConnectRefused !== undefined,
    h245Address: (body?.setup ?? answer)?.h245Address,
    facility: body?.facility?.reason,
  };
}
