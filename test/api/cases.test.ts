import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { readZip } from '../documents/zip.ts';
import { citizen, fileForm, newCase } from './casework.ts';
import { type Answer, type House, openHouse } from './house.ts';

describe('API: cases', function () {
  this.timeout(60_000);
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house?.close());

  const code = (answer: Answer) => (answer.body.error as { code: string } | undefined)?.code;
  const register = async (more: object = {}) =>
    String((await house.ask('POST', '/cases', { ...newCase, ...more })).body.id);
  const step = (id: string, body: object) => house.ask('POST', `/cases/${id}/steps`, body);
  const accepted = async (more: object = {}) => {
    const id = await register({ authority: 'commune', ...more });
    await step(id, { step: 'propose' });
    await step(id, { step: 'accept', reason: 'Đúng đối tượng', decidedBy: 'Chủ tịch UBND xã' });
    return id;
  };

  it('are numbered within their year, also when many are registered at once', async () => {
    const registeredAt = '2030-01-01T00:30:00+07:00';
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => house.ask('POST', '/cases', { ...newCase, registeredAt })),
    );
    const codes = answers.map(({ body }) => String(body.code)).sort();
    assert.deepEqual(
      codes,
      Array.from({ length: 8 }, (_, at) => `2030-0000${at + 1}`),
    );
  });

  it('are found by words with and without marks, by any citizen, and sorted', async () => {
    await register({ title: 'Ô nhiễm nguồn nước', citizens: [{ name: 'Lê Thị Ước' }, { name: 'Đỗ Mười' }] });
    const total = async (q: string) => (await house.ask('GET', `/cases?q=${encodeURIComponent(q)}`)).body.total;
    assert.equal(await total('do muoi'), 1);
    assert.equal(await total('ĐỖ MƯỜI nước'), 1);
    assert.equal(await total('le uoc khong-co'), 0);
    const { body } = await house.ask('GET', '/cases?sort=-code&limit=2&offset=1&state=registered,closed');
    const codes = (body.items as { code: string }[]).map((one) => one.code);
    assert.deepEqual(codes, [...codes].sort().reverse());
    assert.equal(codes.length, 2);
  });

  it('show a viewer names and years, and no paper', async () => {
    const id = await register();
    const { body } = await house.ask('GET', `/cases/${id}`, undefined, { token: house.tokens.viewer });
    assert.deepEqual(body.citizens, [{ name: citizen.name, birthYear: citizen.birthYear }]);
    const file = await house.ask('POST', `/cases/${id}/files`, fileForm('don.txt', 'x'));
    const got = await house.ask('GET', `/files/${file.body.id}`, undefined, { token: house.tokens.viewer });
    assert.equal(got.status, 404);
  });

  it('leave no personal data in the log', async () => {
    const id = await register();
    await house.ask('PATCH', `/cases/${id}`, {
      citizens: [{ ...citizen, phone: '0987654321' }],
      summary: 'Bí mật đời tư',
    });
    await step(id, { step: 'withdraw', reason: 'Bà Bưởi đã rút đơn' });
    await house.ask('POST', `/cases/${id}/files`, fileForm('Bưởi.txt', 'x'));
    const entries = await house.log.find({ event: 'api.change', limit: 1000 });
    const text = JSON.stringify(entries.filter(({ detail }) => detail.what === 'case' || detail.what === 'file'));
    for (const secret of [
      'Bưởi',
      citizen.phone,
      '0912345678',
      '0987654321',
      '024048001234',
      'Thôn Đông',
      'ranh giới',
      'đời tư',
    ]) {
      assert.ok(!text.includes(secret), secret);
    }
    const changed = entries.find(({ detail }) => detail.id === id && detail.action === 'change');
    assert.ok(changed);
    assert.deepEqual((changed.detail.after as { withheld: string[] }).withheld, ['citizens', 'summary']);
    const kept = await house.ask('GET', `/cases/${id}`);
    assert.deepEqual(
      (kept.body.history as { step: string; by: string }[]).map((one) => [one.step, one.by]),
      [['withdraw', 'admin']],
    );
  });

  it('refuse a change that another made meanwhile', async () => {
    const id = await register();
    const etag = String((await house.ask('GET', `/cases/${id}`)).headers.get('etag'));
    assert.equal(
      (await house.ask('PATCH', `/cases/${id}`, { people: 2 }, { headers: { 'if-match': etag } })).status,
      200,
    );
    const late = await house.ask('PATCH', `/cases/${id}`, { people: 3 }, { headers: { 'if-match': etag } });
    assert.equal(late.status, 412);
  });

  it('come onto a session and off it again', async () => {
    const raw = await register();
    assert.equal(code(await house.ask('POST', '/sessions', { title: 'P', caseIds: [raw] })), 'case.not-accepted');
    const id = await accepted();
    const one = await house.ask('POST', '/sessions', { title: 'P', caseIds: [id] });
    assert.equal(code(await house.ask('POST', '/sessions', { title: 'Q', caseIds: [id] })), 'case.not-accepted');
    const state = async () => (await house.ask('GET', `/cases/${id}`)).body;
    assert.equal((await state()).sessionId, one.body.id);
    assert.equal((await house.ask('GET', `/sessions?caseId=${id}`)).body.total, 1);
    await house.ask('PATCH', `/sessions/${one.body.id}`, { caseIds: [] });
    assert.equal((await state()).state, 'accepted');
    assert.equal('sessionId' in (await state()), false);
    await house.ask('PATCH', `/sessions/${one.body.id}`, { caseIds: [id] });
    await house.ask('POST', `/sessions/${one.body.id}/cancel`, { reason: 'mất điện' });
    const back = await state();
    assert.equal(back.state, 'accepted');
    assert.equal((back.history as { reason?: string }[]).at(-1)?.reason, 'mất điện');
  });

  it('are held when their session is closed with its outcome, and get their notice', async () => {
    const id = await accepted();
    const session = await house.ask('POST', '/sessions', { title: 'P', caseIds: [id] });
    await house.ask('POST', `/sessions/${session.body.id}/start`);
    await house.ask('POST', `/sessions/${session.body.id}/end`);
    const outcome = { text: 'Xong', cases: [{ caseId: id, outcome: 'Giao phòng Kinh tế.' }] };
    assert.equal((await house.ask('PUT', `/sessions/${session.body.id}/outcome`, outcome)).status, 200);
    assert.equal((await house.ask('GET', `/cases/${id}`)).body.outcome, 'Giao phòng Kinh tế.');
    assert.equal(code(await step(id, { step: 'issue-notice' })), 'notice.incomplete');
    const notice = { number: '7', date: '2026-02-05T09:00:00+07:00', content: 'Nội dung & <ý kiến>' };
    assert.equal((await house.ask('PUT', `/cases/${id}/notice`, notice)).status, 200);
    const docx = (await house.ask('GET', `/cases/${id}/notice.docx`)).bytes;
    const xml = String((await readZip(docx)).get('word/document.xml'));
    for (const text of [
      'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
      'Số: 7/TB-UBND',
      'ngày 05 tháng 02 năm 2026',
      'DỰ THẢO',
    ]) {
      assert.ok(xml.includes(text), text);
    }
    assert.ok(xml.includes('Nội dung &amp; &lt;ý kiến&gt;'));
    assert.ok(!xml.includes(citizen.phone) && !xml.includes(citizen.idNumber), 'no phone and no card in a notice');
    await step(id, { step: 'issue-notice' });
    assert.equal(code(await house.ask('PUT', `/cases/${id}/notice`, notice)), 'notice.not-held');
  });

  describe('files', () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const cases: [name: string, content: Buffer | string, status: number, code: string | undefined][] = [
      ['Ảnh.png', png, 201, undefined],
      ['anh.jpg', png, 400, 'upload.kind'],
      ['trang.html', '<html><script>alert(1)</script>', 400, 'upload.kind'],
      ['anh.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 400, 'upload.kind'],
      ['don.txt', 'Kính gửi', 201, undefined],
      ['don.txt', Buffer.from([0x4d, 0x5a, 0x00, 0x01]), 400, 'upload.kind'],
      ['don.pdf', 'không phải PDF', 400, 'upload.kind'],
      ['', 'x', 400, undefined],
      ['../../etc/passwd.txt', 'x', 201, undefined],
      ['to.txt', 'x'.repeat(1024 * 1024 + 1), 413, 'body-too-large'],
    ];
    for (const [name, content, status, refusal] of cases) {
      it(`“${name}” of ${content.length} bytes: ${status}`, async () => {
        const id = await register();
        const answer = await house.ask('POST', `/cases/${id}/files`, fileForm(name, content));
        assert.equal(answer.status, status, answer.text);
        if (refusal !== undefined) assert.equal(code(answer), refusal);
        if (status !== 201) return;
        assert.ok(!String(answer.body.name).includes('/'));
        const got = await house.ask('GET', `/files/${answer.body.id}`);
        assert.deepEqual(got.bytes, Buffer.from(content));
        assert.match(String(got.headers.get('content-disposition')), /^attachment; /);
        assert.match(String(got.headers.get('content-security-policy')), /sandbox/);
        assert.equal(got.headers.get('x-content-type-options'), 'nosniff');
      });
    }
    it('what was refused leaves nothing on the disk', async () => {
      const kept = new Set((await house.store.attachments.find()).map(({ id }) => id));
      assert.deepEqual(
        readdirSync(join(house.dataDir, 'files')).filter((name) => !kept.has(name)),
        [],
      );
    });
    it('a body that is no form is refused', async () => {
      const id = await register();
      const answer = await house.ask('POST', `/cases/${id}/files`, { file: 'x' });
      assert.equal(code(answer), 'upload.not-multipart');
    });
    it('a file whose bytes were changed on the disk is not handed out in another length', async () => {
      const id = await register();
      const { body } = await house.ask('POST', `/cases/${id}/files`, fileForm('a.txt', 'abc'));
      writeFileSync(join(house.dataDir, 'files', String(body.id)), 'abcd');
      assert.equal((await house.ask('GET', `/files/${body.id}`)).status, 404);
    });
  });
});
