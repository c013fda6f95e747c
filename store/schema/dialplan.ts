import { z } from 'zod';
import { id, protocol, stamps, title } from './names.ts';

/** Where a dialled number goes. `$1`… in `number` and `room` stand for what the pattern captured. */
export const destination = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('room'),
    /** The session's room number; the dialled (transformed) number when absent. */
    room: z.string().max(64).optional(),
    /** Open the room by this arrival when no session is open. */
    openOnArrival: z.boolean().default(false),
  }),
  z.object({ kind: z.literal('device'), endpointId: id.optional() }),
  z.object({ kind: z.literal('uplink'), siteId: id }),
  z.object({ kind: z.literal('trunk'), trunkId: id, number: z.string().max(64).optional() }),
  z.object({ kind: z.literal('ivr') }),
  z.object({ kind: z.literal('test') }),
  z.object({ kind: z.literal('reject'), sip: z.number().int().min(400).max(699).default(403) }),
]);

/** When a rule holds, in the product's time zone. */
export const timeWindow = z.object({
  /** Days of the week, 1 Monday … 7 Sunday (ISO 8601). */
  days: z.array(z.number().int().min(1).max(7)).min(1).max(7).default([1, 2, 3, 4, 5, 6, 7]),
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  /** Earlier than `from`: over midnight. */
  to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  timeZone: z.string().max(64).default('Asia/Ho_Chi_Minh'),
});
export type TimeWindow = z.output<typeof timeWindow>;

/** One rule of the dial plan; the lowest priority number that fits decides. */
export const dialRule = z.object({
  id,
  name: title,
  priority: z.number().int().min(0).max(100000).default(100),
  enabled: z.boolean().default(true),
  /** Every part given must fit; an empty source fits everyone who proved who they are. */
  source: z
    .object({ protocol: protocol.optional(), endpointId: id.optional(), trunkId: id.optional(), siteId: id.optional() })
    .default({}),
  pattern: z.object({ type: z.enum(['exact', 'prefix', 'regex']), value: z.string().min(1).max(200) }),
  /** New number: text with `$1`… for captures (`$0` the whole; for a prefix `$1` is the rest). */
  transform: z.string().max(200).optional(),
  window: timeWindow.optional(),
  destination,
  ...stamps,
});
export type DialRule = z.output<typeof dialRule>;
