import { XMLParser } from 'fast-xml-parser';
import { errorText } from '../../platform/error-text.ts';

/* The documents that a RoomOS codec speaks over HTTPS (Cisco, API reference guides of CE 9 and RoomOS). Pure. */

/** Documents are a few hundred kB at most; what is deeper nested than this is no configuration. */
const mostDepth = 30;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
});

type Node = Record<string, unknown>;

export class DocumentError extends Error {}

function parse(text: string): Node[] {
  // A codec's documents have none; it could bring entities that grow when they are read.
  if (/<!DOCTYPE/i.test(text)) throw new DocumentError('a document type');
  try {
    return parser.parse(text) as Node[];
  } catch (error) {
    throw new DocumentError(errorText(error));
  }
}

const nameOf = (node: Node): string => Object.keys(node).find((key) => key !== ':@') ?? '';
const attribute = (node: Node, name: string): string | undefined => {
  const given = (node[':@'] as Record<string, string> | undefined)?.[name];
  return given === undefined ? undefined : String(given);
};
const childrenOf = (node: Node): Node[] => {
  const children = node[nameOf(node)];
  return Array.isArray(children) ? (children as Node[]) : [];
};
const textOf = (node: Node): string =>
  childrenOf(node)
    .map((child) => (nameOf(child) === '#text' ? String(child['#text']) : ''))
    .join('')
    .trim();

/** A path as it is compared: the first of several needs no number (`Proxy[1]` is `Proxy`), small letters. */
export const plainPath = (path: string): string =>
  path
    .replace(/^\/?Configuration\//i, '')
    .replace(/\[1\]/g, '')
    .toLowerCase();

/** Values of a configuration document by their plain path. @throws DocumentError when it is none. */
export function readConfiguration(text: string): Map<string, string> {
  const root = parse(text).find((node) => nameOf(node) === 'Configuration');
  if (root === undefined) throw new DocumentError('not a Configuration document');
  const values = new Map<string, string>();
  const walk = (node: Node, path: string, depth: number): void => {
    if (depth > mostDepth) throw new DocumentError('nested too deeply');
    const children = childrenOf(node).filter(
      (child) => !nameOf(child).startsWith('#') && !nameOf(child).startsWith('?'),
    );
    if (children.length === 0) {
      if (path !== '') values.set(path, textOf(node));
      return;
    }
    for (const child of children) {
      const item = attribute(child, 'item');
      const step = `${nameOf(child)}${item === undefined || item === '1' ? '' : `[${item}]`}`.toLowerCase();
      walk(child, path === '' ? step : `${path}/${step}`, depth + 1);
    }
  };
  walk(root, '', 0);
  return values;
}

/** A refusal in an answer to what was put: why, and which path. */
export interface PutFault {
  reason: string;
  path: string | undefined;
}

/** The refusals in an answer to a put document; none when all was taken. @throws DocumentError when it is no XML. */
export function readPutAnswer(text: string): PutFault[] {
  const faults: PutFault[] = [];
  const walk = (node: Node, depth: number): void => {
    if (depth > mostDepth) throw new DocumentError('nested too deeply');
    const children = childrenOf(node);
    if (/error/i.test(attribute(node, 'status') ?? '')) {
      const inner = (name: string): string | undefined => {
        const found = children.find((child) => nameOf(child) === name);
        return found === undefined ? undefined : textOf(found);
      };
      faults.push({ reason: (inner('Reason') ?? inner('Error') ?? 'refused').slice(0, 200), path: inner('XPath') });
      return;
    }
    for (const child of children) walk(child, depth + 1);
  };
  const roots = parse(text).filter((node) => !nameOf(node).startsWith('?'));
  if (roots.length === 0 || roots.every((node) => nameOf(node) === '#text')) throw new DocumentError('not XML');
  for (const root of roots) walk(root, 0);
  return faults;
}
