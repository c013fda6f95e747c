import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { wordsOf } from '../../platform/search.ts';
import type { LogQuery } from '../../store/log-reader.ts';
import { logStatement } from '../../store/schema/log.ts';
import { id } from '../../store/schema/names.ts';
import { sound, verifyStoredLog } from '../../store/verify.ts';
import { byId, moment } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { logView } from '../views.ts';

const tag = 'log';
const place = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const query = z.strictObject({
  event: logStatement.shape.event.optional(),
  /** Places before and behind: the `next` of an answer goes into one of them. */
  afterSeq: place.optional(),
  beforeSeq: place.optional(),
  from: moment.optional(),
  to: moment.optional(),
  /** Words of an entry, each from its first letters on: names, reasons, codes; with or without Vietnamese marks. */
  q: z.string().max(200).optional(),
  order: z.enum(['newest', 'oldest']).default('newest'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const answer = z.object({
  items: z.array(logView),
  /** Ask on with `beforeSeq` (newest first) or `afterSeq` (oldest first); absent at the end. */
  next: z.number().int().optional(),
});

/** The session log: read by place, so that a page is as fast at the millionth entry as at the first. */
export function sessionLog(services: Services): Route[] {
  const { log, logWords, store, config } = services;
  const read = async ({ order, q = '', ...asked }: z.output<typeof query>, sessionId?: string) => {
    const given = Object.fromEntries(
      Object.entries({ ...asked, sessionId }).filter(([, value]) => value !== undefined),
    );
    const wanted: LogQuery = { ...given, newestFirst: order === 'newest' };
    if (wordsOf(q).length > 0) {
      const { entries, next } = await logWords.find(q, wanted);
      return { items: entries, ...(next === undefined ? {} : { next }) };
    }
    const items = await log.find({ ...wanted, limit: asked.limit + 1 });
    const shown = items.slice(0, asked.limit);
    const next = items.length > asked.limit ? shown.at(-1)?.seq : undefined;
    return { items: shown, ...(next === undefined ? {} : { next }) };
  };
  let checking: ReturnType<typeof verifyStoredLog> | undefined;

  return [
    route({
      method: 'GET',
      path: '/log',
      tag,
      access: 'operator',
      summary: 'Read the log of everything',
      query: query.extend({ sessionId: id.optional() }),
      answer,
      handle: ({ query: { sessionId, ...asked } }) => read(asked, sessionId),
    }),
    route({
      method: 'GET',
      path: '/sessions/:id/log',
      tag,
      access: 'viewer',
      summary: 'Read the log of a session',
      params: byId,
      query,
      answer,
      handle: async ({ params, query: asked }) => {
        if ((await store.sessions.get(params.id)) === undefined) throw new Fault('not-found', 'not-found');
        return read(asked, params.id);
      },
    }),
    route({
      method: 'POST',
      path: '/log/verify',
      tag,
      access: 'operator',
      summary: 'Check the whole log for any change',
      body: z.strictObject({}),
      answer: z.object({
        sound: z.boolean(),
        checked: z.number().int(),
        anchors: z.number().int(),
        fault: z
          .object({
            kind: z.enum(['changed', 'missing', 'inserted', 'reordered', 'truncated']),
            seq: z.number(),
            text: z.string(),
          })
          .optional(),
      }),
      handle: async () => {
        // Reading everything is work: who asks meanwhile gets the same answer.
        checking ??= verifyStoredLog(store.connection, config.dataDir).finally(() => {
          checking = undefined;
        });
        const verdict = await checking;
        return { ...verdict, sound: sound(verdict) };
      },
    }),
  ];
}
