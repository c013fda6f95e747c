import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { badLine } from './load/bad-line.ts';
import { type LoadedEngine, startOwn } from './load/engine.ts';
import { machine } from './load/figures.ts';
import { openRoom } from './load/room.ts';

/*
 * What a bad line does to a voice: a tone goes through a proxy that loses and holds back packets into a room, and is
 * measured where another listens; and what the engine itself says of that leg. `npm run bench -- line [seconds]`.
 */

const seconds = Number(process.argv[2] ?? 20);
const hz = 440;
const lines = [
  { name: 'good', lossPercent: 0, jitterMs: 0 },
  { name: '1 % loss', lossPercent: 1, jitterMs: 0 },
  { name: '5 % loss', lossPercent: 5, jitterMs: 0 },
  { name: '10 % loss', lossPercent: 10, jitterMs: 0 },
  { name: '60 ms jitter', lossPercent: 0, jitterMs: 60 },
  { name: '5 % loss, 60 ms jitter', lossPercent: 5, jitterMs: 60 },
];

/** Quality events of the engine, by its own port of the leg; the last score of each. */
async function scores(engine: LoadedEngine): Promise<{ values: number[]; close(): void }> {
  const values: number[] = [];
  const socket = connect({ host: engine.esl.host, port: engine.esl.port });
  socket.write(`auth ${engine.esl.secret}\n\nevent json CUSTOM rtp::quality\n\n`);
  socket.setEncoding('utf8').on('data', (text: string) => {
    for (const match of text.matchAll(/"variable_rtp_audio_in_mos":"([\d.]+)"/g)) values.push(Number(match[1]));
  });
  await once(socket, 'data');
  return { values, close: () => socket.destroy() };
}

const decoded = (code: number): number => {
  const toggled = code ^ 0x55;
  const exponent = (toggled & 0x70) >> 4;
  let size = (toggled & 0x0f) << 4;
  size = exponent === 0 ? size + 8 : (size + 0x108) << (exponent - 1);
  return (toggled & 0x80) !== 0 ? size : -size;
};
const codes = Array.from({ length: 256 }, (_, code) => code).sort((a, b) => decoded(a) - decoded(b));
function nearest(value: number): number {
  let [low, high] = [0, 255];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (decoded(codes[middle]!) <= value) low = middle;
    else high = middle;
  }
  return codes[value - decoded(codes[low]!) < decoded(codes[high]!) - value ? low : high]!;
}

/** Share of the tone in all that is heard, over pieces of 100 ms (a shifted phase is no fault). */
function purity(samples: readonly number[]): number[] {
  const shares: number[] = [];
  for (let at = 0; at + 800 <= samples.length; at += 800) {
    let [re, im, power] = [0, 0, 1];
    for (let place = at; place < at + 800; place++) {
      re += samples[place]! * Math.cos((2 * Math.PI * hz * place) / 8_000);
      im += samples[place]! * Math.sin((2 * Math.PI * hz * place) / 8_000);
      power += samples[place]! * samples[place]!;
    }
    shares.push((2 * (re * re + im * im)) / 800 / power);
  }
  return shares;
}

interface Result {
  line: string;
  /** Mean share of the tone in what is heard, and the share of tenths of a second in which it is all but gone. */
  purityPercent: number;
  brokenPercent: number;
  mos: number;
}

async function measure(line: (typeof lines)[number]): Promise<Result> {
  const engine = await startOwn(10);
  const told = await scores(engine);
  const between = await badLine({ up: line });
  const room = await openRoom(engine, 2, {
    through: (caller, port) => (caller === 0 ? between.aim(port) : port),
  });
  room.says = (caller, beat) => {
    const frame = new Uint8Array(160).fill(0xd5);
    if (caller === 0)
      for (let at = 0; at < 160; at++)
        frame[at] = nearest(6_000 * Math.sin((2 * Math.PI * hz * (beat * 160 + at)) / 8_000));
    return frame;
  };
  const heard: number[] = [];
  let measuring = false;
  room.heard = (caller, packet) => {
    if (measuring && caller === 1) for (let at = 12; at < packet.length; at++) heard.push(decoded(packet[at]!));
  };
  room.start();
  await pause(5_000);
  told.values.length = 0;
  measuring = true;
  await pause(seconds * 1_000);
  measuring = false;
  await room.close();
  between.close();
  told.close();
  await engine.stop();
  const shares = purity(heard);
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  // Two legs report; the bad line's is the worse.
  const worst = told.values.sort((a, b) => a - b).slice(0, Math.max(1, told.values.length >> 1));
  return {
    line: line.name,
    purityPercent: Math.round(mean(shares) * 1_000) / 10,
    brokenPercent: Math.round((shares.filter((share) => share < 0.5).length / shares.length) * 1_000) / 10,
    mos: Math.round(mean(worst) * 100) / 100,
  };
}

const results: Result[] = [];
for (const line of lines) {
  const result = await measure(line);
  console.log(JSON.stringify(result));
  results.push(result);
}
console.log(
  JSON.stringify({
    name: 'line',
    value: results.find(({ line }) => line === '5 % loss')?.purityPercent,
    unit: '% of a 440 Hz tone in what is heard at 5 % loss',
    results,
    machine: machine(),
    how: `G.711, ${seconds} s a line, one room at 16 kHz; the score is the engine's own estimate (E-model)`,
  }),
);
process.exit(0);
