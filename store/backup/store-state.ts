import type { Connection } from 'mongoose';

type ClientSession = ReturnType<ReturnType<Connection['getClient']>['startSession']>;

/** The store as it was at one moment, while it is written on. */
export interface StoreState {
  /** Reads with this session see that moment; absent where the store cannot do so. */
  session: ClientSession | undefined;
  /** How far the session log had come then. */
  head: number;
  end(): Promise<void>;
}

/** What a server says that keeps no states: a standalone one, one before MongoDB 5.0. */
const unable = new Set([20, 72, 115, 123, 246]);

/** Holds the store's present state for reading (a snapshot session: read concern `snapshot`). */
export async function holdStoreState(connection: Connection): Promise<StoreState> {
  const { db } = connection;
  if (db === undefined) throw new Error('the store is not connected');
  const session = connection.getClient().startSession({ snapshot: true });
  // The first read fixes the moment.
  const headOf = async (within: { session?: ClientSession }): Promise<number> => {
    const [last] = await db
      .collection<{ _id: number }>('sessionLog')
      .find({}, within)
      .sort({ _id: -1 })
      .limit(1)
      .toArray();
    return last?._id ?? 0;
  };
  try {
    const head = await headOf({ session });
    return { session, head, end: () => session.endSession() };
  } catch (error) {
    await session.endSession();
    const { code, name } = error as { code?: unknown; name?: string };
    if (name !== 'MongoCompatibilityError' && !(typeof code === 'number' && unable.has(code))) throw error;
    return { session: undefined, head: await headOf({}), end: async () => {} };
  }
}
