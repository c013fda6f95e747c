import assert from 'node:assert/strict';
import type { Report } from '../../api/reports/report.ts';
import type { Contract } from './contract.ts';
import type { House } from './house.ts';
import { sameInCsv, sameInPdf, sameInXlsx } from './reports/read-back.ts';

/* The story of a case as the API tells it; each step held against its description. */

export const citizen = {
  name: 'Nguyễn Thị Bưởi',
  birthYear: 1948,
  address: 'Thôn Đông, xã Lục Nam',
  phone: '0912 345 678',
  idNumber: '024048001234',
};
export const newCase = {
  title: 'Đề nghị xem xét ranh giới đất',
  kind: 'remote',
  authority: 'province',
  citizens: [citizen],
  summary: 'Gia đình đề nghị đo lại thửa 15, tờ bản đồ số 7.',
};

/** One file as a browser sends it. */
export function fileForm(name: string, content: Buffer | string): FormData {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(Buffer.from(content))]), name);
  return form;
}

export async function tellCases(house: House, api: Contract): Promise<void> {
  const office = (await api.good('GET', '/office')).body;
  const named = { ...office, agency: 'ỦY BAN NHÂN DÂN XÃ LỤC NAM', place: 'Lục Nam', signer: 'Trần Văn An' };
  await api.good('PUT', '/office', named);

  const made = await api.good('POST', '/cases', newCase);
  const path = `/cases/${made.body.id}`;
  assert.match(String(made.body.code), /^\d{4}-00001$/);
  assert.deepEqual(made.body.nextSteps, ['propose', 'withdraw']);
  await api.good('PATCH', path, { people: 3 });
  assert.equal((await api.good('GET', '/cases?q=buoi%20ranh&kind=remote,crowd&state=registered')).body.total, 1);
  assert.equal((await api.good('GET', path)).body.people, 3);

  const attached = await api.good('POST', `${path}/files`, fileForm('Đơn đề nghị.txt', 'Kính gửi: UBND xã\n'));
  assert.equal(attached.body.mediaType, 'text/plain');
  assert.equal((await api.good('GET', `${path}/files`)).body.total, 1);
  const got = await api.good('GET', `/files/${attached.body.id}`);
  assert.equal(got.text, 'Kính gửi: UBND xã\n');
  await api.good('DELETE', `/files/${attached.body.id}`);

  await api.good('POST', `${path}/steps`, { step: 'propose' });
  await api.good('POST', `${path}/steps`, { step: 'report' });
  const decision = { step: 'accept', reason: 'Đúng đối tượng', decidedBy: 'Chủ tịch UBND tỉnh' };
  assert.equal((await api.good('POST', `${path}/steps`, decision)).body.state, 'accepted');
  const session = await api.good('POST', '/sessions', {
    title: 'Phiên có hồ sơ',
    caseIds: [made.body.id],
    chair: { name: 'Trần Văn An', position: 'Chủ tịch UBND xã' },
  });
  assert.equal((await api.good('GET', path)).body.state, 'linked');
  const paper = await api.good('POST', `/sessions/${session.body.id}/files`, fileForm('kich-ban.csv', 'giờ,việc\n'));
  assert.equal((await api.good('GET', `/sessions/${session.body.id}/files`)).body.total, 1);
  await api.good('DELETE', `/files/${paper.body.id}`);

  await api.good('POST', `${path}/steps`, { step: 'hold', outcome: 'Giao phòng Kinh tế đo lại trước 30/6.' });
  const notice = { number: '15', date: '2026-05-14T09:00:00+07:00', conclusion: 'Giao phòng Kinh tế đo lại.' };
  await api.good('PUT', `${path}/notice`, notice);
  assert.ok((await api.good('GET', `${path}/notice.pdf`)).text.startsWith('%PDF'));
  assert.ok((await api.good('GET', `${path}/notice.docx`)).text.startsWith('PK'));
  await api.good('POST', `${path}/steps`, { step: 'issue-notice' });
  assert.equal((await api.good('POST', `${path}/steps`, { step: 'close' })).body.state, 'closed');

  const found = (await api.good('GET', `/search?q=buoi&caseId=${made.body.id}`)).body as {
    sessions: unknown[];
    cases: unknown[];
  };
  assert.deepEqual([found.sessions.length, found.cases.length], [1, 1], 'the session of a citizen is found');
  const none = (await api.good('GET', '/search?q=khong-co-ai&from=2026-01-01T00:00:00Z')).body as {
    sessions: unknown[];
  };
  assert.equal(none.sessions.length, 0);
  await api.good('GET', `/sessions/${session.body.id}/timeline`);
  const mistake = await api.good('POST', '/cases', newCase);
  await api.good('DELETE', `/cases/${mistake.body.id}`);
  assert.equal((await api.ask('DELETE', path)).status, 409);
  assert.equal(await house.store.attachments.count(), 0);
}

