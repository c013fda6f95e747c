import type { Conversation, Verifier } from '../auth/scram.ts';
import { type Doc, isDoc, toPlain } from '../document.ts';
import { CommandError } from '../errors.ts';
import type { SharedSnapshots } from '../storage/sharedSnapshots.ts';
import type { Store } from '../storage/store.ts';
import { administration } from './administration.ts';
import type { Cursors } from './cursors.ts';
import { greeting } from './greeting.ts';
import { indexCommands } from './indexes.ts';
import { reading } from './reading.ts';
import { writing } from './writing.ts';

/** What a connection remembers between its commands. */
export interface Session {
  readonly connectionId: number;
  authenticated: boolean;
  conversation: Conversation | undefined;
}

export interface Surroundings {
  readonly store: Store;
  readonly cursors: Cursors;
  readonly snapshots: SharedSnapshots;
  readonly verifier: Verifier | undefined;
  readonly startedAt: number;
}

/** A command: its document (first key: the name; `$db`) → the fields of its answer. */
export type Command = (command: Doc, db: string, session: Session, around: Surroundings) => Doc | Promise<Doc>;

const table: ReadonlyMap<string, Command> = new Map(
  Object.entries({ ...greeting, ...reading, ...writing, ...indexCommands, ...administration }),
);

/** These answer before log-in. */
const open = new Set([
  'hello',
  'ismaster',
  'isMaster',
  'ping',
  'saslStart',
  'saslContinue',
  'buildInfo',
  'buildinfo',
  'logout',
  'endSessions',
  'getnonce',
]);

/** These see the state of a time when they are asked to. */
const snapshotReads = new Set(['find', 'distinct', 'getMore']);

/** All commands by name, behind the log-in. */
export class Commands {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  get wantsLogin(): boolean {
    return this.#around.verifier !== undefined;
  }

  /** @throws CommandError */
  async run(command: Doc, session: Session): Promise<Doc> {
    const name = Object.keys(command)[0] ?? '';
    const db = command.$db;
    if (typeof db !== 'string') throw new CommandError('FailedToParse', 'OP_MSG requests require a $db argument');
    const run = table.get(name);
    if (!session.authenticated && !open.has(name))
      throw new CommandError('Unauthorized', `Command ${name} requires authentication`);
    if (run === undefined) throw new CommandError('CommandNotFound', `no such command: '${name}'`);
    if (
      command.txnNumber !== undefined ||
      command.startTransaction !== undefined ||
      toPlain(command.autocommit) === false
    ) {
      throw new CommandError(
        'IllegalOperation',
        'Transaction numbers are only allowed on a replica set member or mongos',
      );
    }
    if (isDoc(command.readConcern) && command.readConcern.level === 'snapshot' && !snapshotReads.has(name))
      throw new CommandError('InvalidOptions', `Command ${name} does not support read concern level 'snapshot'`);
    return run(command, db, session, this.#around);
  }
}
