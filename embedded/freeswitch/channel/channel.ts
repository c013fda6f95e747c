import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Conference } from '../mixer/conference.ts';
import type { Member } from '../mixer/member.ts';
import type { LegQuality } from '../rtp/line-meter.ts';
import type { RtpSession } from '../rtp/session.ts';
import type { Call } from '../sip/call.ts';
import type { Codec } from '../sound/codec.ts';
import { DtmfDetector } from '../sound/dtmf-detector.ts';
import { Resampler } from '../sound/resample.ts';
import type { Source } from '../sound/source.ts';
import { WavWriter } from '../sound/wav.ts';
import type { PictureQuality } from '../video/stream/picture-meter.ts';
import type { VideoSession } from '../video/stream/session.ts';

/** How a channel ended: FreeSWITCH's name of the cause and the Q.850 value. */
export interface HangupCause {
  name: string;
  q850: number;
}

export const normalClearing: HangupCause = { name: 'NORMAL_CLEARING', q850: 16 };

interface ChannelEvents {
  /** An event of FreeSWITCH's, with the headers that are its own. */
  event: [name: string, headers: Record<string, string>];
  digit: [digit: string];
  quality: [quality: LegQuality];
  pictureQuality: [quality: PictureQuality];
  hangup: [];
  /** What runs on it was broken off (`uuid_break`). */
  broken: [];
}

interface Tap {
  path: string;
  writer: WavWriter;
  read: boolean;
  write: boolean;
  stereo: boolean;
  rate: number;
  mixed: Int16Array;
}

interface Player {
  source: Source;
  at: number;
  done: (status: 'done' | 'break') => void;
}

/** Beats for which the mix hears nothing of a member after an in-band digit. */
const dtmfMuteBeats = 4;

/** One call leg with its media: what FreeSWITCH calls a channel. */
export class Channel extends EventEmitter<ChannelEvents> {
  readonly uuid = randomUUID();
  readonly createdAt = Date.now();
  readonly call: Call;
  readonly rtp: RtpSession;
  /** Its pictures, once any were agreed on or offered. */
  video: VideoSession | undefined;
  readonly sessionNumber: number;
  readonly variables = new Map<string, string>();
  answeredAt = 0;
  hungUp: HangupCause | undefined;
  conference: Conference | undefined;
  member: Member | undefined;
  echoing = false;
  muted = false;
  dtmfHeard = false;
  private detector: DtmfDetector | undefined;
  private dtmfMute = 0;
  /** Mean level of this beat's sound, 0…32767. */
  level = 0;
  private frame: Int16Array = new Int16Array(160);
  private out: Int16Array | undefined;
  private fitted: { resampler: Resampler; from: number; samples: Int16Array } | undefined;
  private player: Player | undefined;
  private readonly recordings = new Map<string, Tap>();
  private onConferenceLeft: (() => void) | undefined;

  constructor(call: Call, rtp: RtpSession, sessionNumber: number) {
    super();
    this.setMaxListeners(50);
    this.call = call;
    this.rtp = rtp;
    this.sessionNumber = sessionNumber;
    rtp.on('digit', ({ digit, durationMs }) => this.digit(digit, durationMs, 'RTP'));
    rtp.on('silent', (silent) =>
      this.emit('event', 'CUSTOM', { 'Event-Subclass': silent ? 'rtp::silent' : 'rtp::resumed' }),
    );
    rtp.on('unauthentic', () => this.emit('event', 'CUSTOM', { 'Event-Subclass': 'rtp::unauthentic' }));
    rtp.on('quality', (quality) => this.emit('quality', quality));
  }

  get codec(): Codec | undefined {
    return this.rtp.codec;
  }

  /** Samples a second of what is sent to it, and so of what is played to it. */
  get rate(): number {
    return this.rtp.codec?.rate ?? 8000;
  }

  /** Somebody needs what this channel hears as samples. */
  get taps(): boolean {
    if (this.player !== undefined) return true;
    for (const tap of this.recordings.values()) if (tap.write) return true;
    return false;
  }

