import { AV_OPT_SEARCH_CHILDREN } from 'node-av/constants';
import { Option, type OptionCapableObject } from 'node-av/lib';

/**
 * Sets FFmpeg's options by name, its own and its codec's or format's. Not by a dictionary given at opening: FFmpeg frees
 * what it takes of it, and the binding frees the same memory again when the dictionary is collected.
 * @throws Error for an option that is refused.
 */
export function setOptions(
  object: { getNative(): OptionCapableObject },
  options: Readonly<Record<string, string>>,
): void {
  const native = object.getNative();
  for (const [name, value] of Object.entries(options)) {
    const outcome = Option.set(native, name, value, AV_OPT_SEARCH_CHILDREN);
    if (outcome < 0) throw new Error(`FFmpeg refuses ${name}=${value} (${outcome})`);
  }
}
