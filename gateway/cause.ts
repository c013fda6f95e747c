import type { ClearCause } from '../store/schema/names.ts';

/* Causes of clearing between SIP, Q.850 and their words (RFC 3398, clauses 7.2.4.1 and 8.2.6.1; RFC 3326). Pure. */

const sipToQ850: Record<number, number> = {
  400: 41,
  401: 21,
  402: 21,
  403: 21,
  404: 1,
  405: 63,
  406: 79,
  407: 21,
  408: 102,
  410: 22,
  413: 127,
  414: 127,
  415: 79,
  416: 127,
  420: 127,
  421: 127,
  423: 127,
  480: 18,
  481: 41,
  482: 25,
  483: 25,
  484: 28,
  485: 1,
  486: 17,
  487: 16,
  488: 65,
  500: 41,
  501: 79,
  502: 38,
  503: 41,
  504: 102,
  505: 127,
  513: 127,
  600: 17,
  603: 21,
  604: 1,
  606: 58,
};

const q850ToSip: Record<number, number> = {
  1: 404,
  2: 404,
  3: 404,
  16: 480,
  17: 486,
  18: 408,
  19: 480,
  20: 480,
  21: 403,
  22: 410,
  23: 410,
  26: 404,
  27: 502,
  28: 484,
  29: 501,
  31: 480,
  34: 503,
  38: 503,
  41: 503,
  42: 503,
  47: 503,
  50: 403,
  55: 403,
  57: 403,
  58: 503,
  63: 503,
  65: 488,
  69: 501,
  70: 488,
  79: 501,
  87: 403,
  88: 503,
  102: 504,
  111: 500,
  127: 500,
};

/** Q.850 cause for a SIP status. */
export function q850Of(status: number): number {
  const known = sipToQ850[status];
  if (known !== undefined) return known;
  if (status < 300) return 16;
  return status < 500 ? 127 : status < 600 ? 41 : 21;
}

/** SIP status for a Q.850 cause, for refusing a call. */
export function sipOf(q850: number): number {
  return q850ToSip[q850] ?? 500;
}

/** The cause with both numbers, where one of them was known. */
export function completeCause(cause: ClearCause): ClearCause {
  const { sip, q850, text } = cause;
  if (sip === undefined && q850 === undefined) return { sip: 480, q850: 16, text };
  return { sip: sip ?? sipOf(q850 ?? 16), q850: q850 ?? q850Of(sip ?? 200), text };
}

/** Reads a Reason header (RFC 3326); several values may stand in it. */
export function parseReason(value: string | undefined): { q850?: number; sip?: number; text?: string } {
  const found: { q850?: number; sip?: number; text?: string } = {};
  for (const part of (value ?? '').split(/,(?=\s*[A-Za-z0-9.]+\s*;)/)) {
    const protocol = /^\s*([A-Za-z0-9.]+)/.exec(part)?.[1]?.toLowerCase();
    const number = Number(/;\s*cause\s*=\s*(\d{1,3})/i.exec(part)?.[1]);
    const text = /;\s*text\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;\s]+))/i.exec(part);
    if (protocol === 'q.850' && number >= 1 && number <= 127) found.q850 = number;
    if (protocol === 'sip' && number >= 100 && number <= 699) found.sip = number;
    if (text !== null) found.text ??= (text[1] ?? text[2] ?? '').replace(/\\(.)/g, '$1').slice(0, 200);
  }
  return found;
}

/** A Reason header's value for a cause. */
export function reasonOf(cause: ClearCause): string {
  const { q850, text } = completeCause(cause);
  return `Q.850;cause=${q850};text="${text.replace(/["\\\r\n]/g, ' ')}"`;
}

/** An ordinary end. */
export const normalEnd: ClearCause = { q850: 16, text: 'normal clearing' };
