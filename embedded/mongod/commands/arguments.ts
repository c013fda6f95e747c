import { type Doc, isDoc, toPlain } from '../document.ts';
import { CommandError } from '../errors.ts';

/* Fields of a command, checked where they come in. */

export function text(command: Doc, field: string): string {
  const value = command[field];
  if (typeof value !== 'string' || value === '') {
    throw new CommandError('BadValue', `collection name has invalid type or is empty in '${field}'`);
  }
  return value;
}

export function document(command: Doc, field: string): Doc {
  const value = command[field];
  if (value === undefined || value === null) return {};
  if (!isDoc(value))
    throw new CommandError('TypeMismatch', `BSON field '${field}' is the wrong type, expected type 'object'`);
  return value;
}

export function documents(command: Doc, field: string): Doc[] {
  const value = command[field];
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every(isDoc)) {
    throw new CommandError('TypeMismatch', `BSON field '${field}' is the wrong type, expected type 'array' of objects`);
  }
  return value;
}

/** A whole number not below zero; undefined when missing. */
export function wholeNumber(command: Doc, field: string): number | undefined {
  const value = toPlain(command[field]);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number')
    throw new CommandError('TypeMismatch', `BSON field '${field}' is the wrong type, expected a number`);
  if (!Number.isInteger(value) || value < 0)
    throw new CommandError('BadValue', `BSON field '${field}' value must be >= 0, actual value '${value}'`);
  return value;
}

/** Booleans, and numbers as the protocol takes them. */
export function flag(command: Doc, field: string, otherwise = false): boolean {
  const value = toPlain(command[field]);
  return value === undefined || value === null ? otherwise : Boolean(value);
}
