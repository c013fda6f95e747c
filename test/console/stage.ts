import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownAddress } from '../peers/address.ts';
import { Asterisk } from '../peers/asterisk.ts';
import { Baresip } from '../peers/baresip.ts';
import { Product } from '../peers/product.ts';
import { writePhoneSound } from '../peers/rtp-file.ts';
import { Sipp } from '../peers/sipp.ts';
import { writeTone } from '../peers/tones.ts';

/** Log-in of the operator who works with the console. */
export const operator = { username: 'lan.anh', password: 'mat-khau-lan-anh', name: 'Nguyễn Lan Anh' };

export const names = {
  commune: 'Phòng Tiếp công dân xã Lục Nam',
  province: 'Trụ sở Tiếp công dân tỉnh Bắc Ninh',
  codec: 'Codec phòng tiếp công dân',
  old: 'Polycom hội trường UBND xã',
};

interface Kept {
  id: string;
}

/** The product with real terminals: a SIP codec (baresip), an H.323 codec (Asterisk), a phone behind a trunk (SIPp). */
export class Stage {
  readonly product: Product;
  readonly origin: string;
  readonly codec: Baresip;
  readonly old: Asterisk;
  private readonly folder: string;
  private readonly phoneHost: string;
  private readonly phones: Sipp[] = [];

  private constructor(parts: { product: Product; codec: Baresip; old: Asterisk; folder: string; phoneHost: string }) {
    this.product = parts.product;
    this.origin = `http://127.0.0.1:${parts.product.ports.http}`;
    this.codec = parts.codec;
    this.old = parts.old;
    this.folder = parts.folder;
    this.phoneHost = parts.phoneHost;
  }

  static async open(): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'console-stage-'));
    const [host, phoneHost, oldAddress] = [ownAddress(), ownAddress(), ownAddress()];
    writeTone(join(folder, 'codec.wav'), 613, 180);
    writePhoneSound(join(folder, 'phone.pcap'), { tone: 1031, seconds: 100, digits: '2468#', digitsAtMs: 2_500 });
    const product = await Product.start({ host, environment: { H323_PORT: '1720', RAS_PORT: '1719' } });
    const make = (path: string, body: object) => product.post<Kept>(path, body);
    const { id: siteId } = await make('/sites', { name: names.commune, kind: 'commune' });
    await make('/sites', {
      name: names.province,
      kind: 'province',
      uplink: { protocol: 'h323', address: '127.0.0.254', menuCode: ',,4321#' },
    });
    const secret = 'mat-khau-codec';
    await make('/endpoints', { name: names.codec, kind: 'sip', number: '101', username: 'codec', secret, siteId });
    const registersFrom = { username: 'phongcu', address: oldAddress };
    await make('/endpoints', { name: names.old, kind: 'h323', number: '201', siteId, ...registersFrom });
    await make('/trunks', { name: 'Trung kế VNPT', host: phoneHost, addresses: [phoneHost] });
    await make('/users', { ...operator, role: 'operator' });
    const [old, codec] = await Promise.all([
      Asterisk.start({ address: oldAddress, gatekeeper: host, h323Id: 'phongcu', e164: '201', tone: 437 }),
      Baresip.start({
        name: 'codec',
        plays: join(folder, 'codec.wav'),
        registers: { user: 'codec', password: secret, at: product.sip },
      }),
    ]);
    await Promise.all([old.registered(), codec.registered()]);
    return new Stage({ product, codec, old, folder, phoneHost });
  }

  /** An ordinary telephone calls through the trunk and keys the PIN 2468. */
  async phoneCalls(number: string, name: string): Promise<Sipp> {
    const phone = await Sipp.start({
      scenario: 'phone',
      to: this.product.sip,
      host: this.phoneHost,
      number: '02043800800',
      fill: { name, from: number, sound: join(this.folder, 'phone.pcap') },
      timeoutS: 120,
    });
    this.phones.push(phone);
    return phone;
  }

  async userOf(username: string): Promise<Kept> {
    const { items } = await this.product.get<{ items: (Kept & { username: string })[] }>('/users?limit=200');
    const found = items.find((one) => one.username === username);
    if (found === undefined) throw new Error(`there is no ${username}`);
    return found;
  }

  async close(): Promise<void> {
    await Promise.all(this.phones.map((phone) => phone.stop()));
    await Promise.all([this.codec.stop(), this.old.stop()]);
    await this.product.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
