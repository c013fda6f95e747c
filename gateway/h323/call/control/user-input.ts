import type { MultimediaSystemControlMessage, TerminalCapabilitySet, UserInputIndication } from '../../h245/index.ts';

/* Digits as user input indications (H.245, clause 7.20; H.323, clause 8.2.7), both ways. Pure. */

export interface Digit {
  digit: string;
  durationMs: number;
}

/** How a far side takes digits. */
export type DigitMethod = 'signal' | 'alphanumeric' | 'rtp' | 'keypad';

const isDigit = /^[0-9A-D*#]$/;
/** Told for digits that come without a duration. */
const usualMs = 100;
/** How long a digit of ours lasts, and the pause behind it. */
export const digitMs = 160;
export const betweenDigitsMs = 100;
/** Digits taken from one indication. */
const mostAtOnce = 64;

/** The digits that an indication carries; a signal update only lengthens one told before. */
export function digitsOf(indication: UserInputIndication): Digit[] {
  if (indication.signal !== undefined) {
    const { duration, signalType } = indication.signal;
    return digitsOfText(signalType, duration);
  }
  const text = indication.alphanumeric ?? indication.extendedAlphanumeric?.alphanumeric;
  return text === undefined ? [] : digitsOfText(text);
}

/** The digits in a text, such as a Keypad facility element's (Q.931, clause 4.5.18). */
export function digitsOfText(text: string, durationMs = usualMs): Digit[] {
  return [...text.toUpperCase()]
    .filter((sign) => isDigit.test(sign))
    .slice(0, mostAtOnce)
    .map((digit) => ({ digit, durationMs }));
}

/** The best way by which a far side said that it takes digits; without capabilities only Q.931 is left. */
export function digitMethod(far: TerminalCapabilitySet | undefined): DigitMethod {
  if (far === undefined) return 'keypad';
  let method: DigitMethod | undefined;
  for (const { capability } of far.capabilityTable ?? []) {
    const input = capability?.receiveUserInputCapability ?? capability?.receiveAndTransmitUserInputCapability;
    if (input?.dtmf !== undefined) return 'signal';
    if (input?.basicString !== undefined || input?.iA5String !== undefined || input?.generalString !== undefined) {
      method = 'alphanumeric';
    }
    if (capability?.receiveRTPAudioTelephonyEventCapability !== undefined) method ??= 'rtp';
  }
  // Every H.323 terminal takes basic strings (H.323, clause 8.2.7), said or not.
  return method ?? 'alphanumeric';
}

/** One digit as an indication. */
export function digitIndication(digit: string, method: 'signal' | 'alphanumeric'): MultimediaSystemControlMessage {
  const userInput: UserInputIndication =
    method === 'signal' ? { signal: { signalType: digit, duration: digitMs } } : { alphanumeric: digit };
  return { indication: { userInput } };
}
