import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import { decodeRas } from '../../../../gateway/h323/h225/index.ts';
import { kindOf } from '../../../../gateway/h323/ras/message.ts';
import { unknownMessage } from '../../../../gateway/h323/ras/transport/unknown-message.ts';
import { rasOf } from './captured.ts';
import { faultsOf } from './tshark.ts';
import { Zone } from './zone.ts';

const mutants = 6_000;

/** Numbers that come again in each run (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function mutate(bytes: Uint8Array, next: (below: number) => number): Uint8Array {
  const mutant = Uint8Array.from(bytes);
  const times = 1 + next(3);
  for (let count = 0; count < times; count++) {
    const at = next(mutant.length);
    mutant[at] = next(3) === 0 ? [0, 0x7f, 0x80, 0xff][next(4)]! : next(256);
  }
  if (next(4) === 0) return mutant.subarray(0, next(mutant.length + 1));
  return next(8) === 0 ? Buffer.concat([mutant, mutant.subarray(0, next(40))]) : mutant;
}

describe('RAS that is not as it should be', function () {
  this.timeout(120_000);
  let zone: Zone;
  before(async () => {
    zone = await Zone.open('127.0.0.61', { limits: { messages: { perSource: 1_000_000, total: 1_000_000 } } });
    await zone.device('caller', '1001', { address: '127.0.0.0/8' });
    await zone.device('callee', '2002', { secret: 'secretcallee' });
  });
  after(() => zone?.close());

  it(`${mutants} changed messages of real terminals leave the gatekeeper at work`, async () => {
    const captures = readdirSync('fixtures/h323').filter((file) => /^(gnugk|ooh323-i)/.test(file));
    const seeds = captures.flatMap((file) => rasOf(file.replace('.pcap', '')).map(({ bytes }) => bytes));
    assert.ok(seeds.length > 100);
    const next = random(20261124);
    const attacker = await zone.terminal('127.0.0.62');
    for (let count = 0; count < mutants; count++) {
      attacker.send(mutate(seeds[next(seeds.length)]!, next));
      if (count % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const codec = await zone.terminal('127.0.0.63');
    codec.name = 'caller';
    assert.notEqual(await codec.ask(codec.discovery(), 20_000), undefined);
    assert.notEqual((await codec.register(['caller']))?.registrationConfirm, undefined);
    assert.notEqual(codec.endpointIdentifier, '');
    // What it answered, it answered properly.
    const answers = attacker.received.map(({ bytes }) => bytes);
    assert.ok(answers.length > 50);
    assert.deepEqual(faultsOf(answers), []);
  });

  it('complains of what is not understood, and never of a complaint or another answer', () => {
    const requests = new Set<string>();
    for (const { bytes } of rasOf('gnugk-auth-h2351')) {
      const kind = kindOf(decodeRas(bytes)) ?? '';
      const complaint = unknownMessage(bytes);
      assert.equal(complaint === undefined, /Confirm$|Reject$/.test(kind), kind);
      if (complaint === undefined) continue;
      requests.add(kind);
      const number = Object.values(decodeRas(bytes))[0] as unknown as { requestSeqNum: number };
      assert.equal(complaint.unknownMessageResponse?.requestSeqNum, number.requestSeqNum, kind);
    }
    assert.ok(requests.size >= 5);
    assert.equal(unknownMessage(Uint8Array.of(0x60, 0, 1)), undefined, 'XRS');
    assert.equal(unknownMessage(new Uint8Array(0)), undefined);
    assert.equal(unknownMessage(new Uint8Array(60_000)), undefined);
  });
});
