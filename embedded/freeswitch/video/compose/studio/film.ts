import { statSync } from 'node:fs';
import {
  AV_CHANNEL_LAYOUT_MONO,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  FF_ENCODER_AAC,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  FormatContext,
  Frame,
  Packet,
  Rational,
  SoftwareResampleContext,
  type Stream,
} from 'node-av/lib';
import type { Shape } from '../shapes.ts';
import type { FilmEnd, PlacedTile } from '../wire.ts';
import { Canvas } from './canvas.ts';
import { StudioEncoder } from './encoder.ts';
import { setOptions } from './options.ts';
import type { StudioSource } from './source.ts';

const soundRate = 48_000;
const pictureClock = 90_000;
const mono = AV_CHANNEL_LAYOUT_MONO;
/** A still card is shot this often, a key frame comes this often, and what is written reaches the file this often, ms. */
const cardEveryMs = 240;
const keyEveryMs = 2_000;
const fragmentMs = 500;
/** How much of a change of the pictures' wait before they are composed is followed with each. */
const lagFollows = 0.1;
/** No picture that is still wanted waits longer, ms. */
const mostLag = 500;
/** How much of a change of the sound's delay is followed with each 20 ms. */
const delayFollows = 0.02;
/** Sound further off the clock than this is put right, ms. */
const mostOff = 60;

/**
 * One recording: the room's mix and composed picture in a fragmented MP4 (ISO/IEC 14496-12). A fragment is written out
 * each half second, so a file whose writer was killed plays up to its last second. While nobody shows a picture it shows
 * a still card.
 */
export class Film {
  readonly path: string;
  private readonly canvas: Canvas;
  private readonly video: StudioEncoder;
  private readonly audio = new CodecContext();
  private readonly format = new FormatContext();
  private readonly packet = new Packet();
  private readonly resampler = new SoftwareResampleContext();
  private readonly said = new Frame();
  private readonly pictures: Stream;
  private readonly sounds: Stream;
  private readonly samplesPerFrame: number;
  private readonly pending: Float32Array;
  private pendingCount = 0;
  private samples = 0;
  private startedMs: number | undefined;
  private pausedMs: number | undefined;
  private pausedFor = 0;
  private lastPicturePts = -1n;
  private card: readonly string[] = [];
  private soundDelay = 0;
  private pictureLag = 20;
  private cardShown = false;
  private shotMs = Number.NEGATIVE_INFINITY;
  private keyMs = Number.NEGATIVE_INFINITY;
  private closed = false;

  /** @throws Error when the file cannot be written. */
  constructor(path: string, shape: Shape, rate: number) {
    this.path = path;
    this.canvas = new Canvas(shape.width, shape.height);
    this.video = new StudioEncoder(shape, true);
    const codec = Codec.findEncoderByName(FF_ENCODER_AAC);
    if (codec === null) throw new Error('FFmpeg brings no AAC encoder');
    this.audio.allocContext3(codec);
    this.audio.sampleRate = soundRate;
    this.audio.sampleFormat = AV_SAMPLE_FMT_FLTP;
    this.audio.channelLayout = mono;
    this.audio.bitRate = 96_000n;
    this.audio.timeBase = new Rational(1, soundRate);
    this.audio.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
    must('open AAC', this.audio.open2Sync(codec, null));
    this.samplesPerFrame = this.audio.frameSize;
    this.pending = new Float32Array(this.samplesPerFrame + soundRate / 10);

    must('open MP4', this.format.allocOutputContext2(null, 'mp4', path));
    this.pictures = this.format.newStream(null);
    this.sounds = this.format.newStream(null);
    this.pictures.timeBase = new Rational(1, pictureClock);
    this.sounds.timeBase = new Rational(1, soundRate);
    must('describe pictures', this.pictures.codecpar.fromContext(this.video.context));
    must('describe sound', this.sounds.codecpar.fromContext(this.audio));
    must(`open ${path}`, this.format.openOutputSync());
    setOptions(this.format, {
      movflags: 'empty_moov+default_base_moof',
      frag_duration: String(fragmentMs * 1000),
      flush_packets: '1',
    });
    must('write MP4', this.format.writeHeaderSync(null));

    this.packet.alloc();
    this.said.alloc();
    this.said.format = AV_SAMPLE_FMT_FLTP;
    this.said.sampleRate = soundRate;
    this.said.channelLayout = mono;
    this.said.nbSamples = this.samplesPerFrame;
    must('sound memory', this.said.getBuffer());
    must('resample', this.resampler.allocSetOpts2(mono, AV_SAMPLE_FMT_FLTP, soundRate, mono, AV_SAMPLE_FMT_S16, rate));
    must('resample', this.resampler.init());
  }

  place(tiles: PlacedTile[]): void {
    this.canvas.place(tiles);
    this.cardShown = false;
  }

  setCard(lines: readonly string[]): void {
    this.card = lines;
    this.cardShown = false;
  }

  seats(member: number): boolean {
    return this.canvas.seats(member);
  }

  pause(nowMs: number): void {
    this.pausedMs ??= nowMs;
  }

  resume(nowMs: number): void {
    if (this.pausedMs === undefined) return;
    this.pausedFor += nowMs - this.pausedMs;
    this.pausedMs = undefined;
    this.video.forceKey();
  }

