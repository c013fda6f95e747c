import type { Template } from './template.ts';
import { grandstreamGxp1700 } from './templates/grandstream/gxp1700.ts';
import { yealinkPhones } from './templates/yealink/phones.ts';

const templates: readonly Template[] = [yealinkPhones, grandstreamGxp1700];

/** Every model that there is a template for. */
export const models = templates.flatMap((template) =>
  template.models.map((model) => ({ model, vendor: template.vendor, template })),
);

/** The template of a model, by its printed name. */
export const templateOf = (model: string): Template | undefined => models.find((one) => one.model === model)?.template;
