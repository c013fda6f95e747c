import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { LogEntry } from '../../store/schema/log.ts';
import type { Answer, Ask, House } from './house.ts';

interface Operation {
  'x-role': string;
  parameters?: { in: string; name: string }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

/** Asks the API and holds every answer against its OpenAPI description. */
export class Contract {
  readonly description: Description;
  /** `METHOD /path` of every operation answered well so far. */
  readonly met = new Set<string>();
  /** Of each operation that changes something: what it wrote into the log, and whether it kept to If-Match. */
  readonly changes = new Map<string, { conditional: boolean; entries: LogEntry[] }>();
  private readonly house: House;
  private readonly ajv: Ajv2020;
  private readonly checks = new Map<object, ValidateFunction>();

  constructor(house: House, description: Description) {
    this.house = house;
    this.description = description;
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(this.ajv);
    this.ajv.addSchema(description, 'api');
  }

  static async of(house: House): Promise<Contract> {
    const { body } = await house.ask('GET', '/openapi.json', undefined, { token: '' });
    return new Contract(house, body as unknown as Description);
  }

  get operations(): { name: string; method: string; path: string; role: string }[] {
    return Object.entries(this.description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        role: operation['x-role'],
      })),
    );
  }

  /** What an operation (`METHOD /path`) takes beside its body. */
  parametersOf(name: string): { in: string; name: string }[] {
    const [method = '', path = ''] = name.split(' ');
    return this.description.paths[path]?.[method.toLowerCase()]?.parameters ?? [];
  }

  async ask(method: string, path: string, body?: unknown, options: Ask = {}): Promise<Answer> {
    const answer = await this.house.ask(method, path, body, options);
    this.hold(method, path.split('?')[0] ?? path, answer);
    return answer;
  }

  /**
   * As `ask`; the answer must be a good one. A change is first asked for on condition of a state that never was, and what
   * it wrote into the log is kept in `changes`.
   */
  async good(method: string, path: string, body?: unknown, options: Ask = {}): Promise<Answer> {
    if (method === 'GET') return this.wellAsked(method, path, body, options);
    const { name } = this.operationOf(method, path);
    const changes = this.changes.get(name) ?? { conditional: true, entries: [] };
    this.changes.set(name, changes);
    const { seq } = this.house.log.status();
    let answer: Answer | undefined;
    if (method !== 'POST') {
      const headers = { ...options.headers, 'if-match': '"a state that never was"' };
      const conditional = await this.ask(method, path, body, { ...options, headers });
      changes.conditional &&= conditional.status === 412;
      if (conditional.status < 300) answer = conditional;
    }
    answer ??= await this.wellAsked(method, path, body, options);
    await this.house.log.flush();
    changes.entries.push(...(await this.house.log.find({ afterSeq: seq, limit: 500 })));
    return answer;
  }

  private async wellAsked(method: string, path: string, body: unknown, options: Ask): Promise<Answer> {
    const answer = await this.ask(method, path, body, options);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  private operationOf(method: string, path: string): Contract['operations'][number] {
    const bare = path.split('?')[0] ?? path;
    const operation = this.operations.find((one) => one.method === method && fits(one.path, bare));
    assert.ok(operation, `${method} ${path} is not described`);
    return operation;
  }

  private hold(method: string, path: string, answer: Answer): void {
    const operation = this.operationOf(method, path);
    const { responses } = this.description.paths[operation.path]![method.toLowerCase()]!;
    const described = responses[String(answer.status)];
    if (described === undefined) {
      assert.ok(answer.status >= 400, `${operation.name}: status ${answer.status} is not described`);
      this.fits({ $ref: 'api#/components/schemas/Error' }, answer, operation.name);
      return;
    }
    this.met.add(operation.name);
    const [mediaType, content] = Object.entries(described.content ?? {})[0] ?? [];
    if (mediaType === undefined) assert.equal(answer.text, '', `${operation.name}: nothing is described`);
    if (mediaType === 'application/json' && content !== undefined) this.fits(content.schema, answer, operation.name);
  }

  private fits(schema: object, answer: Answer, name: string): void {
    const check = this.checks.get(schema) ?? this.ajv.compile(schema);
    this.checks.set(schema, check);
    assert.ok(check(answer.body), `${name}: ${this.ajv.errorsText(check.errors)}\n${answer.text.slice(0, 1000)}`);
  }
}

function fits(template: string, path: string): boolean {
  const pattern = template.replace(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.');
  return new RegExp(`^${pattern}$`).test(path);
}
