import { search } from './query/finding.ts';
import type { Store } from './storage/store.ts';
import { removeDocument } from './storage/writing.ts';

const batch = 500;

/** Removes every document that a TTL index says is past its time; a few hundred in each transaction. Returns how many. */
export async function removeExpired(store: Store, now: Date): Promise<number> {
  let removed = 0;
  for (const { db, name, indexes } of store.collections()) {
    for (const { expireAfterSeconds: seconds, pattern, name: hint } of indexes) {
      if (seconds === undefined) continue;
      const [path] = pattern[0]!;
      const filter = { [path]: { $lte: new Date(now.getTime() - seconds * 1000) } };
      for (;;) {
        const count = await store.write(() => {
          const collection = store.collection(db, name);
          if (collection === undefined || !collection.indexes.some((index) => index.name === hint)) return 0;
          const due = [...search(store, collection, { filter, sort: [], skip: 0, limit: batch })];
          for (const { key, bytes } of due) removeDocument(store, collection, key, bytes);
          return due.length;
        });
        removed += count;
        if (count < batch) break;
      }
    }
  }
  return removed;
}
