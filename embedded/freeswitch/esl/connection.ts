import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { runCommand } from '../api/commands.ts';
import type { Channel } from '../channel/channel.ts';
import { levelsSubclass } from '../mixer/level-reports.ts';
import type { EventListener, Switch } from '../switch.ts';
import { channelData } from './event.ts';
import { type EventFormat, plainHeaders, type SwitchEvent } from './switch-event.ts';

/* One event-socket connection: commands in, replies and events out, as mod_event_socket speaks. */

const longestCommand = 1 << 20;

/** How a connection came about: a client that must log in, or one that a channel opened to its program. */
export type EslRole = { kind: 'inbound'; secret: string } | { kind: 'outbound'; channel: Channel };

export class EslConnection implements EventListener {
  private pending: Buffer = Buffer.alloc(0);
  private authenticated: boolean;
  private format: EventFormat = 'plain';
  private readonly subscriptions = new Set<string>();
  private readonly subclasses = new Set<string>();
  private readonly filters: { name: string; value: string }[] = [];
  private readonly socket: Socket;
  private readonly engine: Switch;
  private readonly role: EslRole;
  private readonly logger: Logger;

  constructor(socket: Socket, engine: Switch, role: EslRole, logger: Logger) {
    this.socket = socket;
    this.engine = engine;
    this.role = role;
    this.logger = logger;
    this.authenticated = role.kind === 'outbound';
    socket.setNoDelay(true);
    socket.on('data', (data) => this.receive(data));
    socket.on('error', () => {});
    socket.on('close', () => this.closed());
    engine.subscribers.add(this);
    if (role.kind === 'inbound') this.write('Content-Type: auth/request\n\n');
    else role.channel.once('hangup', () => setTimeout(() => this.goodbye(role.channel), 30));
  }

  private receive(data: Buffer): void {
    this.pending = this.pending.length === 0 ? data : Buffer.concat([this.pending, data]);
    for (;;) {
      while (this.pending[0] === 0x0a || this.pending[0] === 0x0d) this.pending = this.pending.subarray(1);
      const end = /\r?\n\r?\n/.exec(this.pending.toString('latin1', 0, longestCommand));
      if (end === null) {
        if (this.pending.length > longestCommand) this.socket.destroy();
        return;
      }
      const command = this.pending.toString('utf8', 0, end.index);
      const length = Number(/^content-length:\s*(\d{1,7})\s*$/im.exec(command)?.[1] ?? 0);
      const after = end.index + end[0].length;
      if (length > longestCommand) {
        this.socket.destroy();
        return;
      }
      if (this.pending.length < after + length) return;
      const body = this.pending.toString('utf8', after, after + length);
      this.pending = this.pending.subarray(after + length);
      this.take(command, body);
      if (this.socket.writableEnded || this.socket.destroyed) return;
    }
  }

  private take(text: string, body: string): void {
    const [first = '', ...lines] = text.split(/\r?\n/);
    const space = first.indexOf(' ');
    const command = (space === -1 ? first : first.slice(0, space)).trim().toLowerCase();
    const argument = space === -1 ? '' : first.slice(space + 1).trim();
    if (!this.authenticated && command !== 'auth' && command !== 'exit') {
      this.reply('-ERR command not found');
      return;
    }
    switch (command) {
      case 'auth':
        this.authenticate(argument);
        break;
      case 'connect':
        this.connect();
        break;
      case 'event':
      case 'events':
        this.subscribe(argument);
        break;
      case 'myevents':
        this.myEvents(argument);
        break;
      case 'nixevent':
        this.unsubscribe(argument);
        this.reply('+OK events nixed');
        break;
      case 'noevents':
        this.subscriptions.clear();
        this.subclasses.clear();
        this.considerLevels();
        this.reply('+OK no longer listening for events');
        break;
      case 'filter':
        this.filter(argument);
        break;
      case 'linger':
        this.reply('+OK will linger');
        break;
      case 'nolinger':
        this.reply('+OK will not linger');
        break;
      case 'divert_events':
        this.reply('+OK events diverted');
        break;
      case 'log':
        this.reply('+OK log level ');
        break;
      case 'nolog':
        this.reply('+OK no longer logging');
        break;
      case 'api':
        this.api(argument);
        break;
      case 'bgapi':
        this.background(argument, /^job-uuid:\s*(\S+)/im.exec(lines.join('\n'))?.[1]);
        break;
      case 'sendmsg':
        this.sendMessage(argument, lines, body);
        break;
      case 'resume':
        this.reply('+OK');
        break;
      case 'exit':
      case '...':
        this.reply('+OK bye');
        this.socket.end();
        break;
      default:
        this.reply('-ERR command not found');
    }
  }

