import { bracketHost, parseNameAddress, parseUri } from '../sip/address.ts';
import { type Header, header, type SipRequest } from '../sip/message.ts';
import { newBranch } from '../transaction/layer.ts';
import type { Peer, Transport } from '../transport/transport.ts';

/** How we name ourselves towards a peer: Via, Contact, and the places where a program wrote `localhost`. */
export class OwnAddress {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  hostPort(peer: Peer): string {
    const { host, port } = this.transport.localFor(peer);
    return `${bracketHost(host)}:${port}`;
  }

  via(peer: Peer): string {
    const { host, port } = this.transport.localFor(peer);
    const usual = port === (peer.transport === 'tls' ? 5061 : 5060);
    const sentBy = usual ? bracketHost(host) : `${bracketHost(host)}:${port}`;
    return `SIP/2.0/${peer.transport.toUpperCase()} ${sentBy};rport;branch=${newBranch()}`;
  }

  contact(peer: Peer): string {
    return `<sip:${this.hostPort(peer)}${peer.transport === 'udp' ? '' : `;transport=${peer.transport}`}>`;
  }

  contactIfNeeded(draft: SipRequest, peer: Peer): Header[] {
    const needed = /^(INVITE|SUBSCRIBE|REFER|UPDATE|REGISTER)$/.test(draft.method);
    return needed && header(draft, 'Contact') === undefined ? [{ name: 'Contact', value: this.contact(peer) }] : [];
  }

  /** Our own address where a program wrote `localhost`, as drachtio does. */
  localised(headers: Header[], peer: Peer): Header[] {
    return headers.map(({ name, value }) => {
      if (!/^(from|contact|p-asserted-identity)$/i.test(name) || !/[@:]localhost\b/.test(value)) return { name, value };
      const uri = parseUri(parseNameAddress(value)?.uri ?? '');
      const host =
        name.toLowerCase() === 'contact' || uri?.port === undefined
          ? this.hostPort(peer)
          : bracketHost(this.transport.localFor(peer).host);
      return { name, value: value.replace(/localhost(:\d+)?/, host) };
    });
  }

  /** drachtio tells our own address with what it sent. */
  seenAs(peer: Peer): Peer {
    return { transport: peer.transport, ...this.transport.localFor(peer) };
  }
}
