/* Contact values of REGISTER (RFC 3261, clause 10.3). Pure. */

export interface ContactBinding {
  uri: string;
  /** Seconds asked for: the contact's own, or the request's, or the default. */
  expiresS: number;
}

export const defaultExpiresS = 3600;
export const leastExpiresS = 30;
export const mostExpiresS = 7200;

/** Splits a Contact header's list outside of quotes and brackets. */
function splitContacts(header: string): string[] {
  return (
    header
      .match(/(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,"<])+/g)
      ?.map((part) => part.trim())
      .filter((part) => part !== '') ?? []
  );
}

/** What a REGISTER's contacts ask for; `'*'` for all; `undefined` when they are malformed. */
export function parseContacts(
  header: string | undefined,
  expires: string | undefined,
): ContactBinding[] | '*' | undefined {
  if (header === undefined || header.trim() === '') return [];
  if (header.trim() === '*') return expires?.trim() === '0' ? '*' : undefined;
  const general = /^\s*(\d{1,10})\s*$/.exec(expires ?? '')?.[1];
  const bindings: ContactBinding[] = [];
  for (const part of splitContacts(header)) {
    const bracketed = /^(?:"(?:\\.|[^"\\])*"|[^<]*)<([^>]+)>(.*)$/s.exec(part);
    const bare = /^([^;\s<>]+)(.*)$/s.exec(part);
    const uri = bracketed?.[1] ?? bare?.[1];
    const parameters = bracketed?.[2] ?? bare?.[2] ?? '';
    if (uri === undefined || uri.length > 512 || !/^sips?:[^\s"<>]+$/i.test(uri)) return undefined;
    const own = /;\s*expires\s*=\s*"?(\d{1,10})/i.exec(parameters)?.[1];
    const asked = Number(own ?? general ?? defaultExpiresS);
    bindings.push({ uri, expiresS: asked === 0 ? 0 : Math.min(asked, mostExpiresS) });
  }
  return bindings;
}

/** Whether two contact URIs mean the same place (RFC 3261, clause 19.1.4, as far as devices vary them). */
export function sameContact(one: string, other: string): boolean {
  const plain = (uri: string): string => {
    const match = /^(sips?):(?:([^@]*)@)?([^;?]+)(.*)$/i.exec(uri);
    if (match === null) return uri.toLowerCase();
    const transport = /;transport=(\w+)/i.exec(match[4] ?? '')?.[1]?.toLowerCase() ?? 'udp';
    return `${match[1]?.toLowerCase()}:${match[2] ?? ''}@${match[3]?.toLowerCase()};${transport}`;
  };
  return plain(one) === plain(other);
}
