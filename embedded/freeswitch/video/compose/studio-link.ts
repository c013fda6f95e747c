import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { VideoCodec } from '../sdp/format.ts';
import { own, shared } from './clock.ts';
import {
  delayUnitMs,
  type FilmEnd,
  type FilmOrder,
  flags,
  kinds,
  type Plan,
  type WireMessage,
  WireReader,
  writeMessage,
} from './wire.ts';

interface StudioEvents {
  picture: [composition: number, data: Buffer, key: boolean, atMs: number];
  needKey: [member: number];
  /** Pictures a second that it composes now; 0 when it keeps none. */
  pace: [framesPerSecond: number];
  filmed: [film: number, end: FilmEnd];
  /** It ended by itself. */
  died: [];
}

/** Bytes that may wait on the way to a studio: more than a second of six cameras. Beyond, pictures are left out. */
const mostWaiting = 4 << 20;
const program = fileURLToPath(new URL('./studio/main.ts', import.meta.url));
const none = new Uint8Array(0);

/** The engine's end of a room's studio. */
export class StudioLink extends EventEmitter<StudioEvents> {
  skipped = 0;
  private readonly child: ChildProcess;
  private closed = false;

  constructor() {
    super();
    // Without what keeps the engine's own memory small: pictures are large.
    const flags = process.execArgv.filter((flag) => !/^--(max-semi-space-size|heap-growing-percent)=/.test(flag));
    const { MALLOC_ARENA_MAX: _engines, ...environment } = process.env;
    this.child = spawn(process.execPath, [...flags, program], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: environment,
    });
    const reader = new WireReader();
    this.child.stdout?.on('data', (chunk: Buffer) => {
      for (const message of reader.push(chunk)) this.take(message);
    });
    this.child.stdin?.on('error', () => {});
    this.child.on('error', () => this.lost());
    this.child.on('exit', () => this.lost());
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  plan(plan: Plan): void {
    this.put(kinds.plan, 0, performance.now(), 0, Buffer.from(JSON.stringify(plan)));
  }

  /** A member's frame; `false` when the studio is too far behind to be given it. */
  frame(
    member: number,
    data: Uint8Array,
    about: { codec: VideoCodec; key: boolean; damaged: boolean; atMs: number },
  ): boolean {
    if ((this.child.stdin?.writableLength ?? 0) > mostWaiting) {
      this.skipped++;
      return false;
    }
    const codec = about.codec === 'H261' ? flags.h261 : about.codec === 'H264' ? 0 : flags.h263;
    const bits = (about.key ? flags.key : 0) | (about.damaged ? flags.damaged : 0) | codec;
    this.put(kinds.frame, member, about.atMs, bits, data);
    return true;
  }

  key(composition: number): void {
    this.put(kinds.key, composition, performance.now(), 0, none);
  }

  film(film: number, order: FilmOrder): void {
    this.put(kinds.film, film, performance.now(), 0, Buffer.from(JSON.stringify(order)));
  }

  /** The room's sound, mixed at `atMs`, which is later than the pictures of those heard by `delayMs`. */
  sound(film: number, samples: Int16Array, atMs: number, delayMs: number): void {
    const delay = Math.min(255, Math.round(delayMs / delayUnitMs));
    this.put(kinds.sound, film, atMs, delay, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  }

  /** Ends it: films are closed first. */
  close(): void {
    this.closed = true;
    this.child.stdin?.end();
  }

  private put(kind: number, number: number, atMs: number, bits: number, body: Uint8Array): void {
    if (!this.closed) this.child.stdin?.write(writeMessage(kind, number, shared(atMs), bits, body));
  }

  private take({ kind, number, body, atMs, flags: bits }: WireMessage): void {
    if (kind === kinds.picture) this.emit('picture', number, body, (bits & flags.key) !== 0, own(atMs));
    else if (kind === kinds.needKey) this.emit('needKey', number);
    else if (kind === kinds.pace) this.emit('pace', number);
    else if (kind === kinds.filmed) this.emit('filmed', number, JSON.parse(body.toString()) as FilmEnd);
  }

  private lost(): void {
    if (this.closed) return;
    this.closed = true;
    this.emit('died');
  }
}
