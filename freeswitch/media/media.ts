import type { EventEmitter } from 'node:events';
import type { Layout } from '../../store/schema/session.ts';
import type { MemberLevel } from './levels.ts';

/*
 * What the gateway asks of a media engine (a FreeSWITCH behind drachtio-fsmrf): endpoints and conferences. Times are in
 * milliseconds. `endpoint.ts` and `conference.ts` keep the promise over the real wire protocols.
 */

/** How a leg's sound was in the last seconds, as the engine estimates it. */
export interface SoundQuality {
  /** Packets lost or too late, of 100. */
  lossPercent: number;
  jitterMs: number;
  roundTripMs: number | undefined;
  /** What the far side told that it lost of ours, of 100. */
  farLossPercent?: number | undefined;
  /** Mean opinion score, 1…4.5 (ITU-T G.107, simplified). */
  score: number;
}

/** How a leg's pictures were in the last seconds. */
export interface PictureQuality {
  /** Packets lost, of 100. */
  lossPercent: number;
  jitterMs?: number | undefined;
  roundTripMs?: number | undefined;
  farLossPercent?: number | undefined;
  framesPerSecond?: number | undefined;
  bitsPerSecond?: number | undefined;
  width?: number | undefined;
  height?: number | undefined;
}

/** What happens at a media endpoint. */
export interface MediaEndpointEvents {
  /** A digit heard in the media (RFC 4733 or in-band). */
  digit: [digit: string, durationMs: number];
  /** The engine lost or dropped the endpoint. Fires once; not after our own `destroy`. */
  lost: [reason: string];
  /** What comes does not prove itself by the keys agreed on. */
  unauthentic: [];
  /** Every few seconds. */
  quality: [quality: SoundQuality];
  /** Every few seconds while pictures come. */
  pictureQuality: [quality: PictureQuality];
  /** No RTP came for a while, or it came again. */
  silent: [silent: boolean];
  /** No picture came for a while, or it came again. */
  dark: [dark: boolean];
  /** A recording ended that we did not stop: the engine could not write any more. */
  recordingEnded: [path: string];
  /** The engine needs a key frame of the far side, which takes no RTCP feedback. */
  keyFrameRequest: [];
}

/** A member's place in a conference. */
export interface Membership {
  readonly memberId: number;
  mute(muted: boolean): Promise<void>;
  /** Takes it out of the conference; the endpoint lives on. */
  leave(): Promise<void>;
}

/** One leg's media: an RTP session at the engine. */
export interface MediaEndpoint extends EventEmitter<MediaEndpointEvents> {
  readonly id: string;
  /** Our description: the answer to the remote SDP given, or our offer. */
  readonly localSdp: string;
  /** Gives the endpoint the far side's answer or later offer; resolves to our description. */
  modify(remoteSdp: string): Promise<string>;
  /** The far side needs a key frame of what it is shown. */
  requestKeyFrame(): Promise<void>;
  /** Plays files one after the other; resolves when played or stopped. @throws when a file is missing. */
  play(files: string[]): Promise<void>;
  /** Stops what plays. */
  stopPlaying(): Promise<void>;
  /** Sends digits as RFC 4733 (`,` is a pause of one second). */
  sendDigits(digits: string): Promise<void>;
  /** Returns the caller's own sound until stopped or gone. */
  echo(): Promise<void>;
  /** Records what this leg sends into a file; resolves when recording runs. */
  record(path: string): Promise<void>;
  stopRecording(path: string): Promise<void>;
  join(conference: MediaConference, options?: { muted?: boolean }): Promise<Membership>;
  /** What the engine measured, by its own variable names. */
  statistics(): Promise<Record<string, string>>;
  /** The audio codec agreed on, by its RTP encoding name; none before the far side answered. */
  codec(): Promise<string | undefined>;
  destroy(): Promise<void>;
}

/** What happens in a conference. */
export interface MediaConferenceEvents {
  talking: [memberId: number, talking: boolean];
  /** How loud all are, about five times a second while it was asked for. */
  levels: [levels: MemberLevel[]];
  left: [memberId: number];
  /** Another member's picture is the speaker's, or nobody's is. */
  floor: [memberId: number | undefined];
  /** The machine composes fewer pictures a second, or more again. */
  pace: [framesPerSecond: number];
  /** The engine gave up composing (`overload`, `failure`) and shows the speaker. */
  fallback: [reason: string];
  lost: [reason: string];
  /** A recording ended that we did not stop. */
  recordingEnded: [path: string];
}

/** A mixed room at the engine. */
export interface MediaConference extends EventEmitter<MediaConferenceEvents> {
  readonly name: string;
  /** Plays files to all; resolves when they are over. */
  play(files: string[]): Promise<void>;
  /** Plays a file to one member, into what it hears; resolves when it begins. */
  playTo(memberId: number, file: string): Promise<void>;
  /** @throws MediaError when the engine cannot show it in this room. */
  setLayout(layout: Layout): Promise<void>;
  /** Fixes the picture floor on a member; without one it follows the voice. `false` when the member has no picture. */
  setFloor(memberId: number | undefined): Promise<boolean>;
  /** The name that stands in a member's tile. */
  setBanner(memberId: number, name: string): Promise<void>;
  /** Records the mix (`.wav`), or the mix with the composed picture (`.mp4`). */
  record(path: string): Promise<void>;
  stopRecording(path: string): Promise<void>;
  /** What a film shows while nobody shows a picture; an engine that cannot leaves it out. */
  card(title: string, below: string): Promise<void>;
  /** Has levels told, or not any more. An engine that does not measure (FreeSWITCH) tells none. */
  measureLevels(on: boolean): void;
  destroy(): Promise<void>;
}

/** How an offer of the engine's asks for SRTP: not, by keys in a plain section, or obligatory. */
export type OfferedProtection = 'off' | 'preferred' | 'required';

/** How a conference is made. */
export interface ConferenceOptions {
  rateHz?: 8000 | 16000;
  /** Pictures are to be composed: a FreeSWITCH decides that when a room is made. */
  composed?: boolean;
}

/** The gateway's way to the media engines. */
export interface Media extends EventEmitter<{ up: []; down: [reason: string] }> {
  /** @throws MediaError when no engine takes it within 4 s. */
  createEndpoint(remoteSdp?: string, srtp?: OfferedProtection): Promise<MediaEndpoint>;
  createConference(name: string, options?: ConferenceOptions): Promise<MediaConference>;
  readonly connected: boolean;
  close(): Promise<void>;
}

/** The media engine refused or could not be reached. */
export class MediaError extends Error {}
