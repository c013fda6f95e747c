import { parse } from 'sdp-transform';

/** Whether a description says that the far side does not listen: on hold (RFC 3264, clause 8.4; 0.0.0.0 of old). */
export function isHeld(sdp: string): boolean {
  try {
    const description = parse(sdp);
    const audio = description.media?.find((media) => media.type === 'audio' && media.port !== 0);
    if (audio === undefined) return false;
    const direction = audio.direction ?? description.direction ?? 'sendrecv';
    const address = audio.connection?.ip ?? description.connection?.ip;
    return direction === 'sendonly' || direction === 'inactive' || address === '0.0.0.0';
  } catch {
    return false;
  }
}
