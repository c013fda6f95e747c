import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { applicationNamed } from './channel/applications.ts';
import { Channel, type HangupCause, normalClearing } from './channel/channel.ts';
import { qualityVariables, soundStatistics } from './channel/statistics.ts';
import { memberHeaders, putChannel, putEvent } from './esl/event.ts';
import { type Headers, SwitchEvent } from './esl/switch-event.ts';
import { Beat } from './mixer/beat.ts';
import { Conference } from './mixer/conference.ts';
import { LevelReports, levelHeaders, levelsText } from './mixer/level-reports.ts';
import type { Member, MemberFlags } from './mixer/member.ts';
import { NoPortError, PortRange } from './rtp/ports.ts';
import { RtpSession } from './rtp/session.ts';
import type { Secrecy } from './sdp/audio.ts';
import { agreeOnAnswer, answer, type OwnMedia, offer, picturesIn, SdpError, type Settled } from './sdp/negotiate.ts';
import { OwnKeys } from './sdp/security.ts';
import { type Call, Refusal } from './sip/call.ts';
import { Pictures } from './video/pictures.ts';
import { pictureQualityVariables, pictureStatistics } from './video/statistics.ts';

/** Settings that the parts of the engine look at. */
export interface SwitchSettings {
  /** Address in SDP. */
  publicHost: string;
  rtpHost: string;
  rtpPortMin: number;
  rtpPortMax: number;
  /** Recordings are written below it only; anywhere when absent. */
  recordingsFolder: string | undefined;
  soundsFolder: string;
  maxSessions: number;
}

/** Somebody who may want to know of events. */
export interface EventListener {
  asks(name: string, subclass: string | undefined): boolean;
  offer(event: SwitchEvent): void;
}

interface SwitchEvents {
  /** A call stands and asks for its program at `host:port`. */
  socket: [channel: Channel, address: string];
}

/** The engine itself: channels, conferences, the beat, and the events that they make. */
export class Switch extends EventEmitter<SwitchEvents> {
  readonly coreUuid = randomUUID();
  readonly startedAt = Date.now();
  readonly channels = new Map<string, Channel>();
  readonly conferences = new Map<string, Conference>();
  readonly subscribers = new Set<EventListener>();
  readonly levels = new LevelReports();
  readonly settings: SwitchSettings;
  readonly beat = new Beat(
    (nowMs) => this.tick(nowMs),
    () => this.sendAll(),
  );
  readonly pictures: Pictures;
  sessionsSoFar = 0;
  /** `host:port` of the SIP side. */
  sipAddress = '';
  private readonly ports: PortRange;
  private sequence = 0;
  private member = 0;
  private readonly queues = new Map<Channel, Promise<void>>();
  private readonly brokenOff = new WeakSet<Channel>();
  private ending = false;

  constructor(settings: SwitchSettings) {
    super();
    // Each connection of the event socket listens, and every call has one.
    this.setMaxListeners(0);
    this.settings = settings;
    this.ports = new PortRange(settings.rtpHost, settings.rtpPortMin, settings.rtpPortMax);
    this.pictures = new Pictures(this.ports);
  }

