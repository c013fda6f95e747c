/* Words as people look for them: with or without Vietnamese marks, in any case, from their first letters on. */

/** Combining marks that are left when letters are taken apart (Unicode NFD). */
const marks = /\p{M}+/gu;

/** Text without Vietnamese marks, in small letters: “Đơn Khiếu nại” → “don khieu nai”. */
export function withoutMarks(text: string): string {
  return text.normalize('NFD').replace(marks, '').replace(/đ/giu, 'd').toLowerCase();
}

/** Longest beginning of a word that is kept. */
const longest = 12;
/** A document is found by so many words and beginnings; the rest of a very long one is not looked at. */
const mostKept = 2_000;

/** The words of a text, without marks, in small letters. */
export const wordsOf = (text: string): string[] => withoutMarks(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** Everything that a document with these texts is found by: its words and their beginnings of two letters and more. */
export function searchWords(...texts: (string | undefined)[]): string[] {
  const found = new Set<string>();
  for (const word of texts.flatMap((text) => wordsOf(text ?? ''))) {
    if (found.size > mostKept) break;
    found.add(word.slice(0, longest));
    for (let end = 2; end < Math.min(word.length, longest); end += 1) found.add(word.slice(0, end));
  }
  return [...found];
}

/**
 * What a question asks of a field of `searchWords`: every word of it must be there. Nothing when the question holds no
 * word.
 */
export function searchFilter(field: string, question: string): { $and: Record<string, string>[] } | undefined {
  const wanted = [...new Set(wordsOf(question).map((word) => word.slice(0, longest)))].slice(0, 20);
  // The rarest first, as far as that can be told (numbers, then long words): the store looks for one of them.
  const rarity = (word: string): number => word.length + (/\d/.test(word) ? longest : 0);
  wanted.sort((a, b) => rarity(b) - rarity(a));
  return wanted.length === 0 ? undefined : { $and: wanted.map((word) => ({ [field]: word })) };
}
