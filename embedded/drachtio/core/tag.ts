import { randomBytes } from 'node:crypto';

/** A new tag for From or To (RFC 3261, clause 19.3). */
export const newTag = (): string => randomBytes(8).toString('hex');