  /** Takes a call: answers with the SDP for its 200. @throws Refusal */
  async invited(call: Call): Promise<string> {
    if (this.ending || this.channels.size >= this.settings.maxSessions)
      throw new Refusal(503, 'Service Unavailable', 5);
    const rtp = await RtpSession.open(this.ports).catch((error: unknown) => {
      throw error instanceof NoPortError ? new Refusal(503, 'Service Unavailable', 5) : error;
    });
    const channel = new Channel(call, rtp, ++this.sessionsSoFar);
    const sessionId = 1_700_000_000 + Math.floor(Math.random() * 100_000_000);
    const own: OwnMedia = {
      host: this.settings.publicHost,
      port: rtp.port,
      sessionId,
      version: sessionId + 1,
      videoPort: undefined,
      keys: new OwnKeys(),
      secrecy: secrecyAsked(call),
    };
    let local: string;
    try {
      local = await this.firstDescription(channel, own);
    } catch (error) {
      rtp.close();
      channel.video?.close();
      throw error instanceof SdpError ? new Refusal(488, 'Not Acceptable Here') : error;
    }
    call.onOffer = (later) => this.laterOffer(channel, own, later);
    call.on('answered', (sdp) => this.farAnswer(channel, own, sdp));
    call.on('info', (type, body) => this.info(channel, type, body));
    call.on('ended', (cause) => this.end(channel, { ...normalClearing, name: cause }, true));
    channel.on('event', (name, headers) => this.publish(name, channel, headers));
    channel.on('quality', (quality) => this.tellQuality(channel, 'audio', qualityVariables(quality)));
    channel.on('pictureQuality', (quality) => this.tellQuality(channel, 'video', pictureQualityVariables(quality)));
    channel.on('hangup', () => this.hungUp(channel));
    this.channels.set(channel.uuid, channel);
    channel.answeredAt = Date.now();
    channel.variables.set('rtp_local_sdp_str', local);
    this.publish('CHANNEL_CREATE', channel, {});
    this.publish('CHANNEL_ANSWER', channel, {});
    const address = call.request.headers.find((header) => header.name === 'x-esl-outbound')?.value;
    if (address !== undefined) setImmediate(() => this.emit('socket', channel, address));
    return local;
  }

  end(channel: Channel, cause: HangupCause, byFar = false): void {
    channel.hangUp(cause, byFar);
  }

  /** Runs an application on a channel, in its turn where it sounds; tells its start and end. */
  execute(channel: Channel, name: string, argument: string, eventUuid: string): boolean {
    const application = applicationNamed(name);
    if (application === undefined) return false;
    const facts = { Application: name, 'Application-Data': argument, 'Application-UUID': eventUuid };
    const run = async (): Promise<void> => {
      if (channel.hungUp !== undefined) return;
      channel.variables.set('current_application', name);
      channel.variables.set('current_application_data', argument);
      this.publish('CHANNEL_EXECUTE', channel, facts);
      this.brokenOff.delete(channel);
      let outcome: string;
      try {
        outcome = await application.run(channel, argument, this);
      } catch (error) {
        outcome = `-ERR ${error instanceof Error ? error.message : error}`;
      }
      const { 'Application-UUID': uuid, ...rest } = facts;
      this.publish('CHANNEL_EXECUTE_COMPLETE', channel, {
        ...rest,
        'Application-Response': outcome,
        'Application-UUID': uuid,
      });
    };
    // In a conference or an echo others run over it; what sounds otherwise waits for what sounds now.
    if (!application.queued || channel.member !== undefined || channel.echoing) {
      if (application.queued && name === 'conference') channel.leaveConference();
      void run();
      return true;
    }
    const turn = (this.queues.get(channel) ?? Promise.resolve()).then(run);
    this.queues.set(channel, turn);
    return true;
  }

  /** Breaks off what plays on a channel. */
  breakOff(channel: Channel): void {
    this.brokenOff.add(channel);
    channel.stopPlaying();
    channel.emit('broken');
  }

  broken(channel: Channel): boolean {
    return this.brokenOff.has(channel);
  }

  /** Puts a channel into a conference, which is made when it is not there; `undefined` when it is locked or full. */
  joinConference(
    channel: Channel,
    name: string,
    profile: string,
    flags: MemberFlags,
  ): { conference: Conference; member: Member } | undefined {
    let conference = this.conferences.get(name);
    if (conference === undefined) {
      const made = new Conference(name, profile, mixRate(profile), () => ++this.member);
      made.on('maintenance', (action, member, headers) => this.maintenance(made, action, member, headers));
      made.on('levels', (levels) => {
        this.publish('CUSTOM', undefined, { ...levelHeaders(made), 'Member-Levels': levelsText(levels) });
      });
      made.on('ended', () => this.conferences.delete(name));
      const sound = made.openRecording;
      made.openRecording = (path) => (path.endsWith('.mp4') ? this.pictures.film(made, path) : sound(path));
      this.conferences.set(name, made);
      this.maintenance(made, 'conference-create', undefined, {});
      conference = made;
    } else if (conference.locked || (conference.maxMembers > 0 && conference.members.size >= conference.maxMembers)) {
      return undefined;
    }
    return { conference, member: conference.join(channel, flags) };
  }

