import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { Fault } from '../../platform/fault.ts';
import { type IdSource, randomIds } from '../../platform/ids.ts';
import type { Token, User } from '../../store/schema/account.ts';
import type { Store } from '../../store/store.ts';
import { hashPassword, passwordFits } from './password.ts';
import { TryLimit } from './try-limit.ts';

/** Who makes a request. */
export interface Caller {
  user: User;
  token: Token;
}

/** A log-in lasts this long, in ms. */
export const loginLastsMs = 12 * 3600_000;
/** `lastUsedAt` is written at most this often, in ms. */
const touchEveryMs = 60_000;

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Log-ins and tokens. */
export class Accounts {
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly ids: IdSource;
  private readonly tries: TryLimit;

  /** `tries`: wrong log-ins before each further one has to wait. */
  constructor(store: Store, clock: Clock, ids: IdSource, tries: number) {
    this.tries = new TryLimit(tries);
    this.store = store;
    this.clock = clock;
    this.ids = ids;
  }

  /** @throws Fault unauthenticated `login-failed`, too-many `login-too-many`. */
  async logIn(
    username: string,
    password: string,
    address: string,
  ): Promise<{ user: User; secret: string; token: Token }> {
    const keys = [`user ${username}`, `address ${address}`];
    this.mayTry(keys);
    const user = await this.store.users.first({ username });
    if (!(await passwordFits(password, user?.passwordHash)) || user?.enabled !== true) {
      for (const key of keys) this.tries.failed(key, this.clock.now().getTime());
      throw new Fault('unauthenticated', 'login-failed');
    }
    // While the hash was being made, others may have used up the tries.
    this.mayTry(keys);
    for (const key of keys) this.tries.succeeded(key);
    const expiresAt = new Date(this.clock.now().getTime() + loginLastsMs);
    return { user, ...(await this.issue(user, 'login', '', expiresAt)) };
  }

  /** Makes a token; its secret is told this once. */
  async issue(
    user: User,
    kind: Token['kind'],
    name: string,
    expiresAt?: Date,
  ): Promise<{ secret: string; token: Token }> {
    const secret = randomBytes(32).toString('base64url');
    const token = await this.store.tokens.insert({
      id: this.ids(),
      userId: user.id,
      kind,
      name,
      hash: hashOf(secret),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
    return { secret, token };
  }

  /**
   * Whose secret this is; nobody's when it is unknown, expired, or its user may not log in. The secret of a calendar's
   * address opens the calendar alone.
   */
  async recognise(secret: string, purpose: 'api' | 'calendar' = 'api'): Promise<Caller | undefined> {
    if (secret.length > 128) return undefined;
    const token = await this.store.tokens.first({ hash: hashOf(secret) });
    const now = this.clock.now();
    if (token === undefined || (token.kind === 'calendar') !== (purpose === 'calendar')) return undefined;
    if (token.expiresAt !== undefined && token.expiresAt <= now) return undefined;
    const user = await this.store.users.get(token.userId);
    if (user?.enabled !== true) return undefined;
    if (token.lastUsedAt === undefined || now.getTime() - token.lastUsedAt.getTime() > touchEveryMs) {
      await this.store.tokens.update(token.id, { lastUsedAt: now });
    }
    return { user, token };
  }

  /** Ends log-ins and programs' tokens of a user, all but one where given. */
  async endTokens(userId: string, except?: string): Promise<void> {
    await this.store.tokens.removeAll({ userId, ...(except === undefined ? {} : { id: { $ne: except } }) });
  }

  /** @throws Fault `password-wrong`, or too-many as for log-ins. */
  async changePassword(caller: Caller, present: string, next: string, address: string): Promise<void> {
    const keys = [`user ${caller.user.username}`, `address ${address}`];
    this.mayTry(keys);
    if (!(await passwordFits(present, caller.user.passwordHash))) {
      for (const key of keys) this.tries.failed(key, this.clock.now().getTime());
      throw new Fault('invalid', 'password-wrong', { field: 'present' });
    }
    await this.store.users.update(caller.user.id, { passwordHash: await hashPassword(next) });
    await this.endTokens(caller.user.id, caller.token.id);
  }

  private mayTry(keys: string[]): void {
    const now = this.clock.now().getTime();
    const waitMs = Math.max(...keys.map((key) => this.tries.wait(key, now)));
    if (waitMs > 0) throw new Fault('too-many', 'login-too-many', { values: { seconds: Math.ceil(waitMs / 1000) } });
  }
}

/**
 * Makes the user `admin` when there is no user at all, with the configured password or a made one.
 * @returns the password made, to be shown once; nothing when it was configured or there are users already.
 */
export async function ensureFirstAdmin(
  store: Store,
  config: Pick<Config, 'adminPassword'>,
  ids: IdSource = randomIds,
): Promise<string | undefined> {
  if ((await store.users.count()) > 0) return undefined;
  const password = config.adminPassword ?? randomBytes(12).toString('base64url');
  await store.users.insert({
    id: ids(),
    username: 'admin',
    name: 'Quản trị viên',
    role: 'admin',
    passwordHash: await hashPassword(password),
    enabled: true,
    language: 'vi',
  });
  return config.adminPassword === undefined ? password : undefined;
}
