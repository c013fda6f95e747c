import { EventEmitter } from 'node:events';
import type { Endpoint, Registration } from '../../store/schema/places.ts';
import type { Authenticator, AuthenticatorParts } from './authenticator.ts';
import { type ContactBinding, leastExpiresS, parseContacts, sameContact } from './contact.ts';
import type { SipRequest, SipResponse } from './drachtio.ts';

interface RegistrarEvents {
  /** A device's contact came or went. */
  registration: [change: { endpointId: string; registered: boolean; contact: string }];
  /** Somebody who is not known, or gave a wrong password, tried. */
  refused: [attempt: { source: string; to: string; userAgent: string | undefined }];
}

/** The registrar (RFC 3261, clause 10): several contacts a device, kept in the store over restarts. */
export class Registrar extends EventEmitter<RegistrarEvents> {
  private readonly parts: AuthenticatorParts & { newId: () => string };
  private readonly authenticator: Authenticator;
  /** One device's requests one after the other. */
  private readonly turns = new Map<string, Promise<void>>();

  constructor(parts: AuthenticatorParts & { newId: () => string }, authenticator: Authenticator) {
    super();
    this.parts = parts;
    this.authenticator = authenticator;
  }

  async register(request: SipRequest, response: SipResponse): Promise<void> {
    const bindings = parseContacts(request.get('Contact'), request.get('Expires'));
    if (bindings === undefined) {
      response.send(400);
      return;
    }
    const endpoint = await this.authenticator.prove(request, response);
    if (endpoint === undefined) {
      const attempt = {
        source: request.source_address,
        to: request.get('To') ?? '',
        userAgent: request.get('User-Agent'),
      };
      if (request.has('Authorization')) this.emit('refused', attempt);
      return;
    }
    if (bindings !== '*' && bindings.some((binding) => binding.expiresS > 0 && binding.expiresS < leastExpiresS)) {
      response.send(423, { headers: { 'Min-Expires': String(leastExpiresS) } });
      return;
    }
    const turn = (this.turns.get(endpoint.id) ?? Promise.resolve()).then(() =>
      this.bind(request, response, endpoint, bindings),
    );
    const settled = turn.catch((error: unknown) => {
      this.parts.logger.error({ err: error, endpoint: endpoint.id }, 'registration failed');
      response.send(500, { headers: { 'Retry-After': '5' } });
    });
    this.turns.set(endpoint.id, settled);
    await settled;
    if (this.turns.get(endpoint.id) === settled) this.turns.delete(endpoint.id);
  }

  /** Contacts of a device that are good now. */
  async contacts(endpointId: string): Promise<Registration[]> {
    return this.parts.store.registrations.find({
      endpointId,
      protocol: 'sip',
      expiresAt: { $gt: this.parts.clock.now() },
    });
  }

  private async bind(
    request: SipRequest,
    response: SipResponse,
    endpoint: Endpoint,
    bindings: ContactBinding[] | '*',
  ): Promise<void> {
    const { store } = this.parts;
    const callId = (request.get('Call-ID') ?? '').slice(0, 256);
    const cseq = Number.parseInt(request.get('CSeq') ?? '0', 10);
    const known = await this.contacts(endpoint.id);
    // An old request that came late must not undo a newer one (RFC 3261, clause 10.3, step 7).
    const late = (registration: Registration): boolean =>
      registration.callId === callId && (registration.cseq ?? -1) >= cseq;
    if (bindings === '*') {
      for (const registration of known) if (!late(registration)) await this.drop(registration);
    } else {
      const added = bindings.filter(
        ({ expiresS, uri }) => expiresS > 0 && !known.some((one) => sameContact(one.contact, uri)),
      );
      if (
        known.length + added.length >
        endpoint.maxContacts + known.filter((one) => this.leaves(one, bindings)).length
      ) {
        // The oldest contact makes room: a device that changed its address must get in.
        const oldest = [...known].sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime());
        for (const registration of oldest.slice(0, known.length + added.length - endpoint.maxContacts))
          await this.drop(registration);
      }
      for (const binding of bindings.slice(0, endpoint.maxContacts)) {
        const before = known.find((registration) => sameContact(registration.contact, binding.uri));
        if (before !== undefined && late(before)) continue;
        if (binding.expiresS === 0) {
          if (before !== undefined) await this.drop(before);
        } else await this.keep(request, endpoint, binding, before, callId, cseq);
      }
    }
    const now = this.parts.clock.now().getTime();
    const current = await store.registrations.find({
      endpointId: endpoint.id,
      protocol: 'sip',
      expiresAt: { $gt: new Date(now) },
    });
    const list = current.map((registration) => {
      const left = Math.max(1, Math.round((registration.expiresAt.getTime() - now) / 1000));
      return `<${registration.contact}>;expires=${left}`;
    });
    response.send(200, {
      headers: { ...(list.length > 0 ? { Contact: list.join(', ') } : {}), Date: new Date(now).toUTCString() },
    });
  }

  private leaves(registration: Registration, bindings: ContactBinding[]): boolean {
    return bindings.some(({ expiresS, uri }) => expiresS === 0 && sameContact(uri, registration.contact));
  }

  private async keep(
    request: SipRequest,
    endpoint: Endpoint,
    binding: ContactBinding,
    before: Registration | undefined,
    callId: string,
    cseq: number,
  ): Promise<void> {
    const { clock, newId, store } = this.parts;
    const fields = {
      contact: binding.uri,
      source: `${request.source_address}:${request.source_port}`,
      transport: String(request.protocol || 'udp').slice(0, 16),
      userAgent: request.get('User-Agent')?.slice(0, 256),
      callId,
      cseq,
      expiresAt: new Date(clock.now().getTime() + binding.expiresS * 1000),
    };
    if (before !== undefined) await store.registrations.update(before.id, fields);
    else {
      await store.registrations.insert({
        id: newId(),
        endpointId: endpoint.id,
        protocol: 'sip',
        aliases: [],
        ...fields,
      });
      // It has its account: nobody looks for it where it was with another.
      await store.deviceStates.updateFirst(
        { id: endpoint.id, 'formerAccount.until': { $exists: true } },
        { formerAccount: undefined },
      );
      this.emit('registration', { endpointId: endpoint.id, registered: true, contact: binding.uri });
    }
  }

  private async drop(registration: Registration): Promise<void> {
    await this.parts.store.registrations.remove(registration.id);
    this.emit('registration', {
      endpointId: registration.endpointId,
      registered: false,
      contact: registration.contact,
    });
  }
}