  /** Makes an event known. */
  publish(name: string, channel: Channel | undefined, headers: Record<string, string>, body?: string): void {
    const subclass = headers['Event-Subclass'];
    this.sequence++;
    let event: SwitchEvent | undefined;
    for (const listener of this.subscribers) {
      if (!listener.asks(name, subclass)) continue;
      // Made only when somebody asks: it tells all that is known of a channel.
      event ??= this.eventOf(name, channel, headers, body);
      listener.offer(event);
    }
  }

  private eventOf(
    name: string,
    channel: Channel | undefined,
    own: Record<string, string>,
    body: string | undefined,
  ): SwitchEvent {
    const headers: Headers = new Map();
    const subclass = own['Event-Subclass'];
    if (subclass !== undefined) headers.set('Event-Subclass', subclass);
    putEvent(headers, name, this.coreUuid, this.sequence);
    if (channel !== undefined) putChannel(headers, channel, this);
    for (const [header, value] of Object.entries(own)) headers.set(header, value);
    return new SwitchEvent(headers, body);
  }

  /** Ends every call and closes every recording. */
  close(): void {
    this.ending = true;
    this.beat.stop();
    for (const channel of [...this.channels.values()]) this.end(channel, { name: 'MANAGER_REQUEST', q850: 31 });
    for (const conference of [...this.conferences.values()]) conference.end();
  }

  private tick(nowMs: number): void {
    for (const channel of this.channels.values()) channel.beat(nowMs);
    for (const conference of this.conferences.values()) conference.tick(nowMs);
    this.pictures.tick();
    this.levels.tick(this.conferences.values());
    for (const channel of this.channels.values()) if (channel.member === undefined) channel.speakAlone(nowMs);
  }

  private sendAll(): void {
    for (const channel of this.channels.values()) channel.rtp.flush();
  }

  private async firstDescription(channel: Channel, own: OwnMedia): Promise<string> {
    const remote = channel.call.request.body;
    if (remote === '' || picturesIn(remote, own.keys) !== undefined) await this.openPictures(channel, own);
    if (remote === '') return offer(own);
    const { sdp, ...settled } = answer(remote, own);
    this.settle(channel, settled, remote);
    return sdp;
  }

  /** A call goes on without pictures when no port is left for them. */
  private async openPictures(channel: Channel, own: OwnMedia): Promise<void> {
    try {
      own.videoPort = (await this.pictures.open(channel)).port;
    } catch (error) {
      if (!(error instanceof NoPortError)) throw error;
      own.videoPort = undefined;
    }
  }

  private settle(channel: Channel, { agreed, video }: Settled, remote: string): void {
    channel.rtp.setRemote(agreed);
    this.pictures.settle(channel, video);
    const set = (name: string, value: string | number): void => {
      channel.variables.set(name, String(value));
    };
    set('switch_r_sdp', remote);
    set('remote_media_ip', agreed.host);
    set('remote_media_port', agreed.port);
    const [format] = agreed.formats;
    if (format !== undefined) {
      set('rtp_use_codec_name', format.codec.name);
      set('rtp_use_codec_rate', format.codec.clockHz);
      set('rtp_use_pt', format.payloadType);
    }
    if (agreed.security === undefined) {
      channel.variables.delete('rtp_secure_media_confirmed');
      channel.variables.delete('rtp_has_crypto');
    } else {
      set('rtp_secure_media_confirmed', 'true');
      set('rtp_has_crypto', agreed.security.suite);
    }
    if (video === undefined) channel.variables.delete('video_possible');
    else {
      set('video_possible', 'true');
      set('remote_video_ip', video.host);
      set('remote_video_port', video.port);
      set('rtp_use_video_codec_name', video.format.name);
      set('rtp_use_video_pt', video.format.payloadType);
    }
    set('dtmf_type', agreed.events === undefined ? 'info' : 'rfc2833');
    if (agreed.events === undefined) channel.detectDtmf(true);
    else channel.detectDtmf(false);
  }

