import { z } from 'zod';
import { isRaw, isTagged, type Route, takesIfMatch } from './route.ts';

type Json = Record<string, unknown>;

/** JSON Schema (2020-12, as OpenAPI 3.1 takes it) of what is sent or answered; times are text on the wire. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
      // Our answers grow: a reader has to bear fields it does not know.
      if (io === 'output') delete jsonSchema.additionalProperties;
    },
  });
  return json;
}

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string', description: 'Stable; for programs' },
        message: { type: 'string', description: 'A sentence for people, in Vietnamese or English' },
        field: { type: 'string', description: 'The field at fault, as a dotted path' },
        details: { type: 'array', items: { type: 'object' }, description: 'What exactly stands in the way' },
      },
    },
  },
};

const refusal = { $ref: '#/components/responses/Refusal' };

/** Describes the routes as an OpenAPI 3.1 document. */
export function openApi(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'diemcau',
      version: '1',
      description:
        'SIP/H.323 interop gateway. Times are ISO 8601 with offset. Lists take `limit`, `offset` and `sort` (`-` in ' +
        'front: descending); the log is read by place (`afterSeq`, `beforeSeq`). PATCH: absent fields stay, null removes. ' +
        'A changed thing is protected by If-Match with the ETag it was read with.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'diemcau' },
      },
      schemas: { Error: errorSchema },
      responses: {
        Refusal: {
          description: 'Refused; the answer says why',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
    },
  };
}

const uploadBody = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
    },
  },
};

function operation(route: Route): Json {
  const status = String(route.status ?? (route.answer === undefined ? 204 : 200));
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.access === 'public' ? { security: [] } : { security: [{ token: [] }, { cookie: [] }] }),
    'x-role': route.access,
    parameters: parameters(route),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input') } } },
        }),
    ...(route.upload === true ? { requestBody: uploadBody } : {}),
    responses: { [status]: goodAnswer(route), default: refusal },
  };
}

/** `PATCH /sessions/:id/legs/:leg` → `patch_sessions_id_legs_leg`. */
function operationId({ method, path }: Route): string {
  return `${method.toLowerCase()}${path.replace(/[^\w]+/g, '_')}`;
}

function goodAnswer(route: Route): Json {
  const { answer } = route;
  if (answer === undefined) return { description: 'Done' };
  if (isRaw(answer)) {
    return { description: answer.description, content: { [answer.mediaType]: { schema: { type: 'string' } } } };
  }
  return {
    description: 'Good',
    ...(isTagged(route) ? { headers: { ETag: { schema: { type: 'string' } } } } : {}),
    content: { 'application/json': { schema: schemaOf(answer, 'output') } },
  };
}

function parameters(route: Route): Json[] {
  const from = (schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] => {
    if (schema === undefined) return [];
    const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: Json; required?: string[] };
    return Object.entries(properties).map(([name, json]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: json,
    }));
  };
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string', maxLength: 200 },
  });
  return [
    ...from(route.params, 'path'),
    ...from(route.query, 'query'),
    ...(route.idempotent === true ? [header('Idempotency-Key', 'Repeated with the same key, it is done once')] : []),
    ...(takesIfMatch(route) ? [header('If-Match', 'ETag of the state to change')] : []),
  ];
}
