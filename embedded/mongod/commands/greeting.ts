import { Binary } from 'bson';
import { begin, finish } from '../auth/scram.ts';
import { type Doc, maxDocumentBytes } from '../document.ts';
import { CommandError } from '../errors.ts';
import { maxMessageBytes } from '../wire/message.ts';
import type { Command } from './commands.ts';

/* Who is there: greeting, log-in, versions. The server greets as a standalone one. */

const version = '7.0.0';

const hello: Command = (command, _db, session, { verifier }) => {
  const asked = typeof command.saslSupportedMechs === 'string' ? command.saslSupportedMechs : undefined;
  const knows = verifier !== undefined && asked?.slice(asked.indexOf('.') + 1) === verifier.user;
  return {
    helloOk: true,
    ...('hello' in command ? { isWritablePrimary: true } : { ismaster: true }),
    maxBsonObjectSize: maxDocumentBytes,
    maxMessageSizeBytes: maxMessageBytes,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: session.connectionId,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    ...(asked !== undefined && (knows || verifier !== undefined) ? { saslSupportedMechs: ['SCRAM-SHA-256'] } : {}),
  };
};

const failed = (): CommandError => new CommandError('AuthenticationFailed', 'Authentication failed.');

function payload(command: Doc): string {
  if (!(command.payload instanceof Binary)) throw failed();
  return Buffer.from(command.payload.buffer.subarray(0, command.payload.position)).toString('utf8');
}

const bytes = (message: string): Binary => new Binary(Buffer.from(message, 'utf8'));

const saslStart: Command = (command, _db, session, { verifier }) => {
  if (command.mechanism !== 'SCRAM-SHA-256') {
    throw new CommandError('AuthenticationFailed', `Unsupported mechanism ${String(command.mechanism).slice(0, 40)}`);
  }
  if (verifier === undefined) throw failed();
  session.conversation = begin(verifier, payload(command));
  if (session.conversation === undefined) throw failed();
  return { conversationId: 1, done: false, payload: bytes(session.conversation.serverFirst) };
};

const saslContinue: Command = (command, _db, session, { verifier }) => {
  const { conversation } = session;
  if (verifier === undefined || conversation === undefined)
    throw new CommandError('ProtocolError', 'No SASL session state found');
  if (conversation.proven) {
    session.conversation = undefined;
    session.authenticated = true;
    return { conversationId: 1, done: true, payload: bytes('') };
  }
  const last = finish(verifier, conversation, payload(command));
  if (last === undefined) {
    session.conversation = undefined;
    throw failed();
  }
  // Who proved the password is in; the empty round that older clients add changes nothing.
  conversation.proven = true;
  session.authenticated = true;
  return { conversationId: 1, done: true, payload: bytes(last) };
};

const buildInfo: Command = () => ({
  version,
  versionArray: [7, 0, 0, 0],
  gitVersion: 'embedded',
  modules: [],
  bits: 64,
  debug: false,
  maxBsonObjectSize: maxDocumentBytes,
  storageEngines: ['lmdb'],
});

const nothing: Command = () => ({});

export const greeting: Record<string, Command> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: nothing,
  buildInfo,
  buildinfo: buildInfo,
  saslStart,
  saslContinue,
  logout: (_command, _db, session, { verifier }) => {
    session.authenticated = verifier === undefined;
    return {};
  },
  startSession: () => {
    const id = new Binary(crypto.getRandomValues(new Uint8Array(16)), 4);
    return { id: { id }, timeoutMinutes: 30 };
  },
  endSessions: nothing,
  refreshSessions: nothing,
  killSessions: nothing,
  connectionStatus: (_command, _db, session, { verifier }) => ({
    authInfo: {
      authenticatedUsers: session.authenticated && verifier !== undefined ? [{ user: verifier.user, db: 'admin' }] : [],
      authenticatedUserRoles: [],
    },
  }),
};
