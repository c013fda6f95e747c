import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownAddress } from '../peers/address.ts';
import { Baresip } from '../peers/baresip.ts';
import type { LoggedEntry } from '../peers/live-events.ts';
import { Product } from '../peers/product.ts';
import { RtpCapture } from '../peers/rtp-capture.ts';
import { writePhoneSound } from '../peers/rtp-file.ts';
import { freePort, Sipp } from '../peers/sipp.ts';
import {
  answer,
  answeredCall,
  answerInDialog,
  expect,
  hangUp,
  hungUp,
  label,
  pauseFor,
  phoneSdp,
  playSound,
  refusedCall,
  request,
  ringing,
  script,
} from '../peers/sipp-script.ts';
import { writeTone } from '../peers/tones.ts';
import { hearsExactly } from './listening.ts';

/* SIP as devices, phones and operators speak it, in fair weather and foul, through the whole product. */

const codecTone = 437;
const farTone = 613;
const tones = [codecTone, farTone];

interface Kept {
  id: string;
}

describe('SIP calls', function () {
  this.timeout(45_000);
  const folder = mkdtempSync(join(tmpdir(), 'sip-calls-'));
  /** A device known by its address: it calls without a password. */
  const deskHost = ownAddress();
  const operatorHost = ownAddress();
  const narrowHost = ownAddress();
  const citizen = '0987000111';
  const password = 'codec-password';
  const running: { stop(): Promise<unknown> }[] = [];
  let product: Product;
  let codec: Baresip;
  let far: Baresip;
  let farSite: Kept;
  let room: Kept;
  let operatorTrunk: Kept;
  let operatorPort = 0;
  let lineTest: Sipp;
  let silentDialog: Sipp;
  let phones: Kept;

  const start = async (options: Parameters<typeof Sipp.start>[0]): Promise<Sipp> => {
    const sipp = await Sipp.start(options);
    running.push(sipp);
    return sipp;
  };
  /** Runs a scenario to its end; from the desk when nothing else is said. */
  const run = async (options: Partial<Parameters<typeof Sipp.start>[0]>, ...steps: (string | string[])[]) => {
    const sipp = await start({ to: product.sip, host: deskHost, ...options, script: script(...steps) });
    await sipp.done();
    return sipp;
  };
  const device = (name: string, number: string, more: object = {}): Promise<Kept> =>
    product.post('/endpoints', { name, number, kind: 'sip', username: `user${number}`, secret: password, ...more });
  const session = (roomNumber: string, more: object = {}): Promise<Kept> =>
    product.post('/sessions', { title: `Phòng ${roomNumber}`, room: roomNumber, record: false, ...more });
  const rule = (name: string, pattern: object, destination: object): Promise<Kept> =>
    product.post('/dial-plan/rules', { name, priority: 50, source: {}, pattern, destination });
  const logged = (event: string, fits?: (entry: LoggedEntry) => boolean, ms?: number) =>
    product.events.logged(event, fits, ms);

  before(async () => {
    writeTone(join(folder, 'codec.wav'), codecTone, 240);
    writeTone(join(folder, 'far.wav'), farTone, 240);
    writePhoneSound(join(folder, 'speaks.pcap'), { tone: 1031, seconds: 40 });
    writePhoneSound(join(folder, 'wrong.pcap'), {
      tone: 0,
      seconds: 30,
      digits: '5001#0000#1111#2222#',
      digitsAtMs: 300,
    });
    product = await Product.start({ environment: { RING_TIMEOUT_S: '5' } });
    operatorPort = await freePort(operatorHost);
    await device('Phòng họp', '101');
    await product.post('/endpoints', {
      name: 'Bàn trực',
      kind: 'sip-address',
      number: '102',
      address: `sip:desk@${deskHost}`,
    });
    far = await Baresip.start({ name: 'far', plays: join(folder, 'far.wav') });
    codec = await Baresip.start({
      name: 'codec',
      plays: join(folder, 'codec.wav'),
      registers: { user: 'user101', password, at: product.sip },
    });
    running.push(far, codec);
    farSite = await product.post('/sites', {
      name: 'Tỉnh',
      kind: 'province',
      uplink: { protocol: 'sip', address: `sip:far@${far.host}` },
    });
    operatorTrunk = await product.post('/trunks', {
      name: 'Nhà mạng',
      host: `${operatorHost}:${operatorPort}`,
      addresses: [operatorHost],
    });
    await product.post('/trunks', { name: 'Một đường', host: narrowHost, addresses: [narrowHost], maxCalls: 1 });
    await rule('ra ngoài', { type: 'prefix', value: '9' }, { kind: 'trunk', trunkId: operatorTrunk.id, number: '$1' });
    await rule('lên tỉnh', { type: 'exact', value: '777' }, { kind: 'uplink', siteId: farSite.id });
    room = await session('5000');
    phones = await session('5001', { pin: '2468', participants: [{ kind: 'phone', number: citizen, name: 'Ông Ba' }] });
    await product.post(`/sessions/${room.id}/start`);
    await product.post(`/sessions/${phones.id}/start`);
    await codec.registered();
    // Two calls that last: they are looked at when the others are done.
    lineTest = await start({
      to: product.sip,
      host: deskHost,
      number: '*43',
      timeoutS: 60,
      script: script(answeredCall(), playSound(join(folder, 'speaks.pcap')), hungUp()),
    });
    silentDialog = await start({
      to: product.sip,
      host: deskHost,
      number: '5000',
      timeoutS: 90,
      script: script(
        answeredCall({
          headers: ['Supported: timer', 'Session-Expires: 90;refresher=uac'],
          holds: 'Session-Expires: *90;refresher=uac',
        }),
        hungUp('session timer expired'),
      ),
    });
  });
  after(async () => {
    await Promise.all(running.map((one) => one.stop()));
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('who may come in', () => {
    const registerWith = (secret: string, user: string, last: string) =>
      run(
        { host: ownAddress(), number: user, auth: { user, password: secret } },
        request({ method: 'REGISTER', cseq: 1, from: user, headers: ['Expires: 60'] }),
        expect(401, { challenge: true }),
        request({ method: 'REGISTER', cseq: 2, from: user, headers: ['Expires: 60', '[authentication]'] }).replace(
          /To: <[^>]*>/,
          `To: <sip:${user}@[remote_ip]>`,
        ),
        last,
      );

    it('refuses a wrong password and an unknown device, and answers both alike', async () => {
      await registerWith('wrong', 'user101', expect(401));
      await registerWith('wrong', 'nobody', expect(401));
      const refused = await logged('device.refused', ({ actor }) => actor.name?.includes('nobody') === true);
      assert.match(refused.address ?? '', /^127\./);
    });

    it('asks a device for SHA-256 alone when it is set so, and takes nothing weaker', async () => {
      await device('Máy mới', '103', { digest: 'SHA-256' });
      const answers = await digestRegister(product, 'user103', password, ['MD5', 'SHA-256']);
      assert.deepEqual(answers, { asked: 'SHA-256', MD5: 401, 'SHA-256': 200 });
    });

    it('asks strangers who call for a password, whoever they say they are, and calls nobody for them', async () => {
      const operator = await start({ host: operatorHost, script: script(expect('INVITE')), timeoutS: 3 });
      const stranger = ownAddress();
      for (const number of ['90912345678', '101', '777', '5000', '*43'])
        await run({ host: stranger, number }, refusedCall(401, { from: 'user101' }));
      const guess =
        'Authorization: Digest username="user101", realm="diemcau", nonce="a.b.c", uri="sip:101", response="0"';
      await run(
        { host: stranger, number: '90912345678' },
        request({ method: 'INVITE', cseq: 1, from: 'user101', body: phoneSdp(), headers: [guess] }),
        ...ringing,
        expect(401),
      );
      await assert.rejects(operator.done(), 'the operator got a call');
      assert.ok(!operator.messages.includes('INVITE'));
      assert.deepEqual(
        codec.told.filter(({ type }) => type === 'CALL_INCOMING'),
        [],
      );
    });

    it('lets phones from the trunk reach nothing but the reception', async () => {
      await run({ host: operatorHost, number: '90912345678' }, answeredCall({ from: '0911' }), hangUp(2, '0911'));
      const entry = await logged('leg.answered', ({ detail }) => detail.number === '0911');
      assert.equal(entry.detail.called, '90912345678');
      assert.ok(
        !(await product.log()).some(({ detail, event }) => event === 'call.connected' && detail.number === '0911'),
      );
    });

    it('refuses what is over a line’s limit at once, and tells when to come again', async () => {
      const first = await start({
        to: product.sip,
        host: narrowHost,
        number: '1',
        script: script(answeredCall({ from: '0922' }), expect('INFO', { optional: true }), hungUp()),
      });
      const joined = await logged('leg.answered', ({ detail }) => detail.number === '0922');
      await run({ host: narrowHost, number: '1' }, refusedCall(503, { from: '0923', holds: 'Retry-After: *[0-9]+' }));
      await first.stop();
      assert.ok(joined.legId !== undefined);
    });
  });

  describe('where a call goes', () => {
    it('says that a number is unknown', async () => {
      await run({ number: '4711' }, refusedCall(404, { holds: 'Q\\.850;cause=1;' }));
      const entry = await logged('call.refused', ({ detail }) => detail.called === '4711');
      assert.deepEqual([entry.cause?.sip, entry.cause?.q850], [404, 1]);
    });

    it('connects a device to another: they hear each other', async () => {
      await device('Máy khác', '104');
      const other = await Baresip.start({
        name: 'other',
        plays: join(folder, 'far.wav'),
        registers: { user: 'user104', password, at: product.sip },
      });
      running.push(other);
      await other.registered();
      codec.forget();
      await codec.dial(`sip:104@${product.sip}`);
      await codec.event('CALL_ESTABLISHED');
      await other.event('CALL_ESTABLISHED');
      await Promise.all([hearsExactly(codec, [farTone], tones), hearsExactly(other, [codecTone], tones)]);
      await other.hangUp();
      await codec.event('CALL_CLOSED');
      await other.stop();
    });

    it('connects a device to the province', async () => {
      codec.forget();
      far.forget();
      await codec.dial(`sip:777@${product.sip}`);
      await far.event('CALL_ESTABLISHED');
      await Promise.all([hearsExactly(codec, [farTone], tones), hearsExactly(far, [codecTone], tones)]);
      await codec.hangUp();
      await far.event('CALL_CLOSED');
    });

    it('calls out by the trunk, with the number that the plan makes', async () => {
      const operator = await start({
        host: operatorHost,
        port: operatorPort,
        script: script(
          expect('INVITE', { holds: '^INVITE sip:0912345678@' }),
          answer(180),
          answer(200, { body: phoneSdp() }),
          expect('ACK'),
          pauseFor(300),
          expect('BYE'),
          answerInDialog(200),
        ),
      });
      await run({ number: '90912345678' }, answeredCall(), pauseFor(500), hangUp());
      await operator.done();
    });

    it('passes on that the called device is busy', async () => {
      const busy = await callee('105', expect('INVITE'), answer(486), expect('ACK'));
      await run({ number: '105' }, refusedCall(486, { holds: 'cause=17' }));
      await busy.done();
    });

    it('gives up when nobody answers, and stops the ringing', async () => {
      const rings = await callee('106', ...untilCancelled);
      await run({ number: '106' }, refusedCall(408, { holds: 'cause=19' }));
      await rings.done();
    });

    it('stops the ringing when the caller gives up', async () => {
      const rings = await callee('107', ...untilCancelled);
      await run(
        { number: '107' },
        request({ method: 'INVITE', cseq: 1, body: phoneSdp() }),
        expect(100, { optional: true }),
        expect(180),
        request({ method: 'CANCEL', cseq: 1 }),
        expect(200),
        expect(487),
        request({ method: 'ACK', cseq: 1 }).replace('To: <sip:[service]@[remote_ip]:[remote_port]>', '[last_To:]'),
      );
      await rings.done();
    });

    it('rings at every contact of a device; the first answer wins', async () => {
      const two = await device('Hai máy', '108');
      const loses = await contactOf('108', ...untilCancelled);
      const wins = await contactOf(
        '108',
        expect('INVITE'),
        answer(180),
        pauseFor(300),
        answer(200, { body: phoneSdp() }),
        expect('ACK'),
        expect('BYE'),
        answerInDialog(200),
      );
      const { items } = await product.get<{ items: Kept[] }>(`/registrations?endpointId=${two.id}`);
      assert.equal(items.length, 2);
      await run({ number: '108' }, answeredCall(), pauseFor(300), hangUp());
      await Promise.all([wins.done(), loses.done()]);
    });

    /** A device at a fixed address with this number: a scripted callee. */
    async function callee(number: string, ...steps: string[]): Promise<Sipp> {
      const sipp = await start({ script: script(...steps) });
      const address = `sip:${number}@${sipp.host}:${sipp.port}`;
      await product.post('/endpoints', { name: `Máy ${number}`, number, kind: 'sip-address', address });
      return sipp;
    }

    /** One more contact of a device, registered from where the scripted callee listens. */
    async function contactOf(number: string, ...steps: string[]): Promise<Sipp> {
      const sipp = await start({ script: script(...steps) });
      const contact = `sip:${number}@${sipp.host}:${sipp.port}`;
      const answers = await digestRegister(product, `user${number}`, password, ['MD5'], contact);
      assert.equal(answers.MD5, 200);
      return sipp;
    }
  });

  describe('in a call', () => {
    it('takes a hold and a resume of the room codec', async () => {
      codec.forget();
      far.forget();
      product.events.forget();
      await product.post(`/sessions/${room.id}/calls`, { kind: 'uplink', siteId: farSite.id });
      await far.event('CALL_ESTABLISHED');
      await codec.dial(`sip:5000@${product.sip}`);
      await codec.event('CALL_ESTABLISHED');
      await logged('leg.joined', ({ detail }) => detail.number === '101');
      await hearsExactly(far, [codecTone], tones);
      await codec.run('hold');
      await logged('leg.held');
      await hearsExactly(far, [], tones);
      await codec.run('resume');
      await logged('leg.resumed');
      await hearsExactly(far, [codecTone], tones);
      // baresip writes down no sound after a hold: what is sent to it is listened to on the wire.
      const port = [...codec.log.matchAll(/^m=audio (\d+)/gm)].map(([, number]) => number).at(-2);
      const ear = await RtpCapture.start(`src host ${product.host} and dst port ${port}`, folder);
      running.push(ear);
      await hearsExactly(ear, [farTone], tones);
    });

    it('sends its own offer to a caller without one', async () => {
      const ear = await RtpCapture.start(`dst host ${deskHost}`, folder);
      running.push(ear);
      await run(
        { number: '5000' },
        request({ method: 'INVITE', cseq: 1 }),
        ...ringing,
        expect(200, { begins: true, holds: 'm=audio [1-9]' }),
        request({ method: 'ACK', cseq: 1, transaction: 101, inDialog: true, body: phoneSdp() }),
        pauseFor(9_000),
        hangUp(),
      );
      const { port } = { port: ear.seen.at(-1)?.payloadType };
      assert.equal(port, 8, 'sound of the room came');
      assert.ok(ear.seen.length > 100);
    });

    it('hears digits by INFO: a PIN', async () => {
      const digit = (key: string, cseq: number) => [
        request({
          method: 'INFO',
          cseq,
          from: '0933',
          inDialog: true,
          type: 'application/dtmf-relay',
          body: `Signal=${key}\nDuration=160`,
        }),
        expect(200),
      ];
      const phone = await start({
        to: product.sip,
        host: operatorHost,
        number: '5001',
        script: script(
          answeredCall({ from: '0933' }),
          pauseFor(500),
          ...[...'5001#2468#'].map((key, at) => digit(key, at + 2)),
          hungUp(),
        ),
      });
      const joined = await logged('leg.joined', ({ detail }) => detail.number === '0933');
      assert.equal(joined.detail.by, 'PIN');
      await product.remove(`/sessions/${phones.id}/legs/${joined.legId}`);
      await phone.done();
    });

    it('refuses to transfer a call', async () => {
      await run(
        { number: '5000' },
        answeredCall(),
        request({ method: 'REFER', cseq: 2, inDialog: true, headers: ['Refer-To: <sip:90912345678@[remote_ip]>'] }),
        expect(603),
        hangUp(3),
      );
    });

    it('bears a far side that hangs up while it is hung up on', async () => {
      const desk = await start({
        to: product.sip,
        host: deskHost,
        number: '5000',
        script: script(
          answeredCall({ from: 'both' }),
          expect('BYE'),
          answerInDialog(200),
          request({ method: 'BYE', cseq: 2, from: 'both', inDialog: true }),
          expect(200, { optional: true, next: 'end' }),
          expect(481),
          label('end'),
        ),
      });
      const joined = await logged('leg.joined', ({ detail }) => detail.number === 'both');
      await product.remove(`/sessions/${room.id}/legs/${joined.legId}`);
      await desk.done();
      await logged('leg.ended', ({ legId }) => legId === joined.legId);
      const { items } = await product.get<{ items: { state: string }[] }>(`/sessions/${room.id}/legs?limit=200`);
      assert.ok(items.every(({ state }) => state !== 'ringing'));
      assert.equal(
        (await product.log(room.id)).filter((one) => one.event === 'leg.ended' && one.legId === joined.legId).length,
        1,
      );
    });
  });

  describe('phones', () => {
    const fromPhone = (from: string, ...steps: string[]): Promise<Sipp> =>
      start({
        to: product.sip,
        host: operatorHost,
        number: '5001',
        timeoutS: 60,
        script: script(answeredCall({ from }), ...steps, hungUp()),
      });

    it('lets a known caller straight in', async () => {
      const phone = await fromPhone(`+84${citizen.slice(1)}`);
      const joined = await logged('leg.joined', ({ detail }) => detail.by === 'known number');
      await product.remove(`/sessions/${phones.id}/legs/${joined.legId}`);
      await phone.done();
    });

    it('brings one who gives three wrong PINs into the lobby, from where staff let them in', async () => {
      const phone = await fromPhone('0944', playSound(join(folder, 'wrong.pcap')));
      const waiting = await logged('leg.lobby', ({ detail }) => detail.number === '0944', 30_000);
      const log = await product.log();
      assert.equal(log.filter(({ event, legId }) => event === 'ivr.wrong-pin' && legId === waiting.legId).length, 3);
      await product.patch(`/sessions/${phones.id}/legs/${waiting.legId}`, { admitted: true });
      await logged('leg.joined', ({ legId }) => legId === waiting.legId);
      await product.remove(`/sessions/${phones.id}/legs/${waiting.legId}`);
      await phone.done();
    });
  });

  describe('sessions', () => {
    it('lets nobody into a locked one', async () => {
      const closed = await session('5002');
      await product.post(`/sessions/${closed.id}/start`);
      await product.put(`/sessions/${closed.id}/lock`, { on: true });
      await run({ number: '5002' }, refusedCall(403));
      await product.put(`/sessions/${closed.id}/lock`, { on: false });
      await run({ number: '5002' }, answeredCall(), hangUp());
    });

    it('opens one at its planned time', async () => {
      const plannedStart = new Date(Date.now() + 1_000).toISOString();
      const planned = await session('5003', { plannedStart });
      const opened = await logged('session.opened', ({ sessionId }) => sessionId === planned.id, 20_000);
      assert.equal(opened.actor.kind, 'system');
      assert.ok(opened.time >= plannedStart);
    });

    it('is opened by the first arrival where it may be', async () => {
      const own = await session('5004', { openOnArrival: true });
      const other = await session('5005');
      await run({ number: '5004' }, answeredCall(), pauseFor(500), hangUp());
      const opened = await logged('session.opened', ({ sessionId }) => sessionId === own.id);
      assert.deepEqual([opened.actor.kind, opened.actor.name], ['device', 'Bàn trực']);
      await run({ number: '5005' }, answeredCall(), pauseFor(500), hangUp());
      await logged('leg.lobby', ({ sessionId }) => sessionId === other.id);
      assert.equal((await product.get<{ state: string }>(`/sessions/${other.id}`)).state, 'planned');
    });

    it('calls a lost uplink again, after a wait', async () => {
      far.forget();
      const own = await session('5006', { participants: [{ kind: 'uplink', siteId: farSite.id }] });
      await product.post(`/sessions/${own.id}/start`);
      const first = await far.event('CALL_ESTABLISHED');
      await logged('leg.joined', ({ sessionId }) => sessionId === own.id);
      far.forget();
      await far.run('hangup', first.id).catch(() => far.hangUp());
      const again = await logged('uplink.redial', ({ sessionId }) => sessionId === own.id);
      assert.equal(again.detail.attempt, 1);
      assert.ok(Number(again.detail.waitMs) >= 1_000);
      await far.event('CALL_ESTABLISHED');
      await product.post(`/sessions/${own.id}/end`);
    });
  });

  describe('operators and restarts', () => {
    it('registers with an operator, proves itself, and says when it is refused', async () => {
      const operator = await start({
        script: script(
          expect('REGISTER'),
          answer(401, {
            headers: ['WWW-Authenticate: Digest realm="operator", nonce="12345678", algorithm=MD5, qop="auth"'],
          }),
          expect('REGISTER', { holds: 'Authorization: Digest.*username="line7"' }),
          answer(200, { headers: ['[last_Contact:]', 'Expires: 3600'] }).replace(/Contact: <sip:callee[^\n]*\n/, ''),
        ),
      });
      const line = await product.post<Kept>('/trunks', {
        name: 'Có đăng ký',
        host: `${operator.host}:${operator.port}`,
        register: true,
        username: 'line7',
        secret: 'operator-secret',
      });
      await operator.done();
      await logged('trunk.registered', ({ detail }) => detail.trunkId === line.id);
    });

    it('keeps registrations over a restart', async () => {
      const before = await product.get<{ items: { contact: string }[] }>('/registrations');
      assert.ok(before.items.some(({ contact }) => contact.includes(codec.host)));
      await lineTest.done();
      const result = (await product.log()).find(({ event }) => event === 'test.result');
      assert.equal(result?.detail.verdict, 'good', JSON.stringify(result?.detail));
      await silentDialog.done();
      assert.ok((await product.log()).some(({ cause }) => cause?.text === 'session timer expired'));
      await product.end();
      await product.launch();
      codec.forget();
      await run({ number: '101' }, answeredCall(), pauseFor(300), hangUp());
      await codec.event('CALL_CLOSED');
    });

    it('forgets a contact when its time is over', async () => {
      const short = await device('Chóng hết', '109');
      const answers = await digestRegister(product, 'user109', password, ['MD5'], 'sip:109@127.0.0.1:9', 10);
      assert.equal(answers.MD5, 423, 'too short a time is not taken');
      const taken = await digestRegister(product, 'user109', password, ['MD5'], 'sip:109@127.0.0.1:9', 30);
      assert.equal(taken.MD5, 200);
      const { items } = await product.get<{ items: { expiresAt: string }[] }>(`/registrations?endpointId=${short.id}`);
      const leftMs = new Date(items[0]?.expiresAt ?? 0).getTime() - Date.now();
      await new Promise((resolve) => setTimeout(resolve, leftMs + 50));
      await run({ number: '109' }, refusedCall(480));
    });
  });
});

/** A callee that rings until the call is taken back. */
const untilCancelled = [
  expect('INVITE'),
  answer(180),
  expect('CANCEL', { timeoutMs: 15_000 }),
  answer(200),
  // The INVITE itself is answered with what it brought.
].concat([
  `<send><![CDATA[
SIP/2.0 487 Request Terminated
[last_Via:]
[last_From:]
[last_To:];tag=[pid]callee[call_number]
[last_Call-ID:]
CSeq: [cseq] INVITE
Content-Length: 0

]]></send>`,
  expect('ACK'),
]);

/**
 * Registers with each of the algorithms, over one socket: what was asked for, and what each answer brought. SIPp knows
 * MD5 alone.
 */
async function digestRegister(
  product: Product,
  user: string,
  password: string,
  algorithms: ('MD5' | 'SHA-256')[],
  contact = `sip:${user}@127.0.0.1:9`,
  expiresS = 60,
): Promise<{ asked: string; MD5?: number; 'SHA-256'?: number }> {
  const socket = createSocket('udp4');
  // From where the contact is: elsewhere it would be taken for a device behind a NAT, and called back there.
  socket.bind(0, /@([\d.]+)/.exec(contact)?.[1] ?? product.host);
  await once(socket, 'listening');
  const [host = '', port = ''] = product.sip.split(':');
  let cseq = 0;
  const send = async (authorization: string[]): Promise<string> => {
    cseq++;
    const lines = [
      `REGISTER sip:${product.sip} SIP/2.0`,
      `Via: SIP/2.0/UDP ${socket.address().address}:${socket.address().port};branch=z9hG4bK-${Math.random().toString(36).slice(2)}`,
      `From: <sip:${user}@${product.sip}>;tag=t${cseq}`,
      `To: <sip:${user}@${product.sip}>`,
      `Call-ID: ${user}-${socket.address().port}-${Date.now()}`,
      `CSeq: ${cseq} REGISTER`,
      `Contact: <${contact}>`,
      `Expires: ${expiresS}`,
      'Max-Forwards: 70',
      ...authorization,
      'Content-Length: 0',
      '',
      '',
    ];
    socket.send(lines.join('\r\n'), Number(port), host);
    for (;;) {
      const [data] = (await once(socket, 'message')) as [Buffer];
      if (/^CSeq: *(\d+)/m.exec(String(data))?.[1] === String(cseq)) return String(data);
    }
  };
  const statusOf = (text: string): number => Number(/^SIP\/2\.0 (\d+)/.exec(text)?.[1]);
  const results: { asked: string; MD5?: number; 'SHA-256'?: number } = { asked: '' };
  for (const algorithm of algorithms) {
    const challenge = await send([]);
    const parameter = (name: string) => new RegExp(`${name}="?([^",\\r]+)`).exec(challenge)?.[1] ?? '';
    results.asked = [...challenge.matchAll(/algorithm=([\w-]+)/g)].map(([, name]) => name).join();
    const hash = (text: string) =>
      createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
        .update(text)
        .digest('hex');
    const uri = `sip:${product.sip}`;
    const first = hash(`${user}:${parameter('realm')}:${password}`);
    const response = hash(`${first}:${parameter('nonce')}:00000001:abc:auth:${hash(`REGISTER:${uri}`)}`);
    const value = `Authorization: Digest username="${user}", realm="${parameter('realm')}", nonce="${parameter('nonce')}", uri="${uri}", response="${response}", algorithm=${algorithm}, qop=auth, nc=00000001, cnonce="abc"`;
    results[algorithm] = statusOf(await send([value]));
  }
  socket.close();
  return results;
}
