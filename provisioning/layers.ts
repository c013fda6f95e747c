import type { Endpoint } from '../store/schema/places.ts';
import type { Store } from '../store/store.ts';
import { modelNamed } from './catalogue.ts';
import { type Overrides, overrides } from './settings.ts';

/** What was set otherwise: for all devices of a model, for all at a site, for one device. The later counts. */
export interface Layers {
  model: Overrides;
  site: Overrides;
  device: Overrides;
}

/** What is kept of a device's layers. `model`: where another than its own is meant. */
export async function storedLayers(
  store: Pick<Store, 'deviceOverrides'>,
  { device, siteId }: Pick<Endpoint, 'device' | 'siteId'>,
  model = device?.model,
): Promise<Layers> {
  const all = await store.deviceOverrides.recall();
  const ofModel = all.find(({ of, scope }) => scope === 'model' && proper(of) === proper(model ?? ''));
  const ofSite = all.find(({ of, scope }) => scope === 'site' && of === siteId);
  const read = (set: unknown) => overrides.parse(set ?? {});
  return { model: read(ofModel?.overrides), site: read(ofSite?.overrides), device: read(device?.overrides) };
}

/** A model may be called several things. */
const proper = (model: string): string => modelNamed(model)?.model.name ?? model.toLowerCase();

/** Layers in the order in which they are laid over one another. */
export const inOrder = ({ model, site, device }: Layers): Overrides[] => [model, site, device];
