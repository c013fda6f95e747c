import type { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { attachment } from '../../store/schema/attachment.ts';
import { byId, listOf } from '../fields.ts';
import { Attachments, sendAttachment } from '../files/attachments.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

const owners = { case: '/cases', session: '/sessions' } as const;
type OwnerKind = keyof typeof owners;

/** Files of cases and of sessions: uploaded, listed, handed out, removed. */
export function files(services: Services): Route[] {
  const { store, audit } = services;
  const attachments = new Attachments(services);

  const mustBe = async (kind: OwnerKind, id: string): Promise<void> => {
    const owner = await (kind === 'case' ? store.cases.get(id) : store.sessions.get(id));
    if (owner === undefined) throw new Fault('not-found', 'not-found');
  };
  const inSession = ({ kind, id }: { kind: OwnerKind; id: string }) => (kind === 'session' ? { sessionId: id } : {});
  /** The name of a file may name a citizen: the log keeps what the file is, not what it is called. */
  const forLog = ({ name: _name, ...rest }: z.output<typeof attachment>) => rest;

  const ofOwner = (kind: OwnerKind): Route[] => [
    route({
      method: 'GET',
      path: `${owners[kind]}/:id/files`,
      tag: 'files',
      // Papers of a case tell about persons.
      access: kind === 'case' ? 'operator' : 'viewer',
      summary: `List the files of a ${kind}`,
      params: byId,
      answer: listOf(attachment),
      handle: async ({ params }) => {
        await mustBe(kind, params.id);
        const items = await attachments.list({ kind, id: params.id });
        return { items, total: items.length };
      },
    }),
    route({
      method: 'POST',
      path: `${owners[kind]}/:id/files`,
      tag: 'files',
      access: 'operator',
      summary: `Attach a file to a ${kind}; what it is, is judged by its content`,
      params: byId,
      upload: true,
      answer: attachment,
      status: 201,
      idempotent: true,
      handle: async (exchange) => {
        const { params, context, caller } = exchange;
        await mustBe(kind, params.id);
        const kept = await attachments.take(context, { kind, id: params.id }, caller().user.username);
        await audit.changed(exchange, {
          what: 'file',
          id: kept.id,
          action: 'create',
          ...inSession(kept.owner),
          after: forLog(kept),
        });
        context.set('Location', `/api/v1/files/${kept.id}`);
        return kept;
      },
    }),
  ];

  return [
    ...ofOwner('case'),
    ...ofOwner('session'),
    route({
      method: 'GET',
      path: '/files/:id',
      tag: 'files',
      access: 'viewer',
      summary: 'Download an attached file; a file of a case only by who may work on cases',
      params: byId,
      answer: { mediaType: 'application/octet-stream', description: 'The file; its ETag is its SHA-256' },
      handle: async ({ params, context, caller }) => {
        const one = await attachments.found(params.id);
        if (one.owner.kind === 'case' && caller().user.role === 'viewer') throw new Fault('not-found', 'not-found');
        const path = await attachments.pathOfKept(one);
        if (path === undefined) throw new Fault('not-found', 'upload.missing');
        await sendAttachment(context, path, one);
      },
    }),
    route({
      method: 'DELETE',
      path: '/files/:id',
      tag: 'files',
      access: 'operator',
      summary: 'Remove an attached file',
      params: byId,
      handle: async (exchange) => {
        const one = await attachments.found(exchange.params.id);
        exchange.ifMatchTag(`"${one.sha256}"`);
        await attachments.remove(one);
        await audit.changed(exchange, {
          what: 'file',
          id: one.id,
          action: 'remove',
          ...inSession(one.owner),
          before: forLog(one),
        });
      },
    }),
  ];
}
