/** What went wrong, in the words of whoever threw it: an error's message, else the thrown value as text. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
