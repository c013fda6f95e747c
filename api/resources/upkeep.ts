import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { Backups, backupFile, backupName, backupResult } from '../upkeep/backups.ts';
import { certificateView, judgePair, viewOf } from '../upkeep/certificates.ts';
import { engineName, engineView } from '../upkeep/engines.ts';

const tag = 'system';
const pem = z.string().trim().min(1).max(64_000);

const backupState = z.object({
  /** Where they are kept on the server. */
  folder: z.string(),
  running: z.object({ name: z.string(), startedAt: z.date() }).optional(),
  last: backupResult.optional(),
  items: z.array(backupFile),
});

/** What an IT officer does for the product itself: engines, certificate, back-ups, and what is kept for how long. */
export function upkeep(services: Services): Route[] {
  const { audit, certificates, clock, config, engines, gateway, log, logger, store } = services;
  const { backupDir, dataDir, publicHost } = config;
  const backups = new Backups({ store, log, clock, logger, dataDir, backupDir });

  /** @throws Fault while people talk: what is asked would disturb them. */
  const judgeCalls = (force: boolean): void => {
    const { calls } = gateway.health();
    if (calls > 0 && !force) throw new Fault('conflict', 'upkeep.calls', { values: { calls } });
  };
  const certificate = async () => {
    const present = await certificates.read();
    if (present === undefined) throw new Fault('not-found', 'not-found');
    return viewOf(present, publicHost);
  };
  const changedCertificate = async (
    exchange: Parameters<typeof audit.changed>[0],
    action: string,
    change: () => Promise<void>,
  ) => {
    const before = await certificate().catch(() => undefined);
    await change();
    const after = await certificate();
    await audit.changed(exchange, { what: 'certificate', id: 'tls', action, before, after });
    return after;
  };

  return [
    route({
      method: 'GET',
      path: '/system/engines',
      tag,
      access: 'operator',
      summary: 'The engines: whether they are ours, run, and how often they ended by themselves',
      answer: z.object({ items: z.array(engineView) }),
      handle: async () => ({ items: engines.list() }),
    }),
    route({
      method: 'POST',
      path: '/system/engines/:name/restart',
      tag,
      access: 'admin',
      summary: 'Start an engine of ours again; refused while there are calls, unless `force`',
      params: z.object({ name: engineName }),
      body: z.strictObject({ force: z.boolean().default(false) }),
      answer: engineView,
      handle: async (exchange) => {
        const { name } = exchange.params;
        const one = (): z.output<typeof engineView> | undefined =>
          engines.list().find((engine) => engine.name === name);
        if (one()?.ours !== true) throw new Fault('conflict', 'engine.not-ours');
        if (one()?.state !== 'running') throw new Fault('conflict', 'engine.not-running');
        judgeCalls(exchange.body.force);
        await engines.restart(name);
        await audit.changed(exchange, { what: 'engine', id: name, action: 'restart' });
        return one();
      },
    }),
    route({
      method: 'GET',
      path: '/system/certificate',
      tag,
      access: 'operator',
      summary: 'The certificate of SIP over TLS and of HTTPS for devices',
      answer: certificateView,
      handle: certificate,
    }),
    route({
      method: 'PUT',
      path: '/system/certificate',
      tag,
      access: 'admin',
      summary: 'Put a certificate and its key into use (PEM); refused while there are calls',
      body: z.strictObject({ cert: pem, key: pem }),
      answer: certificateView,
      handle: async (exchange) => {
        exchange.ifMatch(await certificate().catch(() => undefined));
        judgePair(exchange.body, clock.now());
        judgeCalls(false);
        return changedCertificate(exchange, 'replace', () => certificates.replace(exchange.body));
      },
    }),
    route({
      method: 'POST',
      path: '/system/certificate/renew',
      tag,
      access: 'admin',
      summary: 'Make a new certificate that is signed by itself, for ten years; refused while there are calls',
      body: z.strictObject({}),
      answer: certificateView,
      handle: async (exchange) => {
        judgeCalls(false);
        return changedCertificate(exchange, 'renew', () => certificates.renew());
      },
    }),
    route({
      method: 'GET',
      path: '/backups',
      tag,
      access: 'admin',
      summary: 'Back-ups that are there, the one being made, and how the last one went',
      answer: backupState,
      handle: async () => {
        const [items, last] = await Promise.all([backups.list(), backups.last()]);
        return { folder: backups.folder, running: backups.running, last, items };
      },
    }),
    route({
      method: 'POST',
      path: '/backups',
      tag,
      access: 'admin',
      summary: 'Begin a back-up of everything; the keys go in where a passphrase is given',
      body: z.strictObject({
        recordings: z.boolean().default(true),
        passphrase: z.string().min(10).max(500).optional(),
      }),
      answer: z.object({ name: backupName }),
      status: 202,
      idempotent: true,
      handle: async (exchange) => {
        const { recordings, passphrase } = exchange.body;
        const begun = await backups.begin(exchange.body, exchange.actor, gateway.health().space?.stopBytes ?? 0);
        const after = { recordings, keys: passphrase !== undefined };
        await audit.changed(exchange, { what: 'backup', id: begun.name, action: 'begin', after });
        return begun;
      },
    }),
    route({
      method: 'GET',
      path: '/backups/:name',
      tag,
      access: 'admin',
      summary: 'Download a back-up',
      params: z.object({ name: backupName }),
      answer: { mediaType: 'application/zip', description: 'The back-up; `npm run restore` reads it' },
      handle: async (exchange) => {
        const { name } = exchange.params;
        const { bytes, path } = await backups.find(name);
        const { context } = exchange;
        if (context.method !== 'HEAD') await audit.changed(exchange, { what: 'backup', id: name, action: 'download' });
        context.set('Content-Disposition', `attachment; filename="${name}"`);
        context.type = 'application/zip';
        if (context.method !== 'HEAD') context.body = createReadStream(path);
        context.length = bytes;
      },
    }),
    route({
      method: 'DELETE',
      path: '/backups/:name',
      tag,
      access: 'admin',
      summary: 'Remove a back-up',
      params: z.object({ name: backupName }),
      // A back-up stays as it was made; its name tells all of its state.
      stateless: true,
      handle: async (exchange) => {
        await backups.remove(exchange.params.name);
        await audit.changed(exchange, { what: 'backup', id: exchange.params.name, action: 'remove' });
      },
    }),
    route({
      method: 'GET',
      path: '/system/archive',
      tag,
      access: 'operator',
      summary: 'How recordings are kept: for how long, the second archive folder and its copies, free space',
      answer: z.object({
        /** Recordings are deleted so many days after their session; absent: kept for good. */
        retentionDays: z.number().int().optional(),
        /** Sessions that a legal hold keeps, and those with days of their own. */
        heldSessions: z.number().int(),
        sessionsWithOwnDays: z.number().int(),
        second: z
          .object({
            folder: z.string(),
            /** Whether it is there: a share that is not mounted is not. */
            reachable: z.boolean(),
            checkEveryHours: z.number(),
            copied: z.number().int(),
            waiting: z.number().int(),
            altered: z.number().int(),
            missing: z.number().int(),
            /** Why a copy could not be made the last time. */
            error: z.string().optional(),
          })
          .optional(),
        closed: z.number().int(),
        failed: z.number().int(),
        /** Recordings whose file is not what it was when it was closed. */
        altered: z.number().int(),
        space: z
          .object({
            state: z.enum(['ok', 'low', 'full']),
            freeBytes: z.number(),
            warnBytes: z.number(),
            stopBytes: z.number(),
          })
          .optional(),
      }),
      handle: async () => {
        const count = (filter: Record<string, unknown>) => store.recordings.count(filter);
        const copies = (state: string) => count({ state: 'closed', 'archive.state': state });
        const { archiveCheckHours, archiveDir, retentionDays } = config;
        const [closed, failed, altered, heldSessions, sessionsWithOwnDays] = await Promise.all([
          count({ state: 'closed' }),
          count({ state: 'failed' }),
          count({ state: 'closed', intact: false }),
          store.sessions.count({ hold: { $exists: true } }),
          store.sessions.count({ retentionDays: { $exists: true } }),
        ]);
        const kept = { retentionDays, heldSessions, sessionsWithOwnDays, closed, failed, altered };
        const { space } = gateway.health();
        if (archiveDir === undefined) return { ...kept, space };
        const [copied, alteredCopies, missing, reachable, troubled] = await Promise.all([
          copies('copied'),
          copies('altered'),
          copies('missing'),
          stat(archiveDir).then(
            (there) => there.isDirectory(),
            () => false,
          ),
          store.recordings.first(
            { state: 'closed', 'archive.error': { $exists: true }, 'archive.state': { $ne: 'copied' } },
            { sort: { startedAt: -1 } },
          ),
        ]);
        const error = troubled?.archive?.error;
        const second = {
          folder: archiveDir,
          reachable,
          checkEveryHours: archiveCheckHours,
          copied,
          waiting: closed - copied - alteredCopies - missing,
          altered: alteredCopies,
          missing,
          ...(error === undefined ? {} : { error }),
        };
        return { ...kept, second, space };
      },
    }),
  ];
}
