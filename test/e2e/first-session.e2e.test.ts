import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { ownAddress } from '../peers/address.ts';
import { Baresip } from '../peers/baresip.ts';
import type { LoggedEntry } from '../peers/live-events.ts';
import { Product } from '../peers/product.ts';
import { RtpCapture } from '../peers/rtp-capture.ts';
import { writePhoneSound } from '../peers/rtp-file.ts';
import { Sipp } from '../peers/sipp.ts';
import { readWav, writeTone } from '../peers/tones.ts';
import { hears, hearsExactly, tonesAnywhere } from './listening.ts';
import { finished, type Recording, soundOf } from './recorded-room.ts';

/*
 * The first session: the commune's room codec (baresip, registered), an old woman's phone behind the operator's trunk
 * (SIPp), and the province's room, which is called and whose menu wants a code (baresip). Each plays a tone of its own;
 * who hears whom is measured.
 */

const codecTone = 437;
const provinceTone = 613;
const phoneTone = 1031;
const tones = [codecTone, provinceTone, phoneTone];

interface Kept {
  id: string;
}
interface Session extends Kept {
  state: string;
}
interface Leg extends Kept {
  name: string;
  state: string;
  muted: boolean;
}
describe('the first session', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'first-session-'));
  const phoneHost = ownAddress();
  let product: Product;
  let codec: Baresip;
  let province: Baresip;
  let phone: Sipp;
  let phoneEar: RtpCapture;
  let session: Session;
  let codecLeg: string;
  let provinceLeg: string;
  let phoneLeg: string;

  before(async () => {
    writeTone(join(folder, 'codec.wav'), codecTone, 180);
    writeTone(join(folder, 'province.wav'), provinceTone, 180);
    writePhoneSound(join(folder, 'phone.pcap'), { tone: phoneTone, seconds: 120, digits: '4321#', digitsAtMs: 500 });
    product = await Product.start();
    province = await Baresip.start({ name: 'province', plays: join(folder, 'province.wav') });
    const { id: endpointId } = await product.post<Kept>('/endpoints', {
      name: 'Phòng tiếp công dân',
      kind: 'sip',
      number: '101',
      username: 'codec',
      secret: 'codec-password-1',
    });
    const { id: siteId } = await product.post<Kept>('/sites', {
      name: 'UBND tỉnh',
      kind: 'province',
      uplink: { protocol: 'sip', address: `sip:province@${province.host}`, menuCode: '8765#' },
    });
    await product.post<Kept>('/trunks', { name: 'Nhà mạng', host: phoneHost, addresses: [phoneHost] });
    codec = await Baresip.start({
      name: 'codec',
      plays: join(folder, 'codec.wav'),
      registers: { user: 'codec', password: 'codec-password-1', at: product.sip },
    });
    await codec.registered();
    phoneEar = await RtpCapture.start(`dst host ${phoneHost}`, folder);
    session = await product.post<Session>('/sessions', {
      title: 'Phiên tiếp công dân thứ nhất',
      pin: '4321',
      participants: [
        { kind: 'endpoint', endpointId },
        { kind: 'uplink', siteId },
      ],
    });
  });
  after(async () => {
    await phone?.stop();
    await phoneEar?.stop();
    await codec?.stop();
    await province?.stop();
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const legOf = async (name: string): Promise<string> => {
    const entry = await product.events.logged('leg.joined', ({ detail }) => detail.name === name);
    return entry.legId ?? '';
  };
  const callFromPhone = (): Promise<Sipp> =>
    Sipp.start({
      scenario: 'phone',
      to: product.sip,
      host: phoneHost,
      number: '02143800800',
      fill: { name: 'Bà Sáu', from: '0912345678', sound: join(folder, 'phone.pcap') },
      timeoutS: 120,
    });

  it('calls the room codec and the province when it starts, and keys the code into her menu', async () => {
    await product.post(`/sessions/${session.id}/start`);
    await codec.event('CALL_ESTABLISHED');
    await province.event('CALL_ESTABLISHED');
    assert.equal(await province.receivedDigits(5), '8765#');
    codecLeg = await legOf('Phòng tiếp công dân');
    provinceLeg = await legOf('UBND tỉnh');
    await hearsExactly(codec, [provinceTone], tones);
  });

  it('lets a phone in that keys its PIN, even while the greeting is spoken', async () => {
    phone = await callFromPhone();
    phoneLeg = await legOf('Bà Sáu');
    const joined = await product.events.logged('leg.joined', ({ legId }) => legId === phoneLeg);
    assert.equal(joined.detail.by, 'PIN');
    assert.deepEqual(joined.actor, { kind: 'caller', name: '0912345678' });
  });

  it('lets everyone hear all but themselves', async () => {
    await Promise.all([
      hearsExactly(codec, [provinceTone, phoneTone], tones),
      hearsExactly(province, [codecTone, phoneTone], tones),
      hearsExactly(phoneEar, [codecTone, provinceTone], tones),
    ]);
  });

  it('mutes at once, and unmutes', async () => {
    const leg = `/sessions/${session.id}/legs/${codecLeg}`;
    assert.equal((await product.patch<Leg>(leg, { muted: true })).muted, true);
    assert.deepEqual(await Promise.all([hears(codec, tones), hears(province, tones), hears(phoneEar, tones)]), [
      [provinceTone, phoneTone],
      [phoneTone],
      [provinceTone],
    ]);
    assert.equal((await product.patch<Leg>(leg, { muted: false })).muted, false);
    assert.deepEqual(await hears(province, tones), [codecTone, phoneTone]);
  });

  it('removes at once', async () => {
    await product.remove(`/sessions/${session.id}/legs/${phoneLeg}`);
    await phone.done();
    assert.deepEqual(await Promise.all([hears(codec, tones), hears(province, tones)]), [[provinceTone], [codecTone]]);
  });

  it('ends for all, and says good-bye to each', async () => {
    const ended = await product.post<Session>(`/sessions/${session.id}/end`);
    assert.equal(ended.state, 'ended');
    await codec.event('CALL_CLOSED');
    await province.event('CALL_CLOSED');
  });

  it('has recorded the room with everyone, and a track of each alone; the files are handed out in parts', async () => {
    const items = await finished(product, session.id);
    const toneOf = new Map([
      [codecLeg, codecTone],
      [provinceLeg, provinceTone],
      [phoneLeg, phoneTone],
    ]);
    assert.deepEqual(items.map(({ kind }) => kind).sort(), ['room', 'track', 'track', 'track']);
    for (const recording of items) {
      assert.equal(recording.state, 'closed');
      const path = `/recordings/${recording.id}/file`;
      const first = await product.download(path, 'bytes=0-9999');
      const rest = await product.download(path, 'bytes=10000-');
      assert.equal(first.status, 206);
      assert.equal(first.headers.get('content-range'), `bytes 0-9999/${recording.bytes}`);
      const whole = Buffer.concat([first.bytes, rest.bytes]);
      assert.equal(whole.length, recording.bytes);
      assert.equal(createHash('sha256').update(whole).digest('hex'), recording.sha256);
      const sound = soundOf(whole, recording);
      const off = Math.abs((sound.samples.length * 1000) / sound.rate - recording.durationMs);
      assert.ok(off < (recording.kind === 'room' ? 400 : 1), `${recording.kind}: ${off} ms`);
      const expected = recording.kind === 'room' ? tones : [toneOf.get(recording.legId ?? '')];
      assert.deepEqual(tonesAnywhere(sound, tones), expected, recording.kind);
    }
  });

  it('has told the story in the log, in order', async () => {
    const log = await product.log(session.id);
    const story = log.map((entry) => `${entry.event}${entry.detail.name === undefined ? '' : ` ${entry.detail.name}`}`);
    const chapters = [
      [
        'session.opened',
        'leg.called Phòng tiếp công dân',
        'leg.joined Phòng tiếp công dân',
        'leg.muted Phòng tiếp công dân',
      ],
      ['leg.muted Phòng tiếp công dân', 'leg.unmuted Phòng tiếp công dân', 'leg.removed Bà Sáu', 'leg.ended Bà Sáu'],
      [
        'session.opened',
        'leg.called UBND tỉnh',
        'leg.joined UBND tỉnh',
        'uplink.code-sent UBND tỉnh',
        'leg.joined Bà Sáu',
      ],
      ['leg.ended Bà Sáu', 'session.ending', 'leg.ended Phòng tiếp công dân', 'session.ended'],
      ['session.ending', 'leg.ended UBND tỉnh', 'session.ended'],
    ];
    for (const chapter of chapters) assertOrder(story, chapter);
    for (const [place, entry] of log.entries()) {
      const before = log[place - 1];
      if (before === undefined) continue;
      assert.ok(entry.seq > before.seq && entry.time >= before.time, `entry ${entry.seq} is out of order`);
    }
    const removed = entryOf(log, 'leg.ended', 'Bà Sáu');
    assert.equal(removed.cause?.q850, 16);
    assert.match(removed.address ?? '', new RegExp(`^${phoneHost}:`));
    // Hashes, identifiers and times have digits of their own.
    const said = JSON.stringify(log.map(({ event, detail }) => ({ event, detail }))).replace(/[\w-]{20,}/g, '');
    assert.ok(!said.includes('4321'), 'a PIN stands in the log');
    assert.ok(!said.includes('8765'), 'a menu code stands in the log');
  });

  it('proves that the log was not changed, and finds what was', async () => {
    const whole = await product.verifyLog();
    assert.equal(whole.code, 0, whole.said);
    const store = await mongoose.createConnection(product.storeAddress).asPromise();
    const rows = store.collection('sessionLog');
    const victim = entryOf(await product.log(session.id), 'leg.removed', 'Bà Sáu');
    const row = await rows.findOne({ _id: victim.seq as never });
    assert.ok(row !== null);
    await rows.updateOne({ _id: row._id }, { $set: { event: 'leg.left' } });
    const altered = await product.verifyLog();
    assert.equal(altered.code, 1, altered.said);
    assert.match(altered.said, new RegExp(`FAULT at ${victim.seq}: changed`));
    await rows.updateOne({ _id: row._id }, { $set: { event: row.event } });
    assert.equal((await product.verifyLog()).code, 0);
    await store.close();
  });

  describe('when things go wrong', () => {
    let second: Session;

    before(async () => {
      for (const terminal of [codec, province]) terminal.forget();
      product.events.forget();
      const { participants } = await product.get<{ participants: object[] }>(`/sessions/${session.id}`);
      second = await product.post<Session>('/sessions', { title: 'Phiên thứ hai', pin: '4321', participants });
      await product.post(`/sessions/${second.id}/start`);
      await codec.event('CALL_ESTABLISHED');
      await province.receivedDigits(5);
      phone = await callFromPhone();
      await legOf('Bà Sáu');
      await hearsExactly(province, [codecTone, phoneTone], tones);
    });

    it('brings everyone back into the room within 10 s when the media engine was killed', async function () {
      const engine = product.engines().get('freeswitch');
      if (engine === undefined) return this.skip();
      process.kill(engine, 'SIGKILL');
      const backBy = performance.now() + 10_000;
      for (const name of ['Phòng tiếp công dân', 'UBND tỉnh', 'Bà Sáu'])
        await product.events.logged(
          'leg.media-restored',
          ({ detail }) => detail.name === name,
          backBy - performance.now(),
        );
      await Promise.all([
        hearsExactly(codec, [provinceTone, phoneTone], tones),
        hearsExactly(province, [codecTone, phoneTone], tones),
        hearsExactly(phoneEar, [codecTone, provinceTone], tones),
      ]);
      const { items } = await product.get<{ items: Recording[] }>(`/recordings?sessionId=${second.id}`);
      const films = items.filter(({ kind }) => kind === 'room');
      assert.deepEqual(
        films.map(({ parts, state }) => [state, parts.length]),
        [['recording', 2]],
        'the film goes on in a second stretch',
      );
    });

    it('goes on after everything was killed at once: recordings closed, participants called again', async function () {
      if (product.engines().size < 3) return this.skip();
      for (const terminal of [codec, province]) terminal.forget();
      await product.crash();
      await product.launch();
      await codec.event('CALL_ESTABLISHED');
      await province.event('CALL_ESTABLISHED');
      assert.equal((await product.get<Session>(`/sessions/${second.id}`)).state, 'open');
      const all = await finished(product, second.id, ({ endedAt }) => endedAt !== undefined);
      // One film for the whole session; those who were called anew have a second track.
      const film = all.find(({ kind }) => kind === 'room');
      assert.deepEqual([film?.state, film?.parts.length], ['recording', 3]);
      const items = all.filter(({ state }) => state === 'closed');
      assert.equal(items.length, 3);
      for (const recording of items) {
        const { bytes } = await product.download(`/recordings/${recording.id}/file`);
        assert.equal(createHash('sha256').update(bytes).digest('hex'), recording.sha256);
        const found = tonesAnywhere(readWav(bytes), tones);
        assert.equal(found.length, 1, `${recording.kind}: ${found}`);
      }
      const log = await product.log(second.id);
      assert.ok(log.some(({ event }) => event === 'session.restored'));
      assert.equal(log.filter(({ cause }) => cause?.text === 'the gateway was restarted').length, 3);
      assert.equal((await product.verifyLog()).code, 0);
    });

    it('ends properly within 5 s at SIGTERM: BYE to all, log written, recordings closed', async () => {
      await product.events.logged('uplink.code-sent');
      await phone.stop();
      phone = await callFromPhone();
      await legOf('Bà Sáu');
      for (const terminal of [codec, province]) terminal.forget();
      const { code, ms } = await product.end();
      assert.equal(code, 0, product.lines.slice(-20).join('\n'));
      assert.ok(ms < 5_000, `${ms} ms`);
      await codec.event('CALL_CLOSED');
      await province.event('CALL_CLOSED');
      await phone.done();
      assert.equal((await product.verifyLog()).code, 0);
      await product.launch();
      const restarted = (await product.log()).filter(({ event }) => event === 'product.started').at(-1);
      for (const { id, sha256, state } of await finished(product, second.id, ({ endedAt }) => endedAt !== undefined)) {
        if (state !== 'closed') continue;
        const { bytes } = await product.download(`/recordings/${id}/file`);
        assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256);
      }
      const log = await product.log(second.id);
      const stopped = log.find(
        ({ detail, event }) => event === 'recording.stopped' && detail.kind === 'room' && detail.reason === 'product',
      );
      assert.ok((stopped?.seq ?? Infinity) < (restarted?.seq ?? 0), 'the film was stopped before the end');
      const stopping = (await product.log()).filter(({ event }) => event === 'product.stopping').at(-1);
      const bye = log.filter(
        ({ cause, event }) => event === 'leg.ended' && cause?.text === 'the gateway is closing down',
      );
      assert.equal(bye.length, 3);
      assert.ok(bye.every(({ seq }) => seq > (stopping?.seq ?? 0) && seq < (restarted?.seq ?? 0)));
    });
  });
});

function entryOf(log: LoggedEntry[], event: string, name: string): LoggedEntry {
  const found = log.find((entry) => entry.event === event && entry.detail.name === name);
  assert.ok(found !== undefined, `${event} ${name} is not in the log`);
  return found;
}

/** Each line of a chapter stands in the story, behind the one before. */
function assertOrder(story: string[], chapter: string[]): void {
  let place = 0;
  for (const line of chapter) {
    const found = story.indexOf(line, place);
    assert.ok(found >= 0, `“${line}” is missing, or too early, in\n${story.join('\n')}`);
    place = found;
  }
}
