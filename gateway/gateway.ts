import type { EventEmitter } from 'node:events';
import type { TestCall } from '../store/schema/devices.ts';
import type { DialRule } from '../store/schema/dialplan.ts';
import type { Incident } from '../store/schema/incident.ts';
import type { Actor } from '../store/schema/log.ts';
import type { Protocol } from '../store/schema/names.ts';
import type { Rehearsal } from '../store/schema/rehearsal.ts';
import type { Floor, Layout, LegRecord, Participant, Recording, Session } from '../store/schema/session.ts';

/** How a leg's sound and pictures were in the last seconds, as the media engine measured and estimates it. */
export interface LegQuality {
  sessionId?: string;
  legId: string;
  /** Packets lost or too late, of 100. */
  lossPercent: number;
  jitterMs: number;
  roundTripMs?: number | undefined;
  /** What the far side lost of ours, of 100. */
  farLossPercent?: number | undefined;
  /** Mean opinion score of the sound, 1…4.5 (ITU-T G.107, simplified). */
  score: number;
  /** The same of its pictures, while it shows any; with their rate and size. */
  pictureLossPercent?: number | undefined;
  pictureJitterMs?: number | undefined;
  pictureFarLossPercent?: number | undefined;
  pictureBitsPerSecond?: number | undefined;
  framesPerSecond?: number | undefined;
  width?: number | undefined;
  height?: number | undefined;
}

/** How loud a leg is, dBov as in RFC 6464: 0 … −127, which is silence. */
export interface LegLevel {
  legId: string;
  /** What comes from it, muted or not. */
  inDb: number;
  /** What it hears. */
  outDb?: number;
}

/** What can be announced to all in a session. */
export const announcements = ['beginsSoon', 'oneByOne', 'pausing', 'endsSoon', 'recording'] as const;
export type Announcement = (typeof announcements)[number];

/** What the gateway tells the world as it happens (live events of the API). */
export interface GatewayEvents {
  session: [session: Session];
  leg: [leg: LegRecord];
  talking: [change: { sessionId: string; legId: string; talking: boolean }];
  /** How loud the legs of a session are, about five times a second while somebody watches it. */
  levels: [told: { sessionId: string; levels: LegLevel[] }];
  /** Who of a room is seen by the others now: by its voice, or because staff fixed it. */
  floor: [change: { sessionId: string; legId?: string; name?: string; by: 'voice' | 'staff' }];
  recording: [recording: Recording];
  registration: [change: { endpointId: string; registered: boolean; contact: string }];
  /** How a leg's sound was in the last seconds. */
  quality: [quality: LegQuality];
  /** So many devices spoke on the network for the first time and are not known. */
  discovered: [told: { count: number }];
  /** A check before a session began, went on, or is over. */
  rehearsal: [rehearsal: Rehearsal];
  /** Something that staff should look at: a lost uplink, an engine that went away, a full disk. */
  incident: [incident: Incident & { sessionId?: string; legId?: string }];
}

/** A number as it would be dialled, for the dial plan's test. */
export interface DialQuestion {
  protocol: Protocol;
  called: string;
  endpointId?: string;
  trunkId?: string;
  siteId?: string;
  /** Moment to judge time windows by; now when absent. */
  at?: Date;
}

/** Why a rule decides or does not; each code is a sentence of the message catalogues, `values` fill it in. */
export interface DialReason {
  code:
    | 'dial.fits'
    | 'dial.fits-changed'
    | 'dial.no-fit'
    | 'dial.none-has'
    | 'dial.off'
    | 'dial.other-protocol'
    | 'dial.other-device'
    | 'dial.other-trunk'
    | 'dial.other-site'
    | 'dial.leads-out'
    | 'dial.other-hour'
    | 'dial.other-day'
    | 'dial.no-time-zone';
  values: Record<string, string>;
  /** Where the call goes, when the rule decides. */
  to?: DialRule['destination']['kind'];
}

/** Rules that stand behind every plan; their names are sentences of the catalogues too (`dial.rule.…`). */
export type BuiltInRule = 'built-in-trunk' | 'built-in-room' | 'built-in-device';

/** What the dial plan decides, and why: every rule looked at, in order. */
export interface DialDecision {
  rule: DialRule | undefined;
  /** The number after the rule's transformation. */
  number: string;
  /** One line a rule: what fitted, or the first thing that did not. A built-in rule has its `BuiltInRule` for an id. */
  steps: { ruleId: string; name: string; matched: boolean; why: DialReason }[];
}

