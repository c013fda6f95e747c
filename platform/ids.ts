import { randomUUID } from 'node:crypto';

/** Where new identifiers come from, so that a test can replace it. */
export type IdSource = () => string;

/** Random version 4 UUIDs (RFC 9562, clause 5.4). */
export const randomIds: IdSource = () => randomUUID();
