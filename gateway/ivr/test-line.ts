import { type Prompt, promptFile } from '../../freeswitch/prompts/catalogue.ts';
import { sayNumber } from '../../freeswitch/prompts/numbers.ts';
import type { Leg } from '../legs/leg.ts';

const echoMs = 8_000;
const language = 'vi';

/** What a test call measured, for the log. */
export interface LineTest {
  packets: number;
  lossPercent: number;
  jitterMs: number;
  verdict: 'good' | 'no sound' | 'loss';
}

/** The verdict on what was measured. Pure. */
export function judgeLine(packets: number, lost: number, jitterMs: number): LineTest {
  const lossPercent = packets + lost === 0 ? 0 : Math.round((lost * 1000) / (packets + lost)) / 10;
  const verdict = packets < 50 ? 'no sound' : lossPercent >= 1 ? 'loss' : 'good';
  return { packets, lossPercent, jitterMs, verdict };
}

/** Greets, returns the caller's own sound, measures meanwhile and says the result. */
export async function runTestLine(leg: Leg): Promise<LineTest> {
  const say = async (...prompts: Prompt[]): Promise<void> => {
    if (!leg.ended) await leg.endpoint.play(prompts.map((prompt) => promptFile(prompt, language))).catch(() => {});
  };
  await say('testGreeting');
  if (!leg.ended) await leg.endpoint.play(['tone_stream://%(200,0,1000)']).catch(() => {});
  await leg.endpoint.echo();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, echoMs);
    leg.once('ended', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  const measured = await leg.endpoint.statistics();
  await leg.endpoint.stopPlaying();
  const test = judgeLine(
    Number(measured.variable_rtp_audio_in_packet_count ?? 0),
    Number(measured.variable_rtp_audio_in_skip_packet_count ?? 0),
    Number(measured.variable_rtp_audio_in_jitter_ms ?? 0),
  );
  if (test.verdict === 'good') await say('testGood');
  else if (test.verdict === 'no sound') await say('testNoSound');
  else await say('testLoss', ...sayNumber(Math.round(test.lossPercent), language));
  return test;
}
