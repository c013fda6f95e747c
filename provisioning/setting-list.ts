import { z } from 'zod';
import type { Layers } from './layers.ts';
import { type DeviceSettings, overrides } from './settings.ts';
import type { SettingName } from './shortfall.ts';

/** What may be written into one setting, for those who build a form of it. */
export interface SettingKind {
  /** As overrides name it, with a dot where they nest: `dtmf`, `account.transport`. */
  name: SettingName;
  /** `order`: some of `choices`, each once, most wanted first; `lines`: texts; `keys`: speed dials. */
  kind: 'choice' | 'number' | 'text' | 'order' | 'lines' | 'keys';
  choices?: string[];
  /** Of a number, and what it is a multiple of. */
  least?: number;
  most?: number;
  step?: number;
}

/** Where a value comes from: what the template and the endpoint say, or the layer that was laid over it last. */
export type Origin = 'template' | keyof Layers;

interface Described {
  type?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  items?: Described;
  properties?: Record<string, Described>;
}

/** Every setting that may be set otherwise, as the schema of overrides has it. */
export const settingKinds: readonly SettingKind[] = kindsIn(
  z.toJSONSchema(overrides, { io: 'input', unrepresentable: 'any' }) as Described,
);

function kindsIn({ properties = {} }: Described, prefix = ''): SettingKind[] {
  return Object.entries(properties).flatMap(([own, described]) => {
    const name = prefix + own;
    return described.type === 'object' ? kindsIn(described, `${name}.`) : [kindOf(name, described)];
  });
}

function kindOf(name: string, { type, enum: choices, items, minimum, maximum, multipleOf }: Described): SettingKind {
  if (type === 'array') {
    if (items?.enum !== undefined) return { name, kind: 'order', choices: items.enum };
    return { name, kind: items?.type === 'object' ? 'keys' : 'lines' };
  }
  if (choices !== undefined) return { name, kind: 'choice', choices };
  if (type !== 'integer' && type !== 'number') return { name, kind: 'text' };
  return {
    name,
    kind: 'number',
    ...(minimum === undefined ? {} : { least: minimum }),
    ...(maximum === undefined ? {} : { most: maximum }),
    ...(multipleOf === undefined ? {} : { step: multipleOf }),
  };
}

/** A setting's value in what a device is set to; of accounts, the first one's. */
export function valueIn(settings: DeviceSettings, name: SettingName): unknown {
  const [group, own] = name.split('.');
  if (group === 'account') return read(settings.accounts[0], own);
  return own === undefined ? read(settings, name) : read(read(settings, group), own);
}

/** Whose word counts for a setting. */
export function originOf(layers: Layers, name: SettingName): Origin {
  const [group, own] = name.split('.');
  const says = (layer: unknown): boolean =>
    (own === undefined ? read(layer, name) : read(read(layer, group), own)) !== undefined;
  return (['device', 'site', 'model'] as const).find((layer) => says(layers[layer])) ?? 'template';
}

const read = (from: unknown, name = ''): unknown =>
  typeof from === 'object' && from !== null ? (from as Record<string, unknown>)[name] : undefined;
