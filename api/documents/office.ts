import { type Office, office } from '../../store/schema/office.ts';
import type { Store } from '../../store/store.ts';

const id = 'office';

/** The office as it was set, else as it is before anybody set it. */
export async function officeOf(store: Store): Promise<Office> {
  return (await store.offices.get(id)) ?? office.parse({ id, createdAt: new Date(0), updatedAt: new Date(0) });
}
