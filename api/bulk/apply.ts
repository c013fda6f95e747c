import type { Endpoint } from '../../store/schema/places.ts';
import type { Resource } from '../resources/crud.ts';
import type { Exchange } from '../route.ts';
import type { Services } from '../services.ts';
import type { Step } from './plan.ts';

/** Written at once: the store puts what comes together onto the disk together. */
const atOnce = 50;

/**
 * Does what a plan says, all of it or nothing: when a step fails, the steps before it are taken back. To be called in the
 * collection's turn. @throws what the step failed with.
 */
export async function applyImport(
  { audit, logger, store }: Services,
  resource: Resource<Endpoint>,
  steps: readonly Step[],
  exchange: Pick<Exchange<unknown, unknown, unknown>, 'actor' | 'address'>,
): Promise<void> {
  const { endpoints } = store;
  const undo: (() => Promise<unknown>)[] = [];
  const kept: { now: Endpoint; before: Endpoint | undefined }[] = [];
  const one = async (step: Step): Promise<void> => {
    if (step.action === 'same') return;
    if (step.action === 'create') {
      undo.push(() => endpoints.remove(step.thing.id));
      kept.push({ now: await endpoints.insert(step.thing), before: undefined });
      return;
    }
    const { before, change } = step;
    undo.push(() => endpoints.update(before.id, former(before, change)));
    const now = await endpoints.update(before.id, change);
    if (now === undefined) throw new Error(`endpoint ${before.id} is gone`);
    kept.push({ now, before });
  };
  for (let from = 0; from < steps.length; from += atOnce) {
    const results = await Promise.allSettled(steps.slice(from, from + atOnce).map(one));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed === undefined) continue;
    for (const takeBack of undo.reverse())
      await takeBack().catch((error: unknown) =>
        logger.error({ err: error }, 'an import could not be taken back whole'),
      );
    throw failed.reason;
  }
  await Promise.all(
    kept.map(async ({ before, now }) => {
      await audit.changed(exchange, {
        what: resource.what,
        id: now.id,
        action: before === undefined ? 'create' : 'change',
        ...(before === undefined ? {} : { before: resource.toView(before) }),
        after: resource.toView(now),
      });
      await resource.changed?.(now, before);
    }),
  );
}

/** What the changed fields were. */
function former(before: Endpoint, change: Record<string, unknown>): Record<string, unknown> {
  const fields = before as unknown as Record<string, unknown>;
  return Object.fromEntries(Object.keys(change).map((field) => [field, fields[field]]));
}