  private authenticate(secret: string): void {
    if (this.role.kind !== 'inbound') {
      this.reply('+OK accepted');
      return;
    }
    const given = Buffer.from(secret);
    const wanted = Buffer.from(this.role.secret);
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) {
      this.authenticated = true;
      this.reply('+OK accepted');
      return;
    }
    this.logger.warn({ peer: this.socket.remoteAddress }, 'event socket: wrong password');
    this.reply('-ERR invalid');
    this.write(
      'Content-Type: text/disconnect-notice\nContent-Length: 67\n\nDisconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n',
    );
    this.socket.end();
  }

  private connect(): void {
    if (this.role.kind !== 'outbound') {
      this.reply('-ERR command not found');
      return;
    }
    const { channel } = this.role;
    this.write(
      `${plainHeaders(channelData(channel, this.engine, 0))}Content-Type: command/reply\nReply-Text: %2BOK%0A\nSocket-Mode: async\nControl: full\n\n`,
    );
  }

  private subscribe(argument: string): void {
    const [format = '', ...names] = argument.split(/\s+/);
    const known = format === 'json' || format === 'plain';
    if (format === 'xml') {
      this.reply('-ERR format not supported');
      return;
    }
    if (known) this.format = format;
    let custom = false;
    for (const name of known ? names : [format, ...names]) {
      if (name === '') continue;
      if (name.toUpperCase() === 'CUSTOM') custom = true;
      else if (custom && /[a-z:]/.test(name)) this.subclasses.add(name);
      else {
        custom = false;
        this.subscriptions.add(name.toUpperCase().replace(/^SWITCH_EVENT_/, ''));
      }
      if (this.subclasses.size + this.subscriptions.size > 1_000) break;
    }
    this.considerLevels();
    this.reply(`+OK event listener enabled ${this.format}`);
  }

  private unsubscribe(argument: string): void {
    let custom = false;
    for (const name of argument.split(/\s+/)) {
      if (name.toUpperCase() === 'CUSTOM') custom = true;
      else if (custom) this.subclasses.delete(name);
      else this.subscriptions.delete(name.toUpperCase());
    }
    this.considerLevels();
  }

  /** Rooms are measured for those alone who ask for levels by name. */
  private considerLevels(): void {
    this.engine.levels.listen(this, this.subclasses.has(levelsSubclass));
  }

  private myEvents(argument: string): void {
    const uuid = this.role.kind === 'outbound' ? this.role.channel.uuid : (argument.split(/\s+/)[0] ?? '');
    if (argument.includes('json')) this.format = 'json';
    this.subscriptions.add('ALL');
    this.filters.push({ name: 'Unique-ID', value: uuid });
    this.reply('+OK Events Enabled');
  }

  private filter(argument: string): void {
    const [name = '', ...rest] = argument.split(/\s+/);
    if (name === 'delete') {
      const [which = '', value] = rest;
      for (let at = this.filters.length - 1; at >= 0; at--) {
        const filter = this.filters[at];
        if (filter?.name === which && (value === undefined || filter.value === value)) this.filters.splice(at, 1);
      }
      this.reply('+OK filter deleted.');
      return;
    }
    if (this.filters.length < 1_000) this.filters.push({ name, value: rest.join(' ') });
    this.reply(`+OK filter added. [${name}]=[${rest.join(' ')}]`);
  }

  private api(argument: string): void {
    const body = this.run(argument);
    this.write(`Content-Type: api/response\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}`);
  }

  private background(argument: string, given: string | undefined): void {
    const job = given ?? randomUUID();
    this.write(`Content-Type: command/reply\nReply-Text: +OK Job-UUID: ${job}\nJob-UUID: ${job}\n\n`);
    const [command = '', ...rest] = argument.split(' ');
    setImmediate(() => {
      const facts = { 'Job-UUID': job, 'Job-Command': command, 'Job-Command-Arg': rest.join(' ') };
      this.engine.publish('BACKGROUND_JOB', undefined, facts, this.run(argument));
    });
  }

  private run(argument: string): string {
    try {
      return runCommand(argument, this.engine);
    } catch (error) {
      return `-ERR ${error instanceof Error ? error.message : error}\n`;
    }
  }

  private sendMessage(argument: string, lines: string[], body: string): void {
    const headers = new Map<string, string>();
    for (const line of lines) {
      const match = /^([\w-]+):\s*(.*)$/.exec(line);
      if (match !== null) headers.set((match[1] ?? '').toLowerCase(), match[2] ?? '');
    }
    const own = this.role.kind === 'outbound' ? this.role.channel.uuid : '';
    const channel = this.engine.channels.get(argument === '' ? own : argument);
    if (channel === undefined) {
      this.reply(`-ERR invalid session id [${argument}]`);
      return;
    }
    switch (headers.get('call-command')) {
      case 'execute': {
        const name = headers.get('execute-app-name') ?? '';
        const data = headers.get('execute-app-arg') ?? body;
        const loops = Number(headers.get('loops') ?? 1);
        if (loops > 1) this.logger.debug({ name }, 'loops are not supported');
        if (this.engine.execute(channel, name, data, headers.get('event-uuid') ?? randomUUID())) this.reply('+OK');
        else this.reply(`-ERR application ${name.slice(0, 100)} not found`);
        break;
      }
      case 'hangup':
        this.reply('+OK');
        this.engine.end(channel, { name: headers.get('hangup-cause') ?? 'NORMAL_CLEARING', q850: 16 });
        break;
      case 'nomedia':
      case 'unicast':
        this.reply('-ERR not supported');
        break;
      default:
        this.reply('-ERR invalid call command');
    }
  }

  offer(event: SwitchEvent): void {
    if (!this.fits(event)) return;
    // A client that does not read must not fill our memory.
    if (this.socket.writableLength > 32 << 20) {
      this.logger.warn('event socket client does not read; disconnected');
      this.socket.destroy();
      return;
    }
    this.write(event.message(this.format));
  }

  asks(name: string, subclass: string | undefined): boolean {
    if (!this.authenticated) return false;
    if (this.subscriptions.has('ALL')) return true;
    return name === 'CUSTOM' ? subclass !== undefined && this.subclasses.has(subclass) : this.subscriptions.has(name);
  }

  /** Fitting one of the filters when there are any. */
  fits(headers: { get(name: string): string | undefined }): boolean {
    return this.filters.length === 0 || this.filters.some((filter) => headers.get(filter.name) === filter.value);
  }

  private goodbye(channel: Channel): void {
    this.write(
      `Content-Type: text/disconnect-notice\nControlled-Session-UUID: ${channel.uuid}\nContent-Disposition: disconnect\nContent-Length: 67\n\nDisconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n`,
    );
    this.socket.end();
  }

  private closed(): void {
    this.engine.subscribers.delete(this);
    this.engine.levels.listen(this, false);
    // A program that went away leaves nobody to steer its channel.
    if (this.role.kind === 'outbound') this.engine.end(this.role.channel, { name: 'NORMAL_CLEARING', q850: 16 });
  }

  private reply(text: string): void {
    this.write(`Content-Type: command/reply\nReply-Text: ${text}\n\n`);
  }

  private write(text: string): void {
    if (this.socket.writable) this.socket.write(text);
  }
}
