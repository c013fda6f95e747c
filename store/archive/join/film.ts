import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Joined, NothingRecorded } from './joined.ts';

const program = fileURLToPath(new URL('./film-program.ts', import.meta.url));
const place = z.object({ offsetMs: z.number(), durationMs: z.number() });
const line = z.object({
  percent: z.number().optional(),
  nothing: z.literal(true).optional(),
  joined: z
    .object({
      places: z.array(place.nullable().transform((one) => one ?? undefined)),
      durationMs: z.number(),
      otherFrom: z.number().optional(),
    })
    .optional(),
});

/** What a player shows of a film, and what is still known of it when nothing else is left. */
export interface FilmTitle {
  title: string;
  startedAt: Date;
}

/**
 * Joins the stretches of a film into one MP4 with its index in front, in a process of its own; nothing is encoded anew.
 * @throws NothingRecorded, or Error with the program's last words.
 */
export async function joinFilm(
  stretches: readonly string[],
  into: string,
  about: FilmTitle,
  progress: (percent: number) => void,
  signal: AbortSignal,
): Promise<Joined> {
  const order = JSON.stringify({ stretches, into, title: about.title, startedAt: about.startedAt.toISOString() });
  const child = spawn(process.execPath, [...process.execArgv, program, order], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  let words = '';
  child.stderr.on('data', (data) => {
    words = (words + data).slice(-2_000);
  });
  let joined: Joined | undefined;
  let nothing = false;
  try {
    const over = once(child, 'close');
    for await (const text of createInterface({ input: child.stdout })) {
      const told = line.parse(JSON.parse(text));
      if (told.percent !== undefined) progress(told.percent);
      if (told.nothing === true) nothing = true;
      if (told.joined !== undefined) {
        const { durationMs, otherFrom, places } = told.joined;
        joined = { places, durationMs, ...(otherFrom === undefined ? {} : { otherFrom }) };
      }
    }
    const [code, died] = (await over) as [number | null, string | null];
    signal.throwIfAborted();
    if (nothing) throw new NothingRecorded('no stretch can be read');
    if (code !== 0 || joined === undefined)
      throw new Error(words.trim().split('\n').at(-1) || `ended by ${died ?? code}`);
    return joined;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}
