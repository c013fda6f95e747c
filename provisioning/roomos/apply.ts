import type { Entry } from '../entries.ts';
import { write } from '../formats/formats.ts';
import type { CodecSession } from './client.ts';
import { plainPath, readConfiguration, readPutAnswer } from './document.ts';

/** What became of one setting. */
export interface AppliedSetting {
  path: string;
  result: 'applied' | 'refused' | 'differs';
  reason?: string;
}

/** Settings put one by one when the codec did not take them all together. */
const mostAlone = 100;

/**
 * Puts settings on a codec and reads them back. First all in one document; what does not read back as it was put is put
 * again alone, so that one setting that this model does not have does not take the others with it, and tells why.
 * @throws CodecError, DocumentError
 */
export async function applySettings(
  session: Pick<CodecSession, 'put' | 'get'>,
  entries: readonly Entry[],
): Promise<AppliedSetting[]> {
  const reasons = new Map<string, string>();
  const put = async (some: readonly Entry[]): Promise<void> => {
    const { text } = write('roomos-xml', { entries: some, mac: '', pointsTo: undefined });
    for (const { path, reason } of readPutAnswer(await session.put(text))) {
      const paths = path === undefined ? some.map(({ name }) => name) : [path];
      for (const one of paths) reasons.set(plainPath(one), reason);
    }
  };
  await put(entries);
  let present = readConfiguration(await session.get('/Configuration'));
  // A refused document may have been taken in part, or not at all.
  const wholeRefused = reasons.size > 0;
  const wrong = entries.filter((entry) => (entry.secret ? wholeRefused : !fits(present, entry))).slice(0, mostAlone);
  if (wrong.length > 0) {
    reasons.clear();
    for (const entry of wrong) await put([entry]);
    present = readConfiguration(await session.get('/Configuration'));
  }
  return entries.map((entry) => {
    const reason = reasons.get(plainPath(entry.name));
    if (reason !== undefined) return { path: entry.name, result: 'refused', reason };
    // A password reads back as nothing, or as stars: that it was taken is all there is to know.
    return { path: entry.name, result: entry.secret || fits(present, entry) ? 'applied' : 'differs' };
  });
}

/** Whether a setting reads back as it was put; a codec may write words of its own with other capitals. */
function fits(present: ReadonlyMap<string, string>, { name, value }: Entry): boolean {
  const found = present.get(plainPath(name));
  return found !== undefined && found.toLowerCase() === value.trim().toLowerCase();
}