export async function tellPlans(house: House, api: Contract): Promise<void> {
  const site = await api.good('POST', '/sites', { name: 'Phòng Tiếp công dân' });
  const [plannedStart, plannedEnd] = ['2031-05-13T08:00:00+07:00', '2031-05-13T10:00:00+07:00'];
  const plan = { plannedStart, plannedEnd, siteIds: [site.body.id], participants: [] };
  const first = await api.good('POST', '/sessions', { title: 'Phiên một', ...plan });
  const asked = await api.good('POST', '/sessions/clashes', plan);
  assert.deepEqual(
    (asked.body.items as { kind: string; sessionTitle: string }[]).map((one) => [one.kind, one.sessionTitle]),
    [['site', 'Phiên một']],
  );
  const refused = await api.ask('POST', '/sessions', { title: 'Phiên hai', ...plan });
  assert.equal(refused.status, 409);
  assert.equal((refused.body.error as { details: unknown[] }).details.length, 1);
  const second = await api.good('POST', '/sessions', { title: 'Phiên hai', ...plan, allowClash: true });
  assert.equal(((await api.good('GET', `/sessions/${second.body.id}/clashes`)).body.items as unknown[]).length, 1);
  const uplink = { protocol: 'sip', address: 'sip:1@192.0.2.9', maxCalls: 2 };
  const far = await api.good('POST', '/sites', { name: 'Trung ương', kind: 'central', uplink });
  const upwards = { ...plan, siteIds: [], participants: [{ kind: 'uplink', siteId: far.body.id }] };
  for (const title of ['Lên một', 'Lên hai']) await api.good('POST', '/sessions', { title, ...upwards });
  const third = await api.ask('POST', '/sessions', { title: 'Lên ba', ...upwards });
  const [full] = (third.body.error as { details: Record<string, unknown>[] }).details;
  assert.deepEqual(
    [third.status, full?.kind, full?.name, full?.capacity, full?.wanted],
    [409, 'line', 'Trung ương', 2, 3],
  );
  const check = await api.good('POST', `/sessions/${second.body.id}/rehearsals`);
  assert.equal(check.status, 202);
  assert.equal((await api.good('GET', `/sessions/${second.body.id}/rehearsals`)).body.total, 1);
  assert.equal((await api.good('GET', `/rehearsals/${check.body.id}`)).body.by, 'admin');
  const later = { plannedStart: '2031-05-14T08:00:00+07:00', reason: 'mưa bão' };
  const moved = await api.good('POST', `/sessions/${second.body.id}/postpone`, later);
  assert.equal(moved.body.plannedEnd, '2031-05-14T03:00:00.000Z', 'it stays as long as it was');
  assert.equal(moved.body.sequence, 1);

  const feed = await api.good('POST', '/me/calendar', {});
  const path = String(feed.body.path).replace('/api/v1', '');
  await api.good('POST', `/sessions/${first.body.id}/cancel`, { reason: 'mất điện' });
  const calendar = (await api.good('GET', path, undefined, { token: '' })).text.replaceAll('\r\n ', '');
  const event = (id: unknown) => calendar.split('BEGIN:VEVENT').find((one) => one.includes(`UID:${id}@`)) ?? '';
  assert.match(event(first.body.id), /STATUS:CANCELLED/);
  assert.match(event(first.body.id), /SEQUENCE:1\r/);
  assert.match(event(second.body.id), /DTSTART;TZID=Asia\/Ho_Chi_Minh:20310514T080000/);
  assert.match(event(second.body.id), /STATUS:CONFIRMED/);
  assert.match(event(second.body.id), /Hoãn từ 13\/05\/2031 08:00: mưa bão/);

  await api.good('POST', `/sessions/${second.body.id}/start`);
  const outcome = { text: 'Đã tiếp, không có kiến nghị mới.' };
  assert.equal(
    ((await api.good('PUT', `/sessions/${second.body.id}/outcome`, outcome)).body.outcome as { text: string }).text,
    outcome.text,
  );
  await api.good('POST', `/sessions/${second.body.id}/end`);
  assert.equal((await api.good('GET', '/sessions?q=kien%20nghi')).body.total, 1);
  assert.ok((await api.good('GET', `/sessions/${second.body.id}/bundle.zip`)).text.startsWith('PK'));
  const events = (await house.log.find({ sessionId: String(second.body.id) })).map(({ event }) => event);
  assert.ok(events.includes('session.postponed'));
  const words = (await api.good('GET', '/log?q=mua%20bao&order=oldest')).body.items as { event: string }[];
  assert.ok(words.length >= 1 && words.some(({ event }) => event === 'session.postponed'));
}

