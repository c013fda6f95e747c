import type { z } from 'zod';
import { Fault, type FaultKind } from '../platform/fault.ts';
import { isMessageCode, type Language, type MessageCode, say, sayFault } from '../platform/messages/messages.ts';

/** The one shape of every refusal. */
export interface ErrorBody {
  error: { code: string; message: string; field?: string; details?: readonly object[] };
}

const statusOfKind: Record<FaultKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  busy: 503,
  'too-many': 429,
  unavailable: 503,
};

/** Refusals that HTTP has a status of its own for. */
const statusOfCode: Partial<Record<string, number>> = {
  'method-not-allowed': 405,
  'changed-meanwhile': 412,
  'body-too-large': 413,
  'not-json': 415,
  'range-not-satisfiable': 416,
  'key-reused': 422,
};

export const statusOf = (fault: Fault): number => statusOfCode[fault.code] ?? statusOfKind[fault.kind];

export function errorBody(language: Language, fault: Fault): ErrorBody {
  return {
    error: {
      code: fault.code,
      message: fault instanceof FieldFault ? fault.say(language) : sayFault(language, fault),
      ...(fault.field === undefined ? {} : { field: fault.field }),
      ...(fault.details === undefined ? {} : { details: fault.details }),
    },
  };
}

/** What was sent does not fit its schema: `invalid`, with the first field at fault and what is wrong with it. */
class FieldFault extends Fault {
  private readonly issue: z.core.$ZodIssue;

  constructor(issues: readonly z.core.$ZodIssue[]) {
    const issue = deepest(issues[0]!);
    const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    super('invalid', 'invalid', { field: [...issue.path, ...unknownKey].map(String).join('.') });
    this.issue = issue;
  }

  say(language: Language): string {
    const [code, values] = sentence(this.issue, language);
    return say(language, code, { field: this.field ?? '', ...values });
  }
}

/** In a choice between shapes, the complaint of the shape that came nearest. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const inner = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
  return inner === undefined ? issue : { ...deepest(inner), path: [...issue.path, ...inner.path] };
}

function sentence(issue: z.core.$ZodIssue, language: Language): [MessageCode, Record<string, string | number>] {
  switch (issue.code) {
    case 'invalid_type': {
      if (issue.input === undefined) return ['field-required', {}];
      const kind = `field-kind-${issue.expected}`;
      return ['field-type', { expected: say(language, isMessageCode(kind) ? kind : 'field-kind-other') }];
    }
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return ['field-empty', {}];
      return [tooSmall[issue.origin] ?? 'field-too-small', { minimum: Number(issue.minimum) }];
    case 'too_big':
      return [tooBig[issue.origin] ?? 'field-too-big', { maximum: Number(issue.maximum) }];
    case 'invalid_format':
      return issue.format === 'datetime' ? ['field-time', {}] : ['field-format', {}];
    case 'invalid_value':
      return ['field-choice', { choices: issue.values.map(String).join(', ') }];
    case 'unrecognized_keys':
      return ['field-unknown', {}];
    default:
      return ['field-invalid', {}];
  }
}

/** What has a length is said in characters or things; anything else is a number. */
const tooSmall: Partial<Record<string, MessageCode>> = { string: 'field-too-short', array: 'field-too-few' };
const tooBig: Partial<Record<string, MessageCode>> = { string: 'field-too-long', array: 'field-too-many' };

/** Checks what was sent. @throws FieldFault */
export function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new FieldFault(parsed.error.issues);
}
