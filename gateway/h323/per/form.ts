/**
 * What a peer's encoding had beyond its value: our encoder gives it back, so that a message passed on has the same bytes.
 * It hangs on the decoded object under a symbol that is neither copied nor compared nor printed.
 */
export interface Form {
  /** Extension additions announced (the bitmap's length), where ours would announce another number. */
  announced?: number;
  /** The announced additions were none of them there (not allowed, but met). */
  emptyAnnounced?: boolean;
  /** Octets behind a value in its open type, by the addition's place (a CHOICE has only place 0). */
  trailing?: ReadonlyMap<number, Uint8Array>;
  /** Octets behind the whole message. */
  rest?: Uint8Array;
}

const key = Symbol('form');

export function formOf(value: object): Form | undefined {
  return (value as { [key]?: Form })[key];
}

export function setForm(value: object, form: Form): void {
  Object.defineProperty(value, key, { value: { ...formOf(value), ...form }, enumerable: false, configurable: true });
}
