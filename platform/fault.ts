/** What kind of refusal a fault is; the API turns it into an HTTP status. */
export type FaultKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'busy'
  | 'too-many'
  | 'unavailable';

/**
 * A refusal that a person is told about: a stable code (the key of a sentence in the message catalogues), the field
 * at fault where there is one, and values for the sentence.
 */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly code: string;
  readonly field: string | undefined;
  readonly values: Record<string, string | number>;
  /** More for programs: what exactly stands in the way. */
  readonly details: readonly object[] | undefined;

  constructor(
    kind: FaultKind,
    code: string,
    options: { field?: string; values?: Record<string, string | number>; details?: readonly object[] } = {},
  ) {
    super(code);
    this.name = 'Fault';
    this.kind = kind;
    this.code = code;
    this.field = options.field;
    this.values = options.values ?? {};
    this.details = options.details;
  }
}
