import { spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/*
 * Participants mixed in one room by the media engine as a child process: every one sends G.711 and talks, every one is
 * listened to. `npm run bench -- mix [participants]`.
 */

const participants = Number(process.argv[2] ?? 200);
const seconds = 10;
const secret = 'bench';
const engine = spawn(process.execPath, ['--import', 'tsx', 'embedded/freeswitch/main.ts'], {
  env: {
    ...process.env,
    MEDIA_SIP_PORT: '0',
    ESL_PORT: '0',
    ESL_SECRET: secret,
    EXIT_WITH_PARENT: '1',
    LOG_LEVEL: 'warn',
    MAX_SESSIONS: String(participants + 10),
  },
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [ready] = await once(createInterface({ input: engine.stdout }), 'line');
const { ports } = JSON.parse(String(ready)) as { ports: { sip: number; esl: number } };

const status = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${engine.pid}/status`, 'utf8'))?.[1]);
/** Processor time of the engine so far, ms (100 ticks a second). */
const used = (): number => {
  const fields = readFileSync(`/proc/${engine.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

const esl = connect({ host: '127.0.0.1', port: ports.esl, noDelay: true });
const known = new Map<string, string>();
let pending = '';
esl.setEncoding('utf8').on('data', (text: string) => {
  pending += text;
  if (text.includes('listener enabled')) esl.emit('subscribed');
  for (const match of pending.matchAll(/"Unique-ID":"([^"]+)".*?"variable_sip_call_id":"([^"]+)"/g)) {
    known.set(match[2] ?? '', match[1] ?? '');
  }
  pending = pending.slice(-10_000);
});
esl.write(`auth ${secret}\n\nevent json CHANNEL_ANSWER\n\n`);
await once(esl, 'subscribed');

interface Participant {
  media: Socket;
  mediaPort: number;
  enginePort: number;
}

const sip = createSocket('udp4');
sip.bind(0, '127.0.0.1');
await once(sip, 'listening');
const answers = new Map<string, (text: string) => void>();
sip.on('message', (data) => {
  const text = data.toString();
  if (!/^SIP\/2\.0 200/.test(text)) return;
  answers.get(/^Call-ID: (.*?)\r$/m.exec(text)?.[1] ?? '')?.(text);
});

async function join(id: number): Promise<Participant> {
  const media = createSocket({ type: 'udp4', recvBufferSize: 1 << 18 });
  media.bind(0, '127.0.0.1');
  await once(media, 'listening');
  const mediaPort = media.address().port;
  const callId = `mix-${id}`;
  const own = `127.0.0.1:${sip.address().port}`;
  const sdp = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${mediaPort} RTP/AVP 8\r\n`;
  const message = (method: string, tag: string, body: string): Buffer =>
    Buffer.from(
      `${method} sip:drachtio@127.0.0.1:${ports.sip} SIP/2.0\r\nVia: SIP/2.0/UDP ${own};branch=z9hG4bK${method}${id}\r\nFrom: <sip:${own}>;tag=1\r\nTo: <sip:drachtio@127.0.0.1>${tag}\r\nCall-ID: ${callId}\r\nCSeq: 1 ${method}\r\nContact: <sip:${own}>\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  const answered = new Promise<string>((resolve) => {
    answers.set(callId, resolve);
  });
  sip.send(message('INVITE', '', sdp), ports.sip, '127.0.0.1');
  const answer = await answered;
  const tag = /^To:.*;tag=(\S+)/m.exec(answer)?.[1] ?? '';
  sip.send(message('ACK', `;tag=${tag}`, ''), ports.sip, '127.0.0.1');
  while (!known.has(callId)) await pause(2);
  esl.write(
    `sendmsg ${known.get(callId)}\ncall-command: execute\nexecute-app-name: conference\nexecute-app-arg: mix@default\n\n`,
  );
  return { media, mediaPort, enginePort: Number(/^m=audio (\d+)/m.exec(answer)?.[1]) };
}

const emptyKiB = status();
const room: Participant[] = [];
for (let id = 0; id < participants; id++) room.push(await join(id));

const gaps: number[] = [];
const probes = Math.min(20, participants);
let lost = 0;
let received = 0;
let measuring = false;
room.forEach(({ media }, place) => {
  let at = 0;
  let sequence = -1;
  media.on('message', (data) => {
    if (!measuring) {
      sequence = -1;
      return;
    }
    received++;
    const now = performance.now();
    const next = data.readUInt16BE(2);
    if (sequence >= 0) {
      lost += (next - sequence - 1) & 0xffff;
      if (place < probes) gaps.push(now - at);
    }
    sequence = next;
    at = now;
  });
});

// Sending is spread over the 20 ms, as callers' clocks are; each says something of its own.
let sequence = 0;
const packet = Buffer.alloc(172);
packet[0] = 0x80;
packet[1] = 8;
for (let at = 12; at < 172; at++) packet[at] = Math.floor(Math.random() * 256) & 0xbf;
const slices = 10;
const startedAt = performance.now();
let sent = 0;
const sender = setInterval(() => {
  for (; sent < ((performance.now() - startedAt) / 20) * slices; sent++) {
    if (sent % slices === 0) sequence++;
    packet.writeUInt16BE(sequence & 0xffff, 2);
    packet.writeUInt32BE((sequence * 160) >>> 0, 4);
    for (let place = sent % slices; place < room.length; place += slices) {
      const { media, mediaPort, enginePort } = room[place]!;
      packet.writeUInt32BE(mediaPort, 8);
      media.send(Buffer.from(packet), enginePort, '127.0.0.1');
    }
  }
}, 1);
await pause(3_000);
measuring = true;
const [usedBefore, before] = [used(), performance.now()];
await pause(seconds * 1_000);
const elapsed = performance.now() - before;
const cpuPercent = ((used() - usedBefore) / elapsed) * 100;
measuring = false;
clearInterval(sender);
const perParticipantKiB = (status() - emptyKiB) / participants;
gaps.sort((a, b) => a - b);
const share = (part: number): number => Math.round((gaps[Math.floor(gaps.length * part)] ?? 0) * 100) / 100;
for (const { media } of room) media.close();
sip.close();
esl.destroy();
engine.kill('SIGTERM');
await once(engine, 'exit');
console.log(
  JSON.stringify({
    name: 'mix',
    value: Math.round(participants / (cpuPercent / 100)),
    unit: 'participants a core (by processor time)',
    participants,
    cpuPercent: Math.round(cpuPercent),
    spacingMs: { p50: share(0.5), p99: share(0.99) },
    packetsExpected: Math.round((participants * elapsed) / 20),
    packetsReceived: received,
    packetsLost: lost,
    memoryKiBPerParticipant: Math.round(perParticipantKiB * 10) / 10,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    how: 'all send and talk over loopback; sender, receivers and clock of the spacing in one other process',
  }),
);
process.exit(0);
