import assert from 'node:assert/strict';
import { Playout } from '../../../../embedded/freeswitch/rtp/playout.ts';
import { opinionScore } from '../../../../embedded/freeswitch/rtp/quality.ts';
import { type CodecName, codecs } from '../../../../embedded/freeswitch/sound/codec.ts';
import { randomFrom } from '../random.ts';

const hz = 440;

interface Way {
  codec?: CodecName;
  /** Of 100. */
  loss?: number;
  /** Packets are held back for up to so many ms, and may overtake each other. */
  jitterMs?: number;
  /** The sender's clock runs fast (or slow) by so many of a million. */
  drift?: number;
  seconds?: number;
  packetMs?: number;
  /** Sent from here to here (ms) only. */
  pauses?: [number, number];
}

interface Heard {
  /** Share of the tone's power in each 100 ms, 0…1. */
  purity: number[];
  /** Amplitude in each 100 ms. */
  level: number[];
  playout: Playout;
  delays: number[];
}

/** Sends a tone over a bad way through the play-out, on a beat of 20 ms. */
function hear({ codec = 'PCMA', loss = 0, jitterMs = 0, drift = 0, seconds = 20, packetMs = 20, pauses }: Way): Heard {
  const below = randomFrom(5);
  const { clockHz, rate, mostBytes, newEncoder } = codecs[codec];
  const encoder = newEncoder();
  const playout = new Playout(codecs[codec]);
  const arrivals: { at: number; sequence: number; timestamp: number; data: Uint8Array }[] = [];
  const samples = (rate * packetMs) / 1_000;
  for (let number = 0; number * packetMs < seconds * 1_000; number++) {
    const frame = Int16Array.from(
      { length: samples },
      (_, at) => 8_000 * Math.sin((2 * Math.PI * hz * (number * samples + at)) / rate),
    );
    const packet = new Uint8Array(Math.max(mostBytes, samples));
    const length = encoder.encode(frame, packet, 0);
    const sentAt = 1_000 + number * packetMs * (1 - drift / 1e6);
    if (below(1_000) < loss * 10) continue;
    if (pauses !== undefined && sentAt > pauses[0] && sentAt < pauses[1]) continue;
    arrivals.push({
      at: sentAt + (jitterMs === 0 ? 0 : below(jitterMs * 10) / 10),
      sequence: (65_000 + number) & 0xffff,
      timestamp: (4_294_000_000 + (number * clockHz * packetMs) / 1_000) >>> 0,
      data: packet.subarray(0, length),
    });
  }
  arrivals.sort((a, b) => a.at - b.at);
  const frame = new Int16Array(rate / 50);
  const sound: number[] = [];
  const delays: number[] = [];
  let next = 0;
  for (let beat = 1_007; beat < 1_000 + seconds * 1_000; beat += 20) {
    for (; next < arrivals.length && arrivals[next]!.at <= beat; next++) {
      const { at, sequence, timestamp, data } = arrivals[next]!;
      playout.push(sequence, timestamp, data, 0, data.length, at);
    }
    playout.pull(frame, beat);
    delays.push(playout.delayMs);
    sound.push(...frame);
  }
  const purity: number[] = [];
  const level: number[] = [];
  const block = rate / 10;
  for (let at = 0; at + block <= sound.length; at += block) {
    let re = 0;
    let im = 0;
    let power = 1;
    for (let place = 0; place < block; place++) {
      const sample = sound[at + place]!;
      re += sample * Math.cos((2 * Math.PI * hz * place) / rate);
      im += sample * Math.sin((2 * Math.PI * hz * place) / rate);
      power += sample * sample;
    }
    const amplitude = (2 * Math.hypot(re, im)) / block;
    level.push(amplitude);
    purity.push((amplitude * amplitude * block) / 2 / power);
  }
  return { purity, level, playout, delays };
}

