import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Baresip, type BaresipOptions } from '../peers/baresip.ts';
import { type ClipOptions, type Colour, writeClip } from '../peers/pictures.ts';
import { Product, type ProductOptions } from '../peers/product.ts';
import { writeTone } from '../peers/tones.ts';

export interface Kept {
  id: string;
}
export interface SessionView extends Kept {
  layout: string;
  floor: { kind: string; legId?: string; siteId?: string };
}
export interface LegView extends Kept {
  name: string;
  state: string;
  floor: boolean;
  alarms: string[];
  quality?: Record<string, number>;
}

/** A codec of a site that shows a colour and sounds a tone. */
export interface Codec {
  terminal: Baresip;
  endpointId: string;
  siteId: string;
}

const password = 'codec-password-1';

/** The product with one open session, and codecs of sites in it. */
export class PictureHouse {
  readonly folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  readonly product: Product;
  session: SessionView = undefined as never;
  private readonly terminals: Baresip[] = [];
  private number = 300;

  private constructor(product: Product) {
    this.product = product;
  }

  static async open(session: Record<string, unknown> = {}, options: ProductOptions = {}): Promise<PictureHouse> {
    const house = new PictureHouse(await Product.start(options));
    house.session = await house.product.post('/sessions', {
      title: 'Phiên có hình',
      room: '5000',
      record: false,
      participants: [],
      ...session,
    });
    await house.product.post(`/sessions/${house.session.id}/start`);
    return house;
  }

  get path(): string {
    return `/sessions/${this.session.id}`;
  }

  /** Registers a codec; it is in no call yet. */
  async codec(
    site: string,
    colour: Colour,
    clip: ClipOptions = {},
    more: Partial<BaresipOptions> & { device?: Record<string, unknown> } = {},
  ): Promise<Codec> {
    const { device = {}, ...options } = more;
    const number = String(++this.number);
    const { id: siteId } = await this.product.post<Kept>('/sites', { name: site });
    const { id: endpointId } = await this.product.post<Kept>('/endpoints', {
      name: `Máy của ${site}`,
      kind: 'sip',
      number,
      username: `codec${number}`,
      secret: password,
      siteId,
      ...device,
    });
    const plays = join(this.folder, `${number}.wav`);
    const film = join(this.folder, `${number}.mp4`);
    writeTone(plays, 400 + 70 * this.terminals.length, 120);
    writeClip(film, colour, { seconds: 120, ...clip });
    const terminal = await Baresip.start({
      name: colour,
      plays,
      video: `avformat,${film}`,
      registers: { user: `codec${number}`, password, at: this.product.sip },
      ...options,
    });
    this.terminals.push(terminal);
    await terminal.registered();
    return { terminal, endpointId, siteId };
  }

  /** Has a codec dial into the room; its leg's identifier. */
  async dials({ terminal, endpointId }: Codec): Promise<string> {
    const before = new Set((await this.legs()).map(({ id }) => id));
    await terminal.dial(`sip:5000@${this.product.sip}`);
    const joined = await this.product.events.logged(
      'leg.joined',
      (entry) => entry.endpointId === endpointId && !before.has(entry.legId ?? ''),
    );
    return joined.legId ?? '';
  }

  async legs(): Promise<LegView[]> {
    return (await this.product.get<{ items: LegView[] }>(`${this.path}/legs?limit=200`)).items;
  }

  async leg(legId: string): Promise<LegView> {
    const found = (await this.legs()).find(({ id }) => id === legId);
    if (found === undefined) throw new Error(`no leg ${legId}`);
    return found;
  }

  /** Lets one be heard, the others are muted. */
  async speaks(legId: string): Promise<void> {
    for (const { id, state } of await this.legs()) {
      if (state === 'joined' && id !== legId) await this.product.patch(`${this.path}/legs/${id}`, { muted: true });
    }
    await this.product.patch(`${this.path}/legs/${legId}`, { muted: false });
  }

  async close(): Promise<void> {
    for (const terminal of this.terminals) await terminal.stop();
    await this.product.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
