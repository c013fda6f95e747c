import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fitsLimits, limitsOf } from '../../../../embedded/freeswitch/video/h264/limits.ts';
import {
  joinByteStream,
  nalType,
  splitByteStream,
  startsDecoding,
} from '../../../../embedded/freeswitch/video/h264/nal.ts';
import { fitsMode0, payloadsOf, unitsOf } from '../../../../embedded/freeswitch/video/h264/packets.ts';
import { parseSps } from '../../../../embedded/freeswitch/video/h264/sps.ts';
import { randomFrom } from '../random.ts';

/** A byte stream that FFmpeg's x264 made. */
function stream(size: string, profile: string, level: string, options: string[] = []): Uint8Array[] {
  const made = spawnSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=${size}:r=25:d=1`, '-pix_fmt', 'yuv420p', '-c:v', 'libx264'],
    ...['-profile:v', profile, '-level', level, ...options, '-f', 'h264', '-'],
  ]);
  assert.equal(made.status, 0, String(made.stderr));
  return splitByteStream(made.stdout);
}

const whole = (payloads: Uint8Array[]) => payloads.map((payload) => ({ payload, afterGap: false }));

describe('media engine: H.264', function () {
  this.timeout(60_000);
  const units = stream('1280x720', 'baseline', '3.1');
  const sps = units.find((unit) => nalType(unit) === 7)!;

  it('reads parameter sets that x264 writes', () => {
    const table: [size: string, profile: string, level: string, profileIdc: number, levelIdc: number][] = [
      ['1280x720', 'baseline', '3.1', 66, 31],
      ['640x360', 'main', '3.0', 77, 30],
      ['352x288', 'high', '1.3', 100, 13],
      ['1920x1080', 'high', '4.0', 100, 40],
      ['176x144', 'baseline', '1.0', 66, 10],
    ];
    for (const [size, profile, level, profileIdc, levelIdc] of table) {
      const found = parseSps(stream(size, profile, level).find((unit) => nalType(unit) === 7)!)!;
      assert.deepEqual(
        [`${found.width}x${found.height}`, found.profileIdc, found.levelIdc],
        [size, profileIdc, levelIdc],
      );
      assert.equal(found.frameRate, 25);
    }
  });

  for (const [mode, most] of [
    [0, 60_000],
    [1, 1_200],
    [1, 300],
  ] as const) {
    it(`cuts pictures for mode ${mode}, ${most} bytes, and puts them together again`, () => {
      const payloads = payloadsOf(units, mode, most);
      assert.ok(payloads.every((payload) => payload.length <= most));
      if (mode === 0) assert.ok(payloads.every((payload) => nalType(payload) < 24));
      const back = unitsOf(whole(payloads));
      assert.equal(back.damaged, false);
      assert.ok(joinByteStream(back.units).equals(joinByteStream(units)));
    });
  }

  it('reads aggregated parameter sets', () => {
    const two = units.slice(0, 2);
    const aggregate = Buffer.concat([
      Buffer.from([24]),
      ...two.flatMap((unit) => [Buffer.from([unit.length >> 8, unit.length & 255]), unit]),
    ]);
    assert.deepEqual(unitsOf(whole([aggregate])).units.map(nalType), two.map(nalType));
    assert.equal(unitsOf(whole([aggregate.subarray(0, aggregate.length - 1)])).damaged, true);
  });

  it('leaves out a unit with a missing part, and keeps the others', () => {
    const idr = units.find((unit) => nalType(unit) === 5)!;
    const payloads = payloadsOf([sps, idr], 1, 1_000);
    const fragments = payloads
      .map((payload, place) => ({ payload, afterGap: place === 4 }))
      .filter((_fragment, place) => place !== 3);
    const { units: left, damaged } = unitsOf(fragments);
    assert.equal(damaged, true);
    assert.deepEqual(left.map(nalType), [7]);
  });

  it('knows where a decoder can start', () => {
    assert.equal(startsDecoding(units.slice(0, 4)), true);
    const later = units.filter((unit) => nalType(unit) === 1);
    assert.equal(startsDecoding(later.slice(0, 1)), false);
    // Refreshed by intra slices, without any IDR picture but the first.
    const open = stream('352x288', 'baseline', '3.0', [
      '-x264-params',
      'keyint=5:min-keyint=5:scenecut=0:open-gop=1:bframes=0',
    ]);
    assert.ok(open.some((unit) => nalType(unit) === 1));
  });

  it('says what a receiver declared, and who can be sent what', () => {
    const limits = (text: string) =>
      limitsOf(Object.fromEntries(text.split(';').map((pair) => pair.split('=')))) ?? assert.fail();
    const hd = parseSps(sps)!;
    const cif = parseSps(stream('352x288', 'baseline', '4.0').find((unit) => nalType(unit) === 7)!)!;
    const high = parseSps(stream('640x360', 'high', '3.1').find((unit) => nalType(unit) === 7)!)!;
    const table: [name: string, stream: typeof hd, rate: number, declared: string, fit: string][] = [
      ['its own level', hd, 25, 'profile-level-id=42e01f', 'as-is'],
      ['a lower level', hd, 25, 'profile-level-id=42e00d', 'no'],
      ['a lower level with larger frames', hd, 25, 'profile-level-id=42e00d;max-fs=3600;max-mbps=108000', 'relabel'],
      ['larger frames, but not so many', hd, 50, 'profile-level-id=42e00d;max-fs=3600;max-mbps=108000', 'no'],
      ['a label higher than its pictures', cif, 25, 'profile-level-id=42e00d', 'relabel'],
      ['another profile', high, 25, 'profile-level-id=42e01f', 'no'],
      ['High to High', high, 25, 'profile-level-id=64001f', 'as-is'],
      ['Baseline to High', hd, 25, 'profile-level-id=64001f', 'as-is'],
      ['no profile named: Baseline, level 1', cif, 25, 'x=1', 'no'],
    ];
    for (const [name, what, rate, declared, wanted] of table) {
      assert.equal(fitsLimits(what, rate, 500_000, limits(declared)), wanted, name);
    }
    assert.equal(fitsLimits(hd, 25, 40_000_000, limits('profile-level-id=42e01f')), 'no', 'too fast');
    assert.equal(fitsMode0([sps], 1_200), true);
  });

  it('takes 20,000 broken payloads and parameter sets', () => {
    const below = randomFrom(4);
    const payloads = payloadsOf(units, 1, 1_200);
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from(payloads[below(payloads.length)]!);
      for (let changes = 0; changes < 4; changes++) bytes[below(Math.min(bytes.length, 40))] = below(256);
      const cut = bytes.subarray(0, below(bytes.length));
      unitsOf(whole([cut, bytes, payloads[0]!]));
      const set = Uint8Array.from(sps);
      for (let changes = 0; changes < 3; changes++) set[1 + below(set.length - 1)] = below(256);
      const read = parseSps(set);
      if (read !== undefined) assert.ok(read.width > 0 && read.macroblocks <= 139_264);
      startsDecoding([cut.length > 0 ? cut : bytes]);
    }
  });
});
