import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { judgeRehearsal, type Measured, measuredOf } from '../../../gateway/rooms/rehearsal-verdict.ts';
import { hear } from '../../../gateway/rooms/tone-level.ts';

/** A WAV file of so many seconds made by a function of time. */
function wav(seconds: number, at: (second: number) => number, rateHz = 16000): Buffer {
  const samples = Math.floor(seconds * rateHz);
  const file = Buffer.alloc(44 + samples * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rateHz, 24);
  file.writeUInt32LE(rateHz * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples * 2, 40);
  for (let n = 0; n < samples; n += 1) file.writeInt16LE(Math.round(at(n / rateHz) * 32767), 44 + n * 2);
  return file;
}
const sine = (hz: number, amplitude: number) => (second: number) => amplitude * Math.sin(2 * Math.PI * hz * second);
/** The same in each run. */
const noise = (amplitude: number) => (second: number) =>
  amplitude * Math.sin(second * 1e6 + 77 * Math.sin(second * 31337));

describe('what comes back of a tone', () => {
  const cases: [name: string, file: Buffer, tone: boolean, levelDb: number][] = [
    ['the tone itself', wav(1, sine(1000, 0.5)), true, -9],
    ['the tone at 8 kHz', wav(1, sine(1000, 0.5), 8000), true, -9],
    ['another tone', wav(1, sine(437, 0.5)), false, -9],
    ['noise', wav(1, noise(0.1)), false, -23],
    ['the tone in noise', wav(1, (t) => sine(1000, 0.1)(t) + noise(0.05)(t)), true, -22],
    ['silence', wav(1, () => 0), false, -Infinity],
  ];
  for (const [name, file, tone, levelDb] of cases) {
    it(`${name}: ${tone ? 'is heard' : 'is not heard'}`, () => {
      const heard = hear(file, 1000);
      assert.ok(heard);
      assert.equal(heard.tone, tone);
      assert.ok(heard.levelDb === levelDb || Math.abs(heard.levelDb - levelDb) < 1.5, `${heard.levelDb} dB`);
    });
  }
  it('nothing is measured in what is no sound file', () => {
    assert.equal(hear(Buffer.from('RIFF'), 1000), undefined);
    assert.equal(hear(Buffer.alloc(100), 1000), undefined);
    assert.equal(
      hear(
        wav(0.01, () => 0),
        1000,
      ),
      undefined,
    );
  });
});

describe('the verdict of a rehearsal', () => {
  const good: Measured = {
    packets: 300,
    lost: 0,
    jitterMs: 2,
    codec: 'PCMA',
    heard: { levelDb: -30, tone: false },
    score: 4.3,
    sent: { packets: 300 },
    picture: undefined,
  };
  const film = { packets: 400, lost: 0, frames: 90, sent: { packets: 380, frames: 85 } };
  const cases: [name: string, change: Partial<Measured>, verdict: string][] = [
    ['all is well', {}, 'good'],
    ['nothing could be recorded', { heard: undefined }, 'good'],
    ['no packets', { packets: 3 }, 'no-sound'],
    ['packets are lost', { lost: 10 }, 'loss'],
    ['the microphone is off', { heard: { levelDb: -80, tone: false } }, 'silent'],
    ['digital silence', { heard: { levelDb: -Infinity, tone: false } }, 'silent'],
    ['the far side lost what we sent', { sent: { packets: 300, lossPercent: 2 } }, 'loss'],
    ['a picture was agreed on and none came', { picture: { ...film, packets: 0, frames: 0 } }, 'no-picture'],
    ['packets came and made no picture', { picture: { ...film, frames: 0 } }, 'no-picture'],
    ['an engine that counts no frames', { picture: { packets: 400, lost: 0, sent: { packets: 380 } } }, 'good'],
    ['pictures are lost', { picture: { ...film, lost: 20 } }, 'loss'],
    ['a few pictures are lost', { picture: { ...film, lost: 8 } }, 'good'],
    ['the far side lost its pictures', { picture: { ...film, sent: { packets: 1, lossPercent: 5 } } }, 'loss'],
    ['with a picture', { picture: film }, 'good'],
  ];
  for (const [name, change, verdict] of cases) {
    it(`${name}: ${verdict}`, () => assert.equal(judgeRehearsal({ ...good, ...change }).verdict, verdict));
  }
  it('reads the variables of the engine', () => {
    const variables = {
      variable_rtp_audio_in_packet_count: '301',
      variable_rtp_audio_in_skip_packet_count: '2',
      variable_rtp_audio_in_jitter_ms: '1.25',
      variable_rtp_audio_out_packet_count: '290',
      variable_rtp_video_in_packet_count: '77',
      variable_rtp_video_in_skip_packet_count: '1',
      variable_rtp_video_in_frame_count: '31',
      variable_rtp_video_in_damaged_frame_count: '1',
      variable_rtp_video_in_frame_rate: '14.9',
      variable_rtp_video_out_packet_count: '70',
      variable_rtp_video_out_frame_count: '28',
      variable_rtp_video_in_width: '1280',
      variable_rtp_video_in_height: '720',
    };
    assert.deepEqual(measuredOf(variables), {
      packets: 301,
      lost: 2,
      jitterMs: 1.25,
      sent: { packets: 290 },
      picture: {
        packets: 77,
        lost: 1,
        frames: 30,
        framesPerSecond: 14.9,
        width: 1280,
        height: 720,
        sent: { packets: 70, frames: 28 },
      },
    });
  });
});
