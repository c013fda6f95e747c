import { type EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fsmrf from 'drachtio-fsmrf';
import Srf from 'drachtio-srf';
import { Baresip, type BaresipOptions } from '../../../peers/baresip.ts';
import { type ClipOptions, type Colour, writeClip } from '../../../peers/pictures.ts';
import { writeTone } from '../../../peers/tones.ts';
import { type Engine, secret, startMedia, startSip } from '../engine.ts';

// The library ships no types: what the story uses of it.
interface EslEvent {
  getHeader(name: string): string | undefined;
}
export interface Endpoint extends EventEmitter {
  uuid: string;
  join(room: unknown): Promise<{ memberId: number }>;
  api(command: string, args?: string | string[]): Promise<{ body: string } | string>;
  getChannelVariables(media: boolean): Promise<Record<string, string>>;
  execute(name: string, argument: string): Promise<unknown>;
  dialog: Srf.Dialog;
  destroy(): Promise<unknown>;
}
interface Room extends EventEmitter {
  endpoint: Endpoint & { conn: EventEmitter };
  destroy(): Promise<unknown>;
}
interface MediaServer {
  connectCaller(request: unknown, response: unknown): Promise<{ endpoint: Endpoint; dialog: Srf.Dialog }>;
  createConference(name: string, options: Record<string, unknown>): Promise<Room>;
  api(command: string): Promise<string>;
  disconnect(): void;
}
const Mrf = Fsmrf as unknown as new (srf: Srf) => { connect(options: Record<string, unknown>): Promise<MediaServer> };

/** One terminal in the room. */
export interface Seat {
  terminal: Baresip;
  endpoint: Endpoint;
  memberId: number;
}

/** Both engines, an application that brings every caller into one room, and terminals that show colours. */
export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), 'stage-'));
  readonly name = `pictures-${process.pid}-${Math.floor(Math.random() * 1e6)}`;
  readonly maintenance: Record<string, string>[] = [];
  private readonly seats = new Map<string, Seat>();
  private readonly terminals: Baresip[] = [];
  readonly media: Engine;
  private readonly sip: Engine;
  private readonly srf: Srf;
  readonly server: MediaServer;
  private room: Room;

  private constructor(media: Engine, sip: Engine, srf: Srf, server: MediaServer, room: Room) {
    this.media = media;
    this.sip = sip;
    this.srf = srf;
    this.server = server;
    this.room = room;
  }

  static async open(environment: Record<string, string> = {}): Promise<Stage> {
    const [media, sip] = await Promise.all([startMedia(environment), startSip()]);
    const srf = new Srf();
    srf.connect({ host: '127.0.0.1', port: sip.ports.control!, secret });
    await once(srf, 'connect');
    const server = await new Mrf(srf).connect({
      address: '127.0.0.1',
      port: media.ports.esl!,
      secret,
      listenAddress: '127.0.0.1',
    });
    const name = `room${Math.floor(Math.random() * 1e9)}`;
    const room = await server.createConference(name, {});
    const stage = new Stage(media, sip, srf, server, room);
    Object.assign(stage, { name });
    srf.invite((request, response) => void stage.answer(request, response));
    room.endpoint.conn.on('esl::event::CUSTOM::*', (event: EslEvent) => {
      const action = event.getHeader('Action');
      if (action === undefined) return;
      const facts: Record<string, string> = { action };
      for (const header of ['Member-ID', 'Old-ID', 'New-ID', 'Path', 'Reason']) {
        const value = event.getHeader(header);
        if (value !== undefined) facts[header] = value;
      }
      stage.maintenance.push(facts);
    });
    return stage;
  }

  /** A terminal that shows a colour and sounds a tone comes into the room, muted. */
  async seat(name: string, colour: Colour, clip: ClipOptions = {}, more: Partial<BaresipOptions> = {}): Promise<Seat> {
    const plays = join(this.folder, 'tone.wav');
    writeTone(plays, 700, 60);
    const file = join(this.folder, `${name}.mp4`);
    writeClip(file, colour, clip);
    const terminal = await Baresip.start({ name, plays, video: `avformat,${file}`, ...more });
    this.terminals.push(terminal);
    await terminal.dial(`sip:${name}@127.0.0.1:${this.sip.ports.sip}`);
    await terminal.event('CALL_ESTABLISHED');
    for (let tries = 0; tries < 500; tries++) {
      const seat = this.seats.get(name);
      if (seat !== undefined) {
        await this.command(`mute ${seat.memberId}`);
        return { ...seat, terminal };
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`${name} came into no room`);
  }

  /** `conference NAME …`. */
  async command(words: string): Promise<string> {
    return this.server.api(`conference ${this.name} ${words}`);
  }

  /** Lets one speak alone. */
  async speaks(seat: Seat): Promise<void> {
    for (const other of this.seats.values()) {
      if (other.memberId !== seat.memberId) await this.command(`mute ${other.memberId}`);
    }
    await this.command(`unmute ${seat.memberId}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.terminals.map((terminal) => terminal.stop()));
    await this.room.destroy().catch(() => {});
    this.server.disconnect();
    this.srf.disconnect();
    await Promise.all([this.media.stop(), this.sip.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answer(request: Srf.SrfRequest, response: Srf.SrfResponse): Promise<void> {
    const { endpoint, dialog } = await this.server.connectCaller(request, response);
    dialog.on('destroy', () => void endpoint.destroy().catch(() => {}));
    const { memberId } = await endpoint.join(this.room);
    const name = /sip:([^@]+)@/.exec(request.uri)?.[1] ?? '';
    this.seats.set(name, { terminal: undefined as unknown as Baresip, endpoint, memberId: Number(memberId) });
  }
}
