import { z } from 'zod';

/** An identifier of a stored thing. */
export const id = z.string().min(1).max(64);

/** A number as dialled: digits, star, hash, letters for H.323 and SIP names. */
export const dialString = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[\w.+*#@:-]+$/u);

/** The name of a thing, as people call it. */
export const title = z.string().trim().min(1).max(200);

/** When a stored thing was made and last changed. */
export const stamps = { createdAt: z.date(), updatedAt: z.date() };

/** Which signalling protocol a call speaks. */
export const protocol = z.enum(['sip', 'h323']);
export type Protocol = z.output<typeof protocol>;

/** Why a call or a leg ended. */
export const clearCause = z.object({
  /** SIP status code, where SIP was spoken or the cause maps to one. */
  sip: z.number().int().min(100).max(699).optional(),
  /** Q.850 cause value. */
  q850: z.number().int().min(1).max(127).optional(),
  /** What happened, in the protocol's or our own short words. */
  text: z.string().max(500),
});
export type ClearCause = z.output<typeof clearCause>;

/** Media protected by SRTP with keys in SDP: never, where both sides can, or not without. */
export const srtp = z.enum(['off', 'preferred', 'required']);
export type Srtp = z.output<typeof srtp>;
