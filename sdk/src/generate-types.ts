/** OpenAPI 3.1 → TypeScript types, for the shapes our own server describes. Fails on what it does not know instead of writing `unknown`. */

export type Schema = {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema;
  prefixItems?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  not?: Schema;
  description?: string;
};

type Operation = {
  summary?: string;
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema; description?: string }[];
  requestBody?: { required?: boolean; content?: Record<string, { schema?: Schema }> };
  responses?: Record<string, { content?: Record<string, { schema?: Schema }> }>;
};

export type ApiDocument = { paths: Record<string, Record<string, Operation>>; components?: { schemas?: Record<string, Schema> } };

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** The text of `api.generated.ts`: one type per component, one entry per operation. */
export function typesOf(document: ApiDocument): string {
  const schemas = Object.entries(document.components?.schemas ?? {}).sort(byName);
  const circular = schemas.find(([name, schema]) => schema.$ref?.endsWith(`/${name}`));
  if (circular) throw new Error(`openapi.json says of ${circular[0]} only that it is itself`);
  const components = schemas.map(([name, schema]) => `${comment(schema.description, '  ')}  ${key(name)}: ${typeOf(schema, '  ')};`);
  const operations = Object.entries(document.paths)
    .sort(byName)
    .flatMap(([path, methods]) =>
      METHODS.filter((method) => methods[method]).map((method) => operationOf(path, method, methods[method] as Operation)),
    );
  return [
    '/** Generated from openapi.json by sdk/generate.ts (npm run generate): do not edit. */',
    '',
    'export type Components = {',
    ...components,
    '};',
    '',
    'export type Operations = {',
    ...operations,
    '};',
    '',
  ].join('\n');
}

function operationOf(path: string, method: string, operation: Operation): string {
  const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  const lines = [
    `${comment(operation.summary, '  ')}  '${method.toUpperCase()} ${path}': {`,
    `    query: ${query.length === 0 ? 'undefined' : queryType(query)};`,
    `    body: ${bodyType(operation)};`,
    `    response: ${responseType(operation)};`,
    '  };',
  ];
  return lines.join('\n');
}

function queryType(parameters: NonNullable<Operation['parameters']>): string {
  const fields = parameters.map(({ name, required, schema, description }) => {
    const optional = required === true ? '' : '?';
    return `${comment(description, '      ')}      ${key(name)}${optional}: ${typeOf(schema ?? {}, '      ')}${optional && ' | undefined'};`;
  });
  return `{\n${fields.join('\n')}\n    }`;
}

function bodyType(operation: Operation): string {
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  return schema === undefined ? 'undefined' : typeOf(schema, '    ');
}

/** The answer of success: the first 2xx with a JSON body; a page or a redirect has none. */
function responseType(operation: Operation): string {
  const status = Object.keys(operation.responses ?? {}).find((code) => /^2/.test(code));
  const schema = status === undefined ? undefined : operation.responses?.[status]?.content?.['application/json']?.schema;
  return schema === undefined ? 'undefined' : typeOf(schema, '    ');
}

function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return `Components[${quote(schema.$ref.split('/').at(-1) ?? '')}]`;
  if ('const' in schema) return literal(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts !== undefined) return union(parts.map((part) => typeOf(part, indent)));
  if (schema.allOf !== undefined) return schema.allOf.map((part) => wrap(typeOf(part, indent))).join(' & ');
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type }, indent)));
  return plainType(schema, indent);
}

function plainType(schema: Schema, indent: string): string {
  switch (schema.type) {
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
      if (schema.prefixItems) return `[${schema.prefixItems.map((item) => typeOf(item, indent)).join(', ')}]`;
      return `${wrap(typeOf(schema.items ?? {}, indent))}[]`;
    case 'object':
      return objectType(schema, indent);
    case undefined:
      return schema.properties ? objectType(schema, indent) : 'unknown';
    default:
      throw new Error(`openapi.json has a type that the generator does not know: ${schema.type}`);
  }
}

function objectType(schema: Schema, indent: string): string {
  const required = new Set(schema.required ?? []);
  const inner = `${indent}  `;
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const optional = required.has(name) ? '' : '?';
    return `${comment(field.description, inner)}${inner}${key(name)}${optional}: ${typeOf(field, inner)}${optional && ' | undefined'};`;
  });
  const more = schema.additionalProperties;
  if (fields.length === 0)
    return typeof more === 'object'
      ? `Record<string, ${typeOf(more, inner)}>`
      : more === false
        ? 'Record<string, never>'
        : 'Record<string, unknown>';
  return `{\n${fields.join('\n')}\n${indent}}`;
}

function union(types: string[]): string {
  return [...new Set(types)].join(' | ');
}

function wrap(type: string): string {
  return / [|&] /.test(type) && !/^\{[^}]*\}$/s.test(type) ? `(${type})` : type;
}

function literal(value: unknown): string {
  return typeof value === 'string' ? quote(value) : JSON.stringify(value);
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

function comment(text: string | undefined, indent: string): string {
  return text === undefined ? '' : `${indent}/** ${text.replaceAll('*/', '*\\/').replaceAll(/\s*\n\s*/g, ' ')} */\n`;
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
