import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { meanOf, named, sees } from '../../../peers/pictures.ts';
import { type Seat, Stage } from './stage.ts';

interface Probe {
  streams: { codec_name: string; width?: number; height?: number; sample_rate?: string; duration?: string }[];
  packets: { codec_type: string; pts_time: string; duration_time: string }[];
}

/** What ffprobe reads in a film; every packet is decoded, and nothing may be wrong with it. */
function probed(path: string): Probe & { seconds: { audio: number; video: number } } {
  const asked = ['-v', 'error', '-show_streams', '-show_packets', '-of', 'json', path];
  const told = spawnSync('ffprobe', asked, { maxBuffer: 64 << 20 });
  assert.equal(told.stderr.toString(), '');
  const decoded = spawnSync('ffmpeg', ['-v', 'error', '-i', path, '-vsync', 'vfr', '-f', 'null', '-']);
  assert.equal(decoded.stderr.toString(), '');
  const probe = JSON.parse(told.stdout.toString()) as Probe;
  const end = (type: string): number =>
    probe.packets
      .filter((packet) => packet.codec_type === type)
      .reduce((last, packet) => Math.max(last, Number(packet.pts_time) + Number(packet.duration_time)), 0);
  return { ...probe, seconds: { audio: end('audio'), video: end('video') } };
}

describe('media engine: films of a room', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'films-'));
  let stage: Stage;
  let red: Seat;
  let green: Seat;

  before(async () => {
    stage = await Stage.open({ RECORDINGS_DIR: folder });
    red = await stage.seat('red', 'red');
    green = await stage.seat('green', 'green');
    await Promise.all([sees(red.terminal, 'green'), sees(green.terminal, 'red')]);
  });
  after(async () => {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ended = async (path: string): Promise<void> => {
    for (let tries = 0; tries < 200; tries++) {
      if (stage.maintenance.some(({ action, Path }) => action === 'stop-recording' && Path === path)) return;
      await pause(50);
    }
    throw new Error('no stop-recording');
  };

  it('hold the mix and the composed picture, while viewers see the speaker, without what was paused', async () => {
    const path = join(folder, 'room.mp4');
    await stage.speaks(red);
    assert.match(await stage.command(`record ${path}`), /^\+OK/);
    await pause(4_000);
    await stage.command(`pause ${path}`);
    await pause(3_000);
    await stage.command(`resume ${path}`);
    await pause(2_000);
    await stage.command(`norecord ${path}`);
    await ended(path);
    const { streams, seconds } = probed(path);
    assert.deepEqual(streams.map((stream) => stream.codec_name).sort(), ['aac', 'h264']);
    assert.ok(Math.abs(seconds.audio - seconds.video) < 0.2, `${seconds.audio} s sound, ${seconds.video} s pictures`);
    assert.ok(seconds.audio > 5 && seconds.audio < 7.5, `${seconds.audio} s`);
    const shot = join(folder, 'shot.png');
    spawnSync('ffmpeg', ['-v', 'error', '-y', '-ss', '2', '-i', path, '-frames:v', '1', shot]);
    const tile = (x: number) => ({ x, y: 0.3, width: 0.3, height: 0.15 });
    assert.equal(named(meanOf(shot, tile(0.1))), 'red');
    assert.equal(named(meanOf(shot, tile(0.6))), 'green');
    const volume = spawnSync('ffmpeg', ['-i', path, '-af', 'volumedetect', '-vn', '-f', 'null', '-']).stderr.toString();
    assert.ok(Number(/mean_volume: (-?[\d.]+) dB/.exec(volume)?.[1]) > -40, volume.slice(-300));
  });

  it('refuse a file that cannot be written, and go on', async () => {
    await stage.command(`record ${join(folder, 'nowhere', 'room.mp4')}`);
    await ended(join(folder, 'nowhere', 'room.mp4'));
    assert.ok(stage.maintenance.some(({ action }) => action === 'recording-failed'));
    assert.ok(stage.media.alive());
  });

  it('play up to the last second when the engine is killed', async () => {
    const path = join(folder, 'killed.mp4');
    await stage.command(`record ${path}`);
    await pause(5_000);
    await stage.media.stop('SIGKILL');
    await pause(500);
    assert.ok(existsSync(path));
    const { seconds } = probed(path);
    assert.ok(seconds.video > 3.5 && seconds.audio > 3.5, JSON.stringify(seconds));
  });
});
