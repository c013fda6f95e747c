/* SIP URIs, name-addr and Via values (RFC 3261, clauses 19.1, 20.10, 20.42). */

export interface SipUri {
  scheme: string;
  user: string | undefined;
  host: string;
  port: number | undefined;
  /** Parameters, names in lower case; a flag has the value ''. */
  parameters: Map<string, string>;
}

/** Reads a SIP or SIPS URI; `undefined` when it is none. IPv6 hosts come without brackets. */
export function parseUri(text: string): SipUri | undefined {
  const match = /^(sips?):(?:([^@]*)@)?(\[[0-9a-fA-F:.%]+\]|[^:;?>\s]+)(?::(\d{1,5}))?((?:;[^?>]*)?)(?:\?.*)?$/i.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const port = match[4] === undefined ? undefined : Number(match[4]);
  if (port !== undefined && (port < 1 || port > 65535)) return undefined;
  return {
    scheme: (match[1] ?? 'sip').toLowerCase(),
    user: match[2],
    host: (match[3] ?? '').replace(/^\[|\]$/g, ''),
    port,
    parameters: parseParameters(match[5] ?? ''),
  };
}

/** `;a=1;b` → a map; names in lower case, quotes taken off. */
export function parseParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const part of text.match(/;(?:"(?:\\.|[^"\\])*"|[^;"])*/g) ?? []) {
    const equals = part.indexOf('=');
    const name = (equals === -1 ? part.slice(1) : part.slice(1, equals)).trim().toLowerCase();
    if (name === '') continue;
    const value = equals === -1 ? '' : part.slice(equals + 1).trim();
    parameters.set(name, value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value);
  }
  return parameters;
}

export interface NameAddress {
  display: string;
  uri: string;
  parameters: Map<string, string>;
}

/** Reads From, To, Contact, Route…; `undefined` when it is malformed. */
export function parseNameAddress(text: string): NameAddress | undefined {
  const value = text.trim();
  // Walked by hand: one pass, however a hostile value is shaped.
  const opening = openingBracket(value);
  if (opening !== -1) {
    const closing = value.indexOf('>', opening);
    if (closing === -1) return undefined;
    const rest = value.slice(closing + 1).trim();
    const shown = value.slice(0, opening).trim();
    const quoted = shown.startsWith('"');
    if (
      (rest !== '' && !rest.startsWith(';')) ||
      (quoted ? !/^"(?:\\.|[^"\\])*"$/s.test(shown) : shown.includes('"'))
    ) {
      return undefined;
    }
    return {
      display: quoted ? shown.slice(1, -1).replace(/\\(.)/g, '$1') : shown,
      uri: value.slice(opening + 1, closing).trim(),
      parameters: parseParameters(rest),
    };
  }
  // Without brackets, parameters belong to the header, not to the URI (RFC 3261, clause 20.10).
  const semicolon = value.indexOf(';');
  const uri = (semicolon === -1 ? value : value.slice(0, semicolon)).trim();
  if (!/^[a-z][a-z0-9+.-]*:[^\s<>"]+$/i.test(uri)) return undefined;
  return { display: '', uri, parameters: parseParameters(semicolon === -1 ? '' : value.slice(semicolon)) };
}

/** Where the first angle bracket outside of quotes stands, or -1. */
function openingBracket(value: string): number {
  let quoted = false;
  for (let at = 0; at < value.length; at++) {
    const letter = value[at];
    if (quoted && letter === '\\') at++;
    else if (letter === '"') quoted = !quoted;
    else if (letter === '<' && !quoted) return at;
  }
  return -1;
}

/** The URI that a program names as a target, in brackets or bare; bare, its parameters are its own. */
export function targetUri(target: string): string {
  return target.includes('<') ? (parseNameAddress(target)?.uri ?? target) : target.trim();
}

/** The tag of a From or To value. */
export function tagOf(value: string | undefined): string | undefined {
  return value === undefined ? undefined : parseNameAddress(value)?.parameters.get('tag');
}

export interface Via {
  transport: string;
  host: string;
  port: number | undefined;
  parameters: Map<string, string>;
}

/** Reads one Via value; `undefined` when it is malformed. */
export function parseVia(text: string): Via | undefined {
  const match =
    /^\s*SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z0-9-]+)\s+(\[[0-9a-fA-F:.%]+\]|[^\s:;]+)(?:\s*:\s*(\d{1,5}))?\s*((?:;.*)?)$/is.exec(
      text,
    );
  if (match === null) return undefined;
  return {
    transport: (match[1] ?? '').toUpperCase(),
    host: (match[2] ?? '').replace(/^\[|\]$/g, ''),
    port: match[3] === undefined ? undefined : Number(match[3]),
    parameters: parseParameters(match[4] ?? ''),
  };
}

/** A host as it stands in a URI: IPv6 addresses in brackets. */
export function bracketHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

export interface CSeq {
  number: number;
  method: string;
}

/** Reads CSeq; `undefined` when it is malformed or out of range (RFC 3261, clause 8.1.1.5: below 2^31). */
export function parseCSeq(text: string | undefined): CSeq | undefined {
  const match = /^\s*(\d{1,10})\s+(\S+)\s*$/.exec(text ?? '');
  if (match === null || Number(match[1]) >= 2 ** 31) return undefined;
  return { number: Number(match[1]), method: match[2] ?? '' };
}
