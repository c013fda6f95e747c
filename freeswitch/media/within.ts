import { errorText } from '../../platform/error-text.ts';
import { MediaError } from './media.ts';

const commandTimeoutMs = 10_000;

/**
 * Refuses to wait for ever for an engine.
 * @param what What is waited for, as it stands in the error.
 * @param tooLate Takes what came after all, to give it back.
 * @throws MediaError when it fails, or does not come within so many ms.
 */
export async function within<T>(
  what: string,
  work: Promise<T>,
  ms = commandTimeoutMs,
  tooLate?: (late: T) => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      over = true;
      reject(new MediaError(`${what}: the media engine does not answer`));
    }, ms);
  });
  work.then(
    (value) => {
      if (over) tooLate?.(value);
    },
    () => {},
  );
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw error instanceof MediaError ? error : new MediaError(`${what}: ${reasonOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** What the library threw, with the status of a refused call behind it. */
function reasonOf(error: unknown): string {
  const text = errorText(error).trim();
  return typeof error === 'object' && error !== null && 'status' in error ? `${text} (${error.status})` : text;
}