const middle = (values: number[]): number => values.slice().sort((a, b) => a - b)[values.length >> 1]!;
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('media engine: play-out of what a bad line brings', () => {
  it('a good line: whole, and hardly delayed', () => {
    for (const codec of ['PCMA', 'G722', 'opus'] as const) {
      const { purity, playout, delays } = hear({ codec, seconds: 5 });
      assert.equal(playout.concealedMs, 0, codec);
      assert.ok(Math.min(...purity.slice(3)) > 0.98, `${codec} ${Math.min(...purity.slice(3))}`);
      assert.ok(Math.max(...delays.slice(50)) <= 40, `${codec} ${Math.max(...delays)}`);
    }
  });

  it('packets of 1, 10, 30 and 60 ms', () => {
    for (const packetMs of [1, 10, 30, 60]) {
      const { purity } = hear({ packetMs, seconds: 5 });
      assert.ok(middle(purity) > 0.99, `${packetMs} ms: ${middle(purity)}`);
      assert.ok(Math.min(...purity.slice(10)) > 0.9, `${packetMs} ms: ${Math.min(...purity.slice(10))}`);
    }
  });

  for (const [loss, least] of [
    [1, 0.98],
    [5, 0.93],
    [10, 0.87],
  ] as const) {
    it(`${loss} % lost: concealed, the tone goes on`, () => {
      for (const codec of ['PCMA', 'G722'] as const) {
        const { level, purity, playout } = hear({ codec, loss });
        assert.ok(mean(purity.slice(5)) > least, `${codec} ${mean(purity.slice(5))}`);
        assert.ok(Math.min(...level.slice(5)) > 2_000, `${codec} ${Math.min(...level.slice(5))}`);
        const lost = (20_000 * loss) / 100;
        assert.ok(Math.abs(playout.concealedMs - lost) < lost * 0.5 + 60, `${codec} ${playout.concealedMs}`);
      }
    });
  }

  it('60 ms of jitter: waits for what comes late, and loses little', () => {
    const { purity, playout, delays } = hear({ jitterMs: 60, seconds: 30 });
    const last = purity.slice(100);
    assert.ok(mean(last) > 0.95, String(mean(last)));
    assert.ok(playout.late < 40, `${playout.late} late`);
    assert.ok(mean(delays.slice(500)) < 110, `waits ${mean(delays.slice(500))} ms`);
  });

  it('jitter that ends: the delay goes down again', () => {
    const playout = hear({ jitterMs: 60, seconds: 10 }).playout;
    const frame = new Int16Array(160);
    const data = new Uint8Array(160).fill(0xd5);
    const first = playout.delayMs;
    for (let number = 500; number < 2_000; number++) {
      const now = 1_000 + number * 20;
      playout.push((65_000 + number) & 0xffff, (4_294_000_000 + number * 160) >>> 0, data, 0, 160, now);
      playout.pull(frame, now + 7);
    }
    assert.ok(first > 40, String(first));
    assert.ok(playout.delayMs < 40, String(playout.delayMs));
  });

  it('clocks that drift by 200 of a million, either way', () => {
    for (const drift of [200, -200]) {
      const { purity, delays } = hear({ drift, seconds: 60 });
      assert.ok(mean(purity.slice(5)) > 0.97, `${drift}: ${mean(purity.slice(5))}`);
      assert.ok(Math.max(...delays.slice(100)) < 60, `${drift}: ${Math.max(...delays.slice(100))}`);
    }
  });

  it('a sender that pauses is followed again at once', () => {
    const { level } = hear({ seconds: 6, pauses: [2_000, 4_000] });
    assert.ok(middle(level.slice(2, 9)) > 7_500);
    assert.ok(Math.max(...level.slice(13, 28)) < 10, String(level.slice(13, 28)));
    assert.ok(middle(level.slice(32)) > 7_500);
  });

  it('another stream under the same address: sequence numbers and stamps that jump', () => {
    const playout = new Playout(codecs.PCMA);
    const frame = new Int16Array(160);
    const data = new Uint8Array(160).fill(0x2a);
    for (const [from, stamp] of [
      [100, 1_000],
      [9_000, 3_000_000_000],
      [50, 77],
      [40_000, 100],
    ] as const) {
      let loud = 0;
      for (let number = 0; number < 30; number++) {
        const now = from * 1_000 + number * 20;
        playout.push((from + number) & 0xffff, (stamp + number * 160) >>> 0, data, 0, 160, now);
        playout.pull(frame, now + 10);
        if (playout.level > 1_000) loud++;
      }
      assert.ok(loud > 25, `${from}: ${loud}`);
    }
  });
});

describe('media engine: estimate of how a leg sounds', () => {
  it('falls with loss and with delay', () => {
    const good = { codec: 'PCMA' as const, lossPercent: 0, jitterMs: 1, delayMs: 40 };
    assert.ok(opinionScore(good) > 4.3);
    const table: [Partial<typeof good>, number, number][] = [
      [{ lossPercent: 1 }, 4.1, 4.4],
      [{ lossPercent: 5 }, 3.5, 4.1],
      [{ lossPercent: 10 }, 2.8, 3.6],
      [{ lossPercent: 100 }, 1, 1.3],
      [{ delayMs: 400 }, 2.9, 3.8],
    ];
    for (const [change, least, most] of table) {
      const score = opinionScore({ ...good, ...change });
      assert.ok(score >= least && score <= most, `${JSON.stringify(change)}: ${score}`);
    }
  });
});
