import type { Content } from './formats.ts';
import { escapeXml, xmlHead } from './xml.ts';

/** What is a format's own: the outermost element, the attribute that counts siblings (if any), attributes of each value. */
interface Shape {
  root: string;
  index?: string;
  leaf: Readonly<Record<string, string>>;
}

interface Element {
  name: string;
  attributes: [string, string][];
  children: Map<string, Element>;
  value?: string;
}

/** Writes entries whose names are paths (`SIP/Proxy[1]/Address`, `fkey[1]@label`) as elements within elements. */
export function treeXml({ root, index, leaf }: Shape): (content: Content) => string {
  const elementOf = (step: string): Element => {
    const [, name = step, place] = /^(.*?)(?:\[(.*)\])?$/.exec(step) ?? [];
    return {
      name,
      attributes: place === undefined || index === undefined ? [] : [[index, place]],
      children: new Map(),
    };
  };
  return ({ entries }) => {
    const top = elementOf(root);
    for (const { name, value } of entries) {
      const [path = '', attribute] = name.split('@');
      let element = top;
      for (const step of path.split('/')) {
        const next = element.children.get(step) ?? elementOf(step);
        element.children.set(step, next);
        element = next;
      }
      if (attribute === undefined) element.value = value;
      else element.attributes.push([attribute, value]);
    }
    return xmlHead + lines(top, '', Object.entries(leaf));
  };
}

function lines(element: Element, indent: string, leaf: readonly [string, string][]): string {
  const attributes = element.value === undefined ? element.attributes : [...element.attributes, ...leaf];
  const open = `${indent}<${element.name}${attributes.map(([name, value]) => ` ${name}="${escapeXml(value)}"`).join('')}>`;
  if (element.value !== undefined) return `${open}${escapeXml(element.value)}</${element.name}>\n`;
  const inner = [...element.children.values()].map((child) => lines(child, `${indent}  `, leaf)).join('');
  return `${open}\n${inner}${indent}</${element.name}>\n`;
}
