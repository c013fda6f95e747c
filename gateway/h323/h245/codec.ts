import { decode, encode } from '../per/index.ts';
import { MultimediaSystemControlMessage } from './schema/messages.ts';

/**
 * Reads one H.245 message, as it stands in a TPKT of the H.245 connection or in an element of `h245Control`.
 * @throws PerError
 */
export function decodeH245(bytes: Uint8Array): MultimediaSystemControlMessage {
  return decode(MultimediaSystemControlMessage, bytes);
}

/** @throws PerError */
export function encodeH245(message: MultimediaSystemControlMessage): Uint8Array {
  return encode(MultimediaSystemControlMessage, message);
}
