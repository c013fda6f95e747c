import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownAddress } from '../peers/address.ts';
import { Product } from '../peers/product.ts';
import { writePhoneSound } from '../peers/rtp-file.ts';
import { Sipp } from '../peers/sipp.ts';
import { answeredCall, expect, hangUp, hungUp, playSound, refusedCall, request, script } from '../peers/sipp-script.ts';

/* Limits that an installation sets itself: small ones here, each reached. */

const newCalls = 4;

describe('limits of an installation', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'limits-'));
  const deskHost = ownAddress();
  const operatorHost = ownAddress();
  let product: Product;
  let lasting: Sipp;

  const from = async (host: string, number: string, ...steps: (string | string[])[]): Promise<Sipp> =>
    Sipp.start({ to: product.sip, host, number, script: script(...steps) });

  before(async () => {
    writePhoneSound(join(folder, 'wrong.pcap'), { tone: 0, seconds: 20, digits: '1111#', digitsAtMs: 1_000 });
    product = await Product.start({
      environment: {
        CALLS_MAX: '1',
        CALLS_PER_SOURCE: String(newCalls),
        SIP_MESSAGE_MAX_KB: '4',
        H323_CONNECTIONS_PER_SOURCE: '2',
        PIN_TRIES: '1',
        LOGIN_TRIES: '2',
        API_BODY_MAX_KB: '16',
      },
    });
    await product.post('/endpoints', { name: 'Bàn', kind: 'sip-address', address: `sip:desk@${deskHost}` });
    await product.post('/trunks', { name: 'Nhà mạng', host: operatorHost, addresses: [operatorHost] });
    const room = await product.post<{ id: string }>('/sessions', {
      ...{ title: 'Một cuộc', room: '5000', pin: '2468', record: false },
    });
    await product.post(`/sessions/${room.id}/start`);
  });
  after(async () => {
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes no longer SIP body than that: 413', async () => {
    const long = 'x'.repeat(5 * 1_024);
    const call = request({ method: 'INVITE', cseq: 1, body: long, type: 'text/plain' }).replace(' retrans="500"', '');
    await (await from(deskHost, '5000', call, expect(413))).done();
  });

  it('takes so many calls at once, and refuses the next with 503 and Retry-After', async () => {
    lasting = await from(deskHost, '5000', answeredCall(), hungUp());
    const joined = await product.events.logged('leg.joined');
    await (await from(deskHost, '5000', refusedCall(503, { holds: 'Retry-After: *[0-9]' }))).done();
    await product.remove(`/sessions/${joined.sessionId}/legs/${joined.legId}`);
    await lasting.done();
  });

  it('asks for a PIN so often, then brings the caller to the lobby', async () => {
    const sound = playSound(join(folder, 'wrong.pcap'));
    const phone = await from(operatorHost, '5000', answeredCall({ from: '0944' }), sound, hungUp());
    const waiting = await product.events.logged('leg.lobby', () => true, 30_000);
    const log = await product.log();
    assert.equal(log.filter(({ event, legId }) => event === 'ivr.wrong-pin' && legId === waiting.legId).length, 1);
    await product.remove(`/sessions/${waiting.sessionId}/legs/${waiting.legId}`);
    await phone.done();
  });

  it('takes so many new calls of one source within ten seconds', async () => {
    const source = ownAddress();
    await product.post('/endpoints', { name: 'Bàn 2', kind: 'sip-address', address: `sip:desk@${source}` });
    // One more than may be: whatever it is that they meet, the last is refused before it is looked at.
    for (let call = 0; call < newCalls; call++) await (await from(source, '5000', answeredCall(), hangUp())).done();
    await (await from(source, '5000', refusedCall(503, { holds: 'Retry-After: *10' }))).done();
    await product.said(1, 'too many calls from one source', source);
  });

  it('holds so many H.323 connections of one source', async () => {
    const source = ownAddress();
    const open = async () => {
      const socket = connect({ host: product.host, port: product.ports.h323 ?? 0, localAddress: source });
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    };
    const held = [await open(), await open()];
    const third = await open();
    await once(third, 'close');
    assert.deepEqual(
      held.map((socket) => socket.destroyed),
      [false, false],
    );
    for (const socket of held) socket.destroy();
  });

  it('makes wrong log-ins wait after so many', async () => {
    const logIn = async (): Promise<number> => {
      const response = await fetch(`${product.url}/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ username: 'admin', password: 'not this one' }),
      });
      return response.status;
    };
    assert.deepEqual([await logIn(), await logIn(), await logIn()], [401, 401, 429]);
  });

  it('takes no larger JSON than that', async () => {
    await assert.rejects(product.post('/sites', { name: 'x'.repeat(17 * 1_024), kind: 'commune' }), /body-too-large/);
  });
});
