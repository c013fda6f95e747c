import type { RasMessage } from '../../h225/index.ts';

/** Longer ones are not quoted: an answer must not be longer than a datagram on any way. */
const longestQuoted = 1_200;

/** First octet of a RAS message: extension bit, five bits of choice index, two bits of what follows. */
const unknownMessageResponse = 24;
const rejectsAndConfirms = new Set([1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20, unknownMessageResponse]);

/**
 * The answer to a message that is not understood (XRS, H.225.0, clause 7.16); `undefined` for what is an answer itself:
 * two gatekeepers must not tell one another for ever that they do not understand.
 */
export function unknownMessage(bytes: Uint8Array): RasMessage | undefined {
  const first = bytes[0];
  if (first === undefined || bytes.length < 3 || bytes.length > longestQuoted) return undefined;
  const extended = (first & 0x80) !== 0;
  if (!extended && rejectsAndConfirms.has((first & 0x7c) >> 2)) return undefined;
  return { unknownMessageResponse: { requestSeqNum: numberIn(bytes), messageNotUnderstood: bytes } };
}

/** Messages whose preamble (extension bit, optional fields) ends in the first octet: DRQ and the non-standard message. */
const shortPreambles = new Set([15, 23]);
const serviceControlIndication = 5;

/** requestSeqNum stands behind the message's preamble, on the next octet; in later messages behind a length, too. */
function numberIn(bytes: Uint8Array): number {
  const at = (bytes[0]! & 0x80) === 0 ? (shortPreambles.has((bytes[0]! & 0x7c) >> 2) ? 1 : 2) : placeInExtension(bytes);
  // The constraint is 1 to 65535, encoded from 0.
  return Math.min(65_535, (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) + 1);
}

function placeInExtension(bytes: Uint8Array): number {
  const behindLength = (bytes[1]! & 0x80) === 0 ? 2 : 3;
  return behindLength + ((bytes[0]! & 0x3f) === serviceControlIndication ? 2 : 1);
}
