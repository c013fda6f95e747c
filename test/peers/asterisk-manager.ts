import { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One message of Asterisk's manager interface: its headers; repeated `Output` lines are joined. */
export type ManagerMessage = Record<string, string>;

/** A connection to Asterisk's manager interface: actions with their answers, and the events. */
export class AsteriskManager extends EventEmitter<{ event: [message: ManagerMessage] }> {
  private readonly socket: Socket;
  private readonly waiting = new Map<string, (answer: ManagerMessage) => void>();
  private rest = '';
  private actions = 0;
  private greeted = false;

  private constructor(socket: Socket) {
    super();
    this.setMaxListeners(0);
    this.socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.take(text));
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const answer of this.waiting.values()) answer({ Response: 'Error', Message: 'connection closed' });
      this.waiting.clear();
    });
  }

  /** Connects and logs in. */
  static async open(host: string, port: number, username: string, secret: string): Promise<AsteriskManager> {
    const socket = connect({ host, port });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const manager = new AsteriskManager(socket);
    const answer = await manager.action({ Action: 'Login', Username: username, Secret: secret });
    if (answer.Response !== 'Success') throw new Error(`Asterisk refused the log-in: ${answer.Message}`);
    return manager;
  }

  /** Sends an action; resolves to its answer. A list of pairs lets a header stand several times. */
  action(headers: ManagerMessage | [string, string][]): Promise<ManagerMessage> {
    const id = `action-${++this.actions}`;
    const pairs = Array.isArray(headers) ? headers : Object.entries(headers);
    const text = [...pairs, ['ActionID', id]].map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.socket.write(`${text}\r\n`);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(text: string): void {
    this.rest += text;
    if (!this.greeted) {
      const end = this.rest.indexOf('\n');
      if (end < 0) return;
      this.rest = this.rest.slice(end + 1);
      this.greeted = true;
    }
    for (let end = this.rest.indexOf('\r\n\r\n'); end >= 0; end = this.rest.indexOf('\r\n\r\n')) {
      const message = parse(this.rest.slice(0, end));
      this.rest = this.rest.slice(end + 4);
      if (message.Response !== undefined) {
        const id = message.ActionID ?? '';
        this.waiting.get(id)?.(message);
        this.waiting.delete(id);
      } else this.emit('event', message);
    }
  }
}

function parse(block: string): ManagerMessage {
  const message: ManagerMessage = {};
  for (const line of block.split('\r\n')) {
    const colon = line.indexOf(': ');
    const name = colon < 0 ? line.replace(/:$/, '') : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 2);
    message[name] = name === 'Output' && message.Output !== undefined ? `${message.Output}\n${value}` : value;
  }
  return message;
}
