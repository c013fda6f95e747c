import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { templates } from '../../provisioning/catalogue.ts';
import { entriesOf } from '../../provisioning/entries.ts';
import { filesWith } from '../../provisioning/render.ts';
import { deviceSettings } from '../../provisioning/settings.ts';
import { read } from './readers.ts';
import { full, mac } from './samples.ts';

/** Numbers from a seed (mulberry32): a run that fails can be repeated. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const pieces = [
  ...'<>&"\'`;:=#%$@!?*()[]{}|\\/~^+-_., ',
  ...'\n\r\t\v\f\u0000\u001b\u0085\u2028\u2029\ud800\udfff\ufffe\uffff',
  ...['\u200b', '\u202e', '\u00a0', 'ệ', 'Đ', '😀', '\u0301'],
  ']]>',
  '<![CDATA[',
  '<!--',
  '-->',
  '&amp;',
  '&#10;',
  '<?xml',
  '%NULL%',
  '$MA',
  '$'.concat('{x}'),
  '{mac}',
  ';nme=x',
  '\r\naccount.2.enable = 1',
  '</P34><P2>x</P2>',
  '" reg.2.address="x',
  'include:config "x"',
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get through.
const refused = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff\ufffe\uffff]/u;

const tolerable = pieces.filter((piece) => !refused.test(piece));

describe('provisioning: nasty values', () => {
  it('are refused, or stand in the file as they are and change nothing else', () => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    const next = numbers(seed);
    const from = (list: readonly string[]) => list[Math.floor(next() * list.length)]!;
    // One text in four holds something that may have to be refused.
    const text = () =>
      Array.from({ length: 1 + Math.floor(next() * 6) }, () => from(tolerable)).join('') +
      (next() < 0.25 ? from(pieces) : '');
    let [taken, turnedDown] = [0, 0];
    for (let turn = 0; turn < 600; turn++) {
      const template = templates[turn % templates.length]!;
      const plain = full(template);
      const nasty = { displayName: text(), username: text(), password: text() };
      const given = deviceSettings.safeParse({
        ...plain,
        accounts: plain.accounts.map((account) => ({ ...account, ...nasty })),
        speedDials: plain.speedDials.map((key) => ({ ...key, label: text() })),
        h323: plain.h323 && { ...plain.h323, alias: text(), password: text() },
      });
      if (!given.success) {
        turnedDown++;
        continue;
      }
      taken++;
      const why = `${template.id}, seed ${seed}, turn ${turn}`;
      const entries = entriesOf(template, given.data);
      const names = (list: { name: string }[]) => list.map(({ name }) => name);
      assert.deepEqual(names(entries), names(entriesOf(template, plain)), why);
      for (const { value } of entries) assert.doesNotMatch(value, refused, why);
      const files = filesWith(template, entries, { model: template.models[0]!, mac });
      const back = template.files.flatMap(({ holds, format }, at) =>
        typeof holds === 'string' ? read[format](files[at]!.text) : [],
      );
      const sorted = (pairs: (readonly [string, string])[]) => pairs.map((pair) => pair.join('\u0000')).sort();
      assert.deepEqual(sorted(back), sorted(entries.map(({ name, value }) => [name, value])), why);
    }
    assert.ok(taken > 100 && turnedDown > 40, `${taken} taken, ${turnedDown} turned down`);
  });

  it('no part of a Cisco key string can be ended by a label', () => {
    const template = templates.find(({ id }) => id === 'cisco-mpp-8800')!;
    const plain = full(template);
    const settings = { ...plain, speedDials: [{ label: 'a;ext=666@x;nme=b', number: '1', key: 1 }] };
    const key = entriesOf(template, settings).find(({ name }) => name === 'Extended_Function_2_');
    assert.equal(key?.value, 'fnc=sd;ext=1@192.0.2.10;nme=a ext=666@x nme=b');
  });

  it('addresses, numbers, passwords of menus and dial patterns take nothing but their own signs', () => {
    const plain = full(templates[0]!);
    const account = plain.accounts[0]!;
    for (const wrong of [
      { accounts: [{ ...account, server: 'a;b' }] },
      { accounts: [{ ...account, server: 'a b' }] },
      { accounts: [{ ...account, server: 'a/b' }] },
      { ntpServer: 'x"y' },
      { syslogServer: '<x>' },
      { adminPassword: 'a b' },
      { adminPassword: 'mật' },
      { dialPlan: ['1|2'] },
      { dialPlan: ['('] },
      { speedDials: [{ label: 'x', number: '1;2', key: 1 }] },
      { provisioningUrl: 'javascript:alert(1)/' },
      { provisioningUrl: 'https://x/no-slash' },
      { firmwareUrl: 'ftp://x/' },
      { unknown: 1 },
    ])
      assert.equal(deviceSettings.safeParse({ ...plain, ...wrong }).success, false, JSON.stringify(wrong));
  });
});
