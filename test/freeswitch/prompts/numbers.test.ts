import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promptFile } from '../../../freeswitch/prompts/catalogue.ts';
import { sayNumber, spellDigits, vietnameseNumber } from '../../../freeswitch/prompts/numbers.ts';

/** The words behind the prompts' names. */
const words: Record<string, string> = {
  number0: 'không',
  number1: 'một',
  number1after: 'mốt',
  number2: 'hai',
  number3: 'ba',
  number4: 'bốn',
  number4after: 'tư',
  number5: 'năm',
  number5after: 'lăm',
  number6: 'sáu',
  number7: 'bảy',
  number8: 'tám',
  number9: 'chín',
  ten: 'mười',
  tens: 'mươi',
  hundred: 'trăm',
  odd: 'linh',
  thousand: 'nghìn',
};

describe('numbers as Vietnamese people say them', () => {
  const said: [value: number, text: string][] = [
    [0, 'không'],
    [4, 'bốn'],
    [5, 'năm'],
    [10, 'mười'],
    [11, 'mười một'],
    [14, 'mười bốn'],
    [15, 'mười lăm'],
    [20, 'hai mươi'],
    [21, 'hai mươi mốt'],
    [24, 'hai mươi tư'],
    [25, 'hai mươi lăm'],
    [34, 'ba mươi tư'],
    [55, 'năm mươi lăm'],
    [100, 'một trăm'],
    [101, 'một trăm linh một'],
    [104, 'một trăm linh bốn'],
    [105, 'một trăm linh năm'],
    [110, 'một trăm mười'],
    [115, 'một trăm mười lăm'],
    [121, 'một trăm hai mươi mốt'],
    [999, 'chín trăm chín mươi chín'],
    [1_000, 'một nghìn'],
    [1_001, 'một nghìn không trăm linh một'],
    [1_015, 'một nghìn không trăm mười lăm'],
    [1_500, 'một nghìn năm trăm'],
    [21_021, 'hai mươi mốt nghìn không trăm hai mươi mốt'],
    [999_999, 'chín trăm chín mươi chín nghìn chín trăm chín mươi chín'],
  ];
  for (const [value, text] of said)
    it(`${value}: ${text}`, () =>
      assert.equal(
        vietnameseNumber(value)
          .map((prompt) => words[prompt])
          .join(' '),
        text,
      ));
  for (const value of [-1, 1_000_000, 1.5, Number.NaN])
    it(`does not say ${value}`, () => assert.throws(() => vietnameseNumber(value), RangeError));
  it('says codes digit by digit', () => {
    assert.deepEqual(spellDigits('10-5'), ['number1', 'number0', 'number5']);
    assert.deepEqual(sayNumber(15, 'en'), ['number1', 'number5']);
  });
  it('has a voice file for each word', () => {
    for (const prompt of Object.keys(words))
      assert.ok(existsSync(join('freeswitch/prompts', promptFile(prompt as 'ten', 'vi'))), prompt);
  });
});
