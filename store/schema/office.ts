import { z } from 'zod';
import { id, stamps } from './names.ts';

const line = z.string().trim().min(1).max(200);

/** The office in whose name documents are written; one of them, with the identifier `office`. */
export const office = z.object({
  id,
  /** The agency above, as it stands over the own name; a commune's has none but may show one. */
  parentAgency: line.optional(),
  /** “ỦY BAN NHÂN DÂN XÃ LỤC NAM”. */
  agency: line.default('ỦY BAN NHÂN DÂN XÃ'),
  /** Initials of agency and drafting unit in the symbol of a notice: “UBND-VP”. */
  symbol: z.string().trim().min(1).max(40).default('UBND'),
  /** Where documents are dated: “Lục Nam”. */
  place: line.default('Xã'),
  /** “TM. ỦY BAN NHÂN DÂN”. */
  signAs: line.default('TM. ỦY BAN NHÂN DÂN'),
  /** “CHỦ TỊCH”, “KT. CHỦ TỊCH / PHÓ CHỦ TỊCH”: a line each. */
  signerTitles: z.array(line).max(4).default(['CHỦ TỊCH']),
  signer: line.optional(),
  /** Who gets notices and reports. */
  recipients: z.array(line).max(30).default([]),
  ...stamps,
});
export type Office = z.output<typeof office>;
