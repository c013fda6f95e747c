import type { Codec, DeviceSettings } from './settings.ts';
import type { CodecOrder, Parameter, Template } from './template.ts';
import { accountValues, deviceValues, keyValues } from './values.ts';

/** A parameter with its value, as a file will hold it. */
export interface Entry {
  name: string;
  value: string;
  secret: boolean;
  /** Of a speed-dial key: some devices have a file of its own for these. */
  key: boolean;
}

/** What a template says for these settings, in order; each name once. */
export function entriesOf(template: Template, settings: DeviceSettings): Entry[] {
  const device = deviceValues(template, settings);
  const entries = template.device.flatMap((parameter) => entryOf(parameter, device));
  for (const [place, account] of settings.accounts.entries()) {
    const values = accountValues(account, device);
    for (const parameter of template.accounts[place] ?? []) entries.push(...entryOf(parameter, values));
  }
  if (template.codecs) entries.push(...codecEntries(template.codecs, template.codecNames, settings.codecs));
  for (const key of settings.speedDials) {
    const values = keyValues(key, settings.accounts[0]);
    for (const parameter of template.keys[key.key - 1] ?? []) entries.push(...entryOf(parameter, values, true));
  }
  return entries;
}

function entryOf<V extends string>(
  parameter: Parameter<V>,
  known: Record<V, string | undefined>,
  key = false,
): Entry[] {
  const value = textOf(parameter, known);
  return value === undefined ? [] : [{ name: parameter.name, value, secret: parameter.secret === true, key }];
}

/** Whether a parameter is for these settings at all. */
export const applies = <V extends string>(
  { when, unless }: Pick<Parameter<V>, 'when' | 'unless'>,
  known: Record<V, string | undefined>,
): boolean =>
  (when === undefined || known[when] !== undefined) && (unless === undefined || known[unless] === undefined);

function textOf<V extends string>(parameter: Parameter<V>, known: Record<V, string | undefined>): string | undefined {
  if (!applies(parameter, known)) return undefined;
  if ('fixed' in parameter) return parameter.fixed;
  if ('from' in parameter) {
    const given = known[parameter.from];
    return given === undefined || parameter.values === undefined ? given : parameter.values[given];
  }
  let whole = '';
  for (const piece of parameter.pieces) {
    if (typeof piece === 'string') {
      whole += piece;
      continue;
    }
    const given: string | undefined = known[piece.from];
    if (given === undefined) return undefined;
    whole += [...given].map((sign) => (piece.without?.includes(sign) ? ' ' : sign)).join('');
  }
  return whole;
}

function codecEntries(order: CodecOrder, names: Template['codecNames'], wanted: readonly Codec[]): Entry[] {
  const plain = (name: string, value: string): Entry => ({ name, value, secret: false, key: false });
  const known = wanted.filter((codec) => names[codec] !== undefined);
  const rankOf = (codec: string) => (known as readonly string[]).indexOf(codec) + 1;
  switch (order.kind) {
    case 'places': {
      const last = known.at(-1);
      return order.places.flatMap(({ codec, none, enable }, place) => {
        const wantedHere = known[place];
        const name = names[wantedHere ?? last ?? 'PCMA'] ?? '';
        if (enable !== undefined)
          return wantedHere === undefined
            ? [plain(enable.name, enable.off)]
            : [plain(enable.name, enable.on), plain(codec, name)];
        if (last === undefined) return [];
        return [plain(codec, wantedHere === undefined && none !== undefined ? none : name)];
      });
    }
    case 'ranks':
      return Object.entries(order.names).map(([codec, name]) => plain(name, String(rankOf(codec) || order.off)));
    case 'switches':
      return Object.entries(order.codecs).flatMap(([codec, { enable, rank }]) => {
        const place = rankOf(codec);
        return place === 0 ? [plain(enable, order.off)] : [plain(enable, order.on), plain(rank, String(place))];
      });
    case 'list':
      return known.length === 0
        ? []
        : [
            plain(
              order.name,
              [...known.map((codec) => names[codec]), ...(order.tail === undefined ? [] : [order.tail])].join(
                order.separator,
              ),
            ),
          ];
  }
}

const hidden = '********';

/** The same with secrets made unreadable, for eyes. */
export const withoutSecrets = (entries: readonly Entry[]): Entry[] =>
  entries.map((entry) => (entry.secret ? { ...entry, value: hidden } : entry));

/** A parameter that another file has otherwise. */
export interface Difference {
  name: string;
  before: string | null;
  after: string | null;
}

/** What changes from one set of entries to another, by parameter. Hide secrets first: two hidden ones are alike. */
export function differences(before: readonly Entry[], after: readonly Entry[]): Difference[] {
  const [old, now] = [before, after].map((list) => new Map(list.map(({ name, value }) => [name, value])));
  return [...new Set([...before, ...after].map(({ name }) => name))]
    .map((name) => ({ name, before: old?.get(name) ?? null, after: now?.get(name) ?? null }))
    .filter((one) => one.before !== one.after);
}
