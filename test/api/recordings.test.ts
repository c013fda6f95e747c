import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Recording } from '../../store/schema/session.ts';
import { type House, openHouse } from './house.ts';

describe('API: recorded files in parts', function () {
  this.timeout(60_000);
  const bytes = randomBytes(100_000);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  let house: House;
  before(async () => {
    house = await openHouse();
    mkdirSync(join(house.dataDir, 'recordings', 'phien'), { recursive: true });
    writeFileSync(join(house.dataDir, 'recordings', 'phien', 'room.wav'), bytes);
    writeFileSync(join(house.dataDir, 'private.txt'), 'secret');
    const closed = {
      attempts: 0,
      sessionId: 's',
      kind: 'room',
      format: 'wav',
      bytes: bytes.length,
      startedAt: new Date(),
    } as const;
    const insert = (id: string, path: string, state: Recording['state']) =>
      house.store.recordings.insert({
        ...closed,
        parts: [],
        id,
        path,
        state,
        sha256,
        endedAt: new Date('2026-05-13T05:00:00Z'),
      });
    await insert('whole', 'phien/room.wav', 'closed');
    await insert('outside', '../private.txt', 'closed');
    await insert('lost', 'phien/lost.wav', 'closed');
    await insert('running', 'phien/room.wav', 'recording');
  });
  after(() => house?.close());

  const get = async (headers: Record<string, string>, method = 'GET', id = 'whole') => {
    const response = await fetch(`${house.url}/recordings/${id}/file`, {
      method,
      headers: { authorization: `Bearer ${house.tokens.viewer}`, ...headers },
    });
    const { status } = response;
    return { status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  };

  const size = bytes.length;
  const parts: [range: string, status: number, start: number, end: number][] = [
    ['bytes=0-0', 206, 0, 0],
    ['bytes=10-19', 206, 10, 19],
    ['bytes=99990-', 206, 99_990, 99_999],
    ['bytes=-5', 206, 99_995, 99_999],
    ['bytes=0-999999', 206, 0, 99_999],
    ['bytes=0-1,5-6', 200, 0, 99_999],
    ['lines=1-2', 200, 0, 99_999],
    ['bytes=x', 200, 0, 99_999],
  ];
  for (const [range, status, start, end] of parts) {
    it(`Range: ${range} gives ${status}`, async () => {
      const answer = await get({ range });
      assert.equal(answer.status, status);
      assert.ok(answer.body.equals(bytes.subarray(start, end + 1)));
      assert.equal(answer.headers.get('content-length'), String(end - start + 1));
      const wanted = status === 206 ? `bytes ${start}-${end}/${size}` : null;
      assert.equal(answer.headers.get('content-range'), wanted);
    });
  }
  it('a part that is not there gives 416 and the size', async () => {
    const answer = await get({ range: 'bytes=100000-' });
    assert.deepEqual([answer.status, answer.headers.get('content-range')], [416, `bytes */${size}`]);
  });
  it('HEAD gives the headers alone', async () => {
    const answer = await get({}, 'HEAD');
    assert.deepEqual([answer.status, answer.body.length], [200, 0]);
    assert.equal(answer.headers.get('content-length'), String(size));
    assert.equal(answer.headers.get('etag'), `"${sha256}"`);
    assert.equal(answer.headers.get('content-type'), 'audio/wav');
    assert.equal(answer.headers.get('accept-ranges'), 'bytes');
  });
  it('a known file is not sent again; a part of another file is not sent', async () => {
    assert.equal((await get({ 'if-none-match': `"${sha256}"` })).status, 304);
    assert.equal((await get({ range: 'bytes=0-1', 'if-range': `"${sha256}"` })).status, 206);
    assert.equal((await get({ range: 'bytes=0-1', 'if-range': '"other"' })).status, 200);
  });
  it('nothing outside the recordings, nothing that runs, nothing that is gone', async () => {
    assert.equal((await get({}, 'GET', 'outside')).status, 404);
    assert.equal((await get({}, 'GET', 'lost')).status, 404);
    assert.equal((await get({}, 'GET', 'running')).status, 409);
  });
});
