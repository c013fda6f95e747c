import { parse } from 'sdp-transform';

/** Payload types without rtpmap (RFC 3551, table 4). */
const byNumber: Record<number, string> = {
  0: 'PCMU',
  3: 'GSM',
  4: 'G723',
  8: 'PCMA',
  9: 'G722',
  15: 'G728',
  18: 'G729',
};

/** The encoding name of a description's first audio format: the one in use once both sides have agreed (RFC 3264). */
export function codecOf(sdp: string): string | undefined {
  const audio = parse(sdp).media.find((media) => media.type === 'audio' && media.port !== 0);
  const first = Number(String(audio?.payloads ?? '').split(' ')[0] || Number.NaN);
  return audio?.rtp.find(({ payload }) => payload === first)?.codec ?? byNumber[first];
}
