import { z } from 'zod';

/* The engines as the API shows them; the launcher, which runs them, fills this in. */

export const engineName = z.enum(['sip', 'media', 'store']);
export type EngineName = z.output<typeof engineName>;

export const engineView = z.object({
  name: engineName,
  /** Started and watched by the product; else a configured one, which is reached and not run by it. */
  ours: z.boolean(),
  /** Where it is reached, without passwords; of ours nothing is told. */
  addresses: z.array(z.string()),
  /** Of ours alone: whether it runs, since when, how often it ended by itself, and why the last time. */
  state: z.enum(['idle', 'starting', 'running', 'waiting', 'stopping', 'stopped']).optional(),
  since: z.date().optional(),
  ends: z.number().int().optional(),
  lastEnd: z.object({ at: z.date(), reason: z.string() }).optional(),
});
export type EngineView = z.output<typeof engineView>;

export interface EngineDesk {
  list(): EngineView[];
  /** Starts one of ours again, as after a crash: calls are picked up where they were. @throws when it does not come up */
  restart(name: EngineName): Promise<void>;
}
