/* Who a header names. Pure. */

/** User part of a request's URI, as it was dialled; `tel:` numbers without their marks. */
export function calledNumber(uri: string): string {
  const tel = /^tel:([^;]+)/i.exec(uri)?.[1];
  if (tel !== undefined) return tel.replace(/[().\s-]/g, '');
  const user = /^sips?:([^@]*)@/i.exec(uri)?.[1]?.split(';')[0] ?? '';
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** Number and name of a From or P-Asserted-Identity value. */
export function identityOf(value: string | undefined): { number: string; name: string } {
  const uri = /<([^>]*)>/.exec(value ?? '')?.[1] ?? (value ?? '').split(';')[0] ?? '';
  const display = /^\s*(?:"((?:\\.|[^"\\])*)"|([^<"]*?))\s*</.exec(value ?? '');
  const name = (display?.[1]?.replace(/\\(.)/g, '$1') ?? display?.[2] ?? '').slice(0, 200);
  return { number: calledNumber(uri.trim()).slice(0, 128), name };
}
