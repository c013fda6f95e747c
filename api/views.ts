import { z } from 'zod';
import { token, user } from '../store/schema/account.ts';
import { dialRule } from '../store/schema/dialplan.ts';
import { actor, logEntry } from '../store/schema/log.ts';
import { endpoint, registration, site, trunk, uplink } from '../store/schema/places.ts';
import { legRecord, recording, recordingPart, session } from '../store/schema/session.ts';

/* What the API shows of the kept things: never a secret, only whether there is one. */

const hasSecret = z.boolean();

const uplinkView = uplink.omit({ secret: true }).extend({ hasSecret });
export const siteView = site.extend({ uplink: uplinkView.optional() });
export const endpointView = endpoint.omit({ secret: true }).extend({ hasSecret });
export const trunkView = trunk.omit({ secret: true }).extend({ hasSecret });
export const registrationView = registration;
export const ruleView = dialRule;
export const sessionView = session.omit({ words: true });
const measured = z.number().optional();
/** The last seconds of a leg's line, told every 5 s: losses of 100 packets, times in ms, score 1…4.5. */
const lineQuality = z.object({
  lossPercent: measured,
  jitterMs: measured,
  roundTripMs: measured,
  farLossPercent: measured,
  score: measured,
  pictureLossPercent: measured,
  pictureJitterMs: measured,
  pictureFarLossPercent: measured,
  pictureBitsPerSecond: measured,
  framesPerSecond: measured,
  width: measured,
  height: measured,
});
const dbov = z.int().min(-127).max(0);
/** Loudness, dBov as in RFC 6464: what comes from a leg, and what it hears. */
export const level = z.object({ inDb: dbov, outDb: dbov.optional() });
/** A caller in the lobby of no session has an empty `sessionId`. */
export const legView = legRecord.extend({
  sessionId: z.string().max(64),
  quality: lineQuality.optional(),
  /** Whether it speaks at this moment; told in lists of legs. */
  speaking: z.boolean().optional(),
  /** The last two seconds' level, while somebody watches the session. */
  level: level.optional(),
});
export const recordingView = recording
  .omit({ path: true })
  .extend({ parts: z.array(recordingPart.omit({ path: true })) });
export const userView = user.omit({ passwordHash: true });
export const tokenView = token.omit({ hash: true });
export const logView = logEntry.extend({ actor });

/** Puts `hasSecret` in the place of the secret. */
export function withoutSecret<T extends { secret?: string | undefined }>(
  thing: T,
): Omit<T, 'secret'> & { hasSecret: boolean } {
  const { secret, ...rest } = thing;
  return { ...rest, hasSecret: secret !== undefined };
}