  /** The picture of now. @throws Error when the file takes no more. */
  shoot(sources: ReadonlyMap<number, StudioSource>, nowMs: number): void {
    // Sound begins the film: both have one zero.
    if (this.startedMs === undefined || this.pausedMs !== undefined) return;
    if (!this.draw(sources, nowMs)) return;
    const pts = BigInt(
      Math.max(0, Math.round(((this.film(nowMs) + this.soundDelay - this.pictureLag) * pictureClock) / 1000)),
    );
    if (pts <= this.lastPicturePts) return;
    this.lastPicturePts = pts;
    this.shotMs = nowMs;
    if (nowMs - this.keyMs >= keyEveryMs) {
      this.keyMs = nowMs;
      this.video.forceKey();
    }
    this.video.encode(this.canvas.picture, pts, (packet) => this.write(packet, this.pictures, pictureClock));
  }

  /**
   * 20 ms of the room's sound, mixed at a time, which waited `delayMs` longer than the pictures that belong to it: these
   * are put so much later into the film. @throws Error when the file takes no more. */
  hear(pcm: Buffer, atMs: number, delayMs: number): void {
    if (this.pausedMs !== undefined) return;
    if (this.startedMs === undefined) this.soundDelay = delayMs;
    // Slowly, so that pictures go on evenly.
    else this.soundDelay += (delayMs - this.soundDelay) * delayFollows;
    this.startedMs ??= atMs;
    const wanted = (this.film(atMs) * soundRate) / 1000;
    const have = this.samples + this.pendingCount;
    // A held-up process: silence stands where no sound came, so that what follows is in time.
    if (wanted - have > (mostOff * soundRate) / 1000) this.fill(Math.min(Math.round(wanted - have), soundRate * 600));
    // Two clocks that drift apart: a frame too many is left out.
    if (have - wanted > (mostOff * soundRate) / 1000) return;
    const room = Buffer.alloc(4 * (this.resampler.getOutSamples(pcm.length / 2) + 32));
    const count = this.resampler.convertSync([room], room.length / 4, [pcm], pcm.length / 2);
    if (count > 0) this.take(new Float32Array(room.buffer, room.byteOffset, count));
  }

  /** Closes the file; what could not be written is told. */
  close(): FilmEnd {
    let error: string | undefined;
    try {
      if (!this.closed) this.finish();
    } catch (reason) {
      error = reason instanceof Error ? reason.message : String(reason);
    }
    let bytes = 0;
    try {
      bytes = statSync(this.path).size;
    } catch {
      error ??= 'the file is gone';
    }
    const milliseconds = Math.round((this.samples * 1000) / soundRate);
    return { path: this.path, bytes, milliseconds, ...(error === undefined ? {} : { error }) };
  }

  /** Draws what the film shows now; `false` when there is nothing new to shoot. */
  private draw(sources: ReadonlyMap<number, StudioSource>, nowMs: number): boolean {
    if (this.canvas.shows(sources)) {
      if (this.cardShown) this.canvas.clear();
      this.cardShown = false;
      const lag = this.canvas.lag(sources, nowMs);
      if (lag !== undefined) this.pictureLag += (Math.min(lag, mostLag) - this.pictureLag) * lagFollows;
      this.canvas.draw(sources);
      return true;
    }
    if (this.cardShown) return nowMs - this.shotMs >= cardEveryMs;
    this.cardShown = true;
    this.canvas.drawCard(this.card);
    return true;
  }

  private finish(): void {
    this.closed = true;
    if (this.pendingCount > 0) this.fill(this.samplesPerFrame - this.pendingCount);
    this.video.drain((packet) => this.write(packet, this.pictures, pictureClock));
    this.audio.sendFrameSync(null);
    this.drainSound();
    const written = this.format.writeTrailerSync();
    this.format.closeOutputSync();
    this.format.freeContext();
    this.video.close();
    this.audio.freeContext();
    this.canvas.close();
    this.resampler.free();
    must('close MP4', written);
  }

  private film(atMs: number): number {
    return atMs - (this.startedMs ?? atMs) - this.pausedFor;
  }

  private fill(count: number): void {
    const silence = new Float32Array(Math.min(count, soundRate / 10));
    for (let left = count; left > 0; left -= silence.length)
      this.take(silence.subarray(0, Math.min(left, silence.length)));
  }

  private take(samples: Float32Array): void {
    let at = 0;
    while (at < samples.length) {
      const part = samples.subarray(at, at + this.samplesPerFrame - this.pendingCount);
      this.pending.set(part, this.pendingCount);
      this.pendingCount += part.length;
      at += part.length;
      if (this.pendingCount < this.samplesPerFrame) return;
      must('sound', this.said.makeWritable());
      const into = this.said.data![0]!;
      Buffer.from(this.pending.buffer, 0, this.samplesPerFrame * 4).copy(into);
      this.said.pts = BigInt(this.samples);
      this.samples += this.samplesPerFrame;
      this.pendingCount = 0;
      this.audio.sendFrameSync(this.said);
      this.drainSound();
    }
  }

  private drainSound(): void {
    while (this.audio.receivePacketSync(this.packet) >= 0) {
      this.write(this.packet, this.sounds, soundRate);
      this.packet.unref();
    }
  }

  private write(packet: Packet, stream: Stream, clock: number): void {
    packet.streamIndex = stream.index;
    packet.rescaleTs({ num: 1, den: clock }, stream.timeBase);
    must('write MP4', this.format.interleavedWriteFrameSync(packet));
  }
}

function must(what: string, outcome: number): void {
  if (outcome < 0) throw new Error(`${what}: FFmpeg says ${outcome}`);
}
