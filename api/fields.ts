import { z } from 'zod';
import { id } from '../store/schema/names.ts';

/** A moment as it is sent: ISO 8601 with offset. */
export const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const byId = z.object({ id });

/** How a list is cut: plain offset and limit, with the total in the answer. */
export const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
};

/** `field` ascending or `-field` descending. */
export const sortBy = (...fields: [string, ...string[]]) =>
  z.enum(fields.flatMap((field) => [field, `-${field}`]) as [string, ...string[]]).default(fields[0]);

export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** A page of a list. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), total: z.number().int().min(0) });

export interface PageQuery {
  limit: number;
  offset: number;
  sort: string;
}

/** The store's words for a page. */
export function listing(query: PageQuery): { sort: Record<string, 1 | -1>; skip: number; limit: number } {
  const down = query.sort.startsWith('-');
  const field = down ? query.sort.slice(1) : query.sort;
  // The identifier decides between equals, so that no item stands on two pages; in the same direction, so that an index
  // of both gives the order.
  const direction = down ? -1 : 1;
  return { sort: { [field]: direction, _id: direction }, skip: query.offset, limit: query.limit };
}

type Change<S extends z.ZodRawShape> = {
  [K in keyof S]?: S[K] extends z.ZodOptional<infer I> ? z.output<I> | null : z.output<S[K]>;
};

/**
 * What a PATCH takes (RFC 7396): every field may be absent, and stays; `null` removes a field that may be absent in the
 * thing itself. Defaults do not apply.
 */
export function changeOf<S extends z.ZodRawShape>(fields: z.ZodObject<S>): z.ZodType<Change<S>> {
  const shape = Object.entries(fields.shape).map(([name, field]) => [name, optionalIn(field as z.ZodType)] as const);
  return z.strictObject(Object.fromEntries(shape)) as unknown as z.ZodType<Change<S>>;
}

function optionalIn(field: z.ZodType): z.ZodType {
  if (field instanceof z.ZodDefault) return (field.unwrap() as z.ZodType).optional();
  if (field instanceof z.ZodOptional) return (field.unwrap() as z.ZodType).nullable().optional();
  return field.optional();
}

/** A change as the store takes it: what was `null` is removed. */
export function asStored(change: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value === null ? undefined : value]));
}

/** A span of time (from, inclusive, to, exclusive) as a filter on a field; none when neither end is given. */
export function spanOf(field: string, { from, to }: { from?: Date | undefined; to?: Date | undefined }): object {
  if (from === undefined && to === undefined) return {};
  return { [field]: { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) } };
}
