import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { hashPassword, passwordFits } from '../../api/accounts/password.ts';
import { TryLimit } from '../../api/accounts/try-limit.ts';
import { difference } from '../../api/audit.ts';
import { isAddressRange } from '../../api/resources/places.ts';
import { Fault } from '../../platform/fault.ts';
import { en } from '../../platform/messages/en.ts';
import { languageOf, sayFault } from '../../platform/messages/messages.ts';
import { vi } from '../../platform/messages/vi.ts';

describe('passwords', () => {
  it('fit their own hash alone, in either form of Unicode', async () => {
    const kept = await hashPassword('mật khẩu'.normalize('NFC'));
    assert.equal(await passwordFits('mật khẩu'.normalize('NFD'), kept), true);
    assert.equal(await passwordFits('mat khau', kept), false);
    assert.notEqual(kept, await hashPassword('mật khẩu'));
    assert.equal(await passwordFits('x', undefined), false);
    assert.equal(await passwordFits('x', 'plain'), false);
  });
});

describe('tries', () => {
  it('five are free, then the wait doubles up to a quarter of an hour', () => {
    const limit = new TryLimit(5);
    const waits = Array.from({ length: 20 }, () => {
      limit.failed('a', 0);
      return limit.wait('a', 0) / 1000;
    });
    assert.deepEqual(waits.slice(0, 9), [0, 0, 0, 0, 1, 2, 4, 8, 16]);
    assert.equal(waits[19], 900);
    assert.equal(limit.wait('b', 0), 0);
    assert.equal(limit.wait('a', 900_000), 0);
    limit.succeeded('a');
    assert.equal(limit.wait('a', 0), 0);
  });
  it('remembers a bounded number', () => {
    const limit = new TryLimit(5);
    for (let name = 0; name < 20_000; name += 1) for (let t = 0; t < 6; t += 1) limit.failed(`u${name}`, 0);
    assert.equal(limit.wait('u0', 0), 0);
    assert.ok(limit.wait('u19999', 0) > 0);
  });
});

describe('messages', () => {
  it('are there in both languages, with the same values', () => {
    const values = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    assert.deepEqual(Object.keys(vi).sort(), Object.keys(en).sort());
    for (const [code, text] of Object.entries(en))
      assert.deepEqual(values(vi[code as keyof typeof vi]), values(text), code);
  });
  it('fall back to the kind of a fault', () => {
    assert.equal(sayFault('en', new Fault('busy', 'never-heard-of')), en.busy);
    assert.match(sayFault('vi', new Fault('conflict', 'room-taken', { values: { room: '1', owner: 'A' } })), /1.*“A”/);
  });
  const languages: [header: string | undefined, language: string][] = [
    [undefined, 'vi'],
    ['', 'vi'],
    ['en', 'en'],
    ['en-US,en;q=0.9', 'en'],
    ['vi-VN,vi;q=0.9,en;q=0.8', 'vi'],
    ['fr', 'vi'],
    ['en;q=0', 'vi'],
    ['en;q=x', 'vi'],
  ];
  for (const [header, language] of languages) {
    it(`Accept-Language ${header} means ${language}`, () => assert.equal(languageOf(header), language));
  }
});

describe('what a change is', () => {
  it('only the fields that differ', () => {
    assert.deepEqual(difference({ a: 1, b: 2, updatedAt: 1 }, { a: 1, b: 3, c: 4, updatedAt: 2 }), [
      { b: 2, c: null },
      { b: 3, c: 4 },
    ]);
    assert.deepEqual(difference(undefined, { a: 1 }), [undefined, { a: 1 }]);
  });
});

describe('addresses and ranges', () => {
  const cases: [text: string, good: boolean][] = [
    ['192.0.2.1', true],
    ['192.0.2.0/24', true],
    ['2001:db8::/32', true],
    ['192.0.2.0/33', false],
    ['192.0.2.0/', false],
    ['192.0.2.0/1/2', false],
    ['sip.example', false],
  ];
  for (const [text, good] of cases) it(`${text}: ${good}`, () => assert.equal(isAddressRange(text), good));
});
