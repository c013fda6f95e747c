import { bracketHost, parseNameAddress, parseUri, parseVia, targetUri } from '../sip/address.ts';
import {
  type Header,
  header,
  headerValues,
  responseTo,
  type SipRequest,
  type SipResponse,
  serialize,
  splitList,
  without,
} from '../sip/message.ts';
import type { ClientTransaction } from '../transaction/client.ts';
import { newBranch, type Served, type TransactionLayer } from '../transaction/layer.ts';
import { type Later, timerC } from '../transaction/timers.ts';
import type { Arrival, Peer, Transport } from '../transport/transport.ts';
import { cancelOf } from './cancel.ts';

/* A transaction-stateful proxy (RFC 3261, clause 16), as the programs ask for with `proxy`. */

export interface ProxyOptions {
  destinations: string[];
  recordRoute: boolean;
  followRedirects: boolean;
  simultaneous: boolean;
  /** Wait for any response, and for the final one, before the next target is tried; ms. */
  provisionalTimeoutMs: number | undefined;
  finalTimeoutMs: number | undefined;
  headers: Header[];
  /** Every response from the targets, then the end. */
  onResponse(response: SipResponse, peer: Peer): void;
  onDone(): void;
}

interface Branch {
  request: SipRequest;
  peer: Peer;
  transaction: ClientTransaction | undefined;
  provisional: boolean;
  final: SipResponse | undefined;
  stopTimers: (() => void)[];
}

interface Forwarding {
  served: Served;
  options: ProxyOptions;
  waiting: string[];
  branches: Branch[];
  done: boolean;
}

export class RequestProxy {
  private readonly layer: TransactionLayer;
  private readonly transport: Transport;
  private readonly resolve: (uri: string) => Promise<Peer>;
  private readonly later: Later;
  private readonly running = new Map<Served['transaction'], Forwarding>();

  constructor(layer: TransactionLayer, transport: Transport, resolve: (uri: string) => Promise<Peer>, later: Later) {
    this.layer = layer;
    this.transport = transport;
    this.resolve = resolve;
    this.later = later;
  }

  /** Whether the topmost Route of a request is ours: it passes through (RFC 3261, clause 16.4). */
  isOnRoute(request: SipRequest, arrival: Arrival): boolean {
    const first = headerValues(request, 'Route').flatMap(splitList)[0];
    const uri = parseUri(parseNameAddress(first ?? '')?.uri ?? '');
    if (uri === undefined) return false;
    const own = this.transport.localFor(arrival);
    return uri.host === own.host && (uri.port ?? 5060) === own.port && /^drachtio-proxy/.test(uri.user ?? '');
  }

  /** Forwards a request outside of dialogs to the targets. */
  forward(served: Served, options: ProxyOptions): void {
    const hops = Number(header(served.request, 'Max-Forwards') ?? '70');
    const state: Forwarding = { served, options, waiting: [...options.destinations], branches: [], done: false };
    this.running.set(served.transaction, state);
    if (hops === 0) {
      this.finish(state, responseTo(served.request, 483, [], 'proxy'));
      return;
    }
    if (options.simultaneous) for (const target of state.waiting.splice(0)) void this.start(state, target);
    else this.next(state);
  }

  /** Forwards a request that came along our Record-Route. */
  forwardInDialog(served: Served): void {
    const { request, arrival } = served;
    const state: Forwarding = {
      served,
      options: {
        destinations: [],
        recordRoute: false,
        followRedirects: false,
        simultaneous: true,
        provisionalTimeoutMs: undefined,
        finalTimeoutMs: undefined,
        headers: [],
        onResponse: () => {},
        onDone: () => {},
      },
      waiting: [],
      branches: [],
      done: false,
    };
    this.running.set(served.transaction, state);
    const { next, forwarded } = this.along(request, arrival);
    void this.start(state, next, forwarded);
  }

