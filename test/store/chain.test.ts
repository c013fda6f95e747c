import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  chainAfter,
  entryHash,
  genesis,
  type Head,
  type StoredEntry,
  storable,
  verifyChain,
} from '../../store/chain.ts';

/** A log of `count` entries. */
function written(count: number): StoredEntry[] {
  const entries: StoredEntry[] = [];
  let head: Head = { seq: 0, hash: genesis };
  for (let place = 1; place <= count; place += 1) {
    const entry = chainAfter(head, {
      event: 'leg.joined',
      actor: { kind: 'device', name: `Phòng ${place}` },
      detail: { place, nested: { b: [1, null, 'ạ'], a: true } },
      time: new Date(1_800_000_000_000 + place),
    });
    entries.push(entry as unknown as StoredEntry);
    head = entry;
  }
  return entries;
}

/** Chains entries anew from `from` on, as somebody who knows the rule would. */
function rechained(entries: StoredEntry[], from: number): StoredEntry[] {
  let previous = from === 0 ? genesis : String(entries[from - 1]?.hash);
  return entries.map((entry, index) => {
    if (index < from) return entry;
    const next: StoredEntry = { ...entry, seq: index + 1, previous };
    next.hash = entryHash(next);
    previous = String(next.hash);
    return next;
  });
}

describe('session log chain', () => {
  it('finds nothing wrong in what was written', async () => {
    const entries = written(300);
    const verdict = await verifyChain(entries);
    assert.equal(verdict.fault, undefined);
    assert.equal(verdict.checked, 300);
    assert.equal(verdict.head.hash, entries[299]?.hash);
    assert.deepEqual(await verifyChain([]), { checked: 0, head: { seq: 0, hash: genesis } });
  });

  const tampering: [name: string, kind: string, seq: number, tamper: (entries: StoredEntry[]) => StoredEntry[]][] = [
    ['a changed field', 'changed', 7, (e) => e.with(6, { ...e[6]!, detail: { place: 8 } })],
    ['an added field', 'changed', 7, (e) => e.with(6, { ...e[6]!, note: 'x' })],
    ['a removed field', 'changed', 1, (e) => e.with(0, { seq: 1, previous: genesis, hash: e[0]!.hash })],
    ['a changed hash', 'changed', 9, (e) => e.with(8, { ...e[8]!, hash: genesis })],
    [
      'a changed entry with a new hash',
      'changed',
      7,
      (e) => {
        const changed: StoredEntry = { ...e[6]!, detail: { place: 99 } };
        return e.with(6, { ...changed, hash: entryHash(changed) });
      },
    ],
    ['one taken out', 'missing', 5, (e) => e.toSpliced(4, 1)],
    ['the first taken out', 'missing', 1, (e) => e.slice(1)],
    ['several taken out', 'missing', 5, (e) => e.toSpliced(4, 20)],
    [
      'one taken out and the rest renumbered',
      'missing',
      5,
      (e) => e.toSpliced(4, 1).map((x, i) => ({ ...x, seq: i + 1 })),
    ],
    ['two swapped', 'reordered', 5, (e) => e.with(4, { ...e[9]!, seq: 5 }).with(9, { ...e[4]!, seq: 10 })],
    ['one put in between places', 'inserted', 6, (e) => e.toSpliced(5, 0, { ...e[4]!, seq: 5.5 })],
    [
      'one put in and the rest renumbered',
      'inserted',
      6,
      (e) => {
        const extra: StoredEntry = { ...e[4]!, seq: 6, previous: e[4]!.hash, detail: {} };
        return e.toSpliced(5, 0, { ...extra, hash: entryHash(extra) }).map((x, i) => ({ ...x, seq: i + 1 }));
      },
    ],
  ];
  for (const [name, kind, seq, tamper] of tampering) {
    it(`finds ${name}`, async () => {
      const { fault } = await verifyChain(tamper(written(200)));
      assert.equal(fault?.kind, kind);
      assert.equal(fault?.seq, seq);
    });
  }

  it('cannot see a log that was chained anew or cut off: that is what anchors are for', async () => {
    assert.equal((await verifyChain(rechained(written(50).toSpliced(20, 1), 20))).fault, undefined);
    assert.equal((await verifyChain(written(50).slice(0, 40))).fault, undefined);
  });

  it('hashes the same whatever the order of the fields', () => {
    const entry: StoredEntry = { seq: 1, a: 1, b: { c: 2, d: 3 } };
    assert.equal(entryHash(entry), entryHash({ b: { d: 3, c: 2 }, a: 1, seq: 1 }));
  });

  it('keeps only what a store gives back unchanged', () => {
    const odd = {
      $set: 1,
      'a.b': 2,
      lone: '\ud800',
      when: new Date(0),
      none: undefined,
      nan: Number.NaN,
      list: [undefined],
    };
    assert.deepEqual(storable(odd), {
      _$set: 1,
      a_b: 2,
      lone: '\ufffd',
      when: '1970-01-01T00:00:00.000Z',
      nan: null,
      list: [null],
    });
  });
});
