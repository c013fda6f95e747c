import type { Doc } from './document.ts';

/** The server's error codes that this program answers with, by name. */
const codes = {
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  InvalidLength: 16,
  ProtocolError: 17,
  AuthenticationFailed: 18,
  IllegalOperation: 20,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  CursorNotFound: 43,
  NamespaceExists: 48,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  CommandNotSupported: 115,
  ExceededMemoryLimit: 146,
  TooManyOpenCursors: 166,
  SnapshotTooOld: 239,
  SnapshotUnavailable: 246,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  OutOfDiskSpace: 14031,
  UnrecognizedStage: 40324,
  ChangeStreamNeedsReplicaSet: 40573,
} as const;

type CodeName = keyof typeof codes;

/** A failure in the protocol's own terms; `extra` fields are added to the answer (`keyPattern`, `keyValue`). */
export class CommandError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly extra: Doc;

  constructor(codeName: CodeName, message: string, extra: Doc = {}) {
    super(message);
    this.code = codes[codeName];
    this.codeName =
      codeName === 'ChangeStreamNeedsReplicaSet' || codeName === 'UnrecognizedStage'
        ? `Location${this.code}`
        : codeName;
    this.extra = extra;
  }

  /** The answer document of a command that failed as a whole. */
  toReply(): Doc {
    return { ok: 0, errmsg: this.message, code: this.code, codeName: this.codeName, ...this.extra };
  }
}

/** What went wrong, in the words of whoever threw it. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
