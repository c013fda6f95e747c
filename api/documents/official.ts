import { DateTime } from 'luxon';
import { say } from '../../platform/messages/messages.ts';
import type { Office } from '../../store/schema/office.ts';

/*
 * An administrative document as Decree 30/2020/NĐ-CP (appendix I) sets it out, before it becomes a file: name of the
 * nation and motto, agency, number and symbol, place and date, name and subject, text, recipients, signature. Such
 * documents are in Vietnamese.
 */

export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'item'; text: string }
  | { kind: 'table'; head: string[]; rows: string[][] /** Shares of the width. */; widths: number[] };

export interface OfficialDocument {
  parentAgency: string | undefined;
  agency: string;
  /** “Số: 15/TB-UBND”. */
  number: string;
  /** “Lục Nam, ngày 05 tháng 02 năm 2026”. */
  placeAndDate: string;
  /** “THÔNG BÁO”. */
  name: string;
  subject: string;
  /** Not issued yet: says so above. */
  draft: boolean;
  body: Block[];
  recipients: string[];
  /** “TM. ỦY BAN NHÂN DÂN”, “CHỦ TỊCH”: a line each. */
  signAs: string[];
  signer: string;
}

/** Days below 10 and the months 1 and 2 are written with a zero (appendix I, part I, II.4). */
export function dayInWords(date: Date | undefined, place: string, zone: string): string {
  const day = date === undefined ? undefined : DateTime.fromJSDate(date, { zone });
  return say('vi', 'document.place-date', {
    place,
    day: day === undefined ? '…' : String(day.day).padStart(2, '0'),
    month: day === undefined ? '…' : day.month < 3 ? `0${day.month}` : String(day.month),
    year: day === undefined ? '…' : String(day.year),
  });
}

/** Head and foot of a document of the office. */
export function frameOf(
  office: Office,
  asked: { type: string; number: string | undefined; date: Date | undefined; zone: string; recipients?: string[] },
): Omit<OfficialDocument, 'name' | 'subject' | 'draft' | 'body'> {
  const recipients =
    asked.recipients !== undefined && asked.recipients.length > 0 ? asked.recipients : office.recipients;
  return {
    parentAgency: office.parentAgency,
    agency: office.agency,
    number: say('vi', 'document.number', { number: asked.number ?? '…', symbol: `${asked.type}-${office.symbol}` }),
    placeAndDate: dayInWords(asked.date, office.place, asked.zone),
    recipients: [...recipients.map((one) => `- ${one};`), say('vi', 'document.kept')],
    signAs: [office.signAs, ...office.signerTitles],
    signer: office.signer ?? '',
  };
}

/** Text of several lines as paragraphs. */
export const paragraphs = (text: string): Block[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ kind: 'paragraph', text: line }));
