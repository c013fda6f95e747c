import type { CallParty } from '../../../call.ts';
import type { Setup_UUIE, SignallingMessage } from '../../h225/index.ts';
import type { Gatekeeper, GatekeeperClient, GatekeeperClients, HostPort } from '../../ras/interface.ts';
import { textOfAlias } from '../signalling/messages.ts';
import type { PeerDirectory } from './directory.ts';

/** Who calls, and through which far gatekeeper. */
export interface KnownCaller {
  party: CallParty;
  client: GatekeeperClient | undefined;
  /** Our gatekeeper keeps account of the call. */
  registered: boolean;
}

/** What of a SETUP tells about number and name of both ends. */
export interface Dialled {
  called: string;
  number: string;
  name: string;
}

/** Numbers and names of a SETUP, aliases before Q.931's elements. Pure. */
export function dialledOf({ elements }: SignallingMessage, setup: Setup_UUIE): Dialled {
  const texts = (aliases: Setup_UUIE['sourceAddress']): string[] =>
    (aliases ?? []).map(textOfAlias).filter((text) => text !== undefined && text !== '') as string[];
  const source = texts(setup.sourceAddress).map(clean);
  const destination = texts(setup.destinationAddress).map(clean);
  const digits = source.find((text) => /^[0-9#*,]+$/.test(text));
  const name = source.find((text) => text !== digits) ?? clean(elements.display ?? '');
  const number = clean(elements.callingPartyNumber?.digits ?? '') || digits || name;
  return {
    called: (destination[0] ?? clean(elements.calledPartyNumber?.digits ?? '')).slice(0, 255),
    number: number.slice(0, 128),
    name: name.slice(0, 200),
  };
}

/** Without the NUL and other control characters that some terminals put into texts. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/[\u0000-\u001f\u007f]/g, '').trim();
}

/** Tells who makes a call: a registered device, a device or far room by its address, a far gatekeeper; nobody else. */
export class CallerCheck {
  private readonly directory: PeerDirectory;
  private readonly gatekeeper: Gatekeeper | undefined;
  private readonly clients: GatekeeperClients | undefined;

  constructor(directory: PeerDirectory, gatekeeper: Gatekeeper | undefined, clients: GatekeeperClients | undefined) {
    this.directory = directory;
    this.gatekeeper = gatekeeper;
    this.clients = clients;
  }

  async identify(setup: Setup_UUIE, dialled: Dialled, source: HostPort): Promise<KnownCaller | undefined> {
    const address = `${source.host}:${source.port}`;
    const device = this.gatekeeper?.identify({
      callIdentifier: setup.callIdentifier?.guid,
      conferenceId: setup.conferenceID,
      endpointIdentifier: setup.endpointIdentifier,
      source,
    });
    if (device !== undefined) {
      const digits = device.aliases.find((alias) => /^[0-9*#]+$/.test(alias));
      const party: CallParty = {
        endpointId: device.endpointId,
        ...(device.siteId === undefined ? {} : { siteId: device.siteId }),
        number: digits ?? dialled.number,
        name: device.name,
        address,
      };
      return { party, client: undefined, registered: true };
    }
    const client = this.clients?.bySource(source);
    if (client !== undefined) {
      const party = { siteId: client.siteId, number: dialled.number, name: dialled.name, address };
      return { party, client, registered: false };
    }
    const peer = await this.directory.at(source.host);
    if (peer === undefined) return undefined;
    const { endpoint, site } = peer;
    const siteId = endpoint?.siteId ?? site?.id;
    const party: CallParty = {
      ...(endpoint === undefined ? {} : { endpointId: endpoint.id }),
      ...(siteId === undefined ? {} : { siteId }),
      number: endpoint?.number ?? dialled.number,
      name: endpoint?.name ?? site?.name ?? dialled.name,
      address,
    };
    return { party, client: undefined, registered: false };
  }
}
