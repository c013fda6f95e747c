import { randomBytes } from 'node:crypto';
import type { ClearCause } from '../../../store/schema/names.ts';
import { type CallDialog, type CallTarget, ClearError, type PlaceOptions } from '../../call.ts';
import type { HostPort } from '../ras/interface.ts';
import { type CallParts, H323Call } from './call.ts';
import { establishment } from './incoming.ts';
import { hostPortOf, signallingAddress } from './media/address.ts';
import { type Route, type RouteParts, routeTo } from './peers/routes.ts';
import type { Redirection } from './signalling/call-control.ts';
import { type CallIdentity, textOfAlias } from './signalling/messages.ts';
import { SignallingConnection } from './transport/signalling-connection.ts';

/** What placing calls needs. */
export interface PlacerParts extends CallParts, RouteParts {
  /** Our call signalling port. */
  port: () => number;
  /** Follows a call until it is over. */
  follow: (call: H323Call) => void;
}

/** How long a TCP connection may take, ms. */
const connectMs = 5_000;
/** Redirections that one call follows (H.225.0, clause 7.13, bounds hops at 31; loops end sooner). */
const mostRedirections = 5;

const cancelled: ClearCause = { sip: 487, q850: 16, text: 'cancelled' };

/** Places calls: finds the way, calls, follows redirections as far as they stay with those we know. */
export class CallPlacer {
  private readonly parts: PlacerParts;

  constructor(parts: PlacerParts) {
    this.parts = parts;
  }

  /** @throws ClearError when the call is not answered. */
  async place(target: CallTarget, options: PlaceOptions): Promise<CallDialog> {
    const endsAt = this.parts.nowMs() + options.ringTimeoutMs;
    let identity = this.identity();
    let route = await routeTo(this.parts, target, options.caller.number, identity);
    for (let redirections = 0; ; redirections++) {
      const outcome = await this.attempt(route, identity, options, endsAt);
      if ('dialog' in outcome) return outcome.dialog;
      if (redirections >= mostRedirections) throw new ClearError({ sip: 483, q850: 25, text: 'redirected too often' });
      const from = route;
      identity = this.identity();
      route = await this.redirected(from, outcome.redirection, identity);
    }
  }

  private async attempt(
    route: Route,
    identity: CallIdentity,
    options: PlaceOptions,
    endsAt: number,
  ): Promise<{ dialog: CallDialog } | { redirection: Redirection }> {
    if (options.signal?.aborted === true) {
      route.release();
      throw new ClearError(cancelled);
    }
    const connection = await this.connect(route, options.signal);
    const call = new H323Call(this.parts, connection, identity);
    this.parts.follow(call);
    call.once('finished', route.release);
    if (route.client !== undefined) call.obey(route.client);
    let redirection: Redirection | undefined;
    const abort = (): void => {
      call.end(cancelled);
      call.emit('ended', cancelled);
    };
    options.signal?.addEventListener('abort', abort);
    call.on('ringing', () => options.onRinging?.());
    call.on('redirected', (told) => {
      if (call.control.state === 'active') return;
      redirection = told;
      const cause: ClearCause = { q850: 16, text: 'redirected' };
      call.end(cause, { facilityCallDeflection: null });
      call.emit('ended', cause);
    });
    const ownHost = this.parts.ownHost({ local: connection.local.host, far: connection.far.host });
    try {
      const party = { ...route.party, address: `${connection.far.host}:${connection.far.port}` };
      const dialog = await establishment(call, party, this.parts.nowMs, () =>
        call.place(
          {
            called: route.called,
            calledAddress: signallingAddress(route.to),
            caller: options.caller,
            callerAddress: signallingAddress({ host: ownHost, port: this.parts.port() }),
            withVideo: /^m=video [1-9]/m.test(options.offer),
            ...(route.endpointIdentifier === undefined ? {} : { endpointIdentifier: route.endpointIdentifier }),
            ...(route.tokens === undefined ? {} : { tokens: route.tokens }),
          },
          options.offer,
          Math.max(1, endsAt - this.parts.nowMs()),
        ),
      );
      call.removeAllListeners('ringing');
      call.removeAllListeners('redirected');
      return { dialog };
    } catch (error) {
      if (redirection !== undefined) return { redirection };
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
  }

  private async connect(route: Route, signal: AbortSignal | undefined): Promise<SignallingConnection> {
    const far = `${route.to.host}:${route.to.port}`;
    try {
      const warn = (text: string): void => this.parts.warn(text, { callId: '', far });
      return await SignallingConnection.open(route.to, warn, connectMs, {
        signal,
        localAddress: this.parts.localAddress,
      });
    } catch (error) {
      route.release();
      if (signal?.aborted === true) throw new ClearError(cancelled);
      const refused = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
      throw new ClearError({
        sip: refused ? 502 : 504,
        q850: 27,
        text: refused ? `${far} takes no calls` : `${far} does not answer`,
      });
    }
  }

  /** The way that a redirection names, if it stays with the same far side, or goes to somebody whom we know. */
  private async redirected(from: Route, { address, aliases }: Redirection, identity: CallIdentity): Promise<Route> {
    const to = hostPortOf(address);
    const alias = aliases.map(textOfAlias).find((text) => text !== undefined);
    if (to === undefined) {
      const next = alias === undefined ? undefined : await from.again(alias, identity);
      if (next !== undefined) return next;
      throw new ClearError({ sip: 502, q850: 27, text: `redirected to nowhere we know: ${alias ?? 'no address'}` });
    }
    if (!(await this.mayGo(from.to, to))) {
      const far = `${to.host}:${to.port}`;
      this.parts.warn(`redirection to ${far} is not followed: nobody whom we know`, { callId: '', far });
      throw new ClearError({ sip: 403, q850: 21, text: `redirected to ${far}, which is not known` });
    }
    return { ...from, to, called: aliases.length > 0 ? aliases : from.called, release: () => {} };
  }

  private async mayGo(from: HostPort, to: HostPort): Promise<boolean> {
    return to.host === from.host || (await this.parts.directory.at(to.host)) !== undefined;
  }

  private identity(): CallIdentity {
    return {
      callReference: this.parts.draw() & 0x7fff || 1,
      fromDestination: false,
      callIdentifier: new Uint8Array(randomBytes(16)),
      conferenceId: new Uint8Array(randomBytes(16)),
    };
  }
}
