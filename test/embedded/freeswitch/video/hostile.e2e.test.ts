import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clip } from '../../../../bench/load/clip.ts';
import { newSights, recognisable } from '../../../../bench/load/eye.ts';
import { writeFir, writePli, writeTmmbn } from '../../../../embedded/freeswitch/video/stream/feedback.ts';
import { type Engine, secret, startMedia } from '../engine.ts';
import { EslClient } from '../esl-client.ts';
import { mutate, randomFrom } from '../random.ts';
import { colourOf, picturesOf, smallClip, watched } from './screening.ts';

/** What a process may gain by warming up, KiB. */
const growth = 60_000;

describe('media engine: bad packets beside pictures', function () {
  this.timeout(90_000);
  let red: Clip;
  let blue: Clip;
  let engine: Engine;
  let esl: EslClient;

  before(async () => {
    red = smallClip('red');
    blue = smallClip('blue');
    engine = await startMedia();
    esl = await EslClient.open(engine.ports.esl!, secret);
  });
  after(async () => {
    esl.close();
    await engine.stop();
  });

  /** Counts of what was left aside of a leg's pictures, by its port. */
  async function refused(enginePort: number): Promise<Record<string, number>> {
    for (const line of (await esl.api('show channels')).split('\n').slice(1)) {
      const uuid = line.split(',')[0]!;
      if (!/^[0-9a-f-]{36}$/.test(uuid)) continue;
      if (!(await esl.api(`uuid_getvar ${uuid} rtp_local_sdp_str`)).includes(`m=video ${enginePort} `)) continue;
      await esl.api(`uuid_set_media_stats ${uuid}`);
      const counts: Record<string, number> = {};
      for (const name of ['malformed', 'forged', 'unknown_type', 'flood']) {
        counts[name] = Number(await esl.api(`uuid_getvar ${uuid} rtp_video_in_${name}_count`));
      }
      return counts;
    }
    throw new Error(`no channel with port ${enginePort}`);
  }

  const rtpOf = (clip: Clip, count: number, type = 96): Buffer => {
    const packets = clip.frames.flat();
    const packet = Buffer.from(packets[count % packets.length]!);
    packet[0] = 0x80;
    packet[1] = type;
    packet.writeUInt16BE(count & 0xffff, 2);
    packet.writeUInt32BE(count * 3_600, 4);
    packet.writeUInt32BE(0xdead, 8);
    return packet;
  };

  it('a forger, wrong types, broken and oversized packets, requests without end: counted, and the picture goes on', async () => {
    let counts: Record<string, number> = {};
    const before = engine.memory();
    const stranger = createSocket('udp4');
    const sights = await watched(engine, [red, red, blue], async (_room, cameras) => {
      await pause(1_500);
      const port = cameras.enginePort(1);
      const bad = [
        Buffer.alloc(0),
        Buffer.from([0x80]),
        Buffer.alloc(200, 0x40),
        Buffer.concat([Buffer.from([0x8f, 96]), Buffer.alloc(20)]),
        Buffer.concat([Buffer.from([0x90, 96]), Buffer.alloc(10), Buffer.from([0, 0, 0xff, 0xff])]),
        Buffer.alloc(9_000, 1),
      ];
      const requests = Buffer.concat([writePli(1, 0), writeFir(1, 0, 1), writeTmmbn(1, 0, 64_000)]);
      for (let beat = 0; beat < 60; beat++) {
        for (const data of bad) cameras.inject(1, data, 'rtp');
        cameras.inject(1, rtpOf(blue, beat, 77), 'rtp');
        // Ten times the speaker's own rate.
        for (let count = 0; count < 16; count++) stranger.send(rtpOf(blue, beat * 16 + count), port, '127.0.0.1');
        for (let count = 0; count < 20; count++) cameras.inject(0, requests, 'rtcp');
        for (const data of bad) cameras.inject(1, data, 'rtcp');
        await pause(20);
      }
      counts = await refused(port);
      await pause(500);
      assert.ok(cameras.asked < 40, `${cameras.asked} key frames asked of the cameras`);
    });
    stranger.close();
    assert.ok(counts.malformed! >= 100, JSON.stringify(counts));
    assert.ok(counts.forged! >= 300 && counts.unknown_type! >= 30, JSON.stringify(counts));
    assert.ok(sights.every((sight) => colourOf(sight) === 'red'));
    assert.ok(newSights(sights, picturesOf(red), 1).length > sights.length - 4);
    assert.ok(engine.alive(), engine.log());
    assert.ok(engine.memory() - before < growth, `grew by ${engine.memory() - before} KiB`);
  });

  it('ten times the rate from the right source: counted, not passed on, and the room goes on', async () => {
    let counts: Record<string, number> = {};
    let shown = 0;
    const before = engine.memory();
    const sights = await watched(engine, [red, red, blue], async (_room, cameras) => {
      await pause(1_000);
      const at = cameras.seen[0]!.packets;
      for (let beat = 0; beat < 100; beat++) {
        for (let count = 0; count < 200; count++) cameras.inject(1, rtpOf(red, beat * 200 + count), 'rtp');
        await pause(10);
      }
      shown = cameras.seen[0]!.packets - at;
      counts = await refused(cameras.enginePort(1));
      await pause(3_000);
    });
    assert.ok(counts.flood! > 5_000, JSON.stringify(counts));
    assert.ok(shown < 15_000, `${shown} packets were passed on`);
    // After the flood the speaker's picture is whole again.
    const late = sights.filter(({ atMs }) => atMs > sights.at(-1)!.atMs - 1_000);
    assert.ok(newSights(late, picturesOf(red), recognisable).length > 10);
    assert.ok(engine.alive(), engine.log());
    assert.ok(engine.memory() - before < growth, `grew by ${engine.memory() - before} KiB`);
  });

  it('2,000 mutated packets and reports of a composed speaker: the others’ tiles go on', async () => {
    const below = randomFrom(41);
    const sights = await watched(engine, [blue, red, blue], async (room, cameras) => {
      await esl.api(`conference ${room.name} vid-layout 2x2`);
      await pause(2_000);
      for (let count = 0; count < 2_000; count++) {
        cameras.inject(2, mutate(rtpOf(blue, count), below), 'rtp');
        cameras.inject(2, mutate(writeFir(1, 0, count & 0xff), below), 'rtcp');
        if (count % 20 === 19) await pause(10);
      }
      await pause(2_000);
    });
    const late = sights.filter(({ atMs }) => atMs > sights.at(-1)!.atMs - 1_000);
    assert.ok(late.length > 10, `${late.length} pictures`);
    for (const { luma } of late) {
      // In the order that they came, whatever it was; the coloured half of each tile.
      const shades = [4 * 32 + 4, 4 * 32 + 20, 13 * 32 + 4].map((at) => luma[at]!);
      assert.ok(shades.some((shade) => shade > 70 && shade < 92) && shades.some((shade) => shade < 52), String(shades));
    }
    assert.ok(engine.alive(), engine.log());
  });

  it('a studio that is killed alone is started again, and the composed picture comes back', async () => {
    let killed = 0;
    const sights = await watched(engine, [red, red, blue], async (room) => {
      await esl.api(`conference ${room.name} vid-layout 2x2`);
      await pause(3_000);
      const [studio] = childrenOf(engine.pid);
      assert.ok(studio !== undefined, 'no studio runs');
      process.kill(studio, 'SIGKILL');
      killed = performance.now();
      for (let waited = 0; waited < 100 && (childrenOf(engine.pid)[0] ?? studio) === studio; waited++) await pause(50);
      await pause(4_000);
    });
    assert.ok(engine.alive(), engine.log());
    // The lower right tile is empty: black, as in no camera's picture.
    const isComposed = ({ luma }: { luma: Uint8Array }): boolean => luma[14 * 32 + 24]! < 20;
    const before = sights.filter(({ atMs }) => atMs < killed && atMs > killed - 1_000);
    const late = sights.filter(({ atMs }) => atMs > killed + 2_000 && atMs > sights.at(-1)!.atMs - 1_000);
    assert.ok(
      before.length > 10 && before.every(isComposed),
      `${before.filter(isComposed).length} of ${before.length}`,
    );
    assert.ok(late.length > 10 && late.every(isComposed), `${late.filter(isComposed).length} of ${late.length}`);
  });
});

/** Processes that a process started. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => {
      try {
        return (
          Number(
            readFileSync(`/proc/${one}/stat`, 'utf8')
              .replace(/^.*\) /, '')
              .split(' ')[1],
          ) === pid
        );
      } catch {
        return false;
      }
    });
}
