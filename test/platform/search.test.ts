import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { searchFilter, searchWords, withoutMarks } from '../../platform/search.ts';

describe('words without Vietnamese marks', () => {
  const cases: [text: string, plain: string][] = [
    ['Đơn Khiếu nại', 'don khieu nai'],
    ['ĐƯỜNG Nguyễn Thị Ẩn', 'duong nguyen thi an'],
    ['Đường'.normalize('NFD'), 'duong'],
    ['quyết định số 12/QĐ-UBND', 'quyet dinh so 12/qd-ubnd'],
    ['Abc', 'abc'],
  ];
  for (const [text, plain] of cases) it(text, () => assert.equal(withoutMarks(text), plain));

  const found: [text: string, question: string, yes: boolean][] = [
    ['Nguyễn Văn Bưởi', 'buoi', true],
    ['Nguyễn Văn Bưởi', 'NGUYỄN bưởi', true],
    ['Nguyễn Văn Bưởi', 'nguy bu', true],
    ['Nguyễn Văn Bưởi', 'nguyen tao', false],
    ['khiếu nại về đất đai', 'dat dai', true],
    ['Số 0912345678', '0912', true],
    ['Số 0912345678', '345', false],
    ['y tế', 'y', true],
    ['antidisestablishment', 'antidisestablishments', true],
  ];
  for (const [text, question, yes] of found) {
    it(`“${question}” ${yes ? 'finds' : 'does not find'} “${text}”`, () => {
      const words = searchWords(text);
      const filter = searchFilter('words', question);
      assert.ok(filter);
      assert.equal(
        filter.$and.every(({ words: word }) => words.includes(String(word))),
        yes,
      );
    });
  }
  it('a question without a word asks nothing', () => assert.equal(searchFilter('words', ' …! '), undefined));
});
