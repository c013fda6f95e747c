import { randomInt } from 'node:crypto';

/**
 * A loopback address (127.0.0.0/8) of one's own, so that peers keep their standard ports and several test runs on one
 * machine never meet. 127.0.x.y stays free for what is configured by hand.
 */
export function ownAddress(): string {
  return `127.${randomInt(1, 255)}.${randomInt(0, 255)}.${randomInt(1, 255)}`;
}
