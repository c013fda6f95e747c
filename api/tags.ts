import { createHash } from 'node:crypto';

/** A strong tag of what is shown (RFC 9110, 8.8.3). */
export function entityTag(view: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(view)).digest('base64url').slice(0, 22)}"`;
}

/** Whether If-Match or If-None-Match (RFC 9110, 13.1) names this tag. */
export function namesTag(header: string, tag: string): boolean {
  return header.split(',').some((one) => ['*', tag, `W/${tag}`].includes(one.trim()));
}
