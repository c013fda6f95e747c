import assert from 'node:assert/strict';
import { PictureMeter } from '../../../../embedded/freeswitch/video/stream/picture-meter.ts';

describe('how pictures were over a stretch of time', () => {
  const now = { jitterMs: 4, roundTripMs: undefined, farLossPercent: 2, width: 1280, height: 720 };
  const totals = (packets: number, lost: number, frames: number) => ({
    packets,
    lost,
    bytes: packets * 1_000,
    frames,
    damagedFrames: lost,
  });

  it('is what came since the last look', () => {
    const meter = new PictureMeter();
    assert.equal(meter.measure(totals(100, 0, 10), now, 1_000), undefined, 'the first look');
    assert.deepEqual(meter.measure(totals(595, 5, 135), now, 6_000), {
      ...now,
      lossPercent: 1,
      framesPerSecond: 25,
      damagedPercent: 4,
      bitsPerSecond: 792_000,
    });
    assert.equal(meter.measure(totals(595, 5, 135), now, 11_000), undefined, 'nothing came');
    assert.equal(meter.measure(totals(10, 0, 2), now, 16_000), undefined, 'another stream');
    assert.equal(meter.measure(totals(20, 0, 12), now, 21_000)?.framesPerSecond, 2);
  });
});
