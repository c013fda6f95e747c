import { models, recognise as recogniseAgent } from '../catalogue.ts';
import { macIn, type Recognised, recognise } from './recognise.ts';

/** The models that there are templates for, by vendor. */
export const knownModels: readonly { model: string; vendor: string }[] = models.map(({ model, template }) => ({
  model: model.name,
  vendor: template.vendor,
}));

/** Which device calls itself so: as its template says, else by what vendors have in common. */
export function recogniseKnown(text: string): Recognised {
  const found = recogniseAgent(text);
  if (found === undefined) return recognise(text, knownModels);
  const mac = macIn(text.slice(0, 512));
  return {
    vendor: found.template.vendor,
    model: found.model.name,
    ...(mac === undefined ? {} : { mac }),
  };
}
