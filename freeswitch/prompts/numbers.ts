import type { Language, Prompt } from './catalogue.ts';

/* Numbers in words, as people say them. Pure. */

const digits: Prompt[] = [
  'number0',
  'number1',
  'number2',
  'number3',
  'number4',
  'number5',
  'number6',
  'number7',
  'number8',
  'number9',
];

/** Codes and telephone numbers: digit by digit. */
export function spellDigits(text: string): Prompt[] {
  return [...text].filter((letter) => /\d/.test(letter)).map((letter) => digits[Number(letter)] ?? 'number0');
}

/** Two digits in Vietnamese: mười lăm, hai mươi mốt, ba mươi tư. */
function vietnameseTens(value: number): Prompt[] {
  const tens = Math.floor(value / 10);
  const ones = value % 10;
  if (tens === 0) return [digits[ones] ?? 'number0'];
  const front: Prompt[] = tens === 1 ? ['ten'] : [digits[tens] ?? 'number0', 'tens'];
  if (ones === 0) return front;
  if (ones === 1 && tens > 1) return [...front, 'number1after'];
  if (ones === 4 && tens > 1) return [...front, 'number4after'];
  if (ones === 5) return [...front, 'number5after'];
  return [...front, digits[ones] ?? 'number0'];
}

/**
 * A whole number from 0 to 999,999 in Vietnamese words: 105 một trăm linh năm, 1,015 một nghìn không trăm mười lăm.
 * @throws RangeError outside of that.
 */
export function vietnameseNumber(value: number): Prompt[] {
  if (!Number.isInteger(value) || value < 0 || value > 999_999) throw new RangeError(`cannot be said: ${value}`);
  if (value >= 1000) {
    const rest = value % 1000;
    return [...vietnameseNumber(Math.floor(value / 1000)), 'thousand', ...(rest === 0 ? [] : hundreds(rest, true))];
  }
  return hundreds(value, false);
}

/** Three digits; inside of a larger number even "không trăm" is said. */
function hundreds(value: number, inner: boolean): Prompt[] {
  const rest = value % 100;
  const front: Prompt[] = value >= 100 || inner ? [digits[Math.floor(value / 100)] ?? 'number0', 'hundred'] : [];
  if (rest === 0) return front.length === 0 ? ['number0'] : front;
  const joint: Prompt[] = front.length > 0 && rest < 10 ? ['odd'] : [];
  return [...front, ...joint, ...vietnameseTens(rest)];
}

/** A number in the caller's language; English is said digit by digit. */
export function sayNumber(value: number, language: Language): Prompt[] {
  return language === 'vi' ? vietnameseNumber(value) : spellDigits(String(value));
}
