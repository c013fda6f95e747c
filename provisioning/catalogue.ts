import type { Model, Template } from './template.ts';
import { ciscoMpp7800, ciscoMpp8800, ciscoSpa } from './templates/cisco/flat-profile.ts';
import { ciscoRoomos } from './templates/cisco/roomos.ts';
import { fanvilOlder, fanvilPaged, fanvilPhones, fanvilV } from './templates/fanvil/phones.ts';
import { grandstreamGvc } from './templates/grandstream/gvc.ts';
import {
  grandstreamGxp2100,
  grandstreamGxp2130,
  grandstreamGxp2135,
  grandstreamGxp2140,
  grandstreamGxp2160,
  grandstreamGxp2170,
} from './templates/grandstream/gxp2100.ts';
import { grandstreamGxv3240 } from './templates/grandstream/gxv3240.ts';
import { grandstreamGxv3370, grandstreamGxv3380, grandstreamGxv3480 } from './templates/grandstream/gxv3300.ts';
import {
  grandstreamHt801,
  grandstreamHt802,
  grandstreamHt812,
  grandstreamHt813,
  grandstreamHt814,
  grandstreamHt818,
} from './templates/grandstream/ht800.ts';
import { grandstreamGrp2600, grandstreamGxp1600, grandstreamGxp1700 } from './templates/grandstream/phones.ts';
import { polyTrio, polyVvx, polyVvxVideo } from './templates/poly/phones.ts';
import { polyVideoos } from './templates/poly/videoos.ts';
import { snomPhones } from './templates/snom/phones.ts';
import { yealinkDect, yealinkLarge, yealinkRoom, yealinkSmall } from './templates/yealink/phones.ts';

export const templates: readonly Template[] = [
  yealinkLarge,
  yealinkSmall,
  yealinkRoom,
  yealinkDect,
  grandstreamGxp1700,
  grandstreamGxp1600,
  grandstreamGxp2100,
  grandstreamGxp2130,
  grandstreamGxp2135,
  grandstreamGxp2140,
  grandstreamGxp2160,
  grandstreamGxp2170,
  grandstreamGrp2600,
  grandstreamGxv3240,
  grandstreamGxv3370,
  grandstreamGxv3380,
  grandstreamGxv3480,
  grandstreamGvc,
  grandstreamHt801,
  grandstreamHt802,
  grandstreamHt812,
  grandstreamHt813,
  grandstreamHt814,
  grandstreamHt818,
  polyVvx,
  polyVvxVideo,
  polyTrio,
  polyVideoos,
  ciscoMpp7800,
  ciscoMpp8800,
  ciscoSpa,
  ciscoRoomos,
  fanvilPhones,
  fanvilPaged,
  fanvilV,
  fanvilOlder,
  snomPhones,
];

/** Every model that there is a template for. */
export const models: readonly { model: Model; template: Template }[] = templates.flatMap((template) =>
  template.models.map((model) => ({ model, template })),
);

/** What people call a model: with or without its vendor's name, without what every name of the vendor begins with. */
const namesOf = ({ model, template }: (typeof models)[number]): string[] => {
  const short = model.name.replace(`${template.vendor} `, '').replace(/^SIP-/, '');
  return [model.name, short, `${template.vendor} ${short}`, `${template.vendor} ${model.name}`, model.agent ?? short];
};

const byName = new Map(
  models
    .toReversed()
    .flatMap((one) => [...namesOf(one), one.model.name].map((name) => [name.toLowerCase(), one] as const)),
);

/** A model and its template, by its printed name or what people call it; capitals do not matter. */
export const modelNamed = (name: string): { model: Model; template: Template } | undefined =>
  byName.get(name.trim().toLowerCase());

/** The model that a User-Agent header names (RFC 9110, clause 10.1.5; RFC 3261, clause 20.41). */
export function recognise(userAgent: string): { model: Model; template: Template } | undefined {
  for (const template of templates) {
    const named = new RegExp(template.userAgent, 'i').exec(userAgent.slice(0, 500))?.groups?.model?.toLowerCase();
    const model = template.models.find(({ name, agent }) => (agent ?? name).toLowerCase() === named);
    if (model !== undefined) return { model, template };
  }
  return undefined;
}
