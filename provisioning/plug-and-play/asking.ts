import { macIn, type Recognised, recognise } from '../discovery/recognise.ts';

/** A device that asks where its configuration is, as the SIP side heard it. */
export interface Asking {
  /** Value of Event: `ua-profile;profile-type="device";vendor="…";model="…";version="…"`. */
  event: string;
  from: string;
  userAgent: string | undefined;
  /** Network address. */
  source: string;
}

/**
 * Who asks. The MAC address stands in the user part of From: `MAC%3a00135E874B49` (Snom, Yealink), `MAC=00304fa99948`
 * (Fanvil and its relatives), or bare (Grandstream); vendor and model in Event and User-Agent.
 */
export function whoAsks(
  { event, from, userAgent = '' }: Asking,
  known: readonly { model: string; vendor: string }[],
): Recognised & { version?: string } {
  const parameter = (name: string): string =>
    new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(event)?.slice(1).find(Boolean) ?? '';
  const user = /sips?:([^@>;\s]*)@/i.exec(from)?.[1] ?? '';
  const mac = macIn(unescaped(user).replace(/^mac\W?/i, '')) ?? macIn(userAgent);
  const { model, vendor } = recognise(`${parameter('vendor')} ${parameter('model')} ${userAgent}`, known);
  const version = parameter('version').slice(0, 64);
  return {
    ...(vendor === undefined ? {} : { vendor }),
    ...(model === undefined ? {} : { model }),
    ...(mac === undefined ? {} : { mac }),
    ...(version === '' ? {} : { version }),
  };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
