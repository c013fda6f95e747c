import assert from 'node:assert/strict';
import { qualityBetween, toldQuality, totalsOf } from '../../../freeswitch/media/quality.ts';

const named = (values: Record<string, string | number>): Record<string, string | number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`variable_rtp_audio_${name}`, value]));

describe('how a leg sounds, by the engine’s variables', () => {
  it('as the embedded engine tells it', () => {
    const read = (values: Record<string, string>) => (name: string) => named(values)[name] as string | undefined;
    const told = {
      in_mos: '4.21',
      in_loss_percent: '1.50',
      in_jitter_ms: '3.20',
      rtt_ms: '18.4',
      out_loss_percent: '2',
    };
    const wanted = { score: 4.21, lossPercent: 1.5, jitterMs: 3.2, roundTripMs: 18.4, farLossPercent: 2 };
    assert.deepEqual(toldQuality(read(told)), wanted);
    assert.equal(toldQuality(read({ in_mos: '4.4' })).roundTripMs, undefined);
  });

  it('between two looks at totals, as FreeSWITCH keeps them', () => {
    const first = totalsOf(named({ in_packet_count: 260, in_media_packet_count: 250, in_skip_packet_count: 3 }));
    assert.deepEqual(first, { packets: 250, lost: 3 });
    const later = named({
      in_media_packet_count: 490,
      in_skip_packet_count: 13,
      in_jitter_max_variance: 16,
      in_mos: 4.5,
    });
    assert.deepEqual(qualityBetween(first, later), { lossPercent: 4, jitterMs: 4, roundTripMs: undefined, score: 4.5 });
    assert.equal(qualityBetween(totalsOf(later), later), undefined, 'nothing came');
    assert.equal(qualityBetween({ packets: 0, lost: 0 }, {}), undefined, 'nothing is known');
  });
});
