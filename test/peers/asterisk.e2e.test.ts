import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { ownAddress } from './address.ts';
import { Asterisk, type AsteriskOptions } from './asterisk.ts';
import { part, readWav, tonesIn } from './tones.ts';

/* The peer itself, before anything is measured with it: two Asterisks call each other. */
describe('Asterisk as an H.323 terminal', function () {
  this.timeout(60_000);
  let a: Asterisk;
  let b: Asterisk;

  before(async () => {
    const [addressA, addressB] = [ownAddress(), ownAddress()];
    const start = (options: AsteriskOptions) => Asterisk.start(options);
    [a, b] = await Promise.all([
      start({ address: addressA, peers: { b: { address: addressB } }, h323Id: 'codec-a' }),
      start({ address: addressB, peers: { a: { address: addressA } }, h323Id: 'codec-b', e164: '8402' }),
    ]);
  });
  after(async () => {
    await Promise.all([a?.stop(), b?.stop()]);
  });

  it('calls, hears the far tone and is heard, sends digits, hangs up', async () => {
    const out = a.call('8402', { peer: 'b', does: 1004, callerNumber: '1234', callerName: 'Xa A' });
    const incoming = await b.incoming();
    await out.answered();
    await incoming.answered();
    assert.equal(incoming.number, '8402');
    await delay(3000);
    await out.sendDigits('15*#');
    await incoming.receivedDigits('15*#');
    await incoming.hangUp();
    assert.equal(await out.ended(), 16);
    const tones = [697, 1004, 1336];
    const heard = readWav(out.heardFile);
    assert.ok(heard.samples.length > 2.5 * heard.rate);
    assert.deepEqual(tonesIn(part(heard, 0.5, 2.5), tones), [697]);
    assert.deepEqual(tonesIn(part(readWav(incoming.heardFile), 0.5, 2.5), tones), [1004]);
    assert.equal(a.running + b.running, 0);
  });

  it('is told why a call does not come about', async () => {
    for (const [number, cause] of [
      ['603', 17],
      ['605', 42],
      ['606', 21],
    ] as const) {
      assert.equal(await a.call(number, { peer: 'b' }).ended(), cause, number);
    }
    const ringing = a.call('604', { peer: 'b' });
    await ringing.ringing();
    await ringing.hangUp();
    assert.equal(ringing.cause, 16);
  });

  it('runs commands of its console', async () => {
    assert.match(await a.cli('core show version'), /Asterisk 16\.28/);
  });
});
