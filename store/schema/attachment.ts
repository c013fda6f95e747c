import { z } from 'zod';
import { id, stamps } from './names.ts';

/** A file that belongs to a case or a session; its bytes lie below `DATA_DIR/files`. */
export const attachment = z.object({
  id,
  owner: z.object({ kind: z.enum(['case', 'session']), id }),
  /** As the person who uploaded it calls it. */
  name: z.string().min(1).max(200),
  /** By its content, not by what the browser said. */
  mediaType: z.string().max(128),
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Log-in name. */
  uploadedBy: z.string().max(64),
  ...stamps,
});
export type Attachment = z.output<typeof attachment>;
