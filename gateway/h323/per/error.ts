/** What is wrong with an encoding or with a value that should be encoded. */
export type PerFault =
  | 'truncated' // more is announced than is left
  | 'range' // a number, a size or a character outside what the type can carry
  | 'index' // a CHOICE or ENUMERATED index that the type does not have
  | 'nesting' // deeper than any message of the Recommendations
  | 'value'; // a value of another kind than the type's (encoding only)

/** Thrown by `decode` and `encode`: what is wrong, and at which field (`h323-uu-pdu.h245Control[2]`). */
export class PerError extends Error {
  readonly fault: PerFault;
  readonly reason: string;
  path = '';

  constructor(fault: PerFault, reason: string) {
    super(reason);
    this.name = 'PerError';
    this.fault = fault;
    this.reason = reason;
  }
}

/** Tells an error the field in which it occurred; called from the inside outwards. */
export function within(error: unknown, step: string): unknown {
  if (error instanceof PerError) {
    error.path = error.path === '' || error.path.startsWith('[') ? step + error.path : `${step}.${error.path}`;
    error.message = `${error.path}: ${error.reason}`;
  }
  return error;
}
