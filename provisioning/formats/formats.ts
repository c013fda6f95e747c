import type { Entry } from '../entries.ts';
import type { Format } from '../template.ts';
import { ciscoXml, polyXml } from './flat-xml.ts';
import { grandstreamItems, grandstreamXml } from './grandstream-xml.ts';
import { treeXml } from './tree-xml.ts';
import { yealinkCfg } from './yealink-cfg.ts';

/** What goes into a file. `pointsTo`: the file that this one only leads to. */
export interface Content {
  entries: readonly Entry[];
  mac: string;
  pointsTo: string | undefined;
}

const writers: Readonly<Record<Format, { mediaType: string; write: (content: Content) => string }>> = {
  'yealink-cfg': { mediaType: 'text/plain; charset=utf-8', write: yealinkCfg },
  'grandstream-xml': { mediaType: 'application/xml', write: grandstreamXml },
  'grandstream-items': { mediaType: 'application/xml', write: grandstreamItems },
  'poly-xml': { mediaType: 'application/xml', write: polyXml },
  'poly-directory': { mediaType: 'application/xml', write: treeXml({ root: 'directory', leaf: {} }) },
  'cisco-xml': { mediaType: 'application/xml', write: ciscoXml },
  'snom-xml': { mediaType: 'application/xml', write: treeXml({ root: 'settings', index: 'idx', leaf: { perm: '' } }) },
  'fanvil-xml': { mediaType: 'application/xml', write: treeXml({ root: 'sysConf', index: 'index', leaf: {} }) },
  'roomos-xml': { mediaType: 'application/xml', write: treeXml({ root: 'Configuration', index: 'item', leaf: {} }) },
};

/** Writes a file down in its vendor's format. */
export function write(format: Format, content: Content): { mediaType: string; text: string } {
  const { mediaType, write: writer } = writers[format];
  return { mediaType, text: writer(content) };
}
