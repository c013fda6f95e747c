import type { Context } from 'koa';
import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { type Case, notice } from '../../store/schema/case.ts';
import { office } from '../../store/schema/office.ts';
import { Cases } from '../cases/cases.ts';
import { noticeDocument } from '../cases/notice.ts';
import { caseView, viewOf } from '../cases/views.ts';
import { officeOf } from '../documents/office.ts';
import { officialDocx } from '../documents/official-docx.ts';
import { officialPdf } from '../documents/official-pdf.ts';
import { byId, moment } from '../fields.ts';
import { sessionSites } from '../planning/sites.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { inTurn } from './crud.ts';

const officeIn = office.omit({ id: true, createdAt: true, updatedAt: true });
const officeView = officeIn;
const noticeIn = notice.omit({ issuedAt: true }).extend({ date: moment.optional() });
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** The notice of a case's result, and the office in whose name documents are written. */
export function notices(services: Services): Route[] {
  const { store, audit } = services;
  const book = new Cases(services);
  const turn = inTurn();

  const documentOf = async (one: Case) => {
    const session = one.sessionId === undefined ? undefined : await store.sessions.get(one.sessionId);
    const sites = session === undefined ? [] : await sessionSites(store, session);
    return noticeDocument(one, { office: await officeOf(store), session, sites: sites.map(({ name }) => name) });
  };
  const send = async (context: Context, one: Case, extension: 'docx' | 'pdf') => {
    const document = await documentOf(one);
    const file = await (extension === 'pdf' ? officialPdf(document) : officialDocx(document));
    context.set('Content-Disposition', `attachment; filename="thong-bao-${one.code}.${extension}"`);
    context.type = extension === 'pdf' ? 'application/pdf' : docx;
    context.body = file;
  };

  return [
    route({
      method: 'PUT',
      path: '/cases/:id/notice',
      tag: 'cases',
      access: 'operator',
      summary: 'Write the notice of the result; it is issued by the step `issue-notice` and then stays as it is',
      params: byId,
      body: noticeIn.strict(),
      answer: caseView,
      handle: (exchange) =>
        turn(async () => {
          const before = await book.found(exchange.params.id);
          exchange.ifMatch(viewOf(before, 'operator'));
          if (before.state !== 'held') throw new Fault('conflict', 'notice.not-held');
          const kept = await book.keep(before, { ...before, notice: exchange.body }, 'write-notice', exchange);
          return viewOf(kept, 'operator');
        }),
    }),
    ...(['docx', 'pdf'] as const).map((extension) =>
      route({
        method: 'GET',
        path: `/cases/:id/notice.${extension}`,
        tag: 'cases',
        access: 'operator',
        summary: `The notice as ${extension.toUpperCase()} in the form of administrative documents; a draft until it is issued`,
        params: byId,
        answer: { mediaType: extension === 'pdf' ? 'application/pdf' : docx, description: 'The file' },
        handle: async ({ params, context }) => send(context, await book.found(params.id), extension),
      }),
    ),
    route({
      method: 'GET',
      path: '/office',
      tag: 'office',
      access: 'viewer',
      summary: 'The office in whose name documents are written',
      answer: officeView,
      tagged: true,
      handle: () => officeOf(store),
    }),
    route({
      method: 'PUT',
      path: '/office',
      tag: 'office',
      access: 'admin',
      summary: 'Set the office in whose name documents are written',
      body: officeIn.strict(),
      answer: officeView,
      tagged: true,
      handle: (exchange) =>
        turn(async () => {
          const before = await officeOf(store);
          exchange.ifMatch(before);
          const { id, ...gone } = before;
          const optional = { parentAgency: undefined, signer: undefined };
          const kept =
            (await store.offices.update(id, { ...optional, ...exchange.body })) ??
            (await store.offices.insert({ id, ...exchange.body }));
          const shown = (one: object) => z.object(officeView.shape).parse(one);
          await audit.changed(exchange, {
            what: 'office',
            id,
            action: 'change',
            before: shown(gone),
            after: shown(kept),
          });
          return kept;
        }),
    }),
  ];
}
