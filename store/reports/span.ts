import type { Document } from 'mongodb';

/** From, inclusive, to, exclusive. */
export interface Span {
  from: Date;
  to: Date;
}

export const within = ({ from, to }: Span): Document => ({ $gte: from, $lt: to });

/** Counts, in a group, what fulfils a condition. */
export const countIf = (condition: Document): Document => ({ $sum: { $cond: [condition, 1, 0] } });

/** What a store answered as a sum. */
export const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
