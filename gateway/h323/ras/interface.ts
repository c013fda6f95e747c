import type { EventEmitter } from 'node:events';

/*
 * What call signalling (H.225.0, clause 7.2) needs from RAS: who is registered with us, which device makes a routed
 * call, and admission at the province's gatekeeper. Call identifiers travel as `callKey`: lower-case hexadecimal of the
 * 16 octets of CallIdentifier.guid.
 */

/** A transport address over IP. */
export interface HostPort {
  host: string;
  port: number;
}

/** A device that is registered with our gatekeeper now. */
export interface RegisteredDevice {
  /** Identifier of the stored endpoint. */
  endpointId: string;
  /** Name of the stored endpoint, for display. */
  name: string;
  siteId: string | undefined;
  /** Call signalling address that it registered. */
  address: HostPort;
  /** Aliases granted: H.323 identifiers and dialled digits. */
  aliases: string[];
  /** The gatekeeper's endpoint identifier for this registration. */
  endpointIdentifier: string;
  /** Product and version as the device told, or ''. */
  product: string;
}

/** What a Setup at our call signalling port says about its caller. */
export interface CallClaim {
  /** CallIdentifier.guid of the Setup, 16 octets. */
  callIdentifier: Uint8Array | undefined;
  /** Conference identifier of the Setup, 16 octets. */
  conferenceId: Uint8Array | undefined;
  /** Setup-UUIE.endpointIdentifier. */
  endpointIdentifier: string | undefined;
  /** Far end of the TCP connection. */
  source: HostPort;
}

/** The device behind a Setup, and by what it is known. */
export interface IdentifiedCaller extends RegisteredDevice {
  /** `admission`: its ARQ for this call was granted; `identifier`: its endpoint identifier; `address`: by address alone. */
  by: 'admission' | 'identifier' | 'address';
}

/** A call that the gatekeeper let a device make or take. */
export interface AdmittedCall {
  callKey: string;
  endpointId: string;
  /** `out`: the device calls; `in`: the device answers. */
  direction: 'in' | 'out';
  /** The alias or address dialled, as text. */
  called: string;
  /** Granted, in units of 100 bit/s (H.225.0, clause 7.11.1). */
  bandwidth: number;
  since: Date;
}

/** Asked before a device is let call somebody: may this number go anywhere at all? */
export interface DialPermissionQuestion {
  /** The device that asks; absent when a neighbouring gatekeeper looks somebody up. */
  endpointId: string | undefined;
  siteId: string | undefined;
  /** First alias dialled; `host` or `host:port` when the device dialled an address. */
  called: string;
}
export type MayDial = (question: DialPermissionQuestion) => Promise<boolean>;

export interface GatekeeperEvents {
  /** A device came or went; the shape that the gateway's live events carry. */
  registration: [change: { endpointId: string; registered: boolean; contact: string }];
  /** Somebody who is not known, or gave a wrong password, tried. */
  refused: [attempt: { source: string; to: string; userAgent: string | undefined }];
  /** Somebody registers whom no device is entered for. */
  stranger: [stranger: { source: string; name: string; userAgent: string | undefined }];
  /** The device told us that it left a call (DRQ). */
  disengaged: [call: { callKey: string; endpointId: string }];
}

