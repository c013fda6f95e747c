import type { Logger } from '../../platform/log.ts';
import type { Endpoint, Registration } from '../../store/schema/places.ts';
import type { Store } from '../../store/store.ts';
import { modelNamed } from '../catalogue.ts';
import type { Entry } from '../entries.ts';
import type { DirectWay } from '../push/push.ts';
import { applySettings } from './apply.ts';
import { CodecError, CodecSession } from './client.ts';

export interface RoomOsParts {
  store: Pick<Store, 'registrations' | 'deviceStates'>;
  logger: Logger;
  /** What the device is to be set to. */
  entriesFor(endpoint: Endpoint): Promise<readonly Entry[]>;
  /** Password of the codec's own administrator, opened. */
  adminPasswordOf(endpointId: string): Promise<string>;
  /** Keeps the fingerprint of the certificate that the codec showed. */
  pin(endpointId: string, fingerprint: string): Promise<void>;
  pinned(endpointId: string): Promise<string | undefined>;
  /** The codec's administrator, as it comes from the factory. */
  username?: string;
}

const resultOfFault = {
  silent: 'silent',
  'not-trusted': 'not-trusted',
  'password-refused': 'password-refused',
  busy: 'refused',
  'no-codec': 'refused',
} as const;

/** Configures codecs whose model takes its settings by xAPI over HTTPS; others are not for it. */
export function roomOsWay(parts: RoomOsParts): DirectWay {
  return async (endpoint) => {
    const template = modelNamed(endpoint.device?.model ?? '')?.template;
    if (template?.delivery !== 'xapi') return undefined;
    const nothing = { way: 'xapi' as const, contacts: [], settings: [] };
    const place = await placeOf(parts.store, endpoint);
    if (place === undefined) return { ...nothing, result: 'not-registered' };
    let session: CodecSession | undefined;
    try {
      session = await CodecSession.open({
        ...place,
        username: parts.username ?? 'admin',
        password: await parts.adminPasswordOf(endpoint.id),
        fingerprint: await parts.pinned(endpoint.id),
      });
      if (session.fingerprint !== undefined) await parts.pin(endpoint.id, session.fingerprint);
      const settings = await applySettings(session, await parts.entriesFor(endpoint));
      const all = settings.every(({ result }) => result === 'applied');
      return { ...nothing, result: all ? 'accepted' : 'differs', settings };
    } catch (error) {
      parts.logger.warn({ err: error, endpointId: endpoint.id, host: place.host }, 'a codec could not be configured');
      return { ...nothing, result: error instanceof CodecError ? resultOfFault[error.fault] : 'refused' };
    } finally {
      await session?.close();
    }
  };
}

/** Where a codec is: as the admin said (`host[:port]`), else where it registers from, else where it last asked from. */
async function placeOf(
  store: RoomOsParts['store'],
  endpoint: Endpoint,
): Promise<{ host: string; port: number } | undefined> {
  const said = endpoint.kind === 'h323' && endpoint.address?.includes('/') ? undefined : endpoint.address;
  const [, host, port] = /^(?:\w+:\/\/)?(?:[^@]*@)?([\w.-]+)(?::(\d+))?/.exec(said ?? '') ?? [];
  if (host !== undefined) return { host, port: portOf(endpoint, port) };
  const [registered]: (Registration | undefined)[] = await store.registrations.find(
    { endpointId: endpoint.id },
    { sort: { updatedAt: -1 }, limit: 1 },
  );
  const source = registered?.source.replace(/:\d+$/, '') ?? (await store.deviceStates.get(endpoint.id))?.lastAskedFrom;
  return source === undefined ? undefined : { host: source, port: 443 };
}

/** The port of a SIP or H.323 address is not that of its web server. */
const portOf = ({ kind }: Endpoint, port: string | undefined): number =>
  kind === 'sip' && port !== undefined ? Number(port) : 443;