  private async laterOffer(channel: Channel, own: OwnMedia, later: string | undefined): Promise<string> {
    own.version++;
    try {
      if (later === undefined || picturesIn(later, own.keys) !== undefined) await this.openPictures(channel, own);
      if (later === undefined) return offer(own);
      const { sdp, ...settled } = answer(later, own);
      this.settle(channel, settled, later);
      channel.variables.set('rtp_local_sdp_str', sdp);
      return sdp;
    } catch (error) {
      throw error instanceof SdpError ? new Refusal(488, 'Not Acceptable Here') : error;
    }
  }

  private farAnswer(channel: Channel, own: OwnMedia, sdp: string): void {
    try {
      const settled = agreeOnAnswer(sdp, own);
      if (settled !== undefined) this.settle(channel, settled, sdp);
    } catch (error) {
      if (!(error instanceof SdpError)) throw error;
      this.end(channel, { name: 'INCOMPATIBLE_DESTINATION', q850: 88 });
    }
  }

  private info(channel: Channel, type: string, body: string): void {
    const relay = /dtmf-relay/i.test(type) ? /^Signal\s*=\s*([0-9*#A-D])/im.exec(body) : undefined;
    const plain = /application\/dtmf$/i.test(type) ? /^\s*([0-9*#A-D])\s*$/i.exec(body) : undefined;
    const digit = relay?.[1] ?? plain?.[1];
    if (digit !== undefined) channel.digit(digit.toUpperCase(), 100, 'ENDPOINT');
    // RFC 5168.
    if (/media_control\+xml/i.test(type) && /<picture_fast_update\b/.test(body)) this.pictures.needKeyFrame(channel);
  }

  private maintenance(
    conference: Conference,
    action: string,
    member: Member | undefined,
    headers: Record<string, string>,
  ): void {
    const own = {
      'Event-Subclass': 'conference::maintenance',
      'Conference-Name': conference.name,
      'Conference-Domain': this.settings.publicHost,
      'Conference-Size': String(conference.members.size),
      'Conference-Ghosts': '0',
      'Conference-Profile-Name': conference.profile,
      'Conference-Unique-ID': conference.uuid,
    };
    const about = member === undefined ? {} : memberHeaders(member, conference);
    this.publish('CUSTOM', member?.channel, { ...own, ...about, ...headers, Action: action });
  }

  /** Told without all that is known of the channel: it comes every 5 s for every leg. */
  private tellQuality(channel: Channel, media: 'audio' | 'video', facts: Record<string, string>): void {
    const headers: Record<string, string> = {
      'Event-Subclass': 'rtp::quality',
      'Unique-ID': channel.uuid,
      'Media-Type': media,
    };
    for (const [name, value] of Object.entries(facts)) {
      channel.variables.set(name, value);
      headers[`variable_${name}`] = value;
    }
    this.publish('CUSTOM', undefined, headers);
  }

  private hungUp(channel: Channel): void {
    this.channels.delete(channel.uuid);
    this.queues.delete(channel);
    for (const [name, value] of Object.entries(soundStatistics(channel.rtp))) channel.variables.set(name, value);
    for (const [name, value] of Object.entries(pictureStatistics(channel.video))) channel.variables.set(name, value);
    this.publish('CHANNEL_HANGUP', channel, {});
    this.publish('CHANNEL_CALLSTATE', channel, {
      'Original-Channel-Call-State': 'ACTIVE',
      'Channel-Call-State-Number': '7',
    });
    this.publish('CHANNEL_HANGUP_COMPLETE', channel, {});
    this.publish('CHANNEL_DESTROY', channel, {});
    channel.removeAllListeners('event');
  }
}

/** Rate of a room's mix by its profile's name: `narrow…` or one that ends in 8 (kHz) is 8 kHz, all others 16 kHz. */
function mixRate(profile: string): 8000 | 16000 {
  return /^narrow|(?:^|\D)8(?:k|000)?$/i.test(profile) ? 8000 : 16_000;
}

/** What the application asks of an offer of ours: `X-Secure-RTP: true` (drachtio-fsmrf's), or `preferred`. */
function secrecyAsked(call: Call): Secrecy {
  const asked = call.request.headers
    .find(({ name }) => name === 'x-secure-rtp')
    ?.value.trim()
    .toLowerCase();
  return asked === 'true' ? 'required' : asked === 'preferred' ? 'preferred' : 'off';
}
