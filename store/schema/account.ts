import { z } from 'zod';
import { id, stamps, title } from './names.ts';

export const role = z.enum(['admin', 'operator', 'viewer']);
export type Role = z.output<typeof role>;

/** A person who may log in. */
export const user = z.object({
  id,
  username: z
    .string()
    .trim()
    .toLowerCase()
    .min(1)
    .max(64)
    .regex(/^[a-z0-9._-]+$/),
  name: title,
  role,
  passwordHash: z.string().max(512),
  enabled: z.boolean().default(true),
  language: z.enum(['vi', 'en']).default('vi'),
  ...stamps,
});
export type User = z.output<typeof user>;

/** A bearer token, a browser's log-in, or the secret of a calendar's address; only its hash is kept. */
export const token = z.object({
  id,
  userId: id,
  kind: z.enum(['login', 'program', 'calendar']),
  name: z.string().max(200).default(''),
  /** SHA-256 of the token, lower-case hexadecimal. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  expiresAt: z.date().optional(),
  lastUsedAt: z.date().optional(),
  ...stamps,
});
export type Token = z.output<typeof token>;
