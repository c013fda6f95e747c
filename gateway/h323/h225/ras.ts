import { decode, encode } from '../per/index.ts';
import { RasMessage } from './schema/ras.ts';

/**
 * Reads a RAS message, the content of one UDP datagram.
 * @throws PerError
 */
export function decodeRas(bytes: Uint8Array): RasMessage {
  return decode(RasMessage, bytes);
}

/** @throws PerError */
export function encodeRas(message: RasMessage): Uint8Array {
  return encode(RasMessage, message);
}
