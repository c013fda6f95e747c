import type { EventEmitter } from 'node:events';
import type { Server, Socket } from 'node:net';
import Mrf from 'drachtio-fsmrf';

/* The parts of drachtio-fsmrf that we use, typed as they behave. */

export interface FsmrfDialog extends EventEmitter {
  destroy(): Promise<unknown>;
  request(options: { method: string; headers: Record<string, string>; body: string }): Promise<unknown>;
}

/** A connection to an event socket, whichever side opened it. */
export interface EslConnection extends EventEmitter {
  subscribe(events: string): void;
  sendRecv(command: string): void;
  socket: Socket | null;
  reconnectVars: { retryTimer?: NodeJS.Timeout | null };
}

export interface EslEvent {
  getHeader(name: string): string | null;
  getBody(): string;
}

export interface FsmrfEndpoint extends EventEmitter {
  uuid: string;
  local: { sdp: string };
  connected: boolean;
  dialog: FsmrfDialog | undefined;
  conn: EslConnection | null;
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
  conn: EslConnection;
  /** Takes the connections that the engine opens, one for each endpoint. */
  _server: { server: Server };
  createEndpoint(options?: { remoteSdp?: string; headers?: Record<string, string> }): Promise<FsmrfEndpoint>;
  createConference(name: string, options?: { profile?: string }): Promise<FsmrfConference>;
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

/** Has every command sent at once: the library writes one in several pieces, of which all but the first would wait 40 ms. */
export function sendAtOnce(server: FsmrfServer): void {
  server.conn.socket?.setNoDelay(true);
  server._server.server.prependListener('connection', (socket) => socket.setNoDelay(true));
}

/** Lets a connection go for good; the library's own try to open it again is stopped. */
export function letGo(server: FsmrfServer): void {
  try {
    server.disconnect();
  } catch {
    // It is gone already.
  }
  clearTimeout(server.conn.reconnectVars.retryTimer ?? undefined);
}

/**
 * Ends an endpoint by its SIP call. The library's own way executes `hangup` on the channel, which a FreeSWITCH leaves
 * waiting for as long as the channel is in a conference without media. Resolves when the engine has closed the channel
 * and its recordings.
 */
export async function hangUp(endpoint: FsmrfEndpoint): Promise<void> {
  const { conn, dialog } = endpoint;
  const closed = new Promise<void>((resolve) => {
    if (conn?.socket === null || conn === null) resolve();
    else conn.once('esl::end', () => resolve());
  });
  // A call that the engine ended meanwhile has no BYE to answer; its channel is closing all the same.
  await dialog?.destroy().catch(() => {});
  await closed;
}
