import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import type { Context } from 'koa';
import parseRange from 'range-parser';
import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { verify } from '../../store/archive/verify.ts';
import { id } from '../../store/schema/names.ts';
import { type Recording, recording, type Session, session } from '../../store/schema/session.ts';
import { byId, listing, listOf, moment, page, sortBy } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { namesTag } from '../tags.ts';
import { recordingView, sessionView } from '../views.ts';
import { equal } from './places.ts';
import { soughtSessions } from './search.ts';

const tag = 'recordings';
const mostSought = 1_000;

const fileVerdict = z.object({
  state: z.enum(['intact', 'altered', 'missing']),
  sha256: z.string().optional(),
});
const verdict = z.object({
  intact: z.boolean(),
  /** The entry of the session log that keeps the hash. */
  log: z.object({ seq: z.number().int(), sha256: z.string() }).optional(),
  file: fileVerdict,
  archive: fileVerdict.optional(),
});

const mediaTypes: Record<string, string> = {
  '.wav': 'audio/wav',
  '.mp4': 'video/mp4',
  '.m4a': 'audio/mp4',
  '.opus': 'audio/ogg',
  '.ogg': 'audio/ogg',
};

/** Recorded files: found, and handed out whole or in parts. */
export function recordings(services: Services): Route[] {
  const { audit, clock, config, gateway, store } = services;
  const found = async (recordingId: string): Promise<Recording> => {
    const one = await store.recordings.get(recordingId);
    if (one === undefined) throw new Fault('not-found', 'not-found');
    return one;
  };
  return [
    route({
      method: 'GET',
      path: '/recordings',
      tag,
      access: 'viewer',
      summary: 'List recordings',
      query: z.strictObject({
        ...page,
        sort: sortBy('-startedAt', 'startedAt'),
        sessionId: id.optional(),
        kind: recording.shape.kind.optional(),
        state: recording.shape.state.optional(),
        from: moment.optional(),
        to: moment.optional(),
        /** Words of the session and its cases: titles, citizens; with or without Vietnamese marks. */
        q: z.string().max(200).optional(),
        siteId: id.optional(),
      }),
      answer: listOf(recordingView.extend({ sessionTitle: z.string().optional() })),
      handle: async ({ query }) => {
        const span = { ...(query.from && { $gte: query.from }), ...(query.to && { $lt: query.to }) };
        const filter = {
          ...(await ofSought(query)),
          ...equal(query, ['sessionId', 'kind', 'state']),
          ...(Object.keys(span).length > 0 ? { startedAt: span } : {}),
        };
        const [items, total] = await Promise.all([
          store.recordings.find(filter, listing(query)),
          store.recordings.count(filter),
        ]);
        const sessions = await store.sessions.find({ id: { $in: items.map(({ sessionId }) => sessionId) } });
        const titles = new Map(sessions.map((one) => [one.id, one.title]));
        return { items: items.map((one) => ({ ...one, sessionTitle: titles.get(one.sessionId) })), total };
      },
    }),
    route({
      method: 'GET',
      path: '/recordings/:id',
      tag,
      access: 'viewer',
      summary: 'Show a recording',
      params: byId,
      answer: recordingView,
      tagged: true,
      handle: ({ params }) => found(params.id),
    }),
    route({
      method: 'GET',
      path: '/recordings/:id/file',
      tag,
      access: 'viewer',
      summary: 'Download a recording, whole or in parts (Range)',
      params: byId,
      answer: { mediaType: 'application/octet-stream', description: 'The file; its ETag is its SHA-256' },
      handle: async ({ params, context }) => {
        const one = await found(params.id);
        if (one.state === 'deleted') throw new Fault('not-found', 'recording-deleted');
        if (one.state !== 'closed')
          throw new Fault('conflict', one.state === 'failed' ? 'recording-failed' : 'recording-running');
        const folder = join(config.dataDir, 'recordings');
        const file = resolve(folder, one.path);
        if (!file.startsWith(folder + sep)) throw new Fault('not-found', 'recording-missing');
        const size = await stat(file).then(
          (there) => (there.isFile() ? there.size : undefined),
          () => undefined,
        );
        if (size === undefined) throw new Fault('not-found', 'recording-missing');
        const extension = extname(file).toLowerCase();
        context.type = mediaTypes[extension] ?? 'application/octet-stream';
        context.set('Content-Disposition', `attachment; filename="${one.id.replace(/[^\w-]/g, '')}${extension}"`);
        sendFile(context, file, size, one.sha256, one.endedAt ?? one.updatedAt);
      },
    }),
    route({
      method: 'POST',
      path: '/recordings/:id/verify',
      tag,
      access: 'operator',
      summary: 'Read a recording and its copy whole and compare them with the hash in the session log',
      params: byId,
      body: z.strictObject({}),
      answer: verdict,
      handle: async ({ params }) => {
        const one = await found(params.id);
        if (one.state === 'deleted') throw new Fault('not-found', 'recording-deleted');
        if (one.state !== 'closed') throw new Fault('conflict', 'recording-running');
        return verify(services.archive, one);
      },
    }),
    route({
      method: 'POST',
      path: '/recordings/:id/finish',
      tag,
      access: 'operator',
      summary: 'Try again to finish a recording that was given up',
      params: byId,
      body: z.strictObject({}),
      answer: recordingView,
      idempotent: true,
      handle: async (exchange) => {
        const one = await found(exchange.params.id);
        if (one.state !== 'failed') throw new Fault('conflict', 'recording-not-failed');
        const again = { state: 'finishing', attempts: 0, percent: 0, nextAt: undefined, error: undefined } as const;
        const changed = await store.recordings.updateFirst({ id: one.id, state: 'failed' }, again);
        if (changed === undefined) throw new Fault('conflict', 'recording-not-failed');
        await audit.changed(exchange, { what: 'recording', id: one.id, sessionId: one.sessionId, action: 'finish' });
        services.archive.changed(changed);
        return changed;
      },
    }),
    route({
      method: 'PUT',
      path: '/sessions/:id/hold',
      tag,
      access: 'admin',
      summary: 'Set or lift a legal hold: while it is there nothing of the session is deleted',
      params: byId,
      body: z.strictObject({ on: z.boolean(), reason: z.string().trim().min(1).max(500) }),
      answer: sessionView,
      handle: async (exchange) => {
        const { on, reason } = exchange.body;
        const by = exchange.caller().user.name;
        const hold = on ? { reason, since: clock.now(), by } : undefined;
        return kept(exchange, exchange.params.id, { hold }, on ? 'hold' : 'lift-hold', { reason });
      },
    }),
    route({
      method: 'PUT',
      path: '/sessions/:id/retention',
      tag,
      access: 'admin',
      summary: "Set after how many days the session's recordings are deleted; null: as the installation's settings say",
      params: byId,
      body: z.strictObject({ days: session.shape.retentionDays.unwrap().nullable() }),
      answer: sessionView,
      handle: async (exchange) => {
        const { days } = exchange.body;
        const { id: sessionId } = exchange.params;
        return kept(exchange, sessionId, { retentionDays: days ?? undefined }, 'retention', { days });
      },
    }),
  ];

  /** Recordings of the newest sessions that have these words, or this site. */
  async function ofSought({ q, siteId }: { q?: string | undefined; siteId?: string | undefined }) {
    if (q === undefined && siteId === undefined) return {};
    const { filter } = await soughtSessions(store, { q, siteId });
    const newest = { sort: { plannedStart: -1, _id: -1 } as const, limit: mostSought };
    return { sessionId: { $in: (await store.sessions.find(filter, newest)).map((one) => one.id) } };
  }

  /** Changes how long a session's recordings are kept; the log has who, and why. */
  async function kept(
    exchange: Parameters<typeof audit.changed>[0] & { ifMatch(view: unknown): void },
    sessionId: string,
    change: Partial<Pick<Session, 'hold' | 'retentionDays'>>,
    action: string,
    asked: Record<string, unknown>,
  ): Promise<Session> {
    const before = await store.sessions.get(sessionId);
    if (before === undefined) throw new Fault('not-found', 'not-found');
    exchange.ifMatch(before);
    const changed = await store.sessions.update(sessionId, change);
    if (changed === undefined) throw new Fault('not-found', 'not-found');
    const { hold, retentionDays } = before;
    await audit.changed(exchange, {
      what: 'session',
      id: sessionId,
      sessionId,
      action,
      before: { hold, retentionDays },
      after: { hold: changed.hold, retentionDays: changed.retentionDays, ...asked },
    });
    gateway.emit('session', changed);
    return changed;
  }
}

