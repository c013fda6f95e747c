import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { AV_LOG_QUIET } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { Canvas } from '../../../../embedded/freeswitch/video/compose/studio/canvas.ts';
import { StudioEncoder } from '../../../../embedded/freeswitch/video/compose/studio/encoder.ts';
import { StudioSource } from '../../../../embedded/freeswitch/video/compose/studio/source.ts';
import { cutOlder, joinOlder, type OlderCodec } from '../../../../embedded/freeswitch/video/older/packets.ts';
import { readH261, readH263, readH263Plus } from '../../../../embedded/freeswitch/video/older/picture.ts';
import { mutate, randomFrom } from '../random.ts';

const mostBytes = 1_200;
const sizes = { QCIF: [176, 144], CIF: [352, 288] } as const;

/** A busy picture to encode, one after the other: the camera's H.264 of FFmpeg's test picture, decoded. */
function camera(): StudioSource {
  const made = spawnSync(
    'ffmpeg',
    [
      ...[
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        'testsrc2=s=640x360:r=25,drawbox=w=iw/2:color=red:t=fill',
        '-frames:v',
        '1',
      ],
      ...['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-tune', 'zerolatency', '-f', 'h264', '-'],
    ],
    { maxBuffer: 1 << 26 },
  );
  assert.equal(made.status, 0, made.stderr.toString());
  const source = new StudioSource('H264', () => {});
  source.push(made.stdout, true, false);

  assert.ok(source.generation > 0);
  return source;
}

/** Ten pictures of a codec in a size: bit streams with whether each is a key frame. */
function encoded(codec: OlderCodec, size: keyof typeof sizes): { data: Buffer; key: boolean }[] {
  const [width, height] = sizes[size];
  const canvas = new Canvas(width, height);
  const encoder = new StudioEncoder(
    { codec, width, height, framesPerSecond: 15, bitrate: 384_000, levelIdc: 0, sliced: false },
    false,
  );
  const source = camera();
  const pictures: { data: Buffer; key: boolean }[] = [];
  for (let count = 0; count < 10; count++) {
    canvas.place([{ member: 1, x: 2 * count, y: 0, width: width - 32, height, name: '' }]);
    canvas.draw(new Map([[1, source]]));
    encoder.encode(canvas.picture, BigInt(count * 2), (packet) =>
      pictures.push({ data: Buffer.from(packet.data!), key: packet.isKeyframe }),
    );
  }
  canvas.close();
  encoder.close();
  source.close();
  return pictures;
}

const readers = { H261: readH261, H263: readH263, 'H263-1998': readH263Plus };

describe('media engine: H.261 and H.263', () => {
  before(() => Log.setLevel(AV_LOG_QUIET));

  for (const codec of ['H261', 'H263', 'H263-1998'] as const) {
    for (const size of ['QCIF', 'CIF'] as const) {
      it(`${codec} in ${size}: pictures are cut at their groups, and put together again to the bit`, () => {
        const pictures = encoded(codec, size);
        assert.ok(pictures.length >= 9 && pictures[0]!.key);
        const source = new StudioSource(codec === 'H261' ? 'H261' : 'H263', () => {});
        for (const { data, key } of pictures) {
          const payloads = cutOlder(codec, data, key, mostBytes);
          assert.deepEqual(joinOlder(codec, payloads), data);
          const told = readers[codec](payloads[0]!);
          assert.deepEqual([told?.size?.width, told?.intra], [sizes[size][0], key]);
          source.push(joinOlder(codec, payloads), key, false);
        }
        assert.ok(source.generation >= pictures.length - 1, `${source.generation} of ${pictures.length} decoded`);
        // Seen as it was drawn: red in the left half.
        const canvas = new Canvas(176, 144);
        canvas.place([{ member: 1, x: 0, y: 0, width: 176, height: 144, name: '' }]);
        canvas.draw(new Map([[1, source]]));
        assert.ok(canvas.picture.data![2]![36 * canvas.picture.linesize[2]! + 22]! > 190);
        canvas.close();
        source.close();
      });
    }
  }

  it('packets that begin and end within a byte join to the bit', () => {
    const data = encoded('H261', 'CIF')[0]!.data;
    const payloads = cutOlder('H261', data, true, 300);
    assert.ok(payloads.length > 2);
    assert.ok(
      payloads.some((payload) => payload[0]! >> 5 !== 0),
      'none begins within a byte',
    );
    assert.deepEqual(joinOlder('H261', payloads), data);
    const older = cutOlder('H263', encoded('H263', 'CIF')[0]!.data, true, 300);
    assert.ok(older.length > 2 && older.every((payload) => payload[1]! >> 5 === 3 && (payload[1]! & 0x10) === 0));
  });

  it('modes B and C of RFC 2190 are read past their longer headers', () => {
    const bytes = Buffer.from([1, 2, 3, 4, 5]);
    const mode = (first: number, length: number): Buffer =>
      Buffer.concat([Buffer.from([first]), Buffer.alloc(length - 1), bytes]);
    for (const [first, length] of [
      [0x00, 4],
      [0x80, 8],
      [0xc0, 12],
    ] as const)
      assert.deepEqual(joinOlder('H263', [mode(first, length)]), bytes);
    assert.deepEqual(joinOlder('H263', [Buffer.alloc(0), Buffer.from([0xc0]), Buffer.alloc(4)]), Buffer.alloc(0));
  });

  it('takes 3,000 broken payloads', () => {
    const below = randomFrom(51);
    for (const codec of ['H261', 'H263', 'H263-1998'] as const) {
      const pictures = encoded(codec, 'QCIF');
      const source = new StudioSource(codec === 'H261' ? 'H261' : 'H263', () => {});
      for (let count = 0; count < 1_000; count++) {
        const { data, key } = pictures[below(pictures.length)]!;
        const payloads = cutOlder(codec, data, key, 400).map((payload) => mutate(Buffer.from(payload), below));
        source.push(joinOlder(codec, payloads), key, true);
      }
      for (const { data, key } of pictures) source.push(data, key, false);
      assert.ok(source.generation > 0);
      source.close();
    }
  });
});
