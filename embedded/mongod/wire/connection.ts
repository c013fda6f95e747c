import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Commands, Session } from '../commands/commands.ts';
import { CommandError } from '../errors.ts';
import {
  encodeReply,
  MalformedMessage,
  maxMessageBytes,
  messageLength,
  parseMessage,
  type Request,
} from './message.ts';

/** Requests of one client, one after the other; reading pauses while one is under way. */
export class Connection {
  readonly #socket: Socket;
  readonly #commands: Commands;
  readonly #logger: Logger;
  readonly #session: Session;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #busy = false;
  #replyId = 1;

  constructor(socket: Socket, commands: Commands, logger: Logger, id: number) {
    this.#socket = socket;
    this.#commands = commands;
    this.#logger = logger;
    this.#session = { connectionId: id, authenticated: !commands.wantsLogin, conversation: undefined };
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#buffered += chunk.length;
      void this.#work();
    });
    socket.on('error', () => socket.destroy());
  }

  /** The next whole message, if it is there. */
  #next(): Buffer | undefined {
    if (this.#buffered < 4) return undefined;
    if (this.#chunks[0]!.length < 4) this.#chunks = [Buffer.concat(this.#chunks)];
    const length = messageLength(this.#chunks[0]!);
    // Until someone logged in, nothing large has a reason to come.
    if (!this.#session.authenticated && length > 64 * 1024) throw new MalformedMessage('large message before log-in');
    if (this.#buffered < length) return undefined;
    const all = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#chunks = all.length === length ? [] : [all.subarray(length)];
    this.#buffered = all.length - length;
    return all.subarray(0, length);
  }

  async #work(): Promise<void> {
    if (this.#busy) {
      if (this.#buffered > 2 * maxMessageBytes) this.#socket.pause();
      return;
    }
    this.#busy = true;
    try {
      for (let message = this.#next(); message !== undefined; message = this.#next()) {
        const request = parseMessage(message);
        const reply = await this.#answer(request);
        if (this.#socket.destroyed) return;
        if (reply !== undefined && !this.#socket.write(reply)) {
          await new Promise<void>((resolve) => {
            this.#socket.once('drain', resolve);
            this.#socket.once('close', resolve);
          });
        }
      }
      this.#socket.resume();
    } catch (error) {
      if (error instanceof MalformedMessage)
        this.#logger.warn({ connection: this.#session.connectionId, reason: error.message }, 'unreadable message');
      else this.#logger.error({ connection: this.#session.connectionId, err: error }, 'connection failed');
      this.#socket.destroy();
    } finally {
      this.#busy = false;
    }
  }

  async #answer(request: Request): Promise<Buffer | undefined> {
    const name = Object.keys(request.command)[0] ?? '';
    let body: Record<string, unknown>;
    try {
      body = { ...(await this.#commands.run(request.command, this.#session)), ok: 1 };
    } catch (error) {
      if (error instanceof CommandError) body = error.toReply();
      else {
        this.#logger.error({ command: name, err: error }, 'command failed');
        body = new CommandError('InternalError', 'the command failed; see the log').toReply();
      }
    }
    return request.silent ? undefined : encodeReply(request, this.#replyId++, body);
  }
}