/** What a NOTIFY outside of dialogs says. */
export interface NotifyContent {
  /** Value of the Event header, as the device's vendor wants it. */
  event: string;
  mediaType?: string;
  body?: string;
}

/** What one contact of a device answered to a NOTIFY; 408 also when it said nothing, 503 when it could not be sent. */
export interface NotifyAnswer {
  contact: string;
  userAgent: string | undefined;
  event: string;
  status: number;
  reason: string;
}

/** State of the engines and lines, for health and the console. */
export interface GatewayHealth {
  sip: { up: boolean };
  h323: { up: boolean };
  media: { up: boolean };
  trunks: { trunkId: string; state: 'none' | 'registered' | 'refused' | 'unreachable'; text?: string }[];
  /** Far gatekeepers that we register with, by the site of the uplink. */
  gatekeepers?: { siteId: string; state: 'none' | 'registered' | 'refused' | 'unreachable'; text?: string }[];
  calls: number;
  rooms: number;
  /** Free space where recordings are written. */
  space?: { state: 'ok' | 'low' | 'full'; freeBytes: number; warnBytes: number; stopBytes: number };
}

/**
 * The gateway as its users (API, planned work) see it. Every method is done in somebody's name, which the log keeps.
 * @throws Fault (not-found, conflict, …) where the thing asked cannot be done.
 */
export interface Gateway extends EventEmitter<GatewayEvents> {
  /** Opens the session's room and calls whom it is to call. */
  openSession(sessionId: string, actor: Actor): Promise<Session>;
  /** Ends it for all: announcements, BYE, recordings closed. */
  endSession(sessionId: string, actor: Actor, reason?: string): Promise<Session>;
  setLocked(sessionId: string, locked: boolean, actor: Actor): Promise<Session>;
  /** What those in it see; also of a planned session. */
  setLayout(sessionId: string, layout: Layout, actor: Actor): Promise<Session>;
  /** Fixes who is seen, or lets it follow the voice. */
  setFloor(sessionId: string, floor: Floor, actor: Actor): Promise<Session>;
  /** Calls somebody into an open session; answers the leg at once, its progress comes as events. */
  callOut(sessionId: string, who: Participant, actor: Actor): Promise<LegRecord>;
  muteLeg(sessionId: string, legId: string, muted: boolean, actor: Actor): Promise<LegRecord>;
  removeLeg(sessionId: string, legId: string, actor: Actor): Promise<void>;
  /** Lets a caller in from the lobby. */
  admitLeg(sessionId: string, legId: string, actor: Actor): Promise<LegRecord>;
  sendDigits(sessionId: string, legId: string, digits: string, actor: Actor): Promise<void>;
  /** Speaks an announcement to all in an open session, in the session's language; answers when it has begun. */
  announce(sessionId: string, what: Announcement, actor: Actor): Promise<void>;
  setRecording(sessionId: string, on: boolean, actor: Actor): Promise<Session>;
  /** Calls a device, greets it, returns its sound and measures both ways; answers the record at once, which fills. */
  testCall(endpointId: string, actor: Actor): Promise<TestCall>;
  /**
   * Begins the check of a planned session: devices and far rooms are called, sound and picture looped and measured.
   * Answers its record; with `plannedId`, the one at its time, which is begun once.
   */
  rehearse(sessionId: string, actor: Actor, plannedId?: string): Promise<Rehearsal>;
  /** Callers in no session yet (lobby without a PIN), for staff to place: sessionId is '' there. */
  lobby(): LegRecord[];
  /** What is known of legs by now stands in the store. */
  legsKept(): Promise<void>;
  /** How a leg's line was in the last seconds; nothing when it was not measured yet. */
  quality(legId: string): Omit<LegQuality, 'sessionId' | 'legId'> | undefined;
  /** Whether a leg speaks now, and how loud it was last if its session is watched. */
  sound(legId: string): { speaking: boolean; level?: Omit<LegLevel, 'legId'> };
  /** Has the levels of a session told until the function that it answers is called. */
  watchLevels(sessionId: string): () => void;
  explain(question: DialQuestion): Promise<DialDecision>;
  health(): GatewayHealth;
  close(): Promise<void>;
}
