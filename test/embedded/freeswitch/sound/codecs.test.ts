import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type Codec, codecs } from '../../../../embedded/freeswitch/sound/codec.ts';
import { G722Decoder, G722Encoder } from '../../../../embedded/freeswitch/sound/g722.ts';

const rate = 16_000;

function tone(hz: number, seconds: number, amplitude = 8_000): Int16Array {
  return Int16Array.from({ length: rate * seconds }, (_, at) => amplitude * Math.sin((2 * Math.PI * hz * at) / rate));
}

/** Amplitude of one frequency, 0…32767. */
function levelOf(samples: Int16Array, hz: number): number {
  let re = 0;
  let im = 0;
  for (let at = 0; at < samples.length; at++) {
    re += samples[at]! * Math.cos((2 * Math.PI * hz * at) / rate);
    im += samples[at]! * Math.sin((2 * Math.PI * hz * at) / rate);
  }
  return (2 * Math.hypot(re, im)) / samples.length;
}

/** Ratio of a tone to all else, dB. */
function clarity(samples: Int16Array, hz: number): number {
  const amplitude = levelOf(samples, hz);
  let power = 0;
  for (const sample of samples) power += sample * sample;
  const signal = (amplitude * amplitude) / 2;
  return 10 * Math.log10(signal / Math.max(1e-9, power / samples.length - signal));
}

function ffmpeg(args: string[], input: Uint8Array): Buffer {
  const run = spawnSync('ffmpeg', ['-v', 'error', ...args], { input, maxBuffer: 1 << 26 });
  assert.equal(run.status, 0, String(run.stderr));
  return run.stdout;
}

const asSamples = (data: Buffer): Int16Array =>
  new Int16Array(data.buffer.slice(data.byteOffset, data.byteOffset + (data.length & ~1)));
const asBytes = (samples: Int16Array): Uint8Array => new Uint8Array(samples.buffer, 0, samples.byteLength);

describe('media engine: sound codecs', () => {
  const ours = tone(1_004, 1);
  const high = tone(5_500, 1);

  it('G.722 as ffmpeg decodes it', () => {
    for (const [sound, hz] of [
      [ours, 1_004],
      [high, 5_500],
    ] as const) {
      const coded = new Uint8Array(sound.length / 2);
      assert.equal(new G722Encoder().encode(sound, coded, 0), coded.length);
      const raw = ['-f', 'g722', '-i', '-', '-f', 's16le', '-ar', '16000', '-'];
      const theirs = asSamples(ffmpeg(raw, coded));
      assert.ok(Math.abs(levelOf(theirs.slice(1_600, 14_400), hz) - 8_000) < 400);
      assert.ok(clarity(theirs.slice(1_600, 14_400), hz) > 20, String(clarity(theirs.slice(1_600, 14_400), hz)));
      // The Recommendation is exact to the bit: so are the two decoders.
      const own = new Int16Array(sound.length);
      new G722Decoder().decode(coded, 0, coded.length, own, 0);
      assert.deepEqual(own.slice(0, theirs.length), theirs);
    }
  });

  it('G.722 as ffmpeg encodes it', () => {
    const coded = ffmpeg(['-f', 's16le', '-ar', '16000', '-ac', '1', '-i', '-', '-f', 'g722', '-'], asBytes(ours));
    const heard = new Int16Array(coded.length * 2);
    new G722Decoder().decode(coded, 0, coded.length, heard, 0);
    assert.ok(clarity(heard.slice(1_600, 14_400), 1_004) > 25);
  });

  it('a G.722 decoder that follows two encoders, the second taken over from the first, hears one tone', () => {
    const [first, second] = [new G722Encoder(), new G722Encoder()];
    const coded = new Uint8Array(ours.length / 2);
    const half = ours.length / 2;
    first.encode(ours.subarray(0, half), coded, 0);
    second.follow(first);
    second.encode(ours.subarray(half), coded, half / 2);
    const heard = new Int16Array(ours.length);
    new G722Decoder().decode(coded, 0, coded.length, heard, 0);
    assert.ok(clarity(heard.slice(half - 800, half + 800), 1_004) > 25);
  });

  it('each codec gives back the tone it was given, frame by frame', () => {
    const table: [Codec, number][] = [
      [codecs.PCMU, 30],
      [codecs.PCMA, 30],
      [codecs.G722, 25],
      [codecs.opus, 12],
    ];
    for (const [codec, least] of table) {
      const step = rate / codec.rate;
      const sound = Int16Array.from({ length: ours.length / step }, (_, at) => ours[at * step]!);
      const [encoder, decoder] = [codec.newEncoder(), codec.newDecoder()];
      const heard = new Int16Array(sound.length);
      const packet = new Uint8Array(codec.mostBytes);
      const frame = codec.rate / 50;
      let at = 0;
      for (; at + frame <= sound.length; at += frame) {
        const length = encoder.encode(sound.subarray(at, at + frame), packet, 0);
        assert.ok(length > 0 && length <= codec.mostBytes);
        assert.equal(decoder.decode(packet, 0, length, heard, at), frame);
      }
      const level = codec.rate === rate ? levelOf(heard.slice(3_200), 1_004) : levelOf(heard.slice(1_600), 2_008);
      assert.ok(Math.abs(level - 8_000) < 800, `${codec.name} ${level}`);
      const clear = codec.rate === rate ? clarity(heard.slice(3_200), 1_004) : clarity(heard.slice(1_600), 2_008);
      assert.ok(clear > least, `${codec.name} ${clear}`);
    }
  });

  it('what is no Opus packet decodes to nothing', () => {
    const decoder = codecs.opus.newDecoder();
    const into = new Int16Array(2_000);
    for (const bytes of [[], [255], [255, 255, 255], [0x03, 0xff, 0xff]])
      assert.equal(decoder.decode(Uint8Array.from(bytes), 0, bytes.length, into, 0) <= 1_920, true);
    assert.equal(decoder.decode(Uint8Array.from([255, 255, 255]), 0, 3, into, 0), 0);
  });
});
