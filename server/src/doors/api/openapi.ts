import { z } from 'zod';
import type { Route } from '../../kit/http.ts';

const VERSION = '1';
const ERRORS: Record<string, string> = {
  400: 'The request is not valid.',
  401: 'Who calls is not known.',
  403: 'The caller lacks the scope.',
  404: 'No such object in this environment.',
  409: 'The object is in another state, or the Idempotency-Key was used for another request.',
  429: 'Too many requests.',
};
const BOUND = Number.MAX_SAFE_INTEGER;

type Schema = Record<string, unknown>;

/** The API document (OpenAPI 3.1), made from the routes alone. */
export function buildOpenApi(routes: readonly Route[]): Schema {
  const components: Record<string, Schema> = { Error: errorSchema() };
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes.filter((one) => !one.hidden)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, components) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Billow',
      version: VERSION,
      description: 'Pricing, billing, Stripe sync and lifecycle e-mail in one self-hosted server.',
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }, { session: [] }],
    tags: [...new Set(routes.filter((one) => !one.hidden).flatMap((route) => route.tags))].toSorted().map((name) => ({ name })),
    paths: Object.fromEntries(Object.entries(paths).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      schemas: Object.fromEntries(Object.entries(components).toSorted(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer bk_…`.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'billow',
          description: 'A signed-in person; names the environment in the header `Billow-Environment`.',
        },
      },
    },
  };
}

function operation(route: Route, components: Record<string, Schema>): Schema {
  const success = route.status ?? 200;
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    tags: route.tags,
    'x-scope': route.scope,
    ...(route.refusals?.length ? { 'x-refusals': route.refusals } : {}),
    ...(route.scope === 'public' ? { security: [] } : {}),
    parameters: [...parameters(route.params, 'path', components), ...parameters(route.query, 'query', components), ...keyHeader(route)],
    ...requestBody(route, components),
    responses: {
      [success]: { description: 'Done.', ...content(route, components) },
      ...Object.fromEntries(Object.entries(ERRORS).map(([status, description]) => [status, errorAnswer(description)])),
    },
  };
}

/** `GET /v1/customers/{id}` → `get_customers_id`; stable, so generated clients keep their names. */
function operationId(route: Route): string {
  const words = route.path.replace(/^\/v1/, '').match(/[a-zA-Z0-9_]+/g) ?? [];
  return [route.method.toLowerCase(), ...words].join('_');
}

function parameters(schema: z.ZodType | undefined, where: 'path' | 'query', components: Record<string, Schema>): Schema[] {
  if (schema === undefined) return [];
  const converted = jsonSchema(schema, 'input', components);
  const required = new Set((converted.required as string[] | undefined) ?? []);
  return Object.entries((converted.properties ?? {}) as Record<string, Schema>).map(([name, property]) => {
    const { description, ...rest } = property;
    return { name, in: where, required: where === 'path' || required.has(name), ...(description ? { description } : {}), schema: rest };
  });
}

function keyHeader(route: Route): Schema[] {
  if (route.method !== 'POST' || route.scope === 'public') return [];
  return [
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description: 'Repeats are answered from the first for 24 hours.',
      schema: { type: 'string', maxLength: 255 },
    },
  ];
}

function requestBody(route: Route, components: Record<string, Schema>): Schema {
  if (route.rawBody) return { requestBody: { required: true, content: { '*/*': { schema: {} } } } };
  if (route.body === undefined) return {};
  return { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(route.body, 'input', components) } } } };
}

function content(route: Route, components: Record<string, Schema>): Schema {
  if (route.produces) return { content: { [route.produces.split(';')[0] as string]: { schema: { type: 'string' } } } };
  return route.response === undefined
    ? {}
    : { content: { 'application/json': { schema: jsonSchema(route.response, 'output', components) } } };
}

function errorAnswer(description: string): Schema {
  return { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
}

function errorSchema(): Schema {
  const text = { type: 'string' };
  const properties = { code: text, message: text, param: text, fix: text, request_id: text };
  return {
    type: 'object',
    required: ['error'],
    properties: { error: { type: 'object', required: ['code', 'message', 'request_id'], properties } },
  };
}

/** JSON Schema of one zod schema; schemas with `.meta({ id })` move into the components. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', components: Record<string, Schema>): Schema {
  const converted = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12', cycles: 'ref' }) as Schema;
  const { $schema: _dialect, $defs, ...rest } = converted;
  const suffix = io === 'input' ? 'Input' : '';
  const id = z.globalRegistry.get(schema)?.id;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, Schema>)) {
    components[`${name}${suffix}`] = cleaned(definition, suffix) as Schema;
  }
  // A schema with an id of its own comes as a reference to its definition, which is among the components already.
  if (id === undefined || typeof rest.$ref === 'string') return cleaned(rest, suffix) as Schema;
  components[`${id}${suffix}`] = cleaned(rest, suffix) as Schema;
  return { $ref: `#/components/schemas/${id}${suffix}` };
}

/** Points references to the components and drops what only restates our language: the bounds of safe integers, zod's date pattern. */
function cleaned(value: unknown, suffix: string): unknown {
  if (Array.isArray(value)) return value.map((item) => cleaned(item, suffix));
  if (typeof value !== 'object' || value === null) return value;
  const out: Schema = {};
  for (const [name, item] of Object.entries(value)) {
    if ((name === 'minimum' && item === -BOUND) || (name === 'maximum' && item === BOUND)) continue;
    if (name === 'pattern' && (value as Schema).format === 'date-time') continue;
    if (name === 'id' && typeof item === 'string') continue;
    out[name] =
      name === '$ref' && typeof item === 'string' ? `#/components/schemas/${item.replace('#/$defs/', '')}${suffix}` : cleaned(item, suffix);
  }
  return out;
}
