import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { id } from '../../store/schema/names.ts';
import { byId } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

const span = z.object({ legId: id.optional(), name: z.string(), from: z.date(), to: z.date() });
const mostSpans = 20_000;

/** Who was there and who spoke when, for the time line of a player. */
export function timeline({ store, log }: Services): Route[] {
  return [
    route({
      method: 'GET',
      path: '/sessions/:id/timeline',
      tag: 'sessions',
      access: 'viewer',
      summary: 'Who was there, and who spoke when, out of the log',
      params: byId,
      answer: z.object({ present: z.array(span), speech: z.array(span) }),
      handle: async ({ params }) => {
        const session = await store.sessions.get(params.id);
        if (session === undefined) throw new Fault('not-found', 'not-found');
        const spoken = await log.find({ sessionId: session.id, event: 'leg.spoke', limit: mostSpans });
        const speech = spoken.flatMap(({ legId, detail, time }) => {
          const from = new Date(String(detail.from));
          const seconds = Number(detail.seconds);
          if (Number.isNaN(from.getTime()) || !Number.isFinite(seconds)) return [];
          const to = new Date(Math.min(from.getTime() + seconds * 1000, Math.max(time.getTime(), from.getTime())));
          return [{ ...(legId === undefined ? {} : { legId }), name: String(detail.name ?? ''), from, to }];
        });
        const legs = await store.legs.find(
          { sessionId: session.id, joinedAt: { $exists: true } },
          { sort: { joinedAt: 1 } },
        );
        const present = legs.flatMap((leg) =>
          leg.joinedAt === undefined
            ? []
            : [
                {
                  legId: leg.id,
                  name: leg.name,
                  from: leg.joinedAt,
                  to: leg.endedAt ?? session.endedAt ?? leg.updatedAt,
                },
              ],
        );
        return { present, speech: speech.sort((a, b) => a.from.getTime() - b.from.getTime()) };
      },
    }),
  ];
}
