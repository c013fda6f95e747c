import type { EventEmitter } from 'node:events';
import Srf from 'drachtio-srf';
import { errorText } from '../../platform/error-text.ts';

/* The parts of drachtio-srf that we use, typed as they behave (its own types leave some out). */

export interface SipRequest extends EventEmitter {
  method: string;
  uri: string;
  body: string;
  source_address: string;
  source_port: string | number;
  protocol: string;
  calledNumber: string;
  callingNumber: string;
  get(name: string): string | undefined;
  has(name: string): boolean;
  getParsedHeader(name: string): unknown;
  cancel(callback?: (error: unknown) => void): void;
}

export interface SipResponse {
  status: number;
  reason: string;
  body: string;
  /** Once an answer that makes a dialog is sent: the server's name for it. */
  stackDialogId?: string;
  get(name: string): string | undefined;
  send(
    status: number,
    options?: { headers?: Record<string, unknown>; body?: string },
    callback?: (error: unknown) => void,
  ): void;
  send(status: number, reason: string, options?: { headers?: Record<string, unknown>; body?: string }): void;
}

export interface SipDialog extends EventEmitter {
  connected: boolean;
  sip: { callId: string };
  local: { sdp: string };
  remote: { sdp: string };
  destroy(options?: { headers?: Record<string, string> }): Promise<unknown>;
  modify(sdp: string): Promise<string>;
  request(options: { method: string; headers?: Record<string, string>; body?: string }): Promise<SipResponse>;
}

export interface UacOptions {
  headers?: Record<string, string>;
  localSdp?: string;
  proxy?: string;
  auth?: { username: string; password: string };
}

export interface SipServer extends EventEmitter {
  connect(options: { host: string; port: number; secret: string; reconnect?: object }): void;
  disconnect(): void;
  createUAS(
    request: SipRequest,
    response: SipResponse,
    options: { localSdp: string; headers?: Record<string, string> },
  ): Promise<SipDialog>;
  createUAC(
    uri: string,
    options: UacOptions,
    progress: {
      cbRequest?: (error: unknown, request?: SipRequest) => void;
      cbProvisional?: (response: SipResponse) => void;
    },
  ): Promise<SipDialog>;
  request(
    uri: string,
    options: {
      method: string;
      /** Within this dialog, whatever the URI. */
      stackDialogId?: string;
      headers?: Record<string, string>;
      body?: string;
      auth?: UacOptions['auth'];
      proxy?: string;
    },
    callback: (error: unknown, request?: SipRequest) => void,
  ): void;
  use(method: string, handler: (request: SipRequest, response: SipResponse) => void): void;
}

/** A connection to one drachtio server. */
export function newSipServer(): SipServer {
  return new Srf() as unknown as SipServer;
}

/** The failure of a call out as drachtio-srf throws it: status and reason of the final response. */
export function statusOf(error: unknown): { status: number; reason: string; reasonHeader: string | undefined } {
  if (typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number') {
    const response = 'res' in error ? (error.res as SipResponse | undefined) : undefined;
    const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : '';
    return { status: error.status, reason, reasonHeader: response?.get('Reason') };
  }
  return { status: 500, reason: errorText(error), reasonHeader: undefined };
}
