import { z } from 'zod';
import { clearCause, id, stamps } from './names.ts';

/** What was returned to the far side. */
const looped = z.object({
  packets: z.number().int().min(0),
  frames: z.number().int().min(0).optional(),
  /** As the far side told; absent when it told nothing (RTCP). */
  lossPercent: z.number().min(0).max(100).optional(),
  roundTripMs: z.number().min(0).optional(),
});

/** What was found of one device, far room or line when it was tried. */
export const rehearsalResult = z.object({
  kind: z.enum(['endpoint', 'uplink', 'trunk']),
  /** Identifier of the device, of the far site, or of the line. */
  of: id,
  name: z.string().max(200),
  siteId: id.optional(),
  state: z.enum(['waiting', 'calling', 'measuring', 'done']),
  verdict: z
    .enum([
      'good',
      /** Not answered, refused, or no way to it. */
      'no-answer',
      /** It was in another call. */
      'in-use',
      /** The call stood, and no sound came. */
      'no-sound',
      /** Sound packets came and carried silence: a microphone that is off. */
      'silent',
      /** Too much was lost on the way. */
      'loss',
      /** A picture was agreed on and none came. */
      'no-picture',
    ])
    .optional(),
  codec: z.string().max(64).optional(),
  sound: z
    .object({
      packets: z.number().int().min(0),
      lossPercent: z.number().min(0).max(100),
      jitterMs: z.number().min(0),
      /** Of what came, dB below full scale (negative); absent when nothing could be measured. */
      levelDb: z.number().optional(),
      /** Our tone came back: loudspeaker and microphone of the far room work, or it is looped. */
      toneBack: z.boolean(),
      score: z.number().min(1).max(5).optional(),
      /** What went to the far side: our tone, then its own sound again; what it told that it lost of it. */
      sent: looped.optional(),
    })
    .optional(),
  picture: z
    .object({
      packets: z.number().int().min(0),
      /** Whole frames that came, where the engine counts them; how many a second, how much was lost on the way. */
      frames: z.number().int().min(0).optional(),
      framesPerSecond: z.number().min(0).optional(),
      lossPercent: z.number().min(0).max(100).optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      /** Its own picture, back to it. */
      sent: looped.optional(),
    })
    .optional(),
  cause: clearCause.optional(),
});
export type RehearsalResult = z.output<typeof rehearsalResult>;

/** A check of links, sound and picture before a session. */
export const rehearsal = z.object({
  /** Of a planned one: made from session and planned start. */
  id,
  sessionId: id,
  /** Planned: at its time before the session; by hand: when somebody asked. */
  trigger: z.enum(['planned', 'hand']),
  /** Who asked: log-in name. */
  by: z.string().max(64).optional(),
  state: z.enum(['running', 'done']),
  startedAt: z.date(),
  endedAt: z.date().optional(),
  results: z.array(rehearsalResult).max(400).default([]),
  /** How many were not good. */
  failures: z.number().int().min(0).default(0),
  ...stamps,
});
export type Rehearsal = z.output<typeof rehearsal>;
