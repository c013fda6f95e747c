import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { id } from '../../store/schema/names.ts';
import { openApi } from '../openapi.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

const tag = 'system';
const up = z.object({ up: z.boolean() });

const health = z.object({
  status: z.enum(['ok', 'degraded']),
  /** Only for who is logged in. */
  details: z
    .object({
      sip: up,
      h323: up,
      media: up,
      store: up,
      trunks: z.array(
        z.object({
          trunkId: z.string(),
          state: z.enum(['none', 'registered', 'refused', 'unreachable']),
          text: z.string().optional(),
        }),
      ),
      gatekeepers: z
        .array(
          z.object({
            siteId: z.string(),
            state: z.enum(['none', 'registered', 'refused', 'unreachable']),
            text: z.string().optional(),
          }),
        )
        .optional(),
      calls: z.number().int(),
      rooms: z.number().int(),
      /** Free space for recordings: below `warnBytes` it is `low`, below `stopBytes` nothing is recorded any more. */
      space: z
        .object({
          state: z.enum(['ok', 'low', 'full']),
          freeBytes: z.number(),
          warnBytes: z.number(),
          stopBytes: z.number(),
        })
        .optional(),
      followers: z.number().int(),
      log: z.object({ seq: z.number().int(), waiting: z.number().int(), stalled: z.boolean() }),
    })
    .optional(),
});

/** Files of the API's page, from the package that brings them; nothing is loaded from elsewhere. */
const docsFiles: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
};

const docsPage = `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>diemcau API</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;
const docsStart = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#page', validatorUrl: null, deepLinking: true });\n`;
const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** Live events, health, figures, and the API's own description. */
export function system(services: Services, all: () => readonly Route[]): Route[] {
  const { gateway, log, events, metrics, store } = services;
  let description: unknown;
  const docsFolder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

  return [
    route({
      method: 'GET',
      path: '/events',
      tag,
      access: 'viewer',
      summary: 'Follow what happens (server-sent events); resumes from Last-Event-ID',
      query: z.strictObject({
        sessionId: id
          .optional()
          .describe('Events of this session alone; with them `leg.levels`, which measures while it is followed'),
        only: z
          .string()
          .regex(/^[a-z.]+(,[a-z.]+){0,20}$/)
          .max(200)
          .optional()
          .describe('Names of the events wanted, with commas between'),
        lastEventId: z.string().max(64).optional(),
      }),
      answer: {
        mediaType: 'text/event-stream',
        description:
          'Events: session, leg, talking, floor, quality, recording, registration, discovered (`{count}`, see /discovered), incident, log; reset when the gap is too long to resume. On the stream of one session also leg.levels, about five a second: `{sessionId, levels: [{legId, inDb, outDb?}]}` in dBov (RFC 6464: 0 … -127, which is silence), without an id; none from an engine that does not measure (FreeSWITCH), where `talking` tells who speaks',
      },
      handle: async ({ query, caller, context }) => {
        const since = context.get('Last-Event-ID') || query.lastEventId;
        context.set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
        context.status = 200;
        if (context.method === 'HEAD') return;
        context.req.socket.setTimeout(0);
        const { user, token } = caller();
        const stillKnown = async () =>
          (await store.tokens.get(token.id)) !== undefined && (await store.users.get(user.id))?.role === user.role;
        const only = query.only === undefined ? undefined : new Set(query.only.split(','));
        context.body = events.follow({ role: user.role, sessionId: query.sessionId, only, stillKnown }, since);
      },
    }),
    route({
      method: 'GET',
      path: '/health',
      tag,
      access: 'public',
      summary: 'Tell whether all is well; details for who is logged in',
      answer: health,
      handle: async ({ knownCaller }) => {
        const state = gateway.health();
        const storeUp = Number(store.connection.readyState) === 1 && !log.status().stalled;
        const good =
          state.sip.up && state.h323.up && state.media.up && storeUp && (state.space?.state ?? 'ok') === 'ok';
        const status = good ? 'ok' : 'degraded';
        if (knownCaller === undefined) return { status };
        return {
          status,
          details: { ...state, store: { up: storeUp }, followers: events.following, log: log.status() },
        };
      },
    }),
    route({
      method: 'GET',
      path: '/metrics',
      tag,
      access: 'viewer',
      summary: 'Figures in the text format of Prometheus',
      answer: { mediaType: 'text/plain', description: 'Prometheus exposition format' },
      handle: async ({ context }) => {
        context.set('Content-Type', metrics.mediaType);
        context.body = await metrics.text();
      },
    }),
    route({
      method: 'GET',
      path: '/openapi.json',
      tag,
      access: 'public',
      summary: 'This description (OpenAPI 3.1)',
      answer: z.looseObject({ openapi: z.string() }),
      tagged: true,
      handle: async () => {
        description ??= openApi(all());
        return description;
      },
    }),
    route({
      method: 'GET',
      path: '/docs',
      tag,
      access: 'public',
      summary: 'A page to browse and try this API',
      answer: { mediaType: 'text/html', description: 'The page' },
      handle: async ({ context }) => {
        context.set('Content-Security-Policy', docsPolicy);
        context.type = 'html';
        context.body = docsPage;
      },
    }),
    route({
      method: 'GET',
      path: '/docs/:file',
      tag,
      access: 'public',
      summary: 'Files of that page',
      params: z.object({ file: z.string().max(64) }),
      answer: { mediaType: 'application/octet-stream', description: 'A file of the page' },
      handle: async ({ params, context }) => {
        if (params.file === 'start.js') {
          context.type = 'text/javascript';
          context.body = docsStart;
          return;
        }
        const type = Object.hasOwn(docsFiles, params.file) ? docsFiles[params.file] : undefined;
        if (type === undefined) throw new Fault('not-found', 'not-found');
        context.type = type;
        context.body = readFileSync(join(docsFolder, params.file));
      },
    }),
  ];
}
