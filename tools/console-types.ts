import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApi } from '../api/openapi.ts';
import { routes } from '../api/routes.ts';
import type { Services } from '../api/services.ts';

/*
 * Writes the types of the console's API client from the API's own description, so that what the console sends and reads
 * is checked against what the API takes and answers. The file is made at set-up and by `npm run check`; it is not kept.
 */

type Json = Record<string, unknown>;

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'api', 'console', 'app', 'client', 'openapi.ts');

/** Routes only hold on to what they work with; to describe them nothing need be there. */
const nothing: unknown = new Proxy(() => nothing, {
  get: (_target, name) => {
    if (name === 'then') return undefined;
    if (name === 'dataDir') return '.';
    return name === Symbol.toPrimitive ? (hint: string) => (hint === 'number' ? 1 : '') : nothing;
  },
});

/** A JSON Schema (2020-12) as a TypeScript type. */
export function typeOf(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return 'unknown';
  const node = schema as Json;
  if ('const' in node) return JSON.stringify(node.const);
  if (Array.isArray(node.enum)) return node.enum.map((one) => JSON.stringify(one)).join(' | ');
  const choices = node.anyOf ?? node.oneOf;
  if (Array.isArray(choices)) return choices.map((one) => `(${typeOf(one)})`).join(' | ');
  if (Array.isArray(node.allOf)) return node.allOf.map((one) => `(${typeOf(one)})`).join(' & ');
  if (Array.isArray(node.type)) return node.type.map((type) => `(${typeOf({ ...node, type })})`).join(' | ');
  switch (node.type) {
    case 'string':
      return 'string';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return `(${typeOf(node.items)})[]`;
    case 'object':
      return objectType(node);
    default:
      return 'unknown';
  }
}

function objectType(node: Json): string {
  const required = new Set(Array.isArray(node.required) ? node.required : []);
  const fields = Object.entries((node.properties ?? {}) as Json).map(
    ([name, schema]) => `${JSON.stringify(name)}${required.has(name) ? '' : '?'}: ${typeOf(schema)}`,
  );
  const open = typeof node.additionalProperties === 'object' ? typeOf(node.additionalProperties) : undefined;
  if (fields.length === 0) return `Record<string, ${open ?? 'unknown'}>`;
  return `{ ${fields.join('; ')} }${open === undefined ? '' : ` & Record<string, ${open}>`}`;
}

/** The type of one operation: parameters, body, answer. */
function operationType(operation: Json): string {
  const parameters = (operation.parameters ?? []) as { name: string; in: string; required: boolean; schema: Json }[];
  const query = parameters
    .filter((one) => one.in === 'query')
    .map(({ name, required, schema }) => `${JSON.stringify(name)}${required ? '' : '?'}: ${typeOf(schema)}`);
  const body = jsonOf(operation.requestBody);
  const [answer] = Object.entries(operation.responses as Json).filter(([status]) => status !== 'default');
  const answered = jsonOf(answer?.[1]);
  return `{ query: ${query.length === 0 ? 'Record<never, never>' : `{ ${query.join('; ')} }`}; body: ${
    body === undefined ? 'undefined' : typeOf(body)
  }; answer: ${answered === undefined ? 'undefined' : typeOf(answered)} }`;
}

function jsonOf(part: unknown): unknown {
  const content = (part as { content?: Record<string, { schema: unknown }> } | undefined)?.content;
  return content?.['application/json']?.schema;
}

/** The whole file. */
export function consoleTypes(): string {
  const { paths } = openApi(routes(nothing as Services)) as { paths: Record<string, Record<string, Json>> };
  const lines = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(
      ([method, operation]) => `  ${JSON.stringify(`${method.toUpperCase()} ${path}`)}: ${operationType(operation)};`,
    ),
  );
  return `/* Made from the API's description by tools/console-types.ts. */\nexport interface Operations {\n${lines.join('\n')}\n}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = consoleTypes();
  let before = '';
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    // Made for the first time.
  }
  if (text !== before) writeFileSync(file, text);
  process.exit(0);
}
