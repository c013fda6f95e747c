import type { Endpoint } from '../../store/schema/places.ts';
import type { Resource } from '../resources/crud.ts';
import type { Exchange } from '../route.ts';
import type { Services } from '../services.ts';
import type { Step } from './plan.ts';

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
  const done: { kept: Endpoint; before: Endpoint | undefined }[] = [];
  try {
    for (const step of steps) {
      if (step.action === 'same') continue;
      if (step.action === 'create') {
        const kept = await endpoints.insert(step.thing);
        undo.push(() => endpoints.remove(kept.id));
        done.push({ kept, before: undefined });
        continue;
      }
      const { before } = step;
      const kept = await endpoints.update(before.id, step.change);
      if (kept === undefined) throw new Error(`endpoint ${before.id} is gone`);
      undo.push(() => endpoints.update(before.id, former(before, step.change)));
      done.push({ kept, before });
    }
  } catch (error) {
    for (const takeBack of undo.reverse())
      await takeBack().catch((failed: unknown) =>
        logger.error({ err: failed }, 'an import could not be taken back whole'),
      );
    throw error;
  }
  for (const { before, kept } of done) {
    await audit.changed(exchange, {
      what: resource.what,
      id: kept.id,
      action: before === undefined ? 'create' : 'change',
      ...(before === undefined ? {} : { before: resource.toView(before) }),
      after: resource.toView(kept),
    });
    await resource.changed?.(kept, before);
  }
}

/** What the changed fields were. */
function former(before: Endpoint, change: Record<string, unknown>): Record<string, unknown> {
  const fields = before as unknown as Record<string, unknown>;
  return Object.fromEntries(Object.keys(change).map((field) => [field, fields[field]]));
}
