import type { EventEmitter } from 'node:events';
import Mrf from 'drachtio-fsmrf';

/* The parts of drachtio-fsmrf that we use, typed as they behave. */

export interface FsmrfDialog extends EventEmitter {
  destroy(): unknown;
  request(options: { method: string; headers: Record<string, string>; body: string }): Promise<unknown>;
}

export interface EslEvent {
  getHeader(name: string): string | undefined;
  getBody(): string;
}

export interface FsmrfEndpoint extends EventEmitter {
  uuid: string;
  local: { sdp: string };
  connected: boolean;
  dialog: FsmrfDialog | undefined;
  conn: (EventEmitter & { subscribe(events: string): void }) | null;
  modify(sdp: string): Promise<string>;
  play(files: string | string[]): Promise<unknown>;
  join(conference: FsmrfConference, options?: { flags?: Record<string, boolean> }): Promise<{ memberId: number }>;
  unjoin(): Promise<unknown>;
  confMute(): Promise<unknown>;
  confUnmute(): Promise<unknown>;
  api(command: string, args?: string | string[]): Promise<EslEvent>;
  execute(application: string, argument: string): Promise<EslEvent>;
  getChannelVariables(includeMedia: boolean): Promise<Record<string, string>>;
  destroy(): Promise<unknown>;
}

export interface FsmrfConference extends EventEmitter {
  name: string;
  endpoint: FsmrfEndpoint;
  play(files: string | string[]): Promise<unknown>;
  startRecording(path: string): Promise<string>;
  stopRecording(path: string): Promise<string>;
  destroy(): Promise<unknown>;
}

export interface FsmrfServer extends EventEmitter {
  conn: EventEmitter;
  createEndpoint(options?: { remoteSdp?: string }): Promise<FsmrfEndpoint>;
  createConference(name: string, options?: Record<string, unknown>): Promise<FsmrfConference>;
  api(command: string): Promise<string>;
  disconnect(): void;
  connected(): boolean;
}

interface MrfLibrary {
  connect(options: {
    address: string;
    port: number;
    secret: string;
    listenAddress?: string;
    listenPort?: number;
    advertisedAddress?: string;
  }): Promise<FsmrfServer>;
}

/** The library, calling its engines through a drachtio connection. */
export function newMrf(sipConnection: unknown): MrfLibrary {
  const Library = Mrf as unknown as new (srf: unknown) => MrfLibrary;
  return new Library(sipConnection);
}
