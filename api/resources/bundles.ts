import { Fault } from '../../platform/fault.ts';
import { say } from '../../platform/messages/messages.ts';
import { writeBundle } from '../../store/bundle/write-bundle.ts';
import { byId } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

/** What proves a session to others: recordings, log, hashes and signature in one file. */
export function bundles(services: Services): Route[] {
  const { store, log, clock, config } = services;
  return [
    route({
      method: 'GET',
      path: '/sessions/:id/bundle.zip',
      tag: 'sessions',
      access: 'operator',
      summary: 'Export a session that is over as one signed bundle; `npm run verify-bundle` checks it',
      params: byId,
      answer: { mediaType: 'application/zip', description: 'Recordings, log as NDJSON, hashes, signature, notes' },
      handle: async ({ params, context, actor, caller }) => {
        const session = await store.sessions.get(params.id);
        if (session === undefined) throw new Fault('not-found', 'not-found');
        if (session.state !== 'ended') throw new Fault('conflict', 'session.not-over');
        await log.append({ sessionId: session.id, event: 'session.exported', actor });
        const name = session.id.replace(/[^\w-]/g, '');
        context.set('Content-Disposition', `attachment; filename="phien-${name}.zip"`);
        context.type = 'application/zip';
        context.body = await writeBundle({
          store,
          dataDir: config.dataDir,
          session,
          madeBy: caller().user.username,
          madeAt: clock.now(),
          notes: { vi: say('vi', 'bundle.note'), en: say('en', 'bundle.note') },
        });
      },
    }),
  ];
}
