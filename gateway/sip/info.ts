/* INFO bodies that carry digits and picture requests (RFC 2976; RFC 5168; Cisco's dtmf-relay). Pure. */

export interface InfoDigit {
  digit: string;
  durationMs: number;
}

/** The digit of an INFO, if it carries one. */
export function infoDigit(contentType: string | undefined, body: string): InfoDigit | undefined {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/dtmf-relay') {
    const signal = /^\s*Signal\s*=\s*([0-9A-D*#]|1[0-5])\s*$/im.exec(body)?.[1]?.toUpperCase();
    const duration = Number(/^\s*Duration\s*=\s*(\d{1,5})/im.exec(body)?.[1] ?? 250);
    const digit = signal !== undefined && signal.length === 2 ? '*#ABCD'[Number(signal) - 10] : signal;
    return digit === undefined ? undefined : { digit, durationMs: duration };
  }
  if (type === 'application/dtmf') {
    const digit = /^\s*([0-9A-D*#])\s*$/i.exec(body)?.[1]?.toUpperCase();
    return digit === undefined ? undefined : { digit, durationMs: 250 };
  }
  return undefined;
}

/** Whether an INFO asks for a key frame (RFC 5168). */
export function asksForKeyFrame(contentType: string | undefined, body: string): boolean {
  return /application\/media_control\+xml/i.test(contentType ?? '') && /picture_fast_update/i.test(body);
}

/** The body that asks for a key frame (RFC 5168, clause 7.1). */
export const keyFrameRequest = {
  contentType: 'application/media_control+xml',
  body: '<?xml version="1.0" encoding="utf-8"?><media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>',
};
