import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Answer, Ask, House } from './house.ts';

interface Operation {
  'x-role': string;
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

  async ask(method: string, path: string, body?: unknown, options: Ask = {}): Promise<Answer> {
    const answer = await this.house.ask(method, path, body, options);
    this.hold(method, path.split('?')[0] ?? path, answer);
    return answer;
  }

  /** As `ask`; the answer must be a good one. */
  async good(method: string, path: string, body?: unknown, options: Ask = {}): Promise<Answer> {
    const answer = await this.ask(method, path, body, options);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  private hold(method: string, path: string, answer: Answer): void {
    const operation = this.operations.find((one) => one.method === method && fits(one.path, path));
    assert.ok(operation, `${method} ${path} is not described`);
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
