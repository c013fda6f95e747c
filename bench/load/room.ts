import type { RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reachable } from './engine.ts';
import { socketOf } from './socket.ts';

/*
 * Callers of a media engine, all in one room: each sends G.711 every 20 ms, spread over time as callers' clocks are, and
 * watches what comes back. A few sockets serve all callers, told apart by the engine's ports.
 */

const perSocket = 20;
const slices = 20;
const beatMs = 20;
const headerBytes = 12;
const silence = 0xd5;
let rooms = 0;

/** A packet from the engine to a caller. */
export type Listener = (caller: number, packet: Buffer, atMs: number) => void;

export interface Room {
  /** The conference's. */
  name: string;
  /** 160 bytes of A-law that a caller says in its `beat`-th packet. */
  says: (caller: number, beat: number) => Uint8Array;
  /** Called for each packet sent, with its time. */
  sent: (caller: number, beat: number, atMs: number) => void;
  heard: Listener;
  start(): void;
  close(): Promise<void>;
}

export interface RoomOptions {
  profile?: string;
  /** May lead a caller's sound by a proxy. */
  through?: (caller: number, enginePort: number) => number;
  /** Callers' pictures: lines of their section in SDP, and the port that the engine answered with. */
  pictures?: { section(caller: number): string; answered(caller: number, enginePort: number): void };
}

/** Calls the engine `count` times and puts all calls into one conference. */
export async function openRoom(engine: Reachable, count: number, options: RoomOptions = {}): Promise<Room> {
  const { profile = 'default', through = (_caller, port) => port, pictures } = options;
  const name = `load${process.pid}x${++rooms}`;
  const program = await listenForCalls(`${name}@${profile}`);
  const sip = await socketOf(1 << 21);
  const answers = new Map<string, (text: string) => void>();
  sip.on('message', (data, source) => {
    const text = data.toString();
    const callId = /^Call-ID: (.*?)\r$/im.exec(text)?.[1] ?? '';
    if (text.startsWith('SIP/2.0 200')) answers.get(callId)?.(text);
    else if (/^(BYE|OPTIONS) /.test(text)) {
      const head = (text.match(/^(?:Via|From|To|Call-ID|CSeq):.*$/gim) ?? []).join('\r\n');
      sip.send(`SIP/2.0 200 OK\r\n${head}\r\nContent-Length: 0\r\n\r\n`, source.port, source.address);
    }
  });
  const sockets = await Promise.all(Array.from({ length: Math.ceil(count / perSocket) }, () => socketOf(1 << 18)));
  const ports: number[] = [];
  const callerAt = new Map<number, number>();
  const own = `127.0.0.1:${sip.address().port}`;
  const join = async (caller: number): Promise<void> => {
    const mediaPort = sockets[Math.floor(caller / perSocket)]!.address().port;
    const callId = `${name}-${caller}`;
    const sdp = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${mediaPort} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n${pictures?.section(caller) ?? ''}`;
    const target = `${engine.sip.host}:${engine.sip.port}`;
    const message = (method: string, tag: string, body: string): string =>
      [
        `${method} sip:drachtio@${target} SIP/2.0`,
        `Via: SIP/2.0/UDP ${own};rport;branch=z9hG4bK${method}${callId}`,
        'Max-Forwards: 70',
        `From: <sip:${own}>;tag=1`,
        `To: <sip:drachtio@${target}>${tag}`,
        `Call-ID: ${callId}`,
        `CSeq: 1 ${method}`,
        `Contact: <sip:${own}>`,
        `User-Agent: drachtio-fsmrf:${callId}`,
        `X-esl-outbound: 127.0.0.1:${program.port}`,
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n');
    const answered = new Promise<string>((resolve) => {
      answers.set(callId, resolve);
    });
    sip.send(message('INVITE', '', sdp), engine.sip.port, engine.sip.host);
    const answer = await answered;
    sip.send(
      message('ACK', `;tag=${/^To:.*;tag=([^;\s]+)/im.exec(answer)?.[1]}`, ''),
      engine.sip.port,
      engine.sip.host,
    );
    ports[caller] = through(caller, Number(/^m=audio (\d+)/m.exec(answer)?.[1]));
    callerAt.set(ports[caller]!, caller);
    pictures?.answered(caller, Number(/^m=video (\d+)/m.exec(answer)?.[1]));
  };
  for (let caller = 0; caller < count; caller += 20) {
    await Promise.all(Array.from({ length: Math.min(20, count - caller) }, (_, at) => join(caller + at)));
  }
  while (program.joined < count) await pause(10);

  let timer: NodeJS.Timeout | undefined;
  const room: Room = {
    name,
    says: () => quiet,
    sent: () => {},
    heard: () => {},
    start: () => {
      const packet = Buffer.alloc(headerBytes + 160);
      packet[0] = 0x80;
      packet[1] = 8;
      const startedAt = performance.now();
      let done = 0;
      const beat = (): void => {
        const due = Math.floor(((performance.now() - startedAt) / beatMs) * slices);
        for (; done < due; done++) {
          const number = Math.floor(done / slices);
          packet.writeUInt16BE(number & 0xffff, 2);
          packet.writeUInt32BE((number * 160) >>> 0, 4);
          const now = performance.now();
          for (let caller = done % slices; caller < count; caller += slices) {
            packet.writeUInt32BE(caller + 1, 8);
            packet.set(room.says(caller, number), headerBytes);
            sockets[Math.floor(caller / perSocket)]!.send(packet, 0, packet.length, ports[caller]!, engine.sip.host);
            room.sent(caller, number, now);
          }
        }
        timer = setTimeout(beat, 1);
      };
      beat();
    },
    close: async () => {
      clearTimeout(timer);
      for (const socket of sockets) socket.close();
      program.close();
      // The engine says BYE to each; it is answered until then.
      await pause(300);
      sip.close();
    },
  };
  const quiet = new Uint8Array(160).fill(silence);
  for (const socket of sockets) {
    socket.on('message', (data: Buffer, source: RemoteInfo) => {
      const caller = callerAt.get(source.port);
      if (caller !== undefined) room.heard(caller, data, performance.now());
    });
  }
  return room;
}

interface Program {
  port: number;
  readonly joined: number;
  close(): void;
}

/** The program that the engine connects to for each call: it sends the call into the conference. */
async function listenForCalls(conference: string): Promise<Program> {
  let joined = 0;
  const sockets = new Set<import('node:net').Socket>();
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.write('connect\n\n');
    let seen = '';
    let asked = false;
    socket.setEncoding('utf8').on('data', (text: string) => {
      if (asked) {
        if (seen !== '' && text.includes('+OK')) {
          joined++;
          seen = '';
        }
        return;
      }
      seen += text;
      if (!seen.includes('\n\n')) return;
      asked = true;
      socket.write(`sendmsg\ncall-command: execute\nexecute-app-name: conference\nexecute-app-arg: ${conference}\n\n`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get joined() {
      return joined;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
