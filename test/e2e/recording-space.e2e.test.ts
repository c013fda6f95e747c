import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { ApiRefusal } from '../../tools/api-client.ts';
import type { Baresip } from '../peers/baresip.ts';
import { probed } from '../peers/films.ts';
import { Product } from '../peers/product.ts';
import { writeTone } from '../peers/tones.ts';
import { finished, openRoom, recordingsOf, terminal } from './recorded-room.ts';

const megabyte = 1e6;
/** How much is free at first, and where the two thresholds lie, MB. */
const [freeAtFirst, warn, stop] = [160, 100, 50];

describe('space for recordings, and their second archive', function () {
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), 'recording-space-'));
  const disk = join(folder, 'disk');
  const archive = join(folder, 'archive');
  let mounted = false;
  let product: Product;
  let phone: Baresip;
  let session: { id: string; room: string };
  /** The file system's own free space, and ours of it: what is beyond belongs to somebody else. */
  let others = 0;

  const free = (): number => {
    const { bavail, bsize } = statfsSync(disk);
    return (bavail * bsize) / megabyte - others;
  };
  /** Fills the disk until only so many MB are free. */
  function fillTo(megabytes: number): void {
    const file = openSync(join(disk, 'ballast'), 'a');
    for (const piece = Buffer.alloc(megabyte, 1); free() > megabytes; ) writeSync(file, piece);
    closeSync(file);
  }

  before(async () => {
    mkdirSync(disk);
    mkdirSync(archive);
    writeTone(join(folder, 'tone.wav'), 500, 120);
    // A small disk of its own, where we may make one; else what is free is counted from a line drawn on the real one.
    const size = `size=${freeAtFirst}m`;
    mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', disk]).status === 0;
    others = mounted ? 0 : free() - freeAtFirst;
    product = await Product.start({
      prepare: (dataDir) => {
        mkdirSync(join(disk, 'recordings'));
        spawnSync('ln', ['-s', join(disk, 'recordings'), join(dataDir, 'recordings')]);
      },
      environment: {
        ARCHIVE_DIR: archive,
        SPACE_WARN_MB: String(others + warn),
        SPACE_STOP_MB: String(others + stop),
        SPACE_CHECK_S: '0.2',
      },
    });
    phone = await terminal(product, 'phone', '101', join(folder, 'tone.wav'));
    session = await openRoom(product, 'Phiên dài');
    await phone.dial(session.room);
    await product.events.logged('recording.announced');
  });
  after(async () => {
    await phone?.stop();
    await product?.stop();
    if (mounted) spawnSync('umount', [disk]);
    rmSync(folder, { recursive: true, force: true });
  });

  const incident = (code: string) =>
    product.events.once(({ data, name }) => name === 'incident' && data.code === code, code);
  const health = async () =>
    product.get<{ status: string; details: { space: { state: string; freeBytes: number } } }>('/health');

  it('a disk that fills is an alarm while there is still room', async () => {
    assert.equal((await health()).details.space.state, 'ok');
    fillTo(warn - 20);
    await incident('space.low');
    await product.events.logged('space.low');
    const { details, status } = await health();
    assert.deepEqual([status, details.space.state], ['degraded', 'low']);
    const figures = (await product.download('/metrics')).bytes.toString();
    assert.match(figures, /^diemcau_recordings_space_state 1$/m);
    assert.ok((await recordingsOf(product, session.id)).every(({ state }) => state === 'recording'));
  });

  it('before its end recordings stop, calls go on', async () => {
    fillTo(stop - 20);
    await incident('space.full');
    for (const kind of ['room', 'track']) {
      const stopped = await product.events.logged('recording.stopped', ({ detail }) => detail.kind === kind);
      assert.equal(stopped.detail.reason, 'space');
    }
    const { items } = await product.get<{ items: { state: string }[] }>(`/sessions/${session.id}/legs`);
    assert.deepEqual(
      items.map(({ state }) => state),
      ['joined'],
    );
    assert.ok(free() > 10, `${free()} MB`);
    await product.put(`/sessions/${session.id}/recording`, { on: false });
    await assert.rejects(
      product.put(`/sessions/${session.id}/recording`, { on: true }),
      (error) => error instanceof ApiRefusal && error.status === 503 && /hết chỗ/.test(error.message),
    );
  });

  it('with room again the recording goes on in the same film', async () => {
    rmSync(join(disk, 'ballast'));
    await product.events.logged('space.ok');
    await product.put(`/sessions/${session.id}/recording`, { on: true });
    await product.events.logged('recording.resumed', ({ detail }) => detail.kind === 'room');
    await product.post(`/sessions/${session.id}/end`);
    const film = (await finished(product, session.id)).find(({ kind }) => kind === 'room');
    assert.deepEqual([film?.state, film?.parts.length], ['closed', 2]);
  });

  it('every recording has a verified copy, which proves itself', async () => {
    for (const { id, kind, sha256 } of await recordingsOf(product, session.id)) {
      const entry = await product.events.logged('recording.archived', ({ detail }) => detail.recordingId === id);
      assert.equal(entry.detail.sha256, sha256);
      const file = copyOf(kind);
      assert.equal(createHash('sha256').update(readFileSync(file)).digest('hex'), sha256);
      if (kind === 'room') probed(file);
    }
    const sums = spawnSync('sh', ['-c', 'sha256sum --check *.sha256'], { cwd: join(archive, session.id) });
    assert.equal(sums.status, 0, sums.stderr.toString());
    const checked = await product.tool('verify-recordings');
    assert.deepEqual([checked.code, checked.said.trim()], [0, 'ok, 4 files are what the log says they were']);
  });

  it('an altered copy is an incident, found by API and by tool', async () => {
    const film = (await recordingsOf(product, session.id)).find(({ kind }) => kind === 'room');
    appendFileSync(copyOf('room'), 'x');
    const checked = await product.tool('verify-recordings');
    assert.equal(checked.code, 1);
    assert.match(checked.said, /FAULT: .*room\.mp4 was altered/);
    const verdict = await product.post<{ intact: boolean; file: { state: string }; archive: { state: string } }>(
      `/recordings/${film?.id}/verify`,
    );
    assert.deepEqual([verdict.intact, verdict.file.state, verdict.archive.state], [false, 'intact', 'altered']);
    await incident('archive.altered');
    await product.events.logged('archive.altered');
  });

  function copyOf(kind: string): string {
    const found = spawnSync('ls', [join(archive, session.id)])
      .stdout.toString()
      .split('\n');
    const name = found.find((one) => one.endsWith(kind === 'room' ? '-room.mp4' : '.wav')) ?? '';
    return join(archive, session.id, name);
  }
});