/**
 * Answers with a file or the part asked for (RFC 9110, 14). Several parts at once are not made: the whole file answers,
 * as the RFC allows. @throws Fault (416) when there is no such part.
 */
function sendFile(context: Context, file: string, size: number, sha256: string | undefined, changed: Date): void {
  context.set('Accept-Ranges', 'bytes');
  context.lastModified = changed;
  const tag = sha256 === undefined ? undefined : `"${sha256}"`;
  if (tag !== undefined) context.set('ETag', tag);
  context.status = 200;
  if (tag !== undefined && namesTag(context.get('If-None-Match'), tag)) {
    context.status = 304;
    return;
  }
  const part = askedPart(context, size);
  if (part !== undefined) {
    context.status = 206;
    context.set('Content-Range', `bytes ${part.start}-${part.end}/${size}`);
  }
  const { start, end } = part ?? { start: 0, end: size - 1 };
  context.length = end - start + 1;
  if (context.method !== 'HEAD') context.body = size === 0 ? '' : createReadStream(file, { start, end });
  context.length = end - start + 1;
}

function askedPart(context: Context, size: number): { start: number; end: number } | undefined {
  const asked = context.get('Range');
  if (asked === '' || !stillThatFile(context)) return undefined;
  const ranges = parseRange(size, asked);
  if (ranges === -1) {
    context.remove('Content-Disposition');
    context.set('Content-Range', `bytes */${size}`);
    throw new Fault('invalid', 'range-not-satisfiable');
  }
  // Not understood, or not bytes: ignored, as RFC 9110 (14.2) says.
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}

/** If-Range (RFC 9110, 13.1.5): a part is only of use when the file is still the one of the earlier parts. */
function stillThatFile(context: Context): boolean {
  const condition = context.get('If-Range');
  if (condition === '') return true;
  return condition === context.response.get('ETag') || condition === context.response.get('Last-Modified');
}