export async function tellReports(house: House, api: Contract): Promise<void> {
  const year = new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 4);
  const report = (await api.good('GET', `/reports?of=${year}`)).body as unknown as {
    title: string;
    sections: { key: string; rows: { key: string; cells: { value: number; unit: string; link?: string }[] }[] }[];
  };
  const links = report.sections.flatMap(({ key, rows }) =>
    rows.flatMap((row) => row.cells.map((cell) => ({ name: `${key} ${row.key}`, ...cell }))),
  );
  const wrong: string[] = [];
  for (const { name, value, unit, link } of links) {
    if (link === undefined) continue;
    const { body } = await api.good('GET', link);
    const counted = 'total' in body ? Number(body.total) : (body.items as unknown[]).length;
    // Citizens are counted, and the cases that they stand in listed.
    if (unit === 'count' && counted !== value && name !== 'progress citizens')
      wrong.push(`${name}: ${value}, ${counted} listed`);
  }
  assert.deepEqual(wrong, []);
  const value = (section: string, row: string) => links.find(({ name }) => name === `${section} ${row}`)?.value;
  assert.equal(value('cases', 'remote'), 0, 'none of the commune');
  assert.equal(value('states', 'closed'), 1);
  assert.equal(value('progress', 'notices'), 1);
  const trend = (await api.good('GET', `/reports/trend?of=${year}&periods=3`)).body.items as Record<string, unknown>[];
  assert.deepEqual(
    trend.map(({ of }) => of),
    [Number(year) - 2, Number(year) - 1, Number(year)].map(String),
  );
  assert.deepEqual(
    [trend[2]?.sessions, trend[2]?.cases, trend[2]?.citizens, trend[0]?.cases],
    [
      value('sessions', 'held'),
      links.filter(({ name }) => name === 'cases sum').at(-1)?.value,
      value('progress', 'citizens'),
      0,
    ],
  );
  assert.equal((await api.ask('GET', '/reports/trend?of=2026-13')).status, 400);
  const file = async (kind: string): Promise<Buffer> => (await api.good('GET', `/reports.${kind}?of=${year}`)).bytes;
  const wanted = report as unknown as Report;
  await sameInXlsx(await file('xlsx'), wanted);
  sameInCsv(await file('csv'), wanted);
  sameInPdf(await file('pdf'), wanted, ['ỦY BAN NHÂN DÂN XÃ LỤC NAM', 'Lục Nam, ngày', 'Nơi nhận:', 'Trần Văn An']);
  await api.good('GET', '/legs?siteId=none&protocol=sip');
  await api.good('GET', '/rehearsals?failed=false');
  assert.equal((await api.ask('GET', '/reports')).status, 400);
  assert.ok(house.api.ports.http > 0);
}
