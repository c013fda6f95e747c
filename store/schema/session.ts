import { z } from 'zod';
import { clearCause, dialString, id, protocol, stamps, title } from './names.ts';
import { planFields, planRecord } from './plan.ts';

/** Who a session calls, or expects. */
export const participant = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('endpoint'), endpointId: id, dialOut: z.boolean().default(true) }),
  z.object({ kind: z.literal('uplink'), siteId: id, dialOut: z.boolean().default(true) }),
  z.object({
    kind: z.literal('phone'),
    number: dialString,
    name: title.optional(),
    trunkId: id.optional(),
    dialOut: z.boolean().default(false),
  }),
]);
export type Participant = z.output<typeof participant>;

/**
 * What those see who have a picture: the speaker alone, or several at once. `grid` grows with them; `one-and-five` shows
 * whoever has the floor large and five others small.
 */
export const layout = z.enum(['speaker', 'side-by-side', 'grid-2x2', 'grid-3x3', 'one-and-five', 'grid']);
export type Layout = z.output<typeof layout>;

/** Who has the picture floor: whoever speaks, or one whom staff fixed; a device or site also before it is there. */
export const floor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('automatic') }),
  z.object({ kind: z.literal('leg'), legId: id }),
  z.object({ kind: z.literal('endpoint'), endpointId: id }),
  z.object({ kind: z.literal('site'), siteId: id }),
]);
export type Floor = z.output<typeof floor>;

/** What may be wrong with a leg at a moment; each has its incident and its entries in the log. */
export const alarm = z.enum(['silent', 'dark', 'unauthentic', 'poor-line']);
export type Alarm = z.output<typeof alarm>;

/** A citizen-reception session and its room. */
export const session = z.object({
  id,
  title,
  /** What is dialled to enter. */
  room: dialString,
  /** Keyed by phone callers who are not known; absent: they wait in the lobby. */
  pin: z
    .string()
    .regex(/^\d{4,12}$/)
    .optional(),
  state: z.enum(['planned', 'open', 'ended', 'cancelled']).default('planned'),
  plannedStart: z.date().optional(),
  plannedEnd: z.date().optional(),
  /** The planned time opens it (agenda). */
  openByTime: z.boolean().default(true),
  /** The first arrival opens it while it is planned, from 15 minutes before the planned time. */
  openOnArrival: z.boolean().default(false),
  participants: z.array(participant).max(200).default([]),
  record: z.boolean().default(true),
  /** Recordings are deleted so long after the session ended, days; absent: as the installation's settings say. */
  retentionDays: z.number().int().min(1).max(36_500).optional(),
  /** Legal hold: nothing of the session is deleted while it is there, whatever the retention. */
  hold: z.object({ reason: z.string().trim().min(1).max(500), since: z.date(), by: z.string().max(200) }).optional(),
  locked: z.boolean().default(false),
  layout: layout.default('speaker'),
  floor: floor.default({ kind: 'automatic' }),
  language: z.enum(['vi', 'en']).default('vi'),
  startedAt: z.date().optional(),
  endedAt: z.date().optional(),
  ...planFields,
  ...planRecord,
  ...stamps,
});
export type Session = z.output<typeof session>;

/** A leg of a session, as kept: who was there, from where, how it went. */
export const legRecord = z.object({
  id,
  /** '' for a call outside of any session: between devices, a test, a caller in the lobby. */
  sessionId: z.string().max(64).default(''),
  protocol,
  direction: z.enum(['in', 'out']),
  /** How people call who is at the far end. */
  name: z.string().max(200),
  number: z.string().max(255),
  siteId: id.optional(),
  endpointId: id.optional(),
  trunkId: id.optional(),
  /** Network address of the far signalling: `host:port`. */
  address: z.string().max(128).optional(),
  state: z.enum(['calling', 'ringing', 'ivr', 'lobby', 'joined', 'ended']),
  muted: z.boolean().default(false),
  /** It has the picture floor: it is who the others see. */
  floor: z.boolean().default(false),
  /** What is wrong with it now. */
  alarms: z.array(alarm).default([]),
  codec: z.string().max(64).optional(),
  joinedAt: z.date().optional(),
  endedAt: z.date().optional(),
  /** How it sounded, when it ended: means of what was measured every few seconds, and the worst score. */
  quality: z
    .object({
      readings: z.number().int().min(1),
      score: z.number(),
      worst: z.number(),
      lossPercent: z.number(),
      jitterMs: z.number(),
    })
    .optional(),
  cause: clearCause.optional(),
  ...stamps,
});
export type LegRecord = z.output<typeof legRecord>;

/** One stretch of a recording as the engine wrote it: between a start and a stop, a crash, or a full disk. */
export const recordingPart = z.object({
  /** Path below the recordings folder, while the stretch is not yet in the finished file. */
  path: z.string().max(512),
  startedAt: z.date(),
  endedAt: z.date().optional(),
  /** Where it begins in the finished file, and how long it is there, ms. */
  offsetMs: z.number().int().min(0).optional(),
  durationMs: z.number().int().min(0).optional(),
});
export type RecordingPart = z.output<typeof recordingPart>;

/** The verified copy in the second archive folder. */
const archiveCopy = z.object({
  /** `altered` and `missing`: it was copied once, and is no longer what it was. */
  state: z.enum(['waiting', 'copied', 'altered', 'missing']),
  copiedAt: z.date().optional(),
  /** When it was last read whole and compared. */
  checkedAt: z.date().optional(),
  /** Tries in vain since it was last copied. */
  attempts: z.number().int().min(0).default(0),
  nextAt: z.date().optional(),
  error: z.string().max(500).optional(),
});
export type ArchiveCopy = z.output<typeof archiveCopy>;

/** A recording of a session: the film of the room, or what one leg said. One file, however often it was stopped. */
export const recording = z.object({
  id,
  sessionId: id,
  /** `room`: the mix of all with the composed picture; `track`: what one leg sent. */
  kind: z.enum(['room', 'track']),
  legId: id.optional(),
  /** Of the finished file, below the recordings folder. */
  path: z.string().max(512),
  format: z.string().max(16),
  /**
   * `paused`: stopped, may go on; `finishing`: the finished file is being made; `closed`: it is there, hashed; `failed`:
   * given up; `deleted`: the file is gone by the retention rule, its hash stays.
   */
  state: z.enum(['recording', 'paused', 'finishing', 'closed', 'failed', 'deleted']),
  parts: z.array(recordingPart).max(10_000).default([]),
  /** How far finishing has come, of 100; tries in vain; when it is tried again; what went wrong last. */
  percent: z.number().int().min(0).max(100).optional(),
  attempts: z.number().int().min(0).default(0),
  nextAt: z.date().optional(),
  error: z.string().max(500).optional(),
  bytes: z.number().int().min(0).default(0),
  durationMs: z.number().int().min(0).optional(),
  /** Of the closed file, lower-case hexadecimal. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  archive: archiveCopy.optional(),
  /** When the file itself was last read whole and compared with its hash, and what came of it. */
  checkedAt: z.date().optional(),
  intact: z.boolean().optional(),
  startedAt: z.date(),
  endedAt: z.date().optional(),
  deletedAt: z.date().optional(),
  ...stamps,
});
export type Recording = z.output<typeof recording>;