  forwardAck(request: SipRequest, arrival: Arrival): void {
    const { next, forwarded } = this.along(request, arrival);
    this.resolve(next).then(
      (peer) => this.layer.sendAlone({ ...forwarded, headers: [this.via(peer), ...forwarded.headers] }, peer),
      () => {},
    );
  }

  /** Cancels what an INVITE started; `false` when it is not ours. */
  cancel(invite: Served): boolean {
    const state = this.running.get(invite.transaction);
    if (state === undefined) return false;
    state.waiting = [];
    for (const branch of state.branches) this.cancelBranch(branch);
    if (state.branches.length === 0) this.finish(state, responseTo(invite.request, 487, [], 'proxy'));
    return true;
  }

  /** The request without our Route, and where it goes next. */
  private along(request: SipRequest, arrival: Arrival): { next: string; forwarded: SipRequest } {
    const routes = headerValues(request, 'Route').flatMap(splitList);
    const rest = routes.slice(1).filter((value) => {
      const uri = parseUri(parseNameAddress(value)?.uri ?? '');
      const own = this.transport.localFor(arrival);
      return !(uri?.host === own.host && (uri.port ?? 5060) === own.port);
    });
    const headers = without(request.headers, 'Route', 'Max-Forwards');
    return {
      next: rest[0] ?? request.uri,
      forwarded: {
        ...request,
        headers: [
          ...headers,
          ...rest.map((value) => ({ name: 'Route', value })),
          { name: 'Max-Forwards', value: String(Math.max(0, Number(header(request, 'Max-Forwards') ?? '70') - 1)) },
        ],
      },
    };
  }

  private next(state: Forwarding): void {
    const target = state.waiting.shift();
    if (target !== undefined) void this.start(state, target);
    else this.settle(state);
  }

  private async start(state: Forwarding, target: string, ready?: SipRequest): Promise<void> {
    const { served, options } = state;
    const branch: Branch = {
      request: served.request,
      peer: served.arrival,
      transaction: undefined,
      provisional: false,
      final: undefined,
      stopTimers: [],
    };
    state.branches.push(branch);
    try {
      branch.peer = await this.resolve(target);
    } catch {
      branch.final = responseTo(served.request, 503, [], 'proxy');
      this.progress(state);
      return;
    }
    if (state.done) return;
    const base = ready ?? this.copyFor(served.request, target, options);
    const recorded = options.recordRoute ? [this.recordRoute(branch.peer)] : [];
    branch.request = { ...base, headers: [this.via(branch.peer), ...recorded, ...base.headers] };
    branch.transaction = this.layer.request(branch.request, branch.peer, {
      response: (response, peer) => this.answered(state, branch, response, peer),
      failed: (status) => this.answered(state, branch, responseTo(branch.request, status, [], 'proxy'), branch.peer),
      terminated: () => {},
    });
    const watch = (ms: number | undefined, fits: () => boolean): void => {
      if (ms === undefined) return;
      branch.stopTimers.push(
        this.later(ms, () => {
          if (!fits() || branch.final !== undefined) return;
          this.cancelBranch(branch);
          branch.final = responseTo(served.request, 408, [], 'proxy');
          this.progress(state);
        }),
      );
    };
    watch(options.provisionalTimeoutMs, () => !branch.provisional);
    watch(options.finalTimeoutMs, () => true);
    if (served.request.method === 'INVITE') watch(timerC, () => true);
  }

  private copyFor(request: SipRequest, target: string, options: ProxyOptions): SipRequest {
    const hops = Number(header(request, 'Max-Forwards') ?? '70');
    const replaced = new Set(options.headers.map((entry) => entry.name.toLowerCase()));
    return {
      ...request,
      uri: targetUri(target),
      headers: [
        ...without(request.headers, 'Max-Forwards', 'Route').filter((entry) => !replaced.has(entry.name.toLowerCase())),
        ...options.headers,
        { name: 'Max-Forwards', value: String(hops - 1) },
      ],
    };
  }

