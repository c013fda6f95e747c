import assert from 'node:assert/strict';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Format } from '../../provisioning/template.ts';

/** Readers of device files that take nothing but what the vendor's own format allows: name → value, in the file's order. */
export type Pairs = [string, string][];

/** An element as fast-xml-parser gives it when order matters. */
type Element = { [name: string]: Element[] | string | Record<string, string> };

function elementsOf(text: string): Element[] {
  assert.equal(XMLValidator.validate(text), true, text);
  assert.ok(!text.includes('\u0000'));
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: true,
  });
  const [declaration, ...rest] = parser.parse(text) as Element[];
  assert.deepEqual(Object.keys(declaration ?? {})[0], '?xml');
  return rest.filter((one) => nameOf(one) !== '#text');
}

const nameOf = (element: Element): string => Object.keys(element).find((name) => name !== ':@') ?? '';
const attributesOf = (element: Element): Record<string, string> => (element[':@'] ?? {}) as Record<string, string>;
const childrenOf = (element: Element): Element[] =>
  (element[nameOf(element)] as Element[]).filter(
    (one) => nameOf(one) !== '#text' || String(one['#text']).trim() !== '',
  );
const textOf = (element: Element): string => {
  const inner = element[nameOf(element)] as Element[];
  assert.ok(inner.every((one) => nameOf(one) === '#text'));
  return inner.map((one) => String(one['#text'])).join('');
};

function only(elements: Element[], name: string): Element {
  assert.deepEqual(elements.map(nameOf), [name]);
  return elements[0]!;
}

function readYealink(text: string): Pairs {
  assert.ok(text.endsWith('\n'));
  const [first, ...lines] = text.slice(0, -1).split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  assert.equal(first, '#!version:1.0.0.1');
  return lines.map((line) => {
    const include = /^include:config "([^"]+)"$/.exec(line);
    if (include) return ['include:config', include[1]!];
    const match = /^([A-Za-z0-9_.]+) = (\S|\S.*\S)$/.exec(line);
    assert.ok(match, line);
    return [match[1]!, match[2]!];
  });
}

function readGrandstream(text: string): Pairs {
  const [mac, config, ...more] = childrenOf(only(elementsOf(text), 'gs_provision'));
  assert.equal(more.length, 0);
  assert.match(textOf(mac!), /^[0-9a-f]{12}$/);
  assert.deepEqual(attributesOf(config!), { version: '1' });
  return childrenOf(config!).map((one) => {
    assert.match(nameOf(one), /^P\d+$/);
    return [nameOf(one), textOf(one)];
  });
}

function readGrandstreamItems(text: string): Pairs {
  const [mac, config, ...more] = childrenOf(only(elementsOf(text), 'gs_provision'));
  assert.equal(more.length, 0);
  assert.match(textOf(mac!), /^[0-9a-f]{12}$/);
  assert.deepEqual(attributesOf(config!), { version: '2' });
  return childrenOf(config!).map((one) => {
    assert.equal(nameOf(one), 'item');
    const { name = '', ...others } = attributesOf(one);
    assert.deepEqual(others, {});
    assert.match(name, /^[a-z]\w*(\.\w+)+$/i);
    return [name, textOf(one)];
  });
}

function readPoly(text: string): Pairs {
  const [root] = elementsOf(text);
  if (nameOf(root!) === 'APPLICATION') return Object.entries(attributesOf(root!));
  const all = only(childrenOf(only(elementsOf(text), 'PHONE_CONFIG')), 'ALL');
  assert.deepEqual(childrenOf(all), []);
  return Object.entries(attributesOf(all));
}

function readCisco(text: string): Pairs {
  return childrenOf(only(elementsOf(text), 'flat-profile')).map((one) => {
    assert.deepEqual(attributesOf(one), { ua: 'na' });
    return [nameOf(one), textOf(one)];
  });
}

const readTree =
  (root: string, index: string | undefined, leaf: Record<string, string>) =>
  (text: string): Pairs => {
    const walk = (element: Element, path: string, step: string): Pairs => {
      const here = `${path}${step}`;
      const own = Object.entries(attributesOf(element)).filter(([name]) => name !== index && !(name in leaf));
      const attributes: Pairs = own.map(([name, value]) => [`${here}@${name}`, value]);
      const children = childrenOf(element);
      if (children.length > 0 && children.every((one) => nameOf(one) !== '#text'))
        return [...attributes, ...inside(children, `${here}/`)];
      for (const [name, value] of Object.entries(leaf)) assert.equal(attributesOf(element)[name], value);
      return [...attributes, [here, textOf(element)]];
    };
    const inside = (elements: Element[], path: string): Pairs => {
      const counted = new Map<string, number>();
      return elements.flatMap((element) => {
        const name = nameOf(element);
        const place = index === undefined ? undefined : attributesOf(element)[index];
        counted.set(name, (counted.get(name) ?? 0) + 1);
        // Without an attribute that counts them, siblings of one name are counted here.
        const many = index === undefined && elements.length > 0 && name === 'item' ? counted.get(name) : place;
        return walk(element, path, many === undefined ? name : `${name}[${many}]`);
      });
    };
    return inside(childrenOf(only(elementsOf(text), root)), '');
  };

/** Reads a device's file back. @throws AssertionError where the format is broken. */
export const read: Readonly<Record<Format, (text: string) => Pairs>> = {
  'yealink-cfg': readYealink,
  'grandstream-xml': readGrandstream,
  'grandstream-items': readGrandstreamItems,
  'poly-xml': readPoly,
  'poly-directory': readTree('directory', undefined, {}),
  'cisco-xml': readCisco,
  'snom-xml': readTree('settings', 'idx', { perm: '' }),
  'fanvil-xml': readTree('sysConf', 'index', {}),
  'roomos-xml': readTree('Configuration', 'item', {}),
};
