import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface EslMessage {
  headers: Record<string, string>;
  body: string;
}

/** A bare event-socket client: what arrives, in order, and commands with the reply that answers them. */
export class EslClient extends EventEmitter<{ event: [Record<string, string>]; closed: [] }> {
  readonly events: Record<string, string>[] = [];
  private readonly socket: Socket;
  private pending = Buffer.alloc(0);
  private readonly replies: ((message: EslMessage) => void)[] = [];
  private readonly early: EslMessage[] = [];

  constructor(socket: Socket) {
    super();
    this.setMaxListeners(100);
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => this.emit('closed'));
    socket.on('data', (data) => {
      this.pending = Buffer.concat([this.pending, data]);
      this.read();
    });
  }

  static async open(port: number, secret: string): Promise<EslClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new EslClient(socket);
    await client.reply();
    const answer = await client.command(`auth ${secret}`);
    if (answer.headers['Reply-Text'] !== '+OK accepted') throw new Error(answer.headers['Reply-Text']);
    return client;
  }

  reply(): Promise<EslMessage> {
    const ready = this.early.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    return new Promise((resolve) => {
      this.replies.push(resolve);
    });
  }

  command(text: string): Promise<EslMessage> {
    this.socket.write(`${text}\n\n`);
    return this.reply();
  }

  async api(text: string): Promise<string> {
    return (await this.command(`api ${text}`)).body;
  }

  execute(uuid: string, name: string, argument: string, id = name): Promise<EslMessage> {
    return this.command(
      `sendmsg ${uuid}\ncall-command: execute\nexecute-app-name: ${name}\nexecute-app-arg: ${argument}\nEvent-UUID: ${id}`,
    );
  }

  /** The first event, come already or still to come, that fits. */
  until(fits: (event: Record<string, string>) => boolean): Promise<Record<string, string>> {
    const had = this.events.find(fits);
    if (had !== undefined) return Promise.resolve(had);
    return new Promise((resolve) => {
      const look = (event: Record<string, string>): void => {
        if (!fits(event)) return;
        this.off('event', look);
        resolve(event);
      };
      this.on('event', look);
    });
  }

  raw(data: Buffer): void {
    if (this.socket.writable) this.socket.write(data);
  }

  close(): void {
    this.socket.destroy();
  }

  private read(): void {
    for (;;) {
      const end = this.pending.indexOf('\n\n');
      if (end < 0) return;
      const headers: Record<string, string> = {};
      for (const line of this.pending.toString('utf8', 0, end).split('\n')) {
        const colon = line.indexOf(': ');
        if (colon > 0) headers[line.slice(0, colon)] = line.slice(colon + 2);
      }
      const length = Number(headers['Content-Length'] ?? 0);
      if (this.pending.length < end + 2 + length) return;
      const body = this.pending.toString('utf8', end + 2, end + 2 + length);
      this.pending = this.pending.subarray(end + 2 + length);
      this.take({ headers, body });
    }
  }

  private take(message: EslMessage): void {
    if (message.headers['Content-Type'] === 'text/event-json') {
      const event = JSON.parse(message.body) as Record<string, string>;
      this.events.push(event);
      this.emit('event', event);
      return;
    }
    const waiting = this.replies.shift();
    if (waiting === undefined) this.early.push(message);
    else waiting(message);
  }
}

/** Listens as a program does for the sockets that channels open to it. */
export async function listenForChannels(): Promise<{ server: Server; address: string }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}