  /** A digit that the far side sent; `source` as FreeSWITCH names it. */
  digit(digit: string, durationMs: number, source: 'RTP' | 'INBAND_AUDIO' | 'ENDPOINT'): void {
    if (this.hungUp !== undefined) return;
    this.emit('event', 'DTMF', {
      'DTMF-Digit': digit,
      'DTMF-Duration': String(durationMs * 8),
      'DTMF-Source': source,
    });
    this.emit('digit', digit);
  }

  detectDtmf(on: boolean): void {
    this.detector = on ? new DtmfDetector() : undefined;
  }

  /** Start of a beat, at its own time: takes what came from the far side. */
  beat(nowMs: number): void {
    const samples = this.rtp.rate / 50;
    if (this.frame.length !== samples) this.frame = new Int16Array(samples);
    this.level = this.rtp.pull(this.frame, nowMs);
    if (this.muted) {
      this.frame.fill(0);
      this.level = 0;
    }
    if (this.detector === undefined) return;
    if (this.dtmfMute > 0) this.dtmfMute--;
    const key = this.detector.push(this.frame);
    if (key !== undefined) {
      this.dtmfMute = dtmfMuteBeats;
      this.digit(key, 100, 'INBAND_AUDIO');
    }
    this.dtmfHeard = this.dtmfMute > 0;
  }

  /** This beat's sound from the far side, 20 ms at the rate that its length tells. */
  hear(): Int16Array {
    return this.frame;
  }

  /** Sends sound (or silence) at `rate` to the far side; what is played to this channel alone goes before. */
  speak(samples: Int16Array | undefined, nowMs: number): void {
    let said = samples;
    if (this.player !== undefined) said = this.playFrame();
    else if (said === undefined) {
      said = this.outFrame();
      said.fill(0);
    }
    this.rtp.send(said, nowMs);
    if (this.recordings.size > 0) this.tap(said);
  }

  speakEncoded(payload: Uint8Array, length: number, nowMs: number): void {
    this.rtp.sendEncoded(payload, length, nowMs);
    if (this.recordings.size > 0) this.tap(undefined);
  }

  /** End of a beat, for a channel that is in no conference. */
  speakAlone(nowMs: number): void {
    this.speak(this.echoing ? this.fit(this.frame, this.rate) : undefined, nowMs);
  }

  /** Plays to this channel; resolves when done or broken off. */
  play(source: Source): Promise<'done' | 'break'> {
    this.stopPlaying();
    const told: Record<string, string> = source.type === undefined ? {} : { 'Playback-File-Type': source.type };
    this.emit('event', 'PLAYBACK_START', { ...told, 'Playback-File-Path': source.name });
    return new Promise((resolve) => {
      this.player = {
        source,
        at: 0,
        done: (status) => {
          const samples =
            this.player === undefined ? source.samples.length : Math.min(this.player.at, source.samples.length);
          this.player = undefined;
          this.variables.set('playback_seconds', String(Math.floor(samples / source.rate)));
          this.variables.set('playback_ms', String(Math.round((samples * 1000) / source.rate)));
          this.variables.set('playback_samples', String(samples));
          this.variables.set('playback_last_offset_pos', String(samples));
          this.emit('event', 'PLAYBACK_STOP', {
            ...told,
            'Playback-File-Path': source.name,
            'Playback-Status': status,
          });
          resolve(status);
        },
      };
    });
  }

  stopPlaying(): void {
    this.player?.done('break');
  }

  /** Records both directions, or one, into a file. @throws the file system's error. */
  startRecording(path: string): void {
    if (this.recordings.has(path)) return;
    const on = (name: string): boolean => /^(true|yes|1|t)$/i.test(this.variables.get(name) ?? '');
    const stereo = on('RECORD_STEREO');
    const { rate } = this;
    const tap: Tap = {
      path,
      rate,
      mixed: new Int16Array((rate / 50) * (stereo ? 2 : 1)),
      writer: new WavWriter(path, rate, stereo ? 2 : 1),
      read: !on('RECORD_WRITE_ONLY'),
      write: !on('RECORD_READ_ONLY'),
      stereo,
    };
    this.recordings.set(path, tap);
    this.emit('event', 'RECORD_START', { 'Record-File-Path': path });
  }

