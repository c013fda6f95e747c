import type { Site } from '../../store/schema/places.ts';
import type { Session } from '../../store/schema/session.ts';
import type { Store } from '../../store/store.ts';

/** The rooms that take part in a session: named in its plan, reached by its uplinks, or where its devices stand. */
export async function sessionSites(
  store: Store,
  { siteIds, participants }: Pick<Session, 'siteIds' | 'participants'>,
): Promise<Site[]> {
  const endpointIds = participants.flatMap((who) => (who.kind === 'endpoint' ? [who.endpointId] : []));
  const devices = endpointIds.length === 0 ? [] : await store.endpoints.find({ id: { $in: endpointIds } });
  const wanted = new Set([
    ...siteIds,
    ...devices.flatMap(({ siteId }) => (siteId === undefined ? [] : [siteId])),
    ...participants.flatMap((who) => (who.kind === 'uplink' ? [who.siteId] : [])),
  ]);
  const sites = wanted.size === 0 ? [] : await store.sites.find({ id: { $in: [...wanted] } });
  const order = [...wanted];
  return sites.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
}
