/* Which device speaks, from what it calls itself in User-Agent and Event headers. Pure. */

/** What a device's own words tell of it. */
export interface Recognised {
  vendor?: string;
  /** A model that there is a template for. */
  model?: string;
  /** 12 lower-case hexadecimal digits. */
  mac?: string;
}

/** How vendors begin their User-Agent; the first that fits counts. */
const vendors: readonly [vendor: string, pattern: RegExp][] = [
  ['Yealink', /yealink/i],
  ['Grandstream', /grandstream/i],
  ['Poly', /poly(com)?[\s/_-]|polycom|\bpoly\b/i],
  ['Cisco', /cisco|linksys|sipura|tandberg/i],
  ['Fanvil', /fanvil/i],
  ['Snom', /snom/i],
  ['Huawei', /huawei/i],
  ['LifeSize', /lifesize/i],
];

/** Words that a vendor puts around the model's own name, or that our names have and its header has not. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\b(yealink|grandstream|polycom|poly|cisco|fanvil|snom|huawei|lifesize)\b/g, '')
    .replace(/^sip-/, '')
    .replace(/[^a-z0-9]/g, '');

const macPattern = /(?<![0-9a-z])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9a-z])|(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])/i;

/** A MAC address in a text, as 12 lower-case hexadecimal digits; group addresses and all zeros are none. */
export function macIn(text: string): string | undefined {
  const mac = macPattern.exec(text)?.[0].replace(/[:-]/g, '').toLowerCase();
  if (mac === undefined || /^0{12}$/.test(mac)) return undefined;
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1 ? undefined : mac;
}

/** The vendor that a text names. */
export const vendorIn = (text: string): string | undefined => vendors.find(([, pattern]) => pattern.test(text))?.[0];

/**
 * Recognises a device by its own words. `known`: models that there are templates for. A text names a model when it holds
 * the model's name as a whole (`T46S` is not in `T46SX`); of several the longest counts.
 */
export function recognise(text: string, known: readonly { model: string; vendor: string }[]): Recognised {
  const words = text.slice(0, 512);
  const vendor = vendorIn(words);
  const mac = macIn(words);
  const said = ` ${words.toLowerCase().replace(/[^a-z0-9]+/g, ' ')} `;
  const model =
    vendor === undefined
      ? undefined
      : known
          .filter((one) => vendorIn(one.vendor) === vendor)
          .filter(({ model }) => names(said, plain(model)))
          .sort((one, other) => plain(other.model).length - plain(one.model).length)[0]?.model;
  return {
    ...(vendor === undefined ? {} : { vendor }),
    ...(model === undefined ? {} : { model }),
    ...(mac === undefined ? {} : { mac }),
  };
}

/** Whether words in a row, put together, are the name; a vendor's prefix may stick to the first (`snomD785`). */
function names(said: string, name: string): boolean {
  if (name === '') return false;
  const words = said.trim().split(' ').slice(0, 60);
  for (let from = 0; from < words.length; from++) {
    let joined = '';
    for (let to = from; to < Math.min(words.length, from + 5); to++) {
      joined += words[to];
      if (joined === name || (to === from && joined.replace(/^(snom|polycom|sip|vvx)/, '') === name)) return true;
      if (joined.length > name.length + 12) break;
    }
  }
  return false;
}
