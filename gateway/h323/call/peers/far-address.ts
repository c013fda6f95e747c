import { isIP } from 'node:net';

/** An H.323 address as people write it. */
export interface FarAddress {
  /** What is called there; `undefined` when the address alone says it. */
  alias: string | undefined;
  /** `undefined` for an alias that a gatekeeper has to find. */
  host: string | undefined;
  port: number;
}

/** Well-known port of call signalling (H.225.0, appendix IV). */
const usualPort = 1720;

/**
 * Reads `host[:port]`, `[v6]:port`, `alias@host[:port]`, an `h323:` URI of these, or, where a gatekeeper is asked, a
 * bare alias. Pure.
 */
export function parseFarAddress(text: string, withGatekeeper = false): FarAddress {
  const plain =
    text
      .trim()
      .replace(/^h323:/i, '')
      .split(';')[0] ?? '';
  const at = plain.lastIndexOf('@');
  if (at < 0 && withGatekeeper) return { alias: plain, host: undefined, port: usualPort };
  const place = plain.slice(at + 1);
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(place);
  const usual = /^([^:]+)(?::(\d{1,5}))?$/.exec(place);
  const host = bracketed?.[1] ?? usual?.[1] ?? (isIP(place) === 6 ? place : undefined);
  const port = Number(bracketed?.[2] ?? usual?.[2] ?? usualPort);
  const alias = at > 0 ? plain.slice(0, at) : undefined;
  return { alias, host, port: port > 0 && port <= 65_535 ? port : usualPort };
}
