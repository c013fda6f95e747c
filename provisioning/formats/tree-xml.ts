import type { Content } from './formats.ts';
import { escapeXml, xmlHead } from './xml.ts';

/** What is a format's own: the outermost element, the attribute that counts siblings, attributes of each value. */
interface Shape {
  root: string;
  index: string;
  leaf: Readonly<Record<string, string>>;
}

interface Node {
  children: Map<string, Node>;
  value?: string;
}

/** Writes entries whose names are paths (`SIP/Proxy[1]/Address`) as elements within elements. */
export function treeXml({ root, index, leaf }: Shape): (content: Content) => string {
  const leafAttributes = Object.entries(leaf)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
  const lines = (node: Node, indent: string): string =>
    [...node.children]
      .map(([step, child]) => {
        const [, name = step, place] = /^(.*?)(?:\[(.*)\])?$/.exec(step) ?? [];
        const open = place === undefined ? name : `${name} ${index}="${place}"`;
        return child.value === undefined
          ? `${indent}<${open}>\n${lines(child, `${indent}  `)}${indent}</${name}>\n`
          : `${indent}<${open}${leafAttributes}>${escapeXml(child.value)}</${name}>\n`;
      })
      .join('');
  return ({ entries }) => {
    const top: Node = { children: new Map() };
    for (const { name, value } of entries) {
      let node = top;
      for (const step of name.split('/')) {
        const next = node.children.get(step) ?? { children: new Map<string, Node>() };
        node.children.set(step, next);
        node = next;
      }
      node.value = value;
    }
    return `${xmlHead}<${root}>\n${lines(top, '  ')}</${root}>\n`;
  };
}
