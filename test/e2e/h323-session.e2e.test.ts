import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownAddress } from '../peers/address.ts';
import { Asterisk } from '../peers/asterisk.ts';
import type { AsteriskCall } from '../peers/asterisk-call.ts';
import { Baresip } from '../peers/baresip.ts';
import { Product } from '../peers/product.ts';
import { RtpCapture } from '../peers/rtp-capture.ts';
import { writePhoneSound } from '../peers/rtp-file.ts';
import { Sipp } from '../peers/sipp.ts';
import { writeTone } from '../peers/tones.ts';
import { hearsExactly, tonesAnywhere } from './listening.ts';
import { finished, soundOf } from './recorded-room.ts';

/*
 * A session of the three kinds: an H.323 codec that is registered with the product's gatekeeper (Asterisk), a SIP codec
 * (baresip) and a phone behind the operator's trunk (SIPp). And the gatekeeper by itself: found by alias and by number.
 */

const h323Tone = 437;
const sipTone = 613;
const phoneTone = 1031;
const tones = [h323Tone, sipTone, phoneTone];

interface Kept {
  id: string;
}

describe('a session with an H.323 codec, a SIP codec and a phone', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'h323-session-'));
  const host = ownAddress();
  const phoneHost = ownAddress();
  let product: Product;
  let old: Asterisk;
  let other: Asterisk;
  let codec: Baresip;
  let phone: Sipp;
  let phoneEar: RtpCapture;
  let inRoom: AsteriskCall;
  let session: Kept;

  before(async () => {
    writeTone(join(folder, 'codec.wav'), sipTone, 180);
    writePhoneSound(join(folder, 'phone.pcap'), { tone: phoneTone, seconds: 100, digits: '4321#', digitsAtMs: 2_500 });
    const oldAddress = ownAddress();
    const otherAddress = ownAddress();
    product = await Product.start({ host, environment: { H323_PORT: '1720', RAS_PORT: '1719' } });
    const h323 = (name: string, number: string, username: string, address: string, more = {}): Promise<Kept> =>
      product.post('/endpoints', { name, number, username, address, kind: 'h323', ...more });
    const { id: oldId } = await h323('Phòng họp cũ', '201', 'phongcu', oldAddress);
    await h323('Phòng họp khác', '202', 'phongkhac', otherAddress);
    const { id: codecId } = await product.post<Kept>('/endpoints', {
      name: 'Phòng họp mới',
      kind: 'sip',
      number: '101',
      username: 'codec',
      secret: 'codec-password-1',
    });
    await product.post('/trunks', { name: 'Nhà mạng', host: phoneHost, addresses: [phoneHost] });
    [old, other, codec, phoneEar] = await Promise.all([
      Asterisk.start({ address: oldAddress, gatekeeper: host, h323Id: 'phongcu', e164: '201', tone: h323Tone }),
      Asterisk.start({ address: otherAddress, gatekeeper: host, h323Id: 'phongkhac', e164: '202' }),
      Baresip.start({
        name: 'codec',
        plays: join(folder, 'codec.wav'),
        registers: { user: 'codec', password: 'codec-password-1', at: product.sip },
      }),
      RtpCapture.start(`dst host ${phoneHost}`, folder),
    ]);
    await Promise.all([old.registered(), other.registered(), codec.registered()]);
    session = await product.post<Kept>('/sessions', {
      title: 'Phiên tiếp công dân',
      pin: '4321',
      room: '5000',
      participants: [
        { kind: 'endpoint', endpointId: oldId },
        { kind: 'endpoint', endpointId: codecId },
      ],
    });
  });
  after(async () => {
    await Promise.all([phone?.stop(), phoneEar?.stop(), codec?.stop(), old?.stop(), other?.stop(), product?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('lists who is registered with the gatekeeper', async () => {
    const { items } = await product.get<{ items: { protocol: string; aliases: string[] }[] }>('/registrations');
    const aliases = items.filter(({ protocol }) => protocol === 'h323').flatMap((one) => one.aliases);
    for (const alias of ['phongcu', '201', 'phongkhac', '202']) assert.ok(aliases.includes(alias), alias);
  });

  it('refuses a codec that is not entered', async () => {
    const stranger = await Asterisk.start({ gatekeeper: host, h323Id: 'phongcu', e164: '201' });
    try {
      await product.events.logged('device.refused', ({ address }) => address?.startsWith(stranger.address) === true);
      await assert.rejects(stranger.registered(500));
    } finally {
      await stranger.stop();
    }
  });

  it('finds a registered codec by its number', async () => {
    const call = other.call('201', { does: 1511 });
    const arrived = await old.incoming();
    await Promise.all([call.answered(), arrived.answered()]);
    await hearsExactly(arrived, [1511], [...tones, 1511]);
    await hearsExactly(call, [h323Tone], [...tones, 1511]);
    await call.hangUp();
    await arrived.ended();
  });

  // From SIP: Asterisk sends a gatekeeper no names, only digits.
  it('finds a registered codec by its alias', async () => {
    await codec.dial(`sip:phongcu@${product.sip}`);
    const arrived = await (await old.incoming()).answered();
    await codec.event('CALL_ESTABLISHED');
    await Promise.all([hearsExactly(arrived, [sipTone], tones), hearsExactly(codec, [h323Tone], tones)]);
    await arrived.hangUp();
    await codec.event('CALL_CLOSED');
    codec.forget();
  });

  it('calls both codecs when it starts, and lets the phone in by its PIN: all hear each other', async () => {
    const arriving = old.incoming();
    await product.post(`/sessions/${session.id}/start`);
    inRoom = await (await arriving).answered();
    await codec.event('CALL_ESTABLISHED');
    phone = await Sipp.start({
      scenario: 'phone',
      to: product.sip,
      host: phoneHost,
      number: '02143800800',
      fill: { name: 'Bà Sáu', from: '0912345678', sound: join(folder, 'phone.pcap') },
      timeoutS: 120,
    });
    await product.events.logged('leg.joined', ({ detail }) => detail.name === 'Bà Sáu', 20_000);
    await Promise.all([
      hearsExactly(inRoom, [sipTone, phoneTone], tones),
      hearsExactly(codec, [h323Tone, phoneTone], tones),
      hearsExactly(phoneEar, [h323Tone, sipTone], tones),
    ]);
  });

  it('mutes the H.323 codec, and takes it out', async () => {
    const joined = await product.events.logged('leg.joined', ({ detail }) => detail.name === 'Phòng họp cũ');
    const leg = `/sessions/${session.id}/legs/${joined.legId}`;
    await product.patch(leg, { muted: true });
    await hearsExactly(codec, [phoneTone], tones);
    await hearsExactly(inRoom, [sipTone, phoneTone], tones);
    await product.remove(leg);
    await inRoom.ended();
    await hearsExactly(phoneEar, [sipTone], tones);
  });

  it('has recorded all, and told all in the log', async () => {
    await product.post(`/sessions/${session.id}/end`);
    await codec.event('CALL_CLOSED');
    const items = await finished(product, session.id);
    assert.deepEqual(items.map(({ kind }) => kind).sort(), ['room', 'track', 'track', 'track']);
    const room = items.find(({ kind }) => kind === 'room');
    const { bytes } = await product.download(`/recordings/${room?.id}/file`);
    assert.deepEqual(tonesAnywhere(soundOf(bytes, { kind: 'room' }), tones), tones);
    const log = await product.log(session.id);
    const story = log.filter(({ detail }) => detail.name === 'Phòng họp cũ').map(({ event }) => event);
    for (const event of ['leg.called', 'leg.joined', 'leg.muted', 'leg.ended'])
      assert.ok(story.includes(event), `${event} in ${story}`);
    const joined = log.find(({ event, detail }) => event === 'leg.joined' && detail.name === 'Phòng họp cũ');
    assert.equal(joined?.detail.protocol, 'h323');
    assert.ok(joined?.address?.startsWith(old.address));
  });
});