  /** Stops one recording, or all; `false` when there was none. */
  stopRecording(path: string | undefined): boolean {
    const taps = [...this.recordings.values()].filter((tap) => path === undefined || tap.path === path);
    for (const tap of taps) {
      this.recordings.delete(tap.path);
      const { samples } = tap.writer;
      try {
        tap.writer.close();
      } catch {
        // What could be written is on disk.
      }
      this.variables.set('record_file_size', String(tap.writer.size));
      this.variables.set('record_samples', String(samples));
      this.variables.set('record_seconds', String(Math.floor(samples / tap.rate)));
      this.variables.set('record_ms', String(Math.round((samples * 1000) / tap.rate)));
      this.emit('event', 'RECORD_STOP', { 'Record-File-Path': tap.path });
    }
    return taps.length > 0;
  }

  /** Enters a conference; resolves when it left again, whoever ended it. */
  enter(conference: Conference, member: Member): Promise<void> {
    this.conference = conference;
    this.member = member;
    return new Promise((resolve) => {
      this.onConferenceLeft = resolve;
    });
  }

  /** The conference let this channel go. */
  conferenceLeft(): void {
    this.conference = undefined;
    this.member = undefined;
    this.onConferenceLeft?.();
    this.onConferenceLeft = undefined;
  }

  leaveConference(): void {
    const { conference, member } = this;
    if (conference === undefined || member === undefined) return;
    this.conference = undefined;
    this.member = undefined;
    conference.leave(member);
    this.conferenceLeft();
  }

  /** Ends the channel; `byFar` when the far side did. */
  hangUp(cause: HangupCause, byFar = false): void {
    if (this.hungUp !== undefined) return;
    this.hungUp = cause;
    this.stopPlaying();
    this.leaveConference();
    this.stopRecording(undefined);
    this.emit('hangup');
    if (!byFar) this.call.hangUp(cause);
    this.rtp.close();
  }

  private outFrame(): Int16Array {
    const samples = this.rate / 50;
    if (this.out?.length !== samples) this.out = new Int16Array(samples);
    return this.out;
  }

  private playFrame(): Int16Array {
    const { player } = this;
    const out = this.outFrame();
    out.fill(0);
    if (player === undefined) return out;
    const { samples, rate, endless } = player.source;
    // The codec may have changed since the piece began.
    const count = rate / 50;
    const piece = samples.subarray(player.at, player.at + count);
    if (count === out.length) out.set(piece);
    else if (piece.length === count) out.set(this.fit(piece, this.rate));
    player.at += count;
    if (player.at >= samples.length) {
      if (endless) player.at = 0;
      else player.done('done');
    }
    return out;
  }

  /** A frame at another rate than its own; seldom needed, and only for one stream at a time. */
  private fit(frame: Int16Array, rate: number): Int16Array {
    const from = frame.length * 50;
    if (from === rate) return frame;
    if (this.fitted?.from !== from || this.fitted.samples.length !== rate / 50)
      this.fitted = { from, resampler: new Resampler(from, rate), samples: new Int16Array(rate / 50) };
    this.fitted.resampler.process(frame, this.fitted.samples);
    return this.fitted.samples;
  }

  private tap(said: Int16Array | undefined): void {
    for (const tap of this.recordings.values()) {
      const { mixed } = tap;
      const heard = this.fit(this.frame, tap.rate);
      const spoken = tap.write && said?.length === heard.length ? said : undefined;
      for (let at = 0; at < heard.length; at++) {
        const read = tap.read ? heard[at]! : 0;
        const write = spoken === undefined ? 0 : spoken[at]!;
        if (tap.stereo) {
          mixed[2 * at] = read;
          mixed[2 * at + 1] = write;
        } else mixed[at] = Math.max(-32768, Math.min(32767, read + write));
      }
      try {
        tap.writer.write(mixed);
      } catch (error) {
        this.emit('event', 'CUSTOM', {
          'Event-Subclass': 'record::failed',
          'Record-File-Path': tap.path,
          Error: String(error),
        });
        this.stopRecording(tap.path);
      }
    }
  }
}
