import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openCameras } from '../../../../bench/load/cameras.ts';
import type { Clip } from '../../../../bench/load/clip.ts';
import { Eye } from '../../../../bench/load/eye.ts';
import { openRoom } from '../../../../bench/load/room.ts';
import { socketOf } from '../../../../bench/load/socket.ts';
import { type Engine, startMedia } from '../engine.ts';
import { colourOf, reached, smallClip, speaks } from './screening.ts';

/* A terminal that knows an old codec alone, played by FFmpeg's own RTP, beside one with H.264. */

/** As many as are received: about four seconds. */
const pictures = 60;
/** Full intra request of RFC 2032, as old terminals send it. */
const intraRequest = Buffer.from([0x80, 192, 0, 1, 0, 0, 0, 0]);

const codecs = [
  { name: 'H.263', type: 34, map: 'H263/90000', encoder: 'h263' },
  { name: 'H.263 version 2', type: 98, map: 'H263-1998/90000', encoder: 'h263p' },
  { name: 'H.261', type: 31, map: 'H261/90000', encoder: 'h261' },
] as const;

describe('media engine: terminals with H.261 or H.263 alone', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'older-'));
  let red: Clip;
  let engine: Engine;
  let running: ChildProcess | undefined;

  before(async () => {
    red = smallClip('red');
    engine = await startMedia();
  });
  afterEach(async () => {
    if (running === undefined) return;
    const gone = once(running, 'exit');
    if (running.exitCode === null && running.kill('SIGKILL')) await gone;
    running = undefined;
  });
  after(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const freePort = async (): Promise<number> => {
    const socket = await socketOf(1 << 16);
    const { port } = socket.address();
    socket.close();
    return port;
  };
  const section = (port: number, { type, map }: (typeof codecs)[number]): string =>
    `m=video ${port} RTP/AVP ${type}\r\na=rtpmap:${type} ${map}\r\na=fmtp:${type} CIF=2;QCIF=2\r\n`;

  for (const codec of codecs) {
    it(`${codec.name}: is shown the H.264 of another, as FFmpeg receives and decodes it`, async () => {
      const port = await freePort();
      const [sdp, seen] = [join(folder, 'offer.sdp'), join(folder, 'seen.yuv')];
      const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
      writeFileSync(sdp, `${lines.join('\r\n')}\r\n${section(port, codec)}`);
      running = spawn('ffmpeg', [
        ...['-v', 'error', '-y', '-protocol_whitelist', 'file,udp,rtp', '-i', sdp, '-frames:v', String(pictures)],
        ...['-vsync', 'passthrough', '-vf', 'scale=16:16,format=yuv444p', '-f', 'rawvideo', seen],
      ]);
      let faults = '';
      running.stderr?.on('data', (data) => {
        faults += data;
      });
      const done = once(running, 'exit');
      await pause(500);
      const cameras = await openCameras(2, { clipOf: () => red });
      let rtcpPort = 0;
      const room = await openRoom(reached(engine), 2, {
        pictures: {
          section: (caller) => (caller === 0 ? section(port, codec) : cameras.pictures.section(caller)),
          answered: (caller, enginePort) => {
            if (caller === 0) rtcpPort = enginePort + 1;
            else cameras.pictures.answered(caller, enginePort);
          },
        },
      });
      speaks(room, 1);
      room.start();
      cameras.start();
      // FFmpeg may have opened its port late.
      const control = await socketOf(1 << 16);
      const asking = setInterval(() => control.send(intraRequest, rtcpPort, '127.0.0.1'), 1_000);
      await done;
      clearInterval(asking);
      control.close();
      cameras.stop();
      await room.close();
      const bytes = readFileSync(seen);
      assert.ok(bytes.length >= pictures * 768, `${bytes.length / 768} pictures: ${faults}`);
      const last = bytes.subarray(bytes.length - 768);
      assert.ok(last[512 + 8 * 16 + 3]! > 190, 'the left half is not red');
      assert.ok(last[512 + 8 * 16 + 13]! < 190 || last[8 * 16 + 13]! > 100, 'the right half is red too');
    });

    it(`${codec.name}: another with H.264 is shown it`, async () => {
      const cameras = await openCameras(2, { clipOf: () => red });
      const eye = new Eye();
      cameras.shown = (caller, packet, atMs) => {
        if (caller === 0) eye.take(packet, atMs);
      };
      const [port, local] = [await freePort(), await freePort()];
      let enginePort = 0;
      const room = await openRoom(reached(engine), 2, {
        pictures: {
          section: (caller) => (caller === 1 ? section(port, codec) : cameras.pictures.section(caller)),
          answered: (caller, answered) => {
            if (caller === 1) enginePort = answered;
            else cameras.pictures.answered(caller, answered);
          },
        },
      });
      running = spawn('ffmpeg', [
        ...['-v', 'error', '-re', '-f', 'lavfi', '-i', 'color=blue:s=352x288:r=15', '-c:v', codec.encoder, '-g', '15'],
        ...['-b:v', '300k', '-ps', '1000', '-payload_type', String(codec.type)],
        ...(codec.encoder === 'h263' ? ['-rtpflags', 'rfc2190'] : []),
        ...[
          '-strict',
          'experimental',
          '-f',
          'rtp',
          `rtp://127.0.0.1:${enginePort}?localrtpport=${local}&pkt_size=1200`,
        ],
      ]);
      speaks(room, 1);
      room.start();
      cameras.start();
      for (let waited = 0; waited < 150 && cameras.seen[0]!.pictures < 40; waited++) await pause(100);
      cameras.stop();
      await room.close();
      const sights = eye.open();
      assert.ok(sights.length > 20, `${sights.length} pictures`);
      assert.equal(colourOf(sights.at(-1)!), 'blue');
    });
  }
});
