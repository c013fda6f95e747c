import { z } from 'zod';
import { id, stamps, title } from './names.ts';

/** The five kinds of case that the plan of the commune names (`commune-plan`: đối tượng). */
export const caseKind = z.enum([
  /** Complaint, petition or report within the commune's authority, by somebody who is received where they are. */
  'remote',
  /** Many people, order at risk, a hot spot. */
  'crowd',
  /** Several agencies or localities, or a place that is hard to travel from. */
  'several-agencies',
  /** Connected on request or instruction of another level. */
  'on-request',
  /** Whatever else the chair of the province or of the commune decides. */
  'chair-decides',
]);

/** Whose business it is to decide. */
export const authority = z.enum(['commune', 'province', 'central']);
export type Authority = z.output<typeof authority>;

/** How far a case has come. */
export const caseState = z.enum([
  'registered',
  /** The office proposed it to the commune's chair. */
  'proposed',
  /** The commune's chair reported it to the authority above. */
  'reported',
  'accepted',
  'refused',
  /** It stands on the list of a session. */
  'linked',
  'held',
  /** The notice of the result is issued. */
  'noticed',
  'closed',
]);
export type CaseState = z.output<typeof caseState>;

/** What brings a case on. */
export const caseStep = z.enum([
  'propose',
  'report',
  'accept',
  'refuse',
  'link',
  'unlink',
  'hold',
  'issue-notice',
  'close',
  /** The citizens take it back. */
  'withdraw',
]);
export type CaseStep = z.output<typeof caseStep>;

/** A citizen, with no more than the reception needs. */
export const citizen = z.object({
  name: title,
  birthYear: z.number().int().min(1900).max(2100).optional(),
  address: z.string().trim().min(1).max(300).optional(),
  phone: z
    .string()
    .trim()
    .regex(/^[+\d][\d .-]{5,19}$/)
    .optional(),
  /** Number of the identity card, where the case needs it. */
  idNumber: z
    .string()
    .trim()
    .regex(/^[A-Z0-9]{8,12}$/i)
    .optional(),
});
export type Citizen = z.output<typeof citizen>;

/** A step that was taken: who, when, why. */
const stepTaken = z.object({
  step: caseStep,
  from: caseState,
  to: caseState,
  at: z.date(),
  /** Log-in name. */
  by: z.string().max(64),
  reason: z.string().max(2000).optional(),
});

/** What the authority decided on the request to be received online. */
const decision = z.object({
  verdict: z.enum(['accepted', 'refused']),
  /** The office that decided, as it is written in documents: “Chủ tịch UBND tỉnh”. */
  by: title,
  reason: z.string().trim().min(1).max(2000),
  /** Number and date of the paper, where there is one. */
  document: z.string().trim().max(200).optional(),
  at: z.date(),
});

/** The notice of the result (“Thông báo kết quả tiếp công dân trực tuyến”). */
export const notice = z.object({
  /** Number of the document: “15”. */
  number: z
    .string()
    .trim()
    .regex(/^\d{1,6}[a-zA-Z]?$/)
    .optional(),
  /** Day of the document. */
  date: z.date().optional(),
  /** What the citizens asked for. */
  request: z.string().trim().max(10_000).default(''),
  /** What was said and explained in the session. */
  content: z.string().trim().max(20_000).default(''),
  /** What was concluded, who does what until when. */
  conclusion: z.string().trim().max(20_000).default(''),
  /** Who gets it; the office's own list when empty. */
  recipients: z.array(z.string().trim().min(1).max(200)).max(30).default([]),
  /** In whose name it is signed, and by whom; the office's own when absent. */
  signAs: z.string().trim().max(200).optional(),
  signer: z.string().trim().max(200).optional(),
  issuedAt: z.date().optional(),
});
export type Notice = z.output<typeof notice>;

/** A case of a citizen who asks to be received online. */
export const reception = z.object({
  id,
  /** Year and number within it: “2026-00012”. */
  code: z.string().regex(/^\d{4}-\d{5}$/),
  title,
  kind: caseKind,
  authority: authority,
  state: caseState.default('registered'),
  citizens: z.array(citizen).min(1).max(100),
  /** How many people it concerns, where more than are named. */
  people: z.number().int().min(1).max(100_000).optional(),
  summary: z.string().trim().max(20_000).default(''),
  note: z.string().trim().max(5_000).optional(),
  registeredAt: z.date(),
  sessionId: id.optional(),
  decision: decision.optional(),
  /** What came out of the session, in short. */
  outcome: z.string().trim().max(5_000).optional(),
  notice: notice.optional(),
  history: z.array(stepTaken).max(200).default([]),
  /** What it is found by (`platform/search.ts`); never given out. */
  words: z.array(z.string()).default([]),
  ...stamps,
});
export type Case = z.output<typeof reception>;
