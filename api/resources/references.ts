import { Fault } from '../../platform/fault.ts';
import type { Collection, Stored } from '../../store/collection.ts';
import type { Store } from '../../store/store.ts';

type Reference = 'siteId' | 'endpointId' | 'trunkId';

/** @throws Fault `unknown-reference` when there is no such thing. */
export async function mustExist<T extends Stored>(collection: Collection<T>, id: string, field: string): Promise<T> {
  const thing = await collection.get(id);
  if (thing === undefined) throw new Fault('invalid', 'unknown-reference', { field });
  return thing;
}

/** @throws Fault `in-use` when a rule of the dial plan names it. */
export async function ruleUses(store: Store, reference: Reference, id: string): Promise<void> {
  const rule = await store.dialRules.first({
    $or: [{ [`source.${reference}`]: id }, { [`destination.${reference}`]: id }],
  });
  if (rule !== undefined) throw new Fault('conflict', 'in-use', { values: { user: rule.name } });
}

/** @throws Fault `in-use` when a session that is planned or open names it. */
export async function sessionUses(store: Store, reference: Reference, id: string): Promise<void> {
  const session = await store.sessions.first({
    state: { $in: ['planned', 'open'] },
    [`participants.${reference}`]: id,
  });
  if (session !== undefined) throw new Fault('conflict', 'in-use', { values: { user: session.title } });
}
