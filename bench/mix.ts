import { setTimeout as pause } from 'node:timers/promises';
import { configuredPeer, type LoadedEngine, startOwn } from './load/engine.ts';
import { machine, percentile } from './load/figures.ts';
import { openRoom } from './load/room.ts';
import { speech } from './load/speech.ts';

/*
 * Participants mixed in one room: every one sends G.711 and talks, every one is listened to.
 * `npm run bench -- mix [participants] [seconds]`; `PROFILE=folder` writes V8's processor profile. A real FreeSWITCH is
 * measured in the same run when the environment names one (bench/load/engine.ts), with `PEER_PARTICIPANTS` (200).
 */

const participants = Number(process.argv[2] ?? 1_000);
const seconds = Number(process.argv[3] ?? 10);

interface Figures {
  participants: number;
  cpuPercent: number;
  participantsPerCore: number;
  spacingMs: { p50: number; p99: number };
  packets: { expected: number; received: number; missing: number };
  memoryKiBPerParticipant: number;
}

async function measure(engine: LoadedEngine, count: number): Promise<Figures> {
  const emptyKiB = engine.memory();
  const room = await openRoom(engine, count);
  room.says = speech;
  const last = new Int32Array(count).fill(-1);
  const at = new Float64Array(count);
  const gaps: number[] = [];
  let received = 0;
  let missing = 0;
  let measuring = false;
  room.heard = (caller, packet, now) => {
    const sequence = packet.readUInt16BE(2);
    if (measuring) {
      received++;
      if (last[caller]! >= 0) {
        missing += (sequence - last[caller]! - 1) & 0xffff;
        gaps.push(now - at[caller]!);
      }
    }
    last[caller] = sequence;
    at[caller] = now;
  };
  room.start();
  await pause(4_000);
  last.fill(-1);
  measuring = true;
  const [usedBefore, before] = [engine.used(), performance.now()];
  await pause(seconds * 1_000);
  const elapsed = performance.now() - before;
  const cpuPercent = ((engine.used() - usedBefore) / elapsed) * 100;
  measuring = false;
  const memory = (engine.memory() - emptyKiB) / count;
  await room.close();
  gaps.sort((a, b) => a - b);
  return {
    participants: count,
    cpuPercent: Math.round(cpuPercent),
    // What was not sent in time (a busy machine) does not count as done.
    participantsPerCore: Math.round((received * 20) / elapsed / (cpuPercent / 100)),
    spacingMs: { p50: percentile(gaps, 0.5), p99: percentile(gaps, 0.99) },
    packets: { expected: Math.round((count * elapsed) / 20), received, missing },
    memoryKiBPerParticipant: Math.round(memory * 10) / 10,
  };
}

const own = await startOwn(participants, process.env.PROFILE);
const figures = await measure(own, participants);
await own.stop();
const real = configuredPeer();
const peer = real === undefined ? undefined : await measure(real, Number(process.env.PEER_PARTICIPANTS ?? 200));
console.log(
  JSON.stringify({
    name: 'mix',
    value: figures.participantsPerCore,
    unit: 'participants a core (by processor time)',
    ...figures,
    ...(peer === undefined ? {} : { peer: { name: real?.name, ...peer } }),
    machine: machine(),
    how: 'one room at 16 kHz, all send and talk G.711 over loopback; senders and receivers are one other process',
  }),
);
process.exit(0);
