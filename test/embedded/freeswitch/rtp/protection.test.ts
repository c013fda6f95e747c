import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { StreamProtection } from '../../../../embedded/freeswitch/rtp/protection.ts';

const suite = 'AES_CM_128_HMAC_SHA1_80' as const;

function packet(sequence: number): Buffer {
  const bytes = Buffer.alloc(60, sequence);
  bytes.writeUInt16BE(0x8061, 0);
  bytes.writeUInt16BE(sequence, 2);
  bytes.writeUInt32BE(77, 8);
  return bytes;
}

describe('protection of one stream', () => {
  const [ours, theirs] = [randomBytes(30), randomBytes(30)];
  const sides = (): [StreamProtection, StreamProtection] => {
    const [near, far] = [new StreamProtection(), new StreamProtection()];
    near.update({ suite, tag: 1, ours, theirs });
    far.update({ suite, tag: 1, ours: theirs, theirs: ours });
    return [near, far];
  };

  it('passes packets as they are while nothing is agreed on', () => {
    const none = new StreamProtection();
    assert.equal(none.seal(packet(1)).compare(packet(1)), 0);
    assert.equal(none.open(packet(1))?.compare(packet(1)), 0);
    assert.equal(none.on, false);
  });

  it('seals and opens, and goes on through a new description with the same keys', () => {
    const [near, far] = sides();
    for (let sequence = 1; sequence < 40; sequence++) {
      if (sequence === 20) far.update({ suite, tag: 1, ours: theirs, theirs: ours });
      const sealed = near.seal(packet(sequence));
      assert.notEqual(sealed.subarray(0, 60).compare(packet(sequence)), 0);
      assert.equal(far.open(sealed)?.compare(packet(sequence)), 0);
    }
    const replayed = near.seal(packet(40));
    assert.ok(far.open(replayed) !== undefined);
    assert.equal(far.open(replayed), undefined, 'the same again is a replay');
  });

  it('says once that nothing proves itself, and nothing of one bad packet among good ones', () => {
    const [near, far] = sides();
    let told = 0;
    for (let sequence = 1; sequence <= 120; sequence++) {
      assert.equal(far.open(packet(sequence)), undefined);
      if (far.doubtful) told++;
    }
    assert.equal(told, 1);
    const [sealing, opening] = sides();
    for (let sequence = 1; sequence <= 120; sequence++) {
      assert.equal(opening.open(packet(sequence)), undefined);
      assert.ok(opening.open(sealing.seal(packet(sequence))) !== undefined);
      assert.ok(!opening.doubtful);
    }
    assert.ok(near.on);
  });
});
