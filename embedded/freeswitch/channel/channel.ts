import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Conference } from '../mixer/conference.ts';
import type { Member } from '../mixer/member.ts';
import { frameSamples, type RtpSession } from '../rtp/session.ts';
import type { Call } from '../sip/user-agent.ts';
import { DtmfDetector } from '../sound/dtmf-detector.ts';
import type { G711 } from '../sound/g711.ts';
import type { Source } from '../sound/source.ts';
import { WavWriter } from '../sound/wav.ts';
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
  private frame: Int16Array = new Int16Array(frameSamples);
  private readonly out = new Int16Array(frameSamples);
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
  }

  get codec(): G711 | undefined {
    return this.rtp.media?.codec;
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

  /** Start of a beat: takes what came from the far side. */
  beat(): void {
    this.frame = this.rtp.pull();
    if (this.muted) this.frame.fill(0);
    if (this.dtmfMute > 0) this.dtmfMute--;
    const key = this.detector?.push(this.frame);
    if (key !== undefined) {
      this.dtmfMute = dtmfMuteBeats;
      this.digit(key, 100, 'INBAND_AUDIO');
    }
    this.dtmfHeard = this.dtmfMute > 0;
  }

  /** This beat's sound from the far side. */
  hear(): Int16Array {
    return this.frame;
  }

  /** Sends sound (or silence) to the far side; what is played to this channel alone goes before. */
  speak(samples: Int16Array | undefined): void {
    let said = samples;
    if (this.player !== undefined) said = this.playFrame();
    this.rtp.send(said);
    this.tap(said);
  }

  speakEncoded(payload: Uint8Array): void {
    this.rtp.sendEncoded(payload);
    this.tap(undefined);
  }

  /** End of a beat, for a channel that is in no conference. */
  speakAlone(): void {
    this.speak(this.echoing ? this.frame : undefined);
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
          this.variables.set('playback_seconds', String(Math.floor(samples / 8000)));
          this.variables.set('playback_ms', String(Math.round(samples / 8)));
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
    const tap: Tap = {
      path,
      writer: new WavWriter(path, 8000, stereo ? 2 : 1),
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
      this.variables.set('record_seconds', String(Math.floor(samples / 8000)));
      this.variables.set('record_ms', String(Math.round(samples / 8)));
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

  private playFrame(): Int16Array {
    const { player, out } = this;
    out.fill(0);
    if (player === undefined) return out;
    out.set(player.source.samples.subarray(player.at, player.at + frameSamples));
    player.at += frameSamples;
    if (player.at >= player.source.samples.length) {
      if (player.source.endless) player.at = 0;
      else player.done('done');
    }
    return out;
  }

  private tap(said: Int16Array | undefined): void {
    for (const tap of this.recordings.values()) {
      const mixed = new Int16Array(tap.stereo ? frameSamples * 2 : frameSamples);
      for (let at = 0; at < frameSamples; at++) {
        const read = tap.read ? this.frame[at]! : 0;
        const write = tap.write && said !== undefined ? said[at]! : 0;
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
