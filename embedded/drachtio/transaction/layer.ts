import { randomBytes } from 'node:crypto';
import { parseCSeq, parseVia, tagOf } from '../sip/address.ts';
import { header, headerValues, type SipRequest, type SipResponse, serialize, splitList } from '../sip/message.ts';
import type { Arrival, Peer, Transport } from '../transport/transport.ts';
import { ClientTransaction } from './client.ts';
import { ServerTransaction } from './server.ts';
import { type Later, machineTimers } from './timers.ts';

/* Matches messages to transactions (RFC 3261, clauses 17.1.3 and 17.2.3) and puts theirs on the wire. */

/** A server transaction with where its request came from. */
export interface Served {
  transaction: ServerTransaction;
  request: SipRequest;
  arrival: Arrival;
}

export interface LayerUser {
  /** A new request. */
  request(served: Served): void;
  /** An ACK that belongs to no transaction: of a 2xx. */
  ack(request: SipRequest, arrival: Arrival): void;
  /** A CANCEL; `invite` is the transaction that it means, if there is one. */
  cancel(served: Served, invite: Served | undefined): void;
  /** A response that belongs to no transaction. */
  strayResponse(response: SipResponse, arrival: Arrival): void;
  /** A 2xx of ours was never acknowledged. */
  unacknowledged(served: Served): void;
}

export interface ClientHandlers {
  response(response: SipResponse, from: Peer): void;
  failed(status: 408 | 503): void;
  terminated(): void;
}

/** Makes a branch that marks RFC 3261 (clause 8.1.1.7). */
export const newBranch = (): string => `z9hG4bK${randomBytes(10).toString('hex')}`;

/** The first Via value of a message. */
export function topVia(message: SipRequest | SipResponse): string | undefined {
  const first = headerValues(message, 'Via')[0];
  return first === undefined ? undefined : splitList(first)[0];
}

export class TransactionLayer {
  private readonly servers = new Map<string, Served>();
  private readonly clients = new Map<
    string,
    { transaction: ClientTransaction; handlers: ClientHandlers; peer: Peer }
  >();
  /** Requests in hand by From tag, Call-ID and CSeq, to see merged ones (RFC 3261, clause 8.2.2.2). */
  private readonly merged = new Map<string, string>();
  private readonly transport: Transport;
  private readonly user: LayerUser;
  private readonly later: Later;

  constructor(transport: Transport, user: LayerUser, later: Later = machineTimers) {
    this.transport = transport;
    this.user = user;
    this.later = later;
  }

  /** Transactions in hand. */
  get size(): { servers: number; clients: number } {
    return { servers: this.servers.size, clients: this.clients.size };
  }

  receiveRequest(request: SipRequest, arrival: Arrival): void {
    const name = serverKey(request);
    const known = this.servers.get(name);
    if (request.method === 'ACK') {
      if (known !== undefined && known.transaction.state !== 'accepted') known.transaction.acknowledged();
      else this.user.ack(request, arrival);
      return;
    }
    if (known !== undefined) {
      known.transaction.retransmission();
      return;
    }
    const mergeKey = `${tagOf(header(request, 'From'))}|${header(request, 'Call-ID')}|${header(request, 'CSeq')}`;
    const served: Served = {
      request,
      arrival,
      transaction: new ServerTransaction(
        request,
        arrival.transport !== 'udp',
        {
          send: (response) => this.sendResponse(response, arrival),
          unacknowledged: () => this.user.unacknowledged(served),
          terminated: () => {
            this.servers.delete(name);
            if (this.merged.get(mergeKey) === name) this.merged.delete(mergeKey);
          },
        },
        this.later,
      ),
    };
    this.servers.set(name, served);
    if (request.method === 'CANCEL') {
      this.user.cancel(served, this.servers.get(serverKey(request, 'INVITE')));
      return;
    }
    if (tagOf(header(request, 'To')) === undefined && this.merged.has(mergeKey)) {
      this.refuse(served, 482, 'Loop Detected');
      return;
    }
    this.merged.set(mergeKey, name);
    this.user.request(served);
  }

  receiveResponse(response: SipResponse, arrival: Arrival): void {
    const via = parseVia(topVia(response) ?? '');
    const method = parseCSeq(header(response, 'CSeq'))?.method ?? '';
    const client = this.clients.get(`${via?.parameters.get('branch')}|${method}`);
    if (client === undefined) this.user.strayResponse(response, arrival);
    else {
      client.peer = arrival;
      client.transaction.receive(response);
    }
  }

  /** Starts a client transaction; the request carries its topmost Via already. */
  request(request: SipRequest, peer: Peer, handlers: ClientHandlers): ClientTransaction {
    const name = `${parseVia(topVia(request) ?? '')?.parameters.get('branch')}|${request.method}`;
    const entry = {
      peer,
      handlers,
      transaction: new ClientTransaction(
        request,
        peer.transport !== 'udp',
        {
          send: (message) => {
            this.transport.send(serialize(message), peer).catch(() => entry.transaction.transportError());
          },
          response: (response) => handlers.response(response, entry.peer),
          failed: (status) => handlers.failed(status),
          terminated: () => {
            this.clients.delete(name);
            handlers.terminated();
          },
        },
        this.later,
      ),
    };
    this.clients.set(name, entry);
    entry.transaction.start();
    return entry.transaction;
  }

  /** Puts a request on the wire that has no transaction: ACK of a 2xx. */
  sendAlone(request: SipRequest, peer: Peer): void {
    this.transport.send(serialize(request), peer).catch(() => {});
  }

  private refuse(served: Served, status: number, reason: string): void {
    served.transaction.respond({
      kind: 'response',
      status,
      reason,
      headers: served.request.headers.filter((entry) => /^(via|from|to|call-id|cseq)$/i.test(entry.name)),
      body: Buffer.alloc(0),
    });
  }

  /** Responses go back the way the request came (RFC 3261, clause 18.2.2; RFC 3581, clause 4). */
  private sendResponse(response: SipResponse, arrival: Arrival): void {
    const via = parseVia(topVia(response) ?? '');
    let peer: Peer = { transport: arrival.transport, host: arrival.host, port: arrival.port };
    if (arrival.transport === 'udp' && via !== undefined) {
      const maddr = via.parameters.get('maddr');
      if (maddr !== undefined && maddr !== '') peer = { ...peer, host: maddr, port: via.port ?? 5060 };
      else if (!via.parameters.has('rport')) peer = { ...peer, port: via.port ?? 5060 };
    } else if (via !== undefined && !this.transport.hasStream(peer)) {
      peer = { ...peer, port: via.port ?? (arrival.transport === 'tls' ? 5061 : 5060) };
    }
    this.transport.send(serialize(response), peer).catch(() => {});
  }
}

/** The name of the server transaction that a request belongs to; ACK belongs to its INVITE. */
function serverKey(request: SipRequest, method = request.method === 'ACK' ? 'INVITE' : request.method): string {
  const text = topVia(request) ?? '';
  const via = parseVia(text);
  const branch = via?.parameters.get('branch');
  if (branch?.startsWith('z9hG4bK')) return `${branch}|${via?.host}:${via?.port ?? ''}|${method}`;
  // RFC 2543 peers: no unique branch (RFC 3261, clause 17.2.3).
  const sequence = parseCSeq(header(request, 'CSeq'))?.number;
  return `${request.uri}|${tagOf(header(request, 'From'))}|${header(request, 'Call-ID')}|${sequence}|${text}|${method}`;
}
