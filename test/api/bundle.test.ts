import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'mocha';
import yazl from 'yazl';
import { verifyBundle } from '../../store/bundle/verify-bundle.ts';
import { readZip } from '../documents/zip.ts';
import { type House, openHouse } from './house.ts';

type Files = Map<string, Buffer>;

async function zipOf(files: Files): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, content] of files) zip.addBuffer(content, name);
  zip.end();
  return buffer(zip.outputStream as unknown as Readable);
}

describe('the bundle of a session', function () {
  this.timeout(60_000);
  let house: House;
  let files: Files;
  let bundle: Buffer;
  let session: string;
  before(async () => {
    house = await openHouse();
    session = String((await house.ask('POST', '/sessions', { title: 'Phiên 13/5' })).body.id);
    const early = await house.ask('GET', `/sessions/${session}/bundle.zip`);
    assert.equal(early.status, 409);
    await house.ask('POST', `/sessions/${session}/start`);
    await house.ask('POST', `/sessions/${session}/end`);
    mkdirSync(join(house.dataDir, 'recordings'), { recursive: true });
    const film = Buffer.alloc(300_000, 'phim');
    writeFileSync(join(house.dataDir, 'recordings', 'phim.mp4'), film);
    const sha256 = createHash('sha256').update(film).digest('hex');
    const own = { sessionId: session, path: 'phim.mp4', format: 'mp4', parts: [], attempts: 0, startedAt: new Date() };
    await house.store.recordings.insert({
      id: 'film',
      kind: 'room',
      state: 'closed',
      bytes: film.length,
      sha256,
      ...own,
    });
    await house.store.recordings.insert({ id: 'gone', kind: 'track', state: 'deleted', bytes: 5, sha256, ...own });
    bundle = (await house.ask('GET', `/sessions/${session}/bundle.zip`)).bytes;
    files = await readZip(bundle);
  });
  after(() => house?.close());

  const verdictOf = async (archive: Buffer, key?: string) => {
    const file = join(house.dataDir, 'bundle.zip');
    writeFileSync(file, archive);
    return verifyBundle(file, key);
  };
  const changed = async (change: (copy: Files) => void) => {
    const copy = new Map(files);
    change(copy);
    return (await verdictOf(await zipOf(copy))).faults.map(({ code, what }) => `${code} ${what}`);
  };
  const edit = (name: string, from: string, to: string) => (copy: Files) => {
    const text = String(copy.get(name));
    assert.ok(text.includes(from), `${name} holds ${from}`);
    copy.set(name, Buffer.from(text.replace(from, to)));
  };

  it('holds recordings, log, hashes, signature, key and notes, and is sound', async () => {
    assert.deepEqual(
      [...files.keys()],
      [
        'recordings/film.mp4',
        'log.ndjson',
        'DOC-TRUOC.txt',
        'READ-ME.txt',
        'log-anchor.pub.pem',
        'manifest.json',
        'manifest.sig',
      ],
    );
    const key = readFileSync(join(house.dataDir, 'keys', 'log-anchor.pub.pem'), 'utf8');
    const verdict = await verdictOf(bundle, key);
    assert.deepEqual(verdict.faults, []);
    assert.equal(verdict.manifest?.session.title, 'Phiên 13/5');
    assert.ok(verdict.entries >= 3 && String(files.get('log.ndjson')).includes('session.exported'));
    assert.deepEqual(
      verdict.manifest?.recordings.map(({ id, state, path }) => [id, state, path]),
      [
        ['film', 'closed', 'recordings/film.mp4'],
        ['gone', 'deleted', undefined],
      ],
    );
  });

  const forgeries: [name: string, change: (copy: Files) => void, faults: RegExp][] = [
    [
      'a recording changed',
      (copy) => copy.set('recordings/film.mp4', Buffer.alloc(300_000, 'khac')),
      /file-changed .*recording-changed/,
    ],
    ['a recording taken out', (copy) => copy.delete('recordings/film.mp4'), /^file-missing recordings\/film\.mp4$/],
    ['a file put in', (copy) => copy.set('them.txt', Buffer.from('x')), /^file-added them\.txt$/],
    [
      'a log entry changed',
      edit('log.ndjson', '"action":"start"', '"action":"stopp"'),
      /file-changed log\.ndjson.*entry-changed \d+/,
    ],
    ['the manifest changed', edit('manifest.json', 'Phiên 13/5', 'Phiên 14/5'), /^signature manifest\.sig$/],
    ['another signature', (copy) => copy.set('manifest.sig', Buffer.from('AAAA')), /^signature manifest\.sig$/],
    ['no manifest', (copy) => copy.delete('manifest.json'), /^unreadable manifest\.json$/],
  ];
  for (const [name, change, faults] of forgeries) {
    it(`shows ${name}`, async () => assert.match((await changed(change)).join(', '), faults));
  }

  it('shows a bundle signed by another', async () => {
    const other =
      '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n';
    assert.deepEqual(
      (await verdictOf(bundle, other)).faults.map(({ code }) => code),
      ['signature'],
    );
  });
  it('shows a file that is no bundle', async () => {
    assert.deepEqual(
      (await verdictOf(Buffer.from('PK nothing'))).faults.map(({ code }) => code),
      ['unreadable'],
    );
    assert.deepEqual(
      (await verdictOf(bundle.subarray(0, bundle.length - 500))).faults.map(({ code }) => code),
      ['unreadable'],
    );
  });
});
