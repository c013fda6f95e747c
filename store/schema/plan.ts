import { z } from 'zod';
import { id, title } from './names.ts';

/* What is planned for a session beyond its room and its calls, and what came of it. */

/** Somebody who takes part or presides. */
export const person = z.object({
  name: title,
  /** “Chủ tịch UBND xã”. */
  position: z.string().trim().max(200).optional(),
  agency: z.string().trim().max(200).optional(),
});

/** A point of the running order (kịch bản). */
const runningPoint = z.object({
  title,
  /** How long it is to take. */
  minutes: z.number().int().min(1).max(1440).optional(),
  speaker: z.string().trim().max(200).optional(),
  caseId: id.optional(),
  note: z.string().trim().max(2000).optional(),
});

const postponement = z.object({
  from: z.date().optional(),
  to: z.date(),
  reason: z.string().max(500),
  at: z.date(),
  /** Log-in name. */
  by: z.string().max(64),
});

/** What staff plan. */
export const planFields = {
  chair: person.optional(),
  /** People who take part (calls are `participants`). */
  attendees: z.array(person).max(200).default([]),
  /** Rooms that take part: sites, besides those that `participants` name. */
  siteIds: z.array(id).max(100).default([]),
  runningOrder: z.array(runningPoint).max(200).default([]),
  caseIds: z.array(id).max(200).default([]),
  note: z.string().trim().max(5000).optional(),
  /** So long before the planned start devices and lines are called and measured; absent: not by themselves. */
  rehearsalMinutes: z.number().int().min(5).max(2880).optional(),
};

/** What becomes of the plan; kept by the product, not set by clients. */
export const planRecord = {
  /** Counts changes that calendars must hear of (RFC 5545, 3.8.7.4). */
  sequence: z.number().int().min(0).default(0),
  postponed: z.array(postponement).max(100).default([]),
  cancelReason: z.string().max(500).optional(),
  /** How it ended, in the words of who closed it. */
  outcome: z.object({ text: z.string().max(20_000), at: z.date(), by: z.string().max(64) }).optional(),
  /** What it is found by (`platform/search.ts`); never given out. */
  words: z.array(z.string()).default([]),
};
