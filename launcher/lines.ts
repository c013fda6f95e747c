import type { MediaEngines } from '../freeswitch/media/engines.ts';
import type { Gateway, GatewayEvents } from '../gateway/gateway.ts';
import type { SipSignalling } from '../gateway/sip/signalling.ts';
import type { Logger } from '../platform/log.ts';
import type { LogStatement } from '../store/schema/log.ts';
import type { SessionLog } from '../store/session-log.ts';
import type { H323Side } from './h323.ts';

const system = { kind: 'system' } as const;

/** Tells live events and the session log what happens to lines and engines, outside of any call. */
export function tellLines(parts: {
  gateway: Gateway;
  log: SessionLog;
  logger: Logger;
  media: MediaEngines;
  sip: SipSignalling;
  h323: Pick<H323Side, 'gatekeeper' | 'clients'>;
}): void {
  const { gateway, h323, log, logger, media, sip } = parts;
  const tell = (statement: LogStatement): void => {
    log.append(statement).catch((error: unknown) => logger.error({ err: error, ...statement }, 'could not be logged'));
  };
  const registered = (change: GatewayEvents['registration'][0]): void => {
    gateway.emit('registration', change);
    const { contact, endpointId } = change;
    tell({
      event: change.registered ? 'device.registered' : 'device.unregistered',
      actor: { kind: 'device', id: endpointId },
      endpointId,
      detail: { contact: contact.slice(0, 255) },
    });
  };
  const refused = ({ source, to, userAgent }: { source: string; to: string; userAgent: string | undefined }): void => {
    logger.warn({ source, to, userAgent }, 'registration refused');
    tell({
      event: 'device.refused',
      actor: { kind: 'caller', name: to.slice(0, 200) },
      address: source,
      detail: { userAgent: userAgent?.slice(0, 255) ?? '' },
    });
  };
  for (const registrar of [sip, h323.gatekeeper]) {
    registrar.on('registration', registered);
    registrar.on('refused', refused);
  }
  sip.on('trunk', (trunkId, state, text) => {
    tell({ event: `trunk.${state}`, actor: system, detail: { trunkId, text } });
    if (state === 'refused' || state === 'unreachable')
      gateway.emit('incident', { code: `trunk.${state}`, values: { trunkId, text } });
  });
  h323.clients.on('state', (siteId, state, text) => {
    tell({ event: `gatekeeper.${state}`, actor: system, siteId, detail: { text } });
    if (state === 'refused' || state === 'unreachable')
      gateway.emit('incident', { code: `gatekeeper.${state}`, values: { siteId, text } });
  });
  const follow = (name: string, engine: { on(event: 'up' | 'down', listener: (reason?: string) => void): unknown }) => {
    engine.on('down', (reason) => {
      tell({ event: 'engine.lost', actor: system, detail: { engine: name, reason: reason ?? '' } });
      gateway.emit('incident', { code: 'engine.lost', values: { engine: name } });
    });
    engine.on('up', () => tell({ event: 'engine.back', actor: system, detail: { engine: name } }));
  };
  follow('media', media);
  follow('sip', sip);
}