/** Our gatekeeper, as call signalling sees it. */
export interface Gatekeeper extends EventEmitter<GatekeeperEvents> {
  /** UDP port of RAS, once started. */
  readonly port: number;
  readonly up: boolean;
  /** Binds, restores the registrations that are kept. @throws when the port cannot be had. */
  start(): Promise<void>;
  /** Unregisters nobody: registrations outlive a restart. */
  close(): Promise<void>;
  /** The device that holds an alias now. */
  locate(alias: string): RegisteredDevice | undefined;
  /** The registration of a stored endpoint. */
  registered(endpointId: string): RegisteredDevice | undefined;
  /** Ties a Setup to the device that makes it; `undefined`: nobody that registered. */
  identify(claim: CallClaim): IdentifiedCaller | undefined;
  /** Announces a call that we place to a device, so that its ARQ (answerCall) is granted. */
  expectCall(call: { endpointId: string; callIdentifier: Uint8Array; conferenceId: Uint8Array; caller: string }): void;
  /** A call of a device is over: what was granted is given back. */
  callEnded(callKey: string): void;
  /** Tells the device to clear a call (DRQ from the gatekeeper, forcedDrop); resolves when it confirmed or was silent. */
  clearCall(callKey: string): Promise<void>;
  /** Removes a device's registration and tells it (URQ). */
  unregister(endpointId: string): Promise<void>;
  /** Calls let through now. */
  admissions(): AdmittedCall[];
}

/** A call that we ask the province's gatekeeper for. */
export interface AdmissionQuestion {
  callIdentifier: Uint8Array;
  conferenceId: Uint8Array;
  /** 1–32767, as in the Q.931 header. */
  callReference: number;
  /** Alias to call (out), or the alias that was called (in). */
  called: string;
  /** Alias or number of the caller, for a call in. */
  caller?: string;
  /** Far call signalling address, for a call in. */
  source?: HostPort;
  /** In units of 100 bit/s; 3,840 (384 kbit/s) when absent. */
  bandwidth?: number;
}

/** The gatekeeper's leave. */
export interface Admission {
  /** Where the Setup goes: the gatekeeper itself when it routes, else the far terminal. */
  address: HostPort;
  model: 'direct' | 'gatekeeperRouted';
  /** The alias to put into the Setup; the gatekeeper may have mapped it. */
  called: string;
  /** Granted, in units of 100 bit/s. */
  bandwidth: number;
  /** Endpoint identifier to put into the Setup. */
  endpointIdentifier: string;
  /** H.225.0 tokens that the Setup must carry on (ClearToken), as the gatekeeper gave them. */
  tokens: unknown[];
}

/** State of our registration at a far gatekeeper. */
export type ClientState = 'none' | 'registered' | 'refused' | 'unreachable';

export interface GatekeeperClientEvents {
  state: [state: ClientState, text: string];
  /** The far gatekeeper tells us to clear a call (its DRQ). */
  clear: [callKey: string];
}

/** Our registration with the province's gatekeeper, for one site's uplink. */
export interface GatekeeperClient extends EventEmitter<GatekeeperClientEvents> {
  readonly siteId: string;
  readonly state: ClientState;
  /** Asks for a call out. @throws ClearError when it is refused or nobody answers. */
  admit(question: AdmissionQuestion): Promise<Admission>;
  /** Asks for a call in. @throws ClearError when it is refused or nobody answers. */
  admitAnswer(question: AdmissionQuestion): Promise<Admission>;
  /** Asks for another bandwidth; resolves to what is granted (100 bit/s). @throws ClearError when it is refused. */
  changeBandwidth(callKey: string, bandwidth: number): Promise<number>;
  /** A call is over: tells the gatekeeper (DRQ). Never throws. */
  callEnded(callKey: string): Promise<void>;
  /** Whether a Setup from this address comes through this gatekeeper. */
  isSource(source: HostPort): boolean;
}

/** All far gatekeepers: one client for each uplink that names one. */
export interface GatekeeperClients extends EventEmitter<{ state: [siteId: string, state: ClientState, text: string] }> {
  start(): Promise<void>;
  /** Takes the registrations back. */
  close(): Promise<void>;
  of(siteId: string): GatekeeperClient | undefined;
  /** The client whose gatekeeper sends from this address. */
  bySource(source: HostPort): GatekeeperClient | undefined;
  states(): { siteId: string; state: ClientState; text: string }[];
}

/** The text form of a call identifier: 32 lower-case hexadecimal digits. */
export function callKey(guid: Uint8Array): string {
  return Buffer.from(guid.buffer, guid.byteOffset, guid.byteLength).toString('hex');
}