  private answered(state: Forwarding, branch: Branch, response: SipResponse, peer: Peer): void {
    const upstream: SipResponse = { ...response, headers: withoutTopVia(response.headers) };
    if (response.status !== 100) state.options.onResponse(response, peer);
    branch.provisional = true;
    if (response.status < 200) {
      if (response.status > 100 && !state.done) state.served.transaction.respond(upstream);
      return;
    }
    for (const stop of branch.stopTimers) stop();
    if (branch.final !== undefined && response.status >= 300) return;
    branch.final = upstream;
    if (response.status < 300) {
      if (state.done) {
        // Another 2xx of a forked INVITE goes through too (RFC 3261, clause 16.7).
        this.transport.send(serialize(upstream), state.served.arrival).catch(() => {});
        return;
      }
      for (const other of state.branches) if (other !== branch) this.cancelBranch(other);
      this.finish(state, upstream);
      return;
    }
    if (response.status < 400 && state.options.followRedirects) {
      const contacts = headerValues(response, 'Contact').flatMap(splitList);
      state.waiting.unshift(...contacts.map((value) => parseNameAddress(value)?.uri ?? '').filter((uri) => uri !== ''));
    }
    if (response.status >= 600) {
      state.waiting = [];
      for (const other of state.branches) if (other !== branch) this.cancelBranch(other);
    }
    this.progress(state);
  }

  private progress(state: Forwarding): void {
    if (state.done) return;
    if (state.waiting.length > 0 && !state.options.simultaneous) this.next(state);
    else if (state.waiting.length > 0) for (const target of state.waiting.splice(0)) void this.start(state, target);
    else if (state.branches.every((branch) => branch.final !== undefined)) this.settle(state);
  }

  /** Nobody took it: the best of the refusals goes back (RFC 3261, clause 16.7, step 6). */
  private settle(state: Forwarding): void {
    const finals = state.branches.map((branch) => branch.final).filter((final) => final !== undefined);
    const rank = (response: SipResponse): number => (response.status >= 600 ? 0 : Math.floor(response.status / 100));
    const best = finals.sort((a, b) => rank(a) - rank(b))[0] ?? responseTo(state.served.request, 480, [], 'proxy');
    this.finish(state, best);
  }

  private finish(state: Forwarding, response: SipResponse): void {
    if (state.done) return;
    state.done = true;
    this.running.delete(state.served.transaction);
    state.served.transaction.respond(response);
    state.options.onDone();
  }

  private cancelBranch(branch: Branch): void {
    for (const stop of branch.stopTimers) stop();
    if (branch.final !== undefined || branch.transaction === undefined || branch.request.method !== 'INVITE') return;
    if (!branch.provisional) {
      branch.transaction.abandon();
      return;
    }
    const silent = { response: () => {}, failed: () => {}, terminated: () => {} };
    this.layer.request(cancelOf(branch.request), branch.peer, silent);
  }

  private via(peer: Peer): Header {
    const { host, port } = this.transport.localFor(peer);
    const sentBy = `${bracketHost(host)}:${port}`;
    return { name: 'Via', value: `SIP/2.0/${peer.transport.toUpperCase()} ${sentBy};rport;branch=${newBranch()}` };
  }

  private recordRoute(peer: Peer): Header {
    const { host, port } = this.transport.localFor(peer);
    const transport = peer.transport === 'udp' ? '' : `;transport=${peer.transport}`;
    return { name: 'Record-Route', value: `<sip:drachtio-proxy@${bracketHost(host)}:${port}${transport};lr>` };
  }
}

/** Headers without our own Via, which stands first. */
function withoutTopVia(headers: Header[]): Header[] {
  const place = headers.findIndex((entry) => entry.name.toLowerCase() === 'via');
  const entry = headers[place];
  if (entry === undefined) return headers;
  const rest = splitList(entry.value)
    .slice(1)
    .filter((value) => parseVia(value) !== undefined);
  const copy = [...headers];
  if (rest.length === 0) copy.splice(place, 1);
  else copy[place] = { name: 'Via', value: rest.join(', ') };
  return copy;
}
